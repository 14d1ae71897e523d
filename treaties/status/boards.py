"""The status board of a treaty on a date, its counts, and the changes between two dates.

Every page, endpoint, feed and export that shows a status or a count gets it here. The rules are in `treaties.law.rules`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from treaties.law import rules
from treaties.ledger.reading import actions_by_state, actions_by_treaty
from treaties.models import State, Treaty, TreatyAction


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
    """All rows of each State, whatever their date."""

    @cached_property
    def counts(self) -> rules.Counts:
        return rules.count([line.standing for line in self.lines])

    @cached_property
    def by_state(self) -> Mapping[str, Line]:
        return {line.state.pk: line for line in self.lines}

    def with_status(self, *statuses: str) -> list[Line]:
        return [line for line in self.lines if line.status in statuses]


def status_boards(treaties: Iterable[Treaty], on: date, known_at: datetime | None = None) -> list[Board]:
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


def status_board(treaty: Treaty, on: date, known_at: datetime | None = None) -> Board:
    """The status of every State under one treaty."""
    return status_boards([treaty], on, known_at)[0]


def standings_of(state: State, treaties: Iterable[Treaty], on: date) -> list[tuple[Treaty, date, rules.Standing]]:
    """Where one State stands under each treaty, each on the last day that its ledger can answer for. Two queries."""
    chosen = list(treaties)
    by_treaty = actions_by_treaty(chosen, states=[state.pk])
    found = []
    for treaty in chosen:
        day = treaty.last_shown_day(on)
        found.append((treaty, day, rules.standing(state.pk, by_treaty[treaty.pk][state.pk], treaty.rules, day)))
    return found


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
        turning = {d for rows in by_state.values() for d in rules.status_change_dates(rows, treaty.rules)}
        days = {d for d in turning if first <= d <= last}
    else:
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        ends = [rules.add_months(date(m // 12, m % 12 + 1, 1), 1) - timedelta(days=1) for m in months]
        days = {d for d in ends if first <= d <= last and (step == "month" or d.month == 12)}
    return sorted({first, last} | days)


@dataclass(frozen=True)
class Change:
    """A State whose status differs between two days, and the rows of the ledger that did it."""

    state: State
    before: rules.Standing
    after: rules.Standing
    actions: Sequence[TreatyAction]


def status_changes(treaty: Treaty, first: date, last: date, known_at: datetime | None = None) -> list[Change]:
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
