"""Reads the ledger in the form that the rules compute with."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Max, Min

from treaties.law import rules
from treaties.models import ArmedConflictHold, State, Treaty, TreatyAction


def actions_by_treaty(
    treaties: Iterable[Treaty], known_at: datetime | None = None, states: Iterable[str] | None = None
) -> dict[int, dict[str, list[rules.Action]]]:
    """For each treaty, every State (or the chosen ones) with its acts as input of the rules.

    As the record was known at a moment; now, if none is given. What holds a row holds the one that has replaced it. At most
    four queries, for any number of treaties.
    """
    chosen = list(State.objects.order_by("sort_name").values_list("pk", flat=True)) if states is None else list(states)
    found: dict[int, dict[str, list[rules.Action]]] = {t.pk: {iso3: [] for iso3 in chosen} for t in treaties}
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


def record_since(treaty: Treaty | None = None) -> datetime | None:
    """When the first row of a treaty's record, or of any, was confirmed; None while there is none. Before it nothing was known."""
    rows = TreatyAction.objects.of(treaty) if treaty else TreatyAction.objects.all()
    return rows.aggregate(first=Min("confirmed_at"))["first"]


def last_change(treaty: Treaty) -> datetime | None:
    """When the record of a treaty last changed; None while nothing is confirmed."""
    actions = TreatyAction.objects.of(treaty).aggregate(last=Max("confirmed_at"))["last"]
    holds = ArmedConflictHold.objects.filter(withdrawal__treaty=treaty).aggregate(last=Max("confirmed_at"))["last"]
    return max((moment for moment in (actions, holds) if moment), default=None)
