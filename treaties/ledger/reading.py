"""Reads the ledger in the form that the rules compute with."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from treaties.law import rules
from treaties.models import ArmedConflictHold, State, Treaty, TreatyAction


def actions_by_treaty(
    treaties: Iterable[Treaty], known_at: datetime | None = None, states: Iterable[str] | None = None
) -> dict[int, dict[str, list[rules.Action]]]:
    """For each treaty, every State (or the chosen ones) with its acts as input of the rules.

    As the record was known at a moment; now, if none is given. At most three queries, for any number of treaties.
    """
    chosen = list(State.objects.order_by("sort_name").values_list("pk", flat=True)) if states is None else list(states)
    found: dict[int, dict[str, list[rules.Action]]] = {t.pk: {iso3: [] for iso3 in chosen} for t in treaties}
    rows = TreatyAction.objects.known_at(known_at).filter(treaty__in=found)
    holds = ArmedConflictHold.objects.known_at(known_at).filter(withdrawal__treaty__in=found)
    if states is not None:
        rows, holds = rows.filter(state__in=chosen), holds.filter(withdrawal__state__in=chosen)
    held: dict[int, tuple[rules.Hold, ...]] = {}
    for hold in holds:
        held[hold.withdrawal_id] = (*held.get(hold.withdrawal_id, ()), hold.as_rule_input())
    for row in rows:
        found[row.treaty_id][row.state_id].append(row.as_rule_input(held.get(row.pk, ())))
    return found


def actions_by_state(treaty: Treaty, known_at: datetime | None = None) -> dict[str, list[rules.Action]]:
    """Every State with its acts under one treaty."""
    return actions_by_treaty([treaty], known_at)[treaty.pk]


def actions_of(state: State, treaty: Treaty) -> list[rules.Action]:
    """One State's acts under one treaty that count now."""
    return actions_by_treaty([treaty], states=[state.pk])[treaty.pk][state.pk]


def last_change(treaty: Treaty) -> datetime | None:
    """When the record of a treaty last changed; None while nothing is confirmed."""
    actions = TreatyAction.objects.of(treaty).aggregate(last=Max("confirmed_at"))["last"]
    holds = ArmedConflictHold.objects.filter(withdrawal__treaty=treaty).aggregate(last=Max("confirmed_at"))["last"]
    return max((moment for moment in (actions, holds) if moment), default=None)
