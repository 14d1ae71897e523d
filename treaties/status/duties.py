"""Dated duties of States Parties: stockpile destruction, clearance, the first report, with computed deadlines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from treaties.law import rules
from treaties.ledger.reading import actions_by_treaty
from treaties.models import Obligation, State, Treaty


@dataclass(frozen=True)
class Duty:
    """A dated duty of a State Party: the deadline is computed, what is on record beside it."""

    treaty: Treaty
    state: State
    obligation: rules.ObligationKind
    in_force_on: date
    original_deadline: date
    deadline: date
    status: rules.ObligationStatus
    recorded: Obligation | None

    @property
    def is_extended(self) -> bool:
        return self.deadline != self.original_deadline


def dated_duties(treaties: Iterable[Treaty], on: date, states: Iterable[State] | None = None) -> list[Duty]:
    """The dated duties of every State that the treaties have bound, by deadline. Five queries, however many of anything."""
    chosen = [t for t in treaties if t.dated_duties]
    if not chosen:
        return []
    known = {s.pk: s for s in states} if states is not None else State.objects.in_bulk()
    by_treaty = actions_by_treaty(chosen, states=known)
    recorded: dict[tuple[int, str, str], Obligation] = {
        (o.treaty_id, o.state_id, o.obligation): o
        for o in Obligation.objects.filter(treaty__in=chosen, state__in=known).prefetch_related("extensions")
    }
    found = []
    for treaty in chosen:
        for iso3, rows in by_treaty[treaty.pk].items():
            at = rules.standing(iso3, rows, treaty.rules, on)
            # Where the day of the consent is not known, no deadline can be counted from it.
            if at.in_force_on is not None and at.consent is not None and at.consent.not_before is None:
                for kind in rules.ObligationKind:
                    record = recorded.get((treaty.pk, iso3, kind.value))
                    found.append(_duty(treaty, known[iso3], kind, at, at.in_force_on, record, on))
    return sorted(found, key=lambda d: (d.deadline, d.state.sort_name, d.obligation))


def _duty(
    treaty: Treaty,
    state: State,
    kind: rules.ObligationKind,
    at: rules.Standing,
    in_force_on: date,
    record: Obligation | None,
    on: date,
) -> Duty:
    extended_to = [e.extended_to for e in record.extensions.all()] if record else []
    deadline = rules.obligation_deadline(kind, in_force_on, extended_to)
    outcome = rules.ObligationStatus(record.outcome) if record else None
    return Duty(
        treaty=treaty,
        state=state,
        obligation=kind,
        in_force_on=in_force_on,
        original_deadline=rules.obligation_deadline(kind, in_force_on),
        deadline=deadline,
        status=rules.obligation_status(deadline, outcome, at.withdrawal_effective_on, on),
        recorded=record,
    )
