"""Changes the counters of pledges in the transaction of what they count; compares them with the rows and repairs them.

At every commit: sum of `counted` by State = sum of `counted` by day
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

from campaign.models import Campaign, DayTally, Invalidation, Pledge, RemovedPledge, StateTally


def day_of(moment: datetime) -> date:
    """The day in UTC."""
    return moment.astimezone(UTC).date()


def confirmed(pledge: Pledge) -> None:
    """Count a pledge that was just confirmed."""
    assert pledge.confirmed_at is not None  # noqa: S101 - for the type checker
    _by_state([pledge], +1)
    _on_day(pledge.campaign_id, day_of(pledge.confirmed_at), confirmed=1, counted=1)


def removed(pledge: Pledge, at: datetime) -> None:
    """Count a confirmed pledge out that its person removes; two days remain of it."""
    assert pledge.confirmed_at is not None  # noqa: S101 - for the type checker
    confirmed_on = day_of(pledge.confirmed_at)
    removed_on = day_of(at) if pledge.counts else None
    RemovedPledge.objects.create(campaign_id=pledge.campaign_id, confirmed_on=confirmed_on, removed_on=removed_on)
    if removed_on:
        _by_state([pledge], -1)
        _on_day(pledge.campaign_id, confirmed_on, counted=-1)
        _on_day(pledge.campaign_id, removed_on, removed=1)


def invalidated(pledges: Iterable[Pledge], at: datetime) -> None:
    """Count pledges of one campaign out together."""
    _apply_bulk(list(pledges), -1, at, "invalidated")


def reinstated(pledges: Iterable[Pledge], at: datetime) -> None:
    """Count pledges of one campaign in again."""
    _apply_bulk(list(pledges), +1, at, "reinstated")


def _apply_bulk(pledges: list[Pledge], sign: int, at: datetime, column: str) -> None:
    if not pledges:
        return
    campaign_id = pledges[0].campaign_id
    _by_state(pledges, sign)
    for day, n in sorted(Counter(day_of(p.confirmed_at) for p in pledges if p.confirmed_at).items()):
        _on_day(campaign_id, day, counted=sign * n)
    _on_day(campaign_id, day_of(at), **{column: len(pledges)})


def _by_state(pledges: list[Pledge], sign: int) -> None:
    """Change the rows of States in a fixed lock order, so that two transactions never deadlock."""
    tally = Counter(p.state_id for p in pledges)
    demonstration = Counter(p.state_id for p in pledges if p.is_demonstration)
    for state_id in sorted(tally, key=lambda s: s or ""):
        key = {"campaign_id": pledges[0].campaign_id, "state_id": state_id}
        _increment(
            StateTally, key, {"counted": sign * tally[state_id], "demonstration": sign * demonstration[state_id]}, {}
        )


def _on_day(campaign_id: int, day: date, **steps: int) -> None:
    _increment(DayTally, {"campaign_id": campaign_id, "day": day}, steps, {"moved_at": timezone.now()})


def _increment(model: type[Model], key: Mapping[str, Any], steps: Mapping[str, int], values: Mapping[str, Any]) -> None:
    """Add to a counter row. A missing row is made first; of two transactions that make it at once, one wins."""
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
    """A counter that differs from the rows that it counts."""

    campaign: str
    counter: str
    found: Mapping[str, int]
    expected: Mapping[str, int]

    def __str__(self) -> str:
        wrong = [f"{k} is {self.found[k]}, should be {n}" for k, n in self.expected.items() if self.found[k] != n]
        return f"{self.campaign}, {self.counter}: {'; '.join(wrong)}"


STATE_COLUMNS = ("counted", "demonstration")
DAY_COLUMNS = ("confirmed", "removed", "invalidated", "reinstated", "counted")


def recount(*, repair: bool) -> list[Drift]:
    """Compare every counter with the rows that it counts, and repair it if asked. Counters are locked meanwhile."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            tables = ", ".join(connection.ops.quote_name(m._meta.db_table) for m in (StateTally, DayTally))
            with connection.cursor() as cursor:
                # Once the lock is held, earlier confirmations are committed; later ones wait for it.
                cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
        return [drift for campaign in Campaign.objects.order_by("pk") for drift in _recount(campaign, repair)]


def _recount(campaign: Campaign, repair: bool) -> Iterable[Drift]:
    for tally, key, found, expected in [*_states(campaign), *_days(campaign)]:
        if found != expected:
            if repair:
                also = {"moved_at": timezone.now()} if tally is DayTally else {}
                tally._default_manager.update_or_create(**key, defaults=dict(expected) | also)
            yield Drift(
                campaign.slug,
                " ".join(str(v or "no State") for k, v in key.items() if k != "campaign"),
                found,
                expected,
            )


Comparison = tuple[type[Model], dict[str, Any], Mapping[str, int], Mapping[str, int]]


def _states(campaign: Campaign) -> Iterable[Comparison]:
    counted = Pledge.objects.of(campaign).counted().order_by()
    tally = dict(counted.values_list("state_id").annotate(n=Count("pk")))
    demonstration = dict(counted.filter(is_demonstration=True).values_list("state_id").annotate(n=Count("pk")))
    rows = {t.state_id: t for t in StateTally.objects.filter(campaign=campaign)}
    for state_id in sorted({*tally, *rows}, key=lambda s: s or ""):
        row = rows.get(state_id)
        found = {column: getattr(row, column, 0) for column in STATE_COLUMNS}
        expected = {"counted": tally.get(state_id, 0), "demonstration": demonstration.get(state_id, 0)}
        yield StateTally, {"campaign": campaign, "state_id": state_id}, found, expected


def _days(campaign: Campaign) -> Iterable[Comparison]:
    pledges = Pledge.objects.of(campaign).confirmed().order_by()
    gone = RemovedPledge.objects.filter(campaign=campaign).order_by()
    taken = Invalidation.objects.filter(campaign=campaign).order_by()
    back = taken.filter(reinstated_at__isnull=False)
    expected: dict[str, Counter[date]] = {column: Counter() for column in DAY_COLUMNS}
    expected["confirmed"].update(dict(pledges.values_list("confirmed_at__date").annotate(n=Count("pk"))))
    expected["confirmed"].update(dict(gone.values_list("confirmed_on").annotate(n=Count("pk"))))
    expected["counted"].update(
        dict(pledges.filter(invalidation__isnull=True).values_list("confirmed_at__date").annotate(n=Count("pk")))
    )
    expected["removed"].update(
        dict(gone.filter(removed_on__isnull=False).values_list("removed_on").annotate(n=Count("pk")))
    )
    expected["invalidated"].update(dict(taken.values_list("made_at__date").annotate(n=Sum("pledges_count"))))
    expected["reinstated"].update(dict(back.values_list("reinstated_at__date").annotate(n=Sum("reinstated_count"))))
    rows = {t.day: t for t in DayTally.objects.filter(campaign=campaign)}
    for day in sorted({*rows, *(d for column in expected.values() for d in column)}):
        row = rows.get(day)
        found = {column: getattr(row, column, 0) for column in DAY_COLUMNS}
        yield (
            DayTally,
            {"campaign": campaign, "day": day},
            found,
            {column: expected[column][day] for column in DAY_COLUMNS},
        )
