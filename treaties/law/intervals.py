"""What is certain where the day of an act is not known, or where later acts may be missing: plain functions of dates.

An open act is one whose day of deposit is known by an interval alone: `not_before` to `deposited_on`, both included. The rules of
`treaties.law.rules` are asked for every day of the interval that can make a difference; what all of them answer is certain.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from treaties.law.rules import (
    COUNTS,
    Action,
    ActionKind,
    Counts,
    Standing,
    Status,
    TreatyRules,
    count,
    effective_on,
    entry_into_force,
    history,
    standing,
    standing_in,
    status_change_dates,
    withdrawal_takes_effect,
)

MOST_IS_CERTAIN = frozenset({"not_parties", "never_joined"})
"""The counts of States that stay outside: of these the most is told, of all others the least."""
_ONE = timedelta(days=1)


def placed(act: Action, on: date) -> Action:
    """The act as if its day were known."""
    return replace(act, deposited_on=on, not_before=None)


def ends(act: Action) -> tuple[Action, Action]:
    """The act on the first and on the last day on which it can have been; twice the same where the day is known."""
    return placed(act, act.not_before or act.deposited_on), placed(act, act.deposited_on)


def effect_interval(act: Action, rules: TreatyRules) -> tuple[date | None, date | None]:
    """The first and the last day on which the act can take effect; None for a day that no rule gives yet.

    No rule gives an earlier day of effect for a later deposit, so the ends of the one interval give the ends of the other.
    """
    first, last = ends(act)
    return effective_on(first, rules), effective_on(last, rules)


def possible_standings(state: str, actions: Iterable[Action], rules: TreatyRules, on: date) -> list[Standing]:
    """Where the State can stand on a day, by its acts on record: first as if every open act were as late as it may be.

    One standing for each status, with and without signature, that some choice of days inside the intervals gives.
    """
    known = list(actions)
    found: dict[tuple[Status, bool], Standing] = {}
    for rows in _placements(known, rules, on):
        at = standing(state, rows, rules, on)
        found.setdefault((at.status, at.signed is not None), at)
    return list(found.values())


def _placements(actions: list[Action], rules: TreatyRules, on: date) -> Iterator[list[Action]]:
    """The acts with each open one on every day that can make a difference, the last days first."""
    place = next((n for n, act in enumerate(actions) if act.not_before is not None), None)
    if place is None:
        yield actions
        return
    act = actions[place]
    for day in _telling_days(act, [*actions[:place], *actions[place + 1 :]], rules, on):
        yield from _placements([*actions[:place], placed(act, day), *actions[place + 1 :]], rules, on)


def _telling_days(act: Action, others: Sequence[Action], rules: TreatyRules, on: date) -> list[date]:
    """The days of an open act's interval around which a status can change, the last one first.

    A status depends on whether the deposit and the effect of the act lie before, on or after the day asked about and the deposits
    and effects of the State's other acts. Between two such days nothing changes, so the days beside them stand for all. There are
    as many days beside as there are open acts, which may have to find a place between them.
    """
    first, last = act.not_before or act.deposited_on, act.deposited_on
    margin = 1 + sum(other.not_before is not None for other in others)
    marks = {on}
    for other in others:
        for end in ends(other):
            marks |= {end.deposited_on, effective_on(end, rules) or date.max}
    inside = range((last - first).days + 1)

    def reaches(mark: date) -> date:
        """The first day of the interval from which the effect is not before the mark, or the day after the interval."""
        n = bisect_left(inside, mark, key=lambda n: effective_on(placed(act, first + n * _ONE), rules) or date.max)
        return first + n * _ONE

    near = {first, last}
    for mark in marks:
        for turn in (mark, reaches(mark)):
            if first - margin * _ONE <= turn <= last + margin * _ONE:
                near |= {turn + n * _ONE for n in range(-margin, margin + 1)}
    return sorted((day for day in near if first <= day <= last), reverse=True)


# --- Acts that may be missing --------------------------------------------------------------------------------


def possible_statuses(
    state: str, actions: Iterable[Action], rules: TreatyRules, on: date, complete_to: date | None = None
) -> tuple[Status, ...]:
    """The statuses that the State can have on a day: first the one that holds if every open act is as late as it may be.

    Args: complete_to: the last day up to which all acts are on record. Any act that the treaty allows may have been done since.
    """
    known = list(actions)
    found = [at.status for at in possible_standings(state, known, rules, on)]
    if complete_to is not None and complete_to < on:
        found += reachable_statuses(state, known, rules, complete_to + _ONE, on)
    return tuple(dict.fromkeys(found))


def reachable_statuses(state: str, actions: list[Action], rules: TreatyRules, first: date, on: date) -> list[Status]:
    """The statuses that a State can have on a day if it may have done more, from a first day on, than is on record.

    Each status is reached on the earliest day that the acts on record or the treaty's rules allow. What can be reached by a day can
    be so on that day, since each act may also have been done later. Successions are left out: they are acts of new States.
    """
    reached: dict[Status, date] = {}
    turning = {day for act in actions for end in ends(act) for day in status_change_dates([end], rules)}
    for day in sorted({first} | {day for day in turning if first < day <= on}):
        for at in possible_standings(state, actions, rules, day):
            reached.setdefault(at.status, day)
            if at.status is Status.CONSENTED:  # it may be taken back
                taken_back = Action(0, state, ActionKind.WITHDRAWAL_OF_RATIFICATION, day)
                for without in possible_standings(state, [*actions, taken_back], rules, day):
                    reached.setdefault(without.status, day)
    waiting = list(reached)
    while waiting:
        status = waiting.pop()
        for following, since in _next(status, reached[status], rules):
            if since is not None and since <= on and (following not in reached or since < reached[following]):
                reached[following] = since
                waiting.append(following)
    return list(reached)


def _next(status: Status, day: date, rules: TreatyRules) -> list[tuple[Status, date | None]]:
    """The statuses to which one more act, or time alone, leads from a status, each with the first day of it.

    A consent that is taken back leads to where the State came from.
    """
    match status:
        case Status.NOT_PARTY:
            opened = rules.opened_on is not None and (rules.closed_on is None or day < rules.closed_on)
            signed = [(Status.SIGNATORY, max(day, rules.opened_on))] if opened and rules.opened_on else []
            return [*signed, (Status.CONSENTED, day)]
        case Status.SIGNATORY:
            return [(Status.CONSENTED, day)]
        case Status.CONSENTED:
            return [(Status.PARTY, entry_into_force(day, rules))]
        case Status.PARTY:
            return [(Status.WITHDRAWING, day)]
        case Status.WITHDRAWING:
            return [(Status.PARTY, day), (Status.WITHDRAWN, withdrawal_takes_effect(day, rules))]
        case Status.WITHDRAWN:
            return [(Status.CONSENTED, day)]


# --- Counts --------------------------------------------------------------------------------------------------


def count_possible(possible: Iterable[Sequence[Standing]]) -> Counts:
    """Count over all States, each with the standings that it can have. What is not certain has its least and its most.

    The open acts of one State say nothing of another's, so the least of a count is the sum of the least of each State.
    """
    states = list(possible)
    certain = count([standings[0] for standings in states if len(standings) == 1]).numbers()
    return _summed([(certain, certain), *(_numbers(standings) for standings in states if len(standings) > 1)])


Numbers = Mapping[str, int]
"""A number by the name of each count."""


def _numbers(standings: Sequence[Standing]) -> tuple[Numbers, Numbers]:
    """What one State adds to each count, at least and at most."""
    each = [count([at]).numbers() for at in standings]
    least = {name: min(one[name] for one in each) for name in COUNTS}
    return least, {name: max(one[name] for one in each) for name in COUNTS}


def _summed(parts: Iterable[tuple[Numbers, Numbers]]) -> Counts:
    """The counts whose least and most are the sums of the parts."""
    chosen = list(parts)
    least = {name: sum(low[name] for low, _high in chosen) for name in COUNTS}
    most = {name: sum(high[name] for _low, high in chosen) for name in COUNTS}
    told = {name: most[name] if name in MOST_IS_CERTAIN else least[name] for name in COUNTS}
    return Counts(**told, ranges={name: (least[name], most[name]) for name in COUNTS if least[name] != most[name]})


def counts_on_days(
    by_state: Mapping[str, Sequence[Action]], rules: TreatyRules, days: Sequence[date]
) -> list[tuple[date, Counts]]:
    """The counts on each of these days, which must ascend.

    A State is looked at again only on a day that one of its own acts may change, and its acts are gone through once: the time grows
    with the number of acts and of days.
    """
    if not days:
        return []
    due: dict[date, set[str]] = {}
    for state, actions in by_state.items():
        for day in turning_days(actions, rules):
            if days[0] < day <= days[-1]:
                due.setdefault(day, set()).add(state)
    asked = {state: _asked_again(state, actions, rules) for state, actions in by_state.items()}
    added = {state: _numbers(possible(days[0])) for state, possible in asked.items()}
    counted = _summed(added.values())
    least, most = ({name: counted.range_of(name)[end] for name in COUNTS} for end in (0, 1))
    pending = sorted(due)
    series: list[tuple[date, Counts]] = []
    position = 0
    for day in days:
        moved = False
        while position < len(pending) and pending[position] <= day:
            for state in due[pending[position]]:
                before, after = added[state], _numbers(asked[state](pending[position]))
                least = {name: least[name] + after[0][name] - before[0][name] for name in COUNTS}
                most = {name: most[name] + after[1][name] - before[1][name] for name in COUNTS}
                added[state] = after
            position += 1
            moved = True
        if moved:
            counted = _summed([(least, most)])
        series.append((day, counted))
    return series


def _asked_again(state: str, actions: Sequence[Action], rules: TreatyRules) -> Callable[[date], Sequence[Standing]]:
    """A function that tells where the State can stand on a day, for one who asks for many days."""
    if any(act.not_before is not None for act in actions):
        return lambda on: possible_standings(state, actions, rules, on)
    known = history(actions, rules)
    return lambda on: [standing_in(state, known, rules, on)]


def turning_days(actions: Iterable[Action], rules: TreatyRules) -> list[date]:
    """Every day on which an act may change what is known of a status: its deposit and its effect, of an open one both ends.

    Where an act follows an open one, whether it has a meaning depends on the day of the open one, so each day between may count.
    """
    known = list(actions)
    found = {day for act in known for end in ends(act) for day in status_change_dates([end], rules)}
    opened = min((act.not_before for act in known if act.not_before is not None), default=None)
    if (
        opened is not None
        and sum(day >= opened for act in known for day in {end.deposited_on for end in ends(act)}) > 2
    ):
        last = max(found)
        found |= {opened + n * _ONE for n in range((last - opened).days + 1)}
    return sorted(found)
