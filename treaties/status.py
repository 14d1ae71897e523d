"""Asks the ledger and applies the rules: the status board of a treaty on a date, counts, changes, obligations.

Every page, endpoint, feed and export that tells a status or a count gets it here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from treaties import rules
from treaties.ledger import actions_by_state, actions_by_treaty
from treaties.models import Obligation, State, Treaty, TreatyAction


@dataclass(frozen=True)
class Line:
    """One State on the board."""

    state: State
    standing: rules.Standing

    @property
    def status(self) -> rules.Status:
        return self.standing.status


@dataclass(frozen=True)
class Board:
    """Every State under one treaty, on a date, as the record knew it at a moment."""

    treaty: Treaty
    on: date
    known_at: datetime | None
    lines: Sequence[Line]
    actions: Mapping[str, Sequence[rules.Action]]
    """The rows of each State, of whatever day."""

    @cached_property
    def counts(self) -> rules.Counts:
        return rules.count([line.standing for line in self.lines])

    @cached_property
    def by_state(self) -> Mapping[str, Line]:
        return {line.state.pk: line for line in self.lines}

    def with_status(self, *statuses: str) -> list[Line]:
        return [line for line in self.lines if line.status in statuses]


def boards(treaties: Iterable[Treaty], on: date, known_at: datetime | None = None) -> list[Board]:
    """The status of every State under each treaty. Four queries, however many treaties, States and acts there are."""
    return _boards(dict.fromkeys(treaties, on), known_at)


def last_shown_boards(treaties: Iterable[Treaty], on: date) -> list[Board]:
    """The same, each on the last day that the treaty's ledger can answer for."""
    return _boards({treaty: treaty.last_shown_day(on) for treaty in treaties}, None)


def _boards(days: Mapping[Treaty, date], known_at: datetime | None) -> list[Board]:
    states = State.objects.in_bulk()
    by_treaty = actions_by_treaty(days, known_at)
    return [
        Board(
            treaty,
            on,
            known_at,
            [
                Line(states[iso3], rules.standing(iso3, rows, treaty.rules, on))
                for iso3, rows in by_treaty[treaty.pk].items()
            ],
            by_treaty[treaty.pk],
        )
        for treaty, on in days.items()
    ]


def board(treaty: Treaty, on: date, known_at: datetime | None = None) -> Board:
    """The status of every State under one treaty."""
    return boards([treaty], on, known_at)[0]


def standings_of(state: State, treaties: Iterable[Treaty], on: date) -> list[tuple[Treaty, date, rules.Standing]]:
    """Where one State stands under each treaty, each on the last day that its ledger can answer for. Two queries."""
    chosen = list(treaties)
    by_treaty = actions_by_treaty(chosen, states=[state.pk])
    found = []
    for treaty in chosen:
        day = treaty.last_shown_day(on)
        found.append((treaty, day, rules.standing(state.pk, by_treaty[treaty.pk][state.pk], treaty.rules, day)))
    return found


# --- Counts over time ----------------------------------------------------------------------------------------


def first_day(treaty: Treaty) -> date:
    """The day with which the treaty's history begins."""
    return treaty.opened_on or treaty.adopted_on


def counts_series(
    treaty: Treaty, first: date, last: date, step: str = "year", known_at: datetime | None = None
) -> list[tuple[date, rules.Counts]]:
    """The counts between two days, both included: at each `day`, each `month`'s or `year`'s end, or each day of `change`.

    The first and the last day are always part of the series by month, year and change.
    """
    by_state = actions_by_state(treaty, known_at)
    return rules.counts_on_days(by_state, treaty.rules, _days(by_state, treaty, first, last, step))


def _days(
    by_state: Mapping[str, Sequence[rules.Action]], treaty: Treaty, first: date, last: date, step: str
) -> list[date]:
    if step == "day":
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if step == "change":
        turning = {d for rows in by_state.values() for d in rules.turning_days(rows, treaty.rules)}
        days = {d for d in turning if first <= d <= last}
    else:
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        ends = [rules.add_months(date(m // 12, m % 12 + 1, 1), 1) - timedelta(days=1) for m in months]
        days = {d for d in ends if first <= d <= last and (step == "month" or d.month == 12)}
    return sorted({first, last} | days)


# --- Changes between two days --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A State whose status differs between two days, and the rows of the ledger that did it."""

    state: State
    before: rules.Standing
    after: rules.Standing
    actions: Sequence[TreatyAction]


def changes(treaty: Treaty, first: date, last: date, known_at: datetime | None = None) -> list[Change]:
    """The States whose status differs between two days, with the acts deposited or taking effect in between."""
    by_state = actions_by_state(treaty, known_at)
    states = State.objects.in_bulk()
    between: dict[str, list[TreatyAction]] = {}
    for row in (
        TreatyAction.objects.of(treaty).known_at(known_at).effective_between(first, last).order_by("deposited_on", "id")
    ):
        row.treaty = treaty
        between.setdefault(row.state_id, []).append(row)
    found = []
    for iso3, rows in by_state.items():
        before = rules.standing(iso3, rows, treaty.rules, first)
        after = rules.standing(iso3, rows, treaty.rules, last)
        if before.status is not after.status:
            found.append(Change(states[iso3], before, after, between.get(iso3, [])))
    return found


# --- Withdrawals ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NoticeClock:
    """How long a notice of withdrawal still runs. Days are counted in whole days to the day of effect."""

    effective_on: date
    days_left: int
    days_in_all: int

    @property
    def days_gone(self) -> int:
        return self.days_in_all - self.days_left


def notice_clock(standing: rules.Standing, on: date) -> NoticeClock | None:
    """The clock of a running notice; None where none runs or its end is not known."""
    if standing.status is not rules.Status.WITHDRAWING or standing.withdrawal is None:
        return None
    effect = standing.withdrawal_effective_on
    if effect is None:
        return None
    received = standing.withdrawal.deposited_on
    return NoticeClock(effect, (effect - on).days, (effect - received).days)


@dataclass(frozen=True)
class WhatIf:
    """The counts if some States notified their withdrawal on a day: a supposition, not the record."""

    states: Sequence[State]
    notified_on: date
    effective_on: date
    before: rules.Counts
    board: Board

    @property
    def after(self) -> rules.Counts:
        return self.board.counts


def what_if(board: Board, leaving: Iterable[State]) -> WhatIf | None:
    """What the counts would be on the day of effect, had these parties deposited their notices on the board's day.

    Everything else is as the ledger had it on the board's day: acts deposited later are not looked at.
    """
    treaty = board.treaty
    chosen = [s for s in leaving if board.by_state[s.pk].status is rules.Status.PARTY]
    effect = rules.withdrawal_takes_effect(board.on, treaty.rules)
    if not chosen or effect is None:
        return None
    notices = {s.pk: rules.Action(0, s.pk, rules.ActionKind.WITHDRAWAL, board.on) for s in chosen}
    standings = []
    for iso3, rows in board.actions.items():
        known = [row for row in rows if row.deposited_on <= board.on]
        supposed = [*known, notices[iso3]] if iso3 in notices else known
        standings.append(rules.standing(iso3, supposed, treaty.rules, effect))
    lines = [Line(board.by_state[s.state].state, s) for s in standings]
    supposition = Board(treaty, effect, board.known_at, lines, board.actions)
    return WhatIf(chosen, board.on, effect, board.counts, supposition)


# --- Obligations ---------------------------------------------------------------------------------------------


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


def duties(treaties: Iterable[Treaty], on: date, states: Iterable[State] | None = None) -> list[Duty]:
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
            if at.in_force_on is not None:
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
