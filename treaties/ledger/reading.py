"""Reads the ledger in the form that the rules compute with."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import DateTimeField, ExpressionWrapper, Max, Min, Model, OuterRef, Q, QuerySet, Subquery

from config.kit.incoming.loading import REASON
from config.kit.models.generations import Remembered
from config.kit.models.taken_out import CanBeTakenOut
from treaties.law import rules
from treaties.models import ArmedConflictHold, DepositaryNotification, LedgerSequence, State, Treaty, TreatyAction

Row = TypeVar("Row", bound=Model)
LONGEST_LOAD = timedelta(minutes=1)
"""For so long, at most, the first rows of one model are loaded."""


def known_rows(model: type[Row], moment: datetime | None) -> QuerySet[Row]:
    """The rows of a model that stand now, or as the record had them at a moment: their sealed versions. Filter by their fields.

    Acts and holds have moments of their own (`known_at`).
    """
    if moment is None:
        return model._default_manager.all()
    history: Any = model.history  # type: ignore[attr-defined]
    key = model._meta.pk.attname
    versions = history.filter(_counts_at(history, moment), **{key: OuterRef(key)})
    newest = versions.order_by("-history_date", "-history_id").values("history_id")[:1]
    found = history.filter(history_id=Subquery(newest)).as_instances()
    found._as_of = moment
    return found.filter(taken_out_because="") if issubclass(model, CanBeTakenOut) else found.all()


def _counts_at(history: Any, moment: datetime) -> Q:
    """Which versions of a model count at a moment: those of then and before, and at any moment those of the first load.

    The first load of a record takes some seconds, and its acts may be dated by the first of them: they mean nothing without the
    States and rules of the same load.
    """
    loaded = history.filter(history_type="+", history_change_reason=REASON).order_by("history_date")
    end = ExpressionWrapper(Subquery(loaded.values("history_date")[:1]) + LONGEST_LOAD, DateTimeField())
    of_the_first_load = Q(history_type="+", history_change_reason=REASON, history_date__lte=end)
    return Q(history_date__lte=moment) | of_the_first_load


def as_known(rows: Iterable[Row], moment: datetime | None) -> list[Row]:
    """The same rows as the record had them at a moment; as it had them first, where that was later. At most two queries."""
    chosen = list(rows)
    if moment is None or all(_as_of(row) == moment for row in chosen):
        return chosen
    model = type(chosen[0])
    key = model._meta.pk.attname
    then = {row.pk: row for row in known_rows(model, moment).filter(**{f"{key}__in": [row.pk for row in chosen]})}
    later = [row.pk for row in chosen if row.pk not in then]
    if later:
        history: Any = model.history  # type: ignore[attr-defined]
        first = history.filter(**{f"{key}__in": later}).order_by("-history_date", "-history_id").as_instances()
        first._as_of = moment
        then |= {row.pk: row for row in first}
    return [then.get(row.pk, row) for row in chosen]


def _as_of(row: Any) -> datetime | None:
    """The moment as of which a row was read from its versions; None for one that was not."""
    return getattr(getattr(row, "_history", None), "_as_of", None)


_states: Remembered[dict[str, State]] = Remembered("treaties", most=8)
_treaties: Remembered[dict[str, Treaty]] = Remembered("treaties", most=8)
_acts: Remembered[dict[str, list[rules.Action]]] = Remembered("treaties", most=64)


def treaties_known(moment: datetime | None = None) -> dict[str, Treaty]:
    """The treaties by slug, in the order of all lists, that were on record at a moment; now, if none is given.

    One query.
    """
    find = lambda: {t.slug: t for t in known_rows(Treaty, moment).order_by("position", "short_title")}  # noqa: E731
    return dict(_treaties.get(moment, find))


def states_known(moment: datetime | None) -> dict[str, State]:
    """The States by code, in the order of their names, that were on record at a moment; now, if none is given.

    One query.
    """

    def find() -> dict[str, State]:
        return {state.pk: state for state in sorted(known_rows(State, moment), key=lambda state: state.sort_name)}

    return dict(_states.get(moment, find))


def actions_by_treaty(
    treaties: Iterable[Treaty], known_at: datetime | None = None, states: Iterable[str] | None = None
) -> dict[int, dict[str, list[rules.Action]]]:
    """For each treaty, every State (or the chosen ones) with its acts as input of the rules.

    As the record was known at a moment; now, if none is given. What holds a row holds the one that has replaced it. At most
    four queries, for any number of treaties.
    """
    numbers = list(dict.fromkeys(treaty.pk for treaty in treaties))
    wanted = None if states is None else list(states)
    if wanted is not None and not _acts.is_remembering:
        return _actions_by_treaty(numbers, known_at, wanted)
    kept = _acts.get_many(
        [(pk, known_at) for pk in numbers],
        lambda missing: {
            (pk, known_at): found
            for pk, found in _actions_by_treaty([pk for pk, _moment in missing], known_at, None).items()
        },
    )
    if wanted is not None and any(iso3 not in by_state for by_state in kept.values() for iso3 in wanted):
        return _actions_by_treaty(numbers, known_at, wanted)  # a State that came on record later than its acts
    chosen = {pk: kept[pk, known_at] for pk in numbers}
    return {
        pk: {iso3: list(rows[iso3]) for iso3 in (rows if wanted is None else wanted)} for pk, rows in chosen.items()
    }


def _actions_by_treaty(
    treaties: list[int], known_at: datetime | None, states: list[str] | None
) -> dict[int, dict[str, list[rules.Action]]]:
    everybody = known_rows(State, known_at).order_by("sort_name").values_list("iso3", flat=True)
    chosen = list(everybody if states is None else states)
    found: dict[int, dict[str, list[rules.Action]]] = {pk: {iso3: [] for iso3 in chosen} for pk in treaties}
    rows = TreatyAction.objects.known_at(known_at).filter(treaty__in=found)
    holds = ArmedConflictHold.objects.known_at(known_at).filter(withdrawal__treaty__in=found)
    if states is not None:
        rows, holds = rows.filter(state__in=chosen), holds.filter(withdrawal__state__in=chosen)
    acts = list(rows)
    held: dict[int, tuple[rules.Hold, ...]] = {}
    chosen_holds = list(holds)
    successor = successors(known_at) if {h.withdrawal_id for h in chosen_holds} - {row.pk for row in acts} else {}
    for hold in chosen_holds:
        withdrawal = last_of(hold.withdrawal_id, successor)
        held[withdrawal] = (*held.get(withdrawal, ()), hold.as_rule_input())
    for row in acts:
        if row.state_id in found[row.treaty_id]:  # the State itself may have come on record later than its act
            found[row.treaty_id][row.state_id].append(row.as_rule_input(held.get(row.pk, ())))
    return found


def successors(known_at: datetime | None = None) -> dict[int, int]:
    """For each act that was replaced by a moment, the number of the one that took its place. One query."""
    replaced = TreatyAction.objects.confirmed().filter(replaces__isnull=False)
    if known_at is not None:
        replaced = replaced.filter(confirmed_at__lte=known_at)
    return dict(replaced.values_list("replaces_id", "pk"))


def last_of(pk: int, successor: Mapping[int, int]) -> int:
    """The act that stands now in the place of one: the end of its replacements."""
    while pk in successor:
        pk = successor[pk]
    return pk


def actions_by_state(treaty: Treaty, known_at: datetime | None = None) -> dict[str, list[rules.Action]]:
    """Every State with its acts under one treaty."""
    return actions_by_treaty([treaty], known_at)[treaty.pk]


def actions_of(state: State, treaty: Treaty, known_at: datetime | None = None) -> list[rules.Action]:
    """One State's acts under one treaty that count now, or that the record held at a moment."""
    return actions_by_treaty([treaty], known_at, states=[state.pk])[treaty.pk][state.pk]


def computed_effects(actions: Iterable[TreatyAction]) -> list[tuple[TreatyAction, date | None]]:
    """Each row with the day of its effect by the rules, whatever the column of the row says."""
    rows = list(actions)
    by_treaty = actions_by_treaty({row.treaty for row in rows})
    counting = {a.id: a for states in by_treaty.values() for acts in states.values() for a in acts}
    return [(row, rules.effective_on(counting.get(row.pk) or row.as_rule_input(), row.treaty.rules)) for row in rows]


def as_listed_then(rows: Iterable[TreatyAction], known_at: datetime | None) -> list[TreatyAction]:
    """Acts with the names, days of effect and notifications that were known at a moment; as they are, if none is given.

    A fixed number of queries, for any number of acts.
    """
    listed = list(rows)
    if known_at is None or not listed:
        return listed
    treaties = {treaty.pk: treaty for treaty in as_known({row.treaty for row in listed}, known_at)}
    states = states_known(known_at)
    codes = {row.state_id for row in listed}
    by_treaty = actions_by_treaty(treaties.values(), known_at, states=codes)
    counting = {act.id: act for by_state in by_treaty.values() for acts in by_state.values() for act in acts}
    told: dict[int | None, list[DepositaryNotification]] = {}
    notifications = known_rows(DepositaryNotification, known_at).filter(act__in=[row.pk for row in listed])
    for notification in notifications.order_by("-notified_on", "reference"):
        told.setdefault(notification.act_id, []).append(notification)
    for row in listed:
        row.told = told.get(row.pk, [])
        row.treaty = treaties[row.treaty_id]
        row.state = states.get(row.state_id, row.state)
        row.effective_on = rules.effective_on(counting.get(row.pk) or row.as_rule_input(), row.treaty.rules)
    return listed


def record_since(treaty: Treaty | None = None) -> datetime | None:
    """When the first row of a treaty's record, or of any, was confirmed; None while there is none. Before it nothing was known."""
    rows = TreatyAction.objects.of(treaty) if treaty else TreatyAction.objects.all()
    return rows.aggregate(first=Min("confirmed_at"))["first"]


def last_change(treaty: Treaty) -> datetime | None:
    """When the record of a treaty, or what else the record holds, last changed; None while no act is confirmed."""
    actions = TreatyAction.objects.of(treaty).aggregate(last=Max("confirmed_at"))["last"]
    holds = ArmedConflictHold.objects.filter(withdrawal__treaty=treaty).aggregate(last=Max("confirmed_at"))["last"]
    moments = [moment for moment in (actions, holds) if moment]
    return max([*moments, *last_sealed()]) if moments else None


def last_sealed() -> list[datetime]:
    """When a version was last sealed in the site's chain, if any was. One query."""
    return [last.site_sealed_at for last in LedgerSequence.objects.filter(pk=1) if last.site_sealed_at]
