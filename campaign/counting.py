"""Moves the counter rows with what they count, in the same transaction; proves and repairs them.

The identity that holds at every commit: sum of `counted` by State = sum of `counted` by day
= confirmed - removed - invalidated + reinstated, over all days.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Model, Sum
from django.utils import timezone

from campaign.models import Campaign, DayTally, Departure, Invalidation, Pledge, StateTally


def day_of(moment: datetime) -> date:
    """The day in UTC."""
    return moment.astimezone(UTC).date()


def confirmed(pledge: Pledge) -> None:
    """A pledge begins to count."""
    assert pledge.confirmed_at is not None  # noqa: S101 - for the type checker
    _by_state([pledge], +1)
    _on_day(pledge.campaign_id, day_of(pledge.confirmed_at), confirmed=1, counted=1)


def removed(pledge: Pledge, at: datetime) -> None:
    """A confirmed pledge is removed by its person; what is left are two days."""
    assert pledge.confirmed_at is not None  # noqa: S101 - for the type checker
    confirmed_on = day_of(pledge.confirmed_at)
    removed_on = day_of(at) if pledge.counts else None
    Departure.objects.create(campaign_id=pledge.campaign_id, confirmed_on=confirmed_on, removed_on=removed_on)
    if removed_on:
        _by_state([pledge], -1)
        _on_day(pledge.campaign_id, confirmed_on, counted=-1)
        _on_day(pledge.campaign_id, removed_on, removed=1)


def invalidated(pledges: Iterable[Pledge], at: datetime) -> None:
    """Pledges of one campaign stop counting together."""
    _together(list(pledges), -1, at, "invalidated")


def reinstated(pledges: Iterable[Pledge], at: datetime) -> None:
    """Pledges of one campaign count again."""
    _together(list(pledges), +1, at, "reinstated")


def _together(pledges: list[Pledge], sign: int, at: datetime, column: str) -> None:
    if not pledges:
        return
    campaign_id = pledges[0].campaign_id
    _by_state(pledges, sign)
    for day, n in sorted(Counter(day_of(p.confirmed_at) for p in pledges if p.confirmed_at).items()):
        _on_day(campaign_id, day, counted=sign * n)
    _on_day(campaign_id, day_of(at), **{column: len(pledges)})


def _by_state(pledges: list[Pledge], sign: int) -> None:
    """Rows are moved in the order of their keys, so that two movers never wait for each other."""
    tally = Counter(p.state_id for p in pledges)
    made_up = Counter(p.state_id for p in pledges if p.is_demonstration)
    for state_id in sorted(tally, key=lambda s: s or ""):
        key = {"campaign_id": pledges[0].campaign_id, "state_id": state_id}
        _move(StateTally, key, {"counted": sign * tally[state_id], "demonstration": sign * made_up[state_id]}, {})


def _on_day(campaign_id: int, day: date, **steps: int) -> None:
    _move(DayTally, {"campaign_id": campaign_id, "day": day}, steps, {"moved_at": timezone.now()})


def _move(model: type[Model], key: Mapping[str, Any], steps: Mapping[str, int], values: Mapping[str, Any]) -> None:
    """Add to a counter row, made when it is first needed: two that make it at once end with one row."""
    row = model._default_manager.filter(
        **{(f"{k}__isnull" if v is None else k): v is None or v for k, v in key.items()}
    )
    change: dict[str, Any] = {**{name: F(name) + step for name, step in steps.items()}, **values}
    if not row.update(**change):
        model._default_manager.bulk_create([model(**key, **values)], ignore_conflicts=True)
        row.update(**change)


# --- Proof and repair ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drift:
    """A counter that is not what the rows say."""

    campaign: str
    counter: str
    stands: Mapping[str, int]
    should: Mapping[str, int]

    def __str__(self) -> str:
        wrong = [f"{k} is {self.stands[k]}, should be {n}" for k, n in self.should.items() if self.stands[k] != n]
        return f"{self.campaign}, {self.counter}: {'; '.join(wrong)}"


STATE_COLUMNS = ("counted", "demonstration")
DAY_COLUMNS = ("confirmed", "removed", "invalidated", "reinstated", "counted")


def recount(*, repair: bool) -> list[Drift]:
    """Compare every counter with the rows that it counts, and mend it if asked. Nobody moves one meanwhile."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            tables = ", ".join(connection.ops.quote_name(m._meta.db_table) for m in (StateTally, DayTally))
            with connection.cursor() as cursor:
                # What was confirmed before us is committed once we hold the lock; what comes later waits for it.
                cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
        return [drift for campaign in Campaign.objects.order_by("pk") for drift in _recount(campaign, repair)]


def _recount(campaign: Campaign, repair: bool) -> Iterable[Drift]:
    for tally, key, stands, should in [*_states(campaign), *_days(campaign)]:
        if stands != should:
            if repair:
                also = {"moved_at": timezone.now()} if tally is DayTally else {}
                tally._default_manager.update_or_create(**key, defaults=dict(should) | also)
            yield Drift(
                campaign.slug, " ".join(str(v or "no State") for k, v in key.items() if k != "campaign"), stands, should
            )


Comparison = tuple[type[Model], dict[str, Any], Mapping[str, int], Mapping[str, int]]


def _states(campaign: Campaign) -> Iterable[Comparison]:
    counted = Pledge.objects.of(campaign).counted().order_by()
    tally = dict(counted.values_list("state_id").annotate(n=Count("pk")))
    made_up = dict(counted.filter(is_demonstration=True).values_list("state_id").annotate(n=Count("pk")))
    rows = {t.state_id: t for t in StateTally.objects.filter(campaign=campaign)}
    for state_id in sorted({*tally, *rows}, key=lambda s: s or ""):
        row = rows.get(state_id)
        stands = {column: getattr(row, column, 0) for column in STATE_COLUMNS}
        should = {"counted": tally.get(state_id, 0), "demonstration": made_up.get(state_id, 0)}
        yield StateTally, {"campaign": campaign, "state_id": state_id}, stands, should


def _days(campaign: Campaign) -> Iterable[Comparison]:
    pledges = Pledge.objects.of(campaign).confirmed().order_by()
    gone = Departure.objects.filter(campaign=campaign).order_by()
    taken = Invalidation.objects.filter(campaign=campaign).order_by()
    back = taken.filter(reinstated_at__isnull=False)
    should: dict[str, Counter[date]] = {column: Counter() for column in DAY_COLUMNS}
    should["confirmed"].update(dict(pledges.values_list("confirmed_at__date").annotate(n=Count("pk"))))
    should["confirmed"].update(dict(gone.values_list("confirmed_on").annotate(n=Count("pk"))))
    should["counted"].update(
        dict(pledges.filter(invalidation__isnull=True).values_list("confirmed_at__date").annotate(n=Count("pk")))
    )
    should["removed"].update(
        dict(gone.filter(removed_on__isnull=False).values_list("removed_on").annotate(n=Count("pk")))
    )
    should["invalidated"].update(dict(taken.values_list("made_at__date").annotate(n=Sum("pledges_count"))))
    should["reinstated"].update(dict(back.values_list("reinstated_at__date").annotate(n=Sum("reinstated_count"))))
    rows = {t.day: t for t in DayTally.objects.filter(campaign=campaign)}
    for day in sorted({*rows, *(d for column in should.values() for d in column)}):
        row = rows.get(day)
        stands = {column: getattr(row, column, 0) for column in DAY_COLUMNS}
        yield (
            DayTally,
            {"campaign": campaign, "day": day},
            stands,
            {column: should[column][day] for column in DAY_COLUMNS},
        )
