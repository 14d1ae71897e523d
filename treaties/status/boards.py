"""The status board of a treaty on a date, its counts, and the changes between two dates.

Every page, endpoint, feed and export that shows a status or a count gets it here. The rules are in `treaties.law.rules`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from config.kit.models.generations import Remembered
from treaties.law import intervals, rules
from treaties.ledger.reading import actions_by_state, actions_by_treaty, as_known, as_listed_then, states_known
from treaties.models import State, Treaty, TreatyAction
from treaties.status.names import members_of, membership_turns, names_on


@dataclass(frozen=True)
class Line:
    """One State on the board."""

    state: State
    standing: rules.Standing
    standings: Sequence[rules.Standing]
    """All that is possible by the acts on record: several where the day of one is not known."""
    possible: tuple[rules.Status, ...]
    """The statuses that the State can have, first the one that is told; also by acts that may be missing."""
    in_force_between: tuple[date | None, date | None] | None = None
    """Between which days the treaty enters into force for the State, where that is not one day."""
    withdrawal_effective_between: tuple[date | None, date | None] | None = None
    then: str = ""
    """How to name the State on the day, with its name of today, where that is another one."""

    @property
    def named(self) -> str:
        """The State's name on the day."""
        return self.then or self.state.name

    @property
    def status(self) -> rules.Status:
        """The status that holds if every act whose day is not known is as late as it may be."""
        return self.standing.status

    @property
    def by_record(self) -> tuple[rules.Status, ...]:
        """The statuses that the State can have by the acts on record, first the one that is told."""
        return tuple(dict.fromkeys(at.status for at in self.standings))

    @property
    def certain(self) -> bool:
        """No other status is possible, whatever is missing or not known to the day."""
        return len(self.possible) == 1

    @property
    def is_open(self) -> bool:
        """The acts on record leave the status open, since the day of one is not known."""
        return len(self.by_record) > 1


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
        """The counts by the acts on record, with a range where days are not known."""
        return intervals.count_possible(line.standings for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """All acts up to the board's day are on record."""
        return self.on <= self.treaty.complete_to

    def may_have_changed(self, name: str) -> bool:
        """Whether acts that may be missing can have changed a count."""
        return may_have_changed(self.treaty, name, self.on)

    @cached_property
    def open_acts(self) -> list[tuple[State, rules.Action]]:
        """The acts whose day is not known and which can make a difference on the board's day: by then they may have been done."""
        return [
            (line.state, act)
            for line in self.lines
            for act in self.actions[line.state.pk]
            if act.not_before is not None and act.not_before <= self.on
        ]

    @cached_property
    def by_state(self) -> Mapping[str, Line]:
        return {line.state.pk: line for line in self.lines}

    def counts_of(self, members: Collection[str]) -> rules.Counts:
        """The counts over some of the States."""
        return intervals.count_possible(line.standings for line in self.lines if line.state.pk in members)

    def with_status(self, *statuses: str) -> list[Line]:
        return [line for line in self.lines if line.status in statuses]


def status_boards(treaties: Iterable[Treaty], on: date, known_at: datetime | None = None) -> list[Board]:
    """The status of every State under each treaty. Five queries, however many treaties, States and acts there are."""
    return _boards(dict.fromkeys(as_known(treaties, known_at), on), known_at)


def last_shown_boards(treaties: Iterable[Treaty], on: date, known_at: datetime | None = None) -> list[Board]:
    """The same, each on the last day that the treaty's ledger can answer for."""
    return _boards({treaty: treaty.last_shown_day(on) for treaty in as_known(treaties, known_at)}, known_at)


_kept_boards: Remembered[Board] = Remembered("treaties", most=48)


def _boards(days: Mapping[Treaty, date], known_at: datetime | None) -> list[Board]:
    """The boards, the missing ones made together."""
    treaties = {treaty.pk: treaty for treaty in days}
    kept = _kept_boards.get_many(
        [(treaty.pk, on, known_at) for treaty, on in days.items()],
        lambda missing: {
            (treaty.pk, board.on, known_at): board
            for treaty, board in _made_boards({treaties[pk]: on for pk, on, _known in missing}, known_at).items()
        },
    )
    return [kept[treaty.pk, on, known_at] for treaty, on in days.items()]


def _made_boards(days: Mapping[Treaty, date], known_at: datetime | None) -> dict[Treaty, Board]:
    states = states_known(known_at)
    by_treaty = actions_by_treaty(days, known_at)
    names = {on: names_on(on, states, known_at) for on in set(days.values())}
    return {
        treaty: Board(
            treaty,
            on,
            known_at,
            [
                line_of(states[iso3], rows, treaty, on, names[on].get(iso3, ""))
                for iso3, rows in by_treaty[treaty.pk].items()
            ],
            by_treaty[treaty.pk],
        )
        for treaty, on in days.items()
    }


def may_have_changed(treaty: Treaty, name: str, on: date) -> bool:
    """Whether acts that may be missing can have changed a count by a day. Nobody signs a treaty that is closed for signature."""
    is_fixed = name == "signatories" and treaty.closed_on is not None and treaty.closed_on <= treaty.complete_to
    return on > treaty.complete_to and not is_fixed


def line_of(state: State, actions: Sequence[rules.Action], treaty: Treaty, on: date, then: str = "") -> Line:
    """Where a State stands under a treaty by its acts, and what else is possible. Args: then: how to name it on the day."""
    at = rules.standing(state.pk, actions, treaty.rules, on)
    is_dated = all(act.not_before is None for act in actions)
    standings = [at] if is_dated else intervals.possible_standings(state.pk, actions, treaty.rules, on)
    possible = [one.status for one in standings]
    if on > treaty.complete_to:
        first = treaty.complete_to + timedelta(days=1)
        possible += intervals.reachable_statuses(state.pk, list(actions), treaty.rules, first, on)
    return Line(
        state,
        at,
        standings,
        tuple(dict.fromkeys(possible)),
        _effect_between(at.consent, treaty),
        _effect_between(at.withdrawal, treaty),
        then,
    )


def _effect_between(act: rules.Action | None, treaty: Treaty) -> tuple[date | None, date | None] | None:
    if act is None or act.not_before is None:
        return None
    first, last = intervals.effect_interval(act, treaty.rules)
    return None if first == last else (first, last)


def status_board(treaty: Treaty, on: date, known_at: datetime | None = None) -> Board:
    """The status of every State under one treaty."""
    return status_boards([treaty], on, known_at)[0]


def lines_of(
    state: State, treaties: Iterable[Treaty], on: date, known_at: datetime | None = None
) -> list[tuple[Treaty, date, Line]]:
    """Where one State stands under each treaty, each on the last day that its ledger can answer for.

    Three queries; two more for what was known at a moment."""
    chosen = as_known(treaties, known_at)
    (state,) = as_known([state], known_at)
    by_treaty = actions_by_treaty(chosen, known_at, states=[state.pk])
    then = names_on(on, {state.pk: state}, known_at).get(state.pk, "")
    found = []
    for treaty in chosen:
        day = treaty.last_shown_day(on)
        found.append((treaty, day, line_of(state, by_treaty[treaty.pk][state.pk], treaty, day, then)))
    return found


def first_day(treaty: Treaty) -> date:
    """The day with which the treaty's history begins."""
    return treaty.opened_on or treaty.adopted_on


_kept_counts: Remembered[rules.Counts] = Remembered("treaties", most=1024)


def counts_on(days: Mapping[Treaty, Collection[date]]) -> dict[tuple[int, date], rules.Counts]:
    """The counts of each treaty on its days, by the treaty's number and the day; of days alone that can be shown.

    At most four queries, for any number of treaties and days.
    """
    treaties = {treaty.pk: treaty for treaty in days}

    def count(missing: list[tuple[int, date]]) -> dict[tuple[int, date], rules.Counts]:
        wanted = {pk: sorted({day for other, day in missing if other == pk}) for pk, _day in missing}
        acts = actions_by_treaty([treaties[pk] for pk in wanted])
        return {
            (pk, day): counts
            for pk, by_day in wanted.items()
            for day, counts in intervals.counts_on_days(acts[pk], treaties[pk].rules, by_day)
        }

    return _kept_counts.get_many([(treaty.pk, day) for treaty, own in days.items() for day in own], count)


def counts_series(
    treaty: Treaty,
    first: date,
    last: date,
    step: str = "year",
    known_at: datetime | None = None,
    groups: Collection[str] = (),
    anchor: str = "",
) -> list[tuple[date, rules.Counts]]:
    """The counts between two days, both included: at each `day`, each `month`'s or `year`'s end, or each day of `change`.

    The first and the last day are always part of the series by month, year and change. Args: groups: count those States alone that
    belong on the day to one of these; a day on which one joins or leaves is a day of change. anchor: by year, the day of each
    year that is counted, and no other, as MM-DD.
    """
    key = (treaty.pk, first, last, step, known_at, tuple(sorted(groups)), anchor)
    return list(_kept_series.get(key, lambda: _counts_series(treaty, first, last, step, known_at, groups, anchor)))


_kept_series: Remembered[list[tuple[date, rules.Counts]]] = Remembered("treaties", most=16)


def _counts_series(
    treaty: Treaty, first: date, last: date, step: str, known_at: datetime | None, groups: Collection[str], anchor: str
) -> list[tuple[date, rules.Counts]]:
    (treaty,) = as_known([treaty], known_at)
    by_state = actions_by_state(treaty, known_at)
    if not groups:
        return intervals.counts_on_days(by_state, treaty.rules, _days(by_state, treaty, first, last, step, anchor))
    turns = [day for day in membership_turns(groups, known_at) if first < day <= last]
    days = _days(by_state, treaty, first, last, step, anchor)
    days = sorted({*days, *turns}) if step == "change" else days
    found: list[tuple[date, rules.Counts]] = []
    for begin, end in zip([first, *turns], [*turns, None], strict=True):
        members = members_of(groups, begin, known_at)
        part = [day for day in days if day >= begin and (end is None or day < end)]
        chosen = {iso3: rows for iso3, rows in by_state.items() if iso3 in members}
        found += intervals.counts_on_days(chosen, treaty.rules, part)
    return found


def _days(
    by_state: Mapping[str, Sequence[rules.Action]], treaty: Treaty, first: date, last: date, step: str, anchor: str
) -> list[date]:
    if anchor:
        each = (date.fromisoformat(f"{year}-{anchor}") for year in range(first.year, last.year + 1))
        return [day for day in each if first <= day <= last]
    if step == "day":
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if step == "change":
        turning = {d for rows in by_state.values() for d in intervals.turning_days(rows, treaty.rules)}
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
    before: Line
    after: Line
    actions: Sequence[TreatyAction]


def status_changes(treaty: Treaty, first: date, last: date, known_at: datetime | None = None) -> list[Change]:
    """The States whose status differs between two days, or can do so, with the acts deposited or taking effect in between."""
    (treaty,) = as_known([treaty], known_at)
    states = states_known(known_at)
    by_state = actions_by_state(treaty, known_at)
    then, now = names_on(first, states, known_at), names_on(last, states, known_at)
    between: dict[str, list[TreatyAction]] = {}
    acts = TreatyAction.objects.of(treaty).known_at(known_at).for_ledger(known_at).order_by("deposited_on", "id")
    # The column has the days of effect by the rules of now.
    chosen = acts.effective_between(first, last) if known_at is None else as_listed_then(acts, known_at)
    for row in chosen:
        if known_at is not None and not row.falls_between(first, last):
            continue
        row.treaty = treaty
        between.setdefault(row.state_id, []).append(row)
    found = []
    for iso3, rows in by_state.items():
        before = line_of(states[iso3], rows, treaty, first, then.get(iso3, ""))
        after = line_of(states[iso3], rows, treaty, last, now.get(iso3, ""))
        if before.by_record != after.by_record:
            found.append(Change(states[iso3], before, after, between.get(iso3, [])))
    return found
