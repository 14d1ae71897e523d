"""Dated duties of States Parties: stockpile destruction, clearance, the first report, with computed deadlines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from config.kit.models.generations import Remembered
from treaties.law import rules
from treaties.ledger.reading import actions_by_treaty, as_known, known_rows, states_known
from treaties.models import Extension, Obligation, State, Treaty
from treaties.status.names import names_on


@dataclass(frozen=True)
class Duty:
    """A dated duty of a State Party: the deadline is computed, what is on record beside it."""

    treaty: Treaty
    state: State
    obligation: rules.ObligationKind
    in_force_on: date
    original_deadline: date
    deadline: date | None
    """The deadline that stands on the day; None where an extension was granted and its day was not found."""
    known_to: date | None
    """The last day up to which no later decision exists, as far as the source goes."""
    status: rules.ObligationStatus
    recorded: Obligation | None
    decisions: Sequence[Extension] = ()
    """The extensions on record, in the order in which they were granted."""
    then: str = ""
    """How to name the State on the day, with its name of today, where that is another one."""

    @property
    def named(self) -> str:
        """The State's name on the day."""
        return self.then or self.state.name

    @property
    def is_extended(self) -> bool:
        return self.deadline != self.original_deadline

    @property
    def completed_on(self) -> date | None:
        is_done = self.status is rules.ObligationStatus.COMPLETED
        return self.recorded.completed_on if self.recorded and is_done else None

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What is noted of the duty and of the decision that stands, each with its source."""
        if self.recorded is None:
            return []
        last = [one for one in self.decisions if one.extended_to == self.deadline]
        said = [(self.recorded.note, self.recorded.source_url), *((one.note, one.source_url) for one in last)]
        return [(note, source) for note, source in said if note or source]


def dated_duties(
    treaties: Iterable[Treaty], on: date, states: Iterable[State] | None = None, known_at: datetime | None = None
) -> list[Duty]:
    """The dated duties of every State that the treaties have bound, by deadline. Five queries, however many of anything.

    Args: known_at: what the ledger held at that moment, and what was on record then of decisions and declarations.
    """
    chosen = [t for t in as_known(treaties, known_at) if t.dated_duties]
    if not chosen:
        return []
    if states is not None and not _kept_duties.is_remembering:
        return _dated_duties(chosen, on, states, known_at)
    wanted = None if states is None else {state.pk for state in states}
    key = (tuple(t.pk for t in chosen), on, known_at)
    found = _kept_duties.get(key, lambda: _dated_duties(chosen, on, None, known_at))
    return [duty for duty in found if wanted is None or duty.state.pk in wanted]


_kept_duties: Remembered[list[Duty]] = Remembered("treaties", most=8)


def _dated_duties(
    chosen: list[Treaty], on: date, states: Iterable[State] | None, known_at: datetime | None
) -> list[Duty]:
    known = states_known(known_at) if states is None else {s.pk: s for s in as_known(states, known_at)}
    by_treaty = actions_by_treaty(chosen, known_at, states=known)
    obligations, extensions = known_rows(Obligation, known_at), known_rows(Extension, known_at)
    recorded: dict[tuple[int, str, str], Obligation] = {
        (o.treaty_id, o.state_id, o.obligation): o for o in obligations.filter(treaty__in=chosen, state__in=known)
    }
    decisions: dict[int, list[Extension]] = {}
    for extension in extensions.filter(obligation__in=[o.pk for o in recorded.values()]).order_by("number", "id"):
        decisions.setdefault(extension.obligation_id, []).append(extension)
    found = []
    for treaty in chosen:
        for iso3, rows in by_treaty[treaty.pk].items():
            at = rules.standing(iso3, rows, treaty.rules, on)
            # Where the day of the consent is not known, no deadline can be counted from it.
            if at.in_force_on is not None and at.consent is not None and at.consent.not_before is None:
                for kind in rules.ObligationKind:
                    record = recorded.get((treaty.pk, iso3, kind.value))
                    granted = decisions.get(record.pk, []) if record else []
                    found.append(_duty(treaty, known[iso3], kind, at, at.in_force_on, record, granted, on))
    return sorted(found, key=lambda d: (d.deadline or date.max, d.state.sort_name, d.obligation))


def named_on(duties: Iterable[Duty], on: date, known_at: datetime | None = None) -> list[Duty]:
    """The duties with the names that their States had on a day. One query."""
    chosen = list(duties)
    names = names_on(on, {duty.state.pk: duty.state for duty in chosen}, known_at)
    return [replace(duty, then=names.get(duty.state.pk, "")) for duty in chosen]


def _duty(
    treaty: Treaty,
    state: State,
    kind: rules.ObligationKind,
    at: rules.Standing,
    in_force_on: date,
    record: Obligation | None,
    granted: Sequence[Extension],
    on: date,
) -> Duty:
    original = rules.obligation_deadline(kind, in_force_on)
    initial = rules.Deadline(original, record.known_to if record else None)
    extensions = [e.as_rule_input() for e in granted] if kind in rules.EXTENDABLE else []
    stands = rules.deadline_on(initial, extensions, on)
    outcome = rules.ObligationStatus(record.outcome) if record else None
    return Duty(
        treaty=treaty,
        state=state,
        obligation=kind,
        in_force_on=in_force_on,
        original_deadline=original,
        deadline=stands.on,
        known_to=stands.known_to,
        status=rules.obligation_status(
            stands, outcome, at.withdrawal_effective_on, on, record.completed_on if record else None
        ),
        recorded=record,
        decisions=granted,
    )
