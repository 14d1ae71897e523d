"""The rules of dates and status: plain functions of dates, each citing its article.

Article numbers are those of the Mine Ban Convention (UNTC XXVI-5) unless another text is named. What differs from
treaty to treaty is data in `TreatyRules`; nothing here knows a treaty by name.
"""

import calendar
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class ActionKind(StrEnum):
    """An act that the Depositary records."""

    SIGNATURE = "signature"
    RATIFICATION = "ratification"
    ACCEPTANCE = "acceptance"
    APPROVAL = "approval"
    ACCESSION = "accession"
    SUCCESSION = "succession"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_CANCELLED = "withdrawal_cancelled"
    WITHDRAWAL_OF_RATIFICATION = "withdrawal_of_ratification"
    PROVISIONAL_APPLICATION = "provisional_application"


CONSENTS = frozenset(
    {
        ActionKind.RATIFICATION,
        ActionKind.ACCEPTANCE,
        ActionKind.APPROVAL,
        ActionKind.ACCESSION,
        ActionKind.SUCCESSION,
    }
)
"""The acts by which a State consents to be bound (Art. 16; Vienna Convention on the Law of Treaties, Art. 11)."""


class Status(StrEnum):
    """The legal status of a State under a treaty on a date."""

    NOT_PARTY = "not_party"
    SIGNATORY = "signatory"
    CONSENTED = "consented"
    PARTY = "party"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


class EntryIntoForceRule(StrEnum):
    """How a treaty's text counts from the deposit of an instrument to its effect for that State."""

    FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT = "first_day_of_sixth_month_after_deposit"
    DAYS_AFTER_DEPOSIT = "days_after_deposit"
    MONTHS_AFTER_DEPOSIT = "months_after_deposit"


class ObligationKind(StrEnum):
    """A dated duty of a State Party."""

    ARTICLE_4 = "article_4"
    ARTICLE_5 = "article_5"
    ARTICLE_7 = "article_7"


class ObligationStatus(StrEnum):
    """Where a State stands with a dated duty, on a date."""

    COMPLETED = "completed"
    NONE_DECLARED = "none_declared"
    PENDING = "pending"
    OVERDUE = "overdue"
    NOT_CONFIRMED = "not_confirmed"
    NOT_RECORDED = "not_recorded"
    NO_LONGER_DUE = "no_longer_due"


@dataclass(frozen=True, slots=True)
class TreatyRules:
    """What a treaty's text says of dates. Exactly one of the two notice periods is set."""

    entry_into_force_rule: EntryIntoForceRule
    entry_into_force_n: int | None
    entered_into_force_on: date | None
    withdrawal_notice_months: int | None
    withdrawal_notice_days: int | None
    armed_conflict_postpones: bool
    opened_on: date | None = None
    closed_on: date | None = None
    """The first day without signature."""


@dataclass(frozen=True, slots=True)
class Hold:
    """An armed conflict of the withdrawing State, as recorded (Art. 20(3)); without an end while it lasts."""

    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day by which a duty is to be done, as it was set at first or by a decision of the States Parties.

    `on` is None where a decision is known and its day was not found. `known_to` is the last day up to which no later decision
    exists, as far as the source goes; None where nobody looked.
    """

    on: date | None
    known_to: date | None = None
    granted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What the rules need to know of one row of the ledger.

    Where the day of deposit is not known, `not_before` is the first day on which it can have been, and `deposited_on` the last one;
    see `treaties.law.intervals`.
    """

    id: int
    state: str
    kind: ActionKind
    deposited_on: date
    stated_effective_on: date | None = None
    holds: tuple[Hold, ...] = ()
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A State under a treaty on a date, with the rows of the ledger that make it so."""

    state: str
    status: Status
    signed: Action | None = None
    consent: Action | None = None
    in_force_on: date | None = None
    withdrawal: Action | None = None
    withdrawal_effective_on: date | None = None
    held_by_armed_conflict: bool = False
    evidence: tuple[int, ...] = ()

    @property
    def is_bound(self) -> bool:
        """The treaty is in force for the State on that day."""
        return self.status in (Status.PARTY, Status.WITHDRAWING)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many States have each status. `parties` is the UN's count: it counts from deposit, not from entry into force.

    Where days of acts are not known, each number is the one that is certain: the least, but for `not_parties` and `never_joined`
    the most. `ranges` has the least and the most of each number that is not certain.
    """

    signatories: int
    parties: int
    in_force: int
    not_parties: int
    withdrawing: int
    withdrawn: int
    never_joined: int
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def numbers(self) -> dict[str, int]:
        """The counts by name, without the ranges."""
        return {name: getattr(self, name) for name in COUNTS}

    def range_of(self, name: str) -> tuple[int, int]:
        """The least and the most that a count can be; twice the same number where it is certain."""
        number = getattr(self, name)
        return self.ranges.get(name, (number, number))


COUNTS = tuple(f.name for f in fields(Counts) if f.name != "ranges")
"""The names of the counts."""


# --- Dates ---------------------------------------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    """The same day of the month, months later; the last day of a shorter month (31 August + 6 = 28 or 29 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_years(day: date, years: int) -> date:
    """The same day, years later; 28 February for a 29th that does not exist."""
    return add_months(day, years * 12)


def entry_into_force(deposited_on: date, rules: TreatyRules) -> date | None:
    """The day the treaty enters into force for a State that deposits on this day.

    Counted by the treaty's own rule (Art. 17(2): first day of the sixth month after the month of deposit), but never
    before the treaty itself is in force (Art. 17(1)). None while the treaty is not in force at all.
    """
    if rules.entered_into_force_on is None:
        return None
    n = rules.entry_into_force_n or 0
    match rules.entry_into_force_rule:
        case EntryIntoForceRule.FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT:
            counted = add_months(deposited_on.replace(day=1), 6)
        case EntryIntoForceRule.DAYS_AFTER_DEPOSIT:
            counted = deposited_on + timedelta(days=n)
        case EntryIntoForceRule.MONTHS_AFTER_DEPOSIT:
            counted = add_months(deposited_on, n)
    return max(counted, rules.entered_into_force_on)


def withdrawal_notice_expires(received_on: date, rules: TreatyRules) -> date:
    """The day the notice runs out, counted from the day of receipt (Art. 20(3): six months, same day of the month)."""
    if rules.withdrawal_notice_days is not None:
        return received_on + timedelta(days=rules.withdrawal_notice_days)
    return add_months(received_on, rules.withdrawal_notice_months or 0)


def covering_holds(received_on: date, rules: TreatyRules, holds: Iterable[Hold]) -> list[Hold]:
    """The armed conflicts that postpone a withdrawal: those that last on the day the notice runs out (Art. 20(3))."""
    if not rules.armed_conflict_postpones:
        return []
    expiry = withdrawal_notice_expires(received_on, rules)
    return [h for h in holds if h.started_on <= expiry and (h.ended_on is None or h.ended_on > expiry)]


def withdrawal_takes_effect(
    received_on: date, rules: TreatyRules, holds: Iterable[Hold] = (), stated_on: date | None = None
) -> date | None:
    """The day a withdrawal takes effect; None while an armed conflict that covers the expiry lasts (Art. 20(3)).

    That is the day the notice runs out, or the one that the Depositary states; but never before the end of a conflict in which
    the State is engaged on the day the notice runs out.
    """
    covering = covering_holds(received_on, rules, holds)
    ends = [h.ended_on for h in covering if h.ended_on is not None]
    if len(ends) < len(covering):
        return None
    return max([stated_on or withdrawal_notice_expires(received_on, rules), *ends])


def is_held_by_armed_conflict(withdrawal: Action, rules: TreatyRules, on: date) -> bool:
    """Whether on that day nothing but an armed conflict keeps a notice that has run out from taking effect (Art. 20(3))."""
    return withdrawal_notice_expires(withdrawal.deposited_on, rules) <= on and any(
        hold.ended_on is None or hold.ended_on > on
        for hold in covering_holds(withdrawal.deposited_on, rules, withdrawal.holds)
    )


def effective_on(action: Action, rules: TreatyRules) -> date | None:
    """The day an act takes legal effect; None while that day is not known.

    A day stated by the Depositary goes before the rule, except that no statement shortens a postponement by an armed conflict. A
    succession continues the predecessor's consent and does not follow Art. 17: without a stated day it counts from deposit.
    """
    if action.kind is ActionKind.WITHDRAWAL:
        return withdrawal_takes_effect(action.deposited_on, rules, action.holds, action.stated_effective_on)
    if action.stated_effective_on is not None:
        return action.stated_effective_on
    if action.kind is ActionKind.SUCCESSION or action.kind not in CONSENTS:
        return action.deposited_on
    return entry_into_force(action.deposited_on, rules)


# --- Status --------------------------------------------------------------------------------------------------

_ORDER_WITHIN_A_DAY = {kind: place for place, kind in enumerate(ActionKind)}


def chronological(actions: Iterable[Action]) -> list[Action]:
    """Rows in the order in which they count: by day of deposit, then signature before consent before withdrawal."""
    return sorted(actions, key=lambda a: (a.deposited_on, _ORDER_WITHIN_A_DAY[a.kind], a.id))


class Held(NamedTuple):
    """What counts of a State's acts: its signature, its consent, and the notice by which that ends."""

    signed: Action | None = None
    consent: Action | None = None
    withdrawal: Action | None = None
    earlier: tuple[Action | None, Action | None] = (None, None)
    """Consent and withdrawal before the State consented anew."""


def _after(held: Held, action: Action, rules: TreatyRules) -> Held:
    """What counts after one more act. What the treaty gives no meaning at its time changes nothing."""
    signed, consent, withdrawal, earlier = held
    left = withdrawal is not None and has_effect(withdrawal, rules, action.deposited_on)
    if action.kind is ActionKind.SIGNATURE:
        signed = signed or action
    elif action.kind in CONSENTS:
        if consent is None or left:  # Art. 16: a State that has left may accede again
            earlier = consent, withdrawal
            consent, withdrawal = action, None
    elif action.kind is ActionKind.WITHDRAWAL:
        if consent is not None and withdrawal is None:
            withdrawal = action
    elif action.kind is ActionKind.WITHDRAWAL_CANCELLED:
        if not left:
            withdrawal = None
    elif (
        action.kind is ActionKind.WITHDRAWAL_OF_RATIFICATION
        and consent is not None
        # Once the treaty is in force for it, a State leaves by the article on withdrawal alone.
        and not has_effect(consent, rules, action.deposited_on)
    ):
        consent, withdrawal = earlier  # a State that had left before it consented again has left
    return Held(signed, consent, withdrawal, earlier)


def standing(state: str, actions: Iterable[Action], rules: TreatyRules, on: date) -> Standing:
    """The status of a State on a day, computed from all its rows; rows deposited later are ignored.

    A total function: rows that the treaty gives no meaning at their time (a second consent while bound, a withdrawal of a
    State that is not bound, a cancellation after the effect) change nothing.
    """
    held = Held()
    for action in chronological(a for a in actions if a.deposited_on <= on):
        held = _after(held, action, rules)
    return _standing_by(state, held, rules, on)


History = Sequence[tuple[date, Held]]
"""What counts of a State's acts from each day of deposit on, in the order of the days."""


def history(actions: Iterable[Action], rules: TreatyRules) -> History:
    """What counts after each act: for one who asks for the status on many days (`standing_in`)."""
    held, found = Held(), []
    for action in chronological(actions):
        held = _after(held, action, rules)
        found.append((action.deposited_on, held))
    return found


def standing_in(state: str, known: History, rules: TreatyRules, on: date) -> Standing:
    """The same as `standing`, from the history of the acts, without going through them again."""
    place = bisect_right(known, on, key=lambda entry: entry[0])
    return _standing_by(state, known[place - 1][1] if place else Held(), rules, on)


def _standing_by(state: str, held: Held, rules: TreatyRules, on: date) -> Standing:
    signed, consent, withdrawal, _earlier = held
    in_force_on = effective_on(consent, rules) if consent else None
    ends_on = effective_on(withdrawal, rules) if withdrawal else None
    if consent is None:
        status = Status.SIGNATORY if signed else Status.NOT_PARTY
    elif ends_on is not None and ends_on <= on:
        status = Status.WITHDRAWN
    elif in_force_on is None or in_force_on > on:
        status = Status.CONSENTED
    else:
        status = Status.PARTY if withdrawal is None else Status.WITHDRAWING
    return Standing(
        state=state,
        status=status,
        signed=signed,
        consent=consent,
        in_force_on=in_force_on,
        withdrawal=withdrawal,
        withdrawal_effective_on=ends_on,
        held_by_armed_conflict=withdrawal is not None and is_held_by_armed_conflict(withdrawal, rules, on),
        evidence=tuple(a.id for a in (signed, consent, withdrawal) if a is not None),
    )


def has_effect(action: Action, rules: TreatyRules, on: date) -> bool:
    """Whether an act has taken effect by a day."""
    effect = effective_on(action, rules)
    return effect is not None and effect <= on


def status_change_dates(actions: Iterable[Action], rules: TreatyRules) -> list[date]:
    """Every day on which some row may change a status: its deposit and its effect, in order."""
    days: set[date] = set()
    for action in actions:
        days.add(action.deposited_on)
        effect = effective_on(action, rules)
        if effect is not None and effect > action.deposited_on:
            days.add(effect)
    return sorted(days)


# --- Counts --------------------------------------------------------------------------------------------------


def count(standings: Sequence[Standing]) -> Counts:
    """Count over all States. `parties + withdrawn + never_joined` is always the number of States."""
    tally = dict.fromkeys(Status, 0)
    for s in standings:
        tally[s.status] += 1
    in_force = tally[Status.PARTY] + tally[Status.WITHDRAWING]
    parties = tally[Status.CONSENTED] + in_force
    not_parties = len(standings) - parties
    return Counts(
        signatories=sum(s.signed is not None for s in standings),
        parties=parties,
        in_force=in_force,
        not_parties=not_parties,
        withdrawing=tally[Status.WITHDRAWING],
        withdrawn=tally[Status.WITHDRAWN],
        never_joined=not_parties - tally[Status.WITHDRAWN],
    )


# --- Obligations ---------------------------------------------------------------------------------------------


def stockpile_deadline(in_force_on: date) -> date:
    """Stockpiles destroyed within four years of entry into force for the State, without extension (Art. 4)."""
    return add_years(in_force_on, 4)


def clearance_deadline(in_force_on: date) -> date:
    """Mined areas cleared within ten years of entry into force (Art. 5(1)), unless that is extended (Art. 5(3))."""
    return add_years(in_force_on, 10)


def first_report_due(in_force_on: date) -> date:
    """First transparency report within 180 days of entry into force for the State (Art. 7(1))."""
    return in_force_on + timedelta(days=180)


def yearly_report_due(on: date) -> date:
    """The next day, from a day on, by which every State Party reports on the past calendar year: 30 April (Art. 7(2))."""
    due = date(on.year, 4, 30)
    return due if due >= on else date(on.year + 1, 4, 30)


EXTENDABLE = frozenset({ObligationKind.ARTICLE_5})
"""The duties whose deadline the States Parties can extend (Art. 5(3))."""


def obligation_deadline(kind: ObligationKind, in_force_on: date) -> date:
    """The day by which a duty is to be done at first."""
    match kind:
        case ObligationKind.ARTICLE_4:
            return stockpile_deadline(in_force_on)
        case ObligationKind.ARTICLE_5:
            return clearance_deadline(in_force_on)
        case ObligationKind.ARTICLE_7:
            return first_report_due(in_force_on)


def deadline_on(initial: Deadline, extensions: Iterable[Deadline], on: date) -> Deadline:
    """The deadline as it stood on a day: the initial one, or that of the last extension granted by then (Art. 5(3) to (6)).

    Args: extensions: in the order in which they were granted. Where the day of a decision is not known, it was taken after the
    last day up to which the deadline before it is known to have stood.
    """
    stands = initial
    for extension in extensions:
        if extension.granted_on is not None:
            is_granted = extension.granted_on <= on
        else:
            is_granted = stands.known_to is None or stands.known_to < on
        if not is_granted:
            break
        stands = extension
    return stands


def obligation_status(
    stands: Deadline,
    recorded: ObligationStatus | None,
    left_on: date | None,
    on: date,
    completed_on: date | None = None,
) -> ObligationStatus:
    """Where a State stands with a duty on a day, by the deadline that stood then.

    What a State has declared (completed, none) stands, from its day on; without a record nothing is held against it; a duty falls
    away with the effect of a withdrawal (Art. 20). Overdue is computed, never typed, and only where it was looked up whether the
    deadline had been extended: one that passed after `known_to`, or whose day was not found, is not confirmed.
    """
    if recorded is ObligationStatus.NONE_DECLARED:
        return recorded
    if recorded is ObligationStatus.COMPLETED and (completed_on is None or completed_on <= on):
        return recorded
    if left_on is not None and left_on <= on:
        return ObligationStatus.NO_LONGER_DUE
    if stands.on is None:
        was_looked_up = stands.known_to is not None and on <= stands.known_to
        return ObligationStatus.PENDING if was_looked_up else ObligationStatus.NOT_CONFIRMED
    if stands.on >= on:
        return ObligationStatus.PENDING
    if recorded is None:
        return ObligationStatus.NOT_RECORDED
    is_known = stands.known_to is not None and stands.on <= stands.known_to
    return ObligationStatus.OVERDUE if is_known else ObligationStatus.NOT_CONFIRMED
