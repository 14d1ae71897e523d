"""What is certain where days are not known: compared with trying every day, and what follows from it."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from treaties.law import intervals, rules
from treaties.law.rules import Action, ActionKind, Status
from treaties.law.sequences import objections

KINDS = [k for k in ActionKind if k is not ActionKind.PROVISIONAL_APPLICATION]
START = date(2020, 1, 1)
MINE_BAN = rules.TreatyRules(
    rules.EntryIntoForceRule.FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT, None, date(1999, 3, 1), 6, None, True,
    date(1997, 12, 3), date(1999, 3, 1),
)  # fmt: skip
QUICK = rules.TreatyRules(rules.EntryIntoForceRule.DAYS_AFTER_DEPOSIT, 3, date(2020, 1, 5), None, 4, True, START)
days = st.integers(0, 40).map(lambda n: START + timedelta(days=n))
lengths = st.integers(1, 9)
some_rules = st.sampled_from([QUICK, replace(MINE_BAN, closed_on=None)])


@st.composite
def acts(draw, most_open=2):
    """Acts of one State, some of which have an interval."""
    found = []
    for n in range(draw(st.integers(1, 4))):
        day = draw(days)
        is_open = n < most_open and draw(st.booleans())
        first = day - timedelta(days=draw(lengths)) if is_open else None
        kind = draw(st.sampled_from(KINDS))
        holds = ()
        if kind is ActionKind.WITHDRAWAL and draw(st.booleans()):
            holds = (rules.Hold(draw(days), draw(st.none() | days)),)
            if holds[0].ended_on and holds[0].ended_on < holds[0].started_on:
                holds = ()
        found.append(Action(n + 1, "XYZ", kind, day, holds=holds, not_before=first))
    return found


def every_choice(known):
    """The acts on every day of their intervals."""
    spans = []
    for act in known:
        first = act.not_before or act.deposited_on
        spans.append([first + timedelta(days=n) for n in range((act.deposited_on - first).days + 1)])
    for chosen in product(*spans):
        yield [intervals.placed(act, day) for act, day in zip(known, chosen, strict=True)]


def tried(known, law, on):
    """What trying every day gives: each status, with and without signature."""
    found = set()
    for rows in every_choice(known):
        at = rules.standing("XYZ", rows, law, on)
        found.add((at.status, at.signed is not None))
    return found


@given(acts(), some_rules, days)
def test_the_possible_standings_are_those_that_every_day_of_the_intervals_gives(known, law, on):
    found = {(at.status, at.signed is not None) for at in intervals.possible_standings("XYZ", known, law, on)}
    assert found == tried(known, law, on)


@given(acts(), some_rules, days)
def test_first_is_told_what_holds_if_every_open_act_is_as_late_as_it_may_be(known, law, on):
    latest = rules.standing("XYZ", [intervals.ends(act)[1] for act in known], law, on)
    assert intervals.possible_standings("XYZ", known, law, on)[0] == latest
    assert intervals.possible_statuses("XYZ", known, law, on)[0] is latest.status


@given(acts(), some_rules, days, st.data())
def test_narrowing_an_interval_never_contradicts_what_was_certain(known, law, on, data):
    narrowed = []
    for act in known:
        if act.not_before is None:
            narrowed.append(act)
            continue
        length = (act.deposited_on - act.not_before).days
        first = data.draw(st.integers(0, length))
        last = data.draw(st.integers(first, length))
        begin, end = (act.not_before + timedelta(days=n) for n in (first, last))
        narrowed.append(replace(act, deposited_on=end, not_before=begin if begin < end else None))
    before = intervals.possible_statuses("XYZ", known, law, on)
    after = intervals.possible_statuses("XYZ", narrowed, law, on)
    assert set(after) <= set(before)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(acts(), some_rules, days, st.integers(0, 30), acts(most_open=0))
def test_what_may_be_missing_is_among_what_is_possible(known, law, on, since, more):
    """Any further acts of the State after the day to which the record is complete lead to a status that was told as possible."""
    complete_to = START + timedelta(days=since)
    missing = [
        replace(act, id=act.id + 10)
        for act in more
        if complete_to < act.deposited_on <= on and not act.holds and act.kind is not ActionKind.SUCCESSION
    ]
    told = intervals.possible_statuses("XYZ", known, law, on, complete_to)
    choices = list(every_choice(known))
    assume(not any(objections(rows, law, is_signed_first=False) for rows in choices))
    for rows in choices:
        assert rules.standing("XYZ", [*rows, *missing], law, on).status in told


@given(acts(), some_rules, days)
def test_to_the_day_to_which_the_record_is_complete_nothing_else_is_possible(known, law, on):
    assert intervals.possible_statuses("XYZ", known, law, on, on) == intervals.possible_statuses("XYZ", known, law, on)


@given(st.lists(acts(), min_size=1, max_size=4), some_rules, days)
def test_each_count_lies_between_the_least_and_the_most_that_every_choice_of_days_gives(states, law, on):
    counted = intervals.count_possible([intervals.possible_standings("XYZ", known, law, on) for known in states])
    for name in rules.COUNTS:
        each = [
            [getattr(rules.count([rules.standing("XYZ", rows, law, on)]), name) for rows in every_choice(known)]
            for known in states
        ]
        assert counted.range_of(name) == (sum(map(min, each)), sum(map(max, each)))


@given(st.dictionaries(st.sampled_from(["AAA", "BBB"]), acts(), min_size=1), some_rules)
def test_a_series_has_on_each_day_what_that_day_alone_has(by_state, law):
    asked = [START + timedelta(days=n) for n in range(-12, 60)]
    for on, counted in intervals.counts_on_days(by_state, law, asked):
        alone = [intervals.possible_standings(iso3, known, law, on) for iso3, known in by_state.items()]
        assert counted == intervals.count_possible(alone)


@given(acts(), some_rules)
def test_the_effect_lies_in_its_interval(known, law):
    for act in known:
        first, last = intervals.effect_interval(act, law)
        for rows in every_choice([act]):
            effect = rules.effective_on(rows[0], law)
            assert (first or date.max) <= (effect or date.max) <= (last or date.max)


LEBANON = Action(1, "LBN", ActionKind.ACCESSION, date(2026, 9, 22), not_before=date(2026, 2, 3))


@pytest.mark.parametrize(
    ("on", "statuses"),
    [
        (date(2026, 2, 2), (Status.NOT_PARTY,)),
        (date(2026, 2, 3), (Status.NOT_PARTY, Status.CONSENTED)),
        (date(2026, 8, 1), (Status.NOT_PARTY, Status.CONSENTED, Status.PARTY)),
        (date(2026, 9, 22), (Status.CONSENTED, Status.PARTY)),
        (date(2027, 2, 28), (Status.CONSENTED, Status.PARTY)),
        (date(2027, 3, 1), (Status.PARTY,)),
    ],
)
def test_an_accession_between_two_days_is_told_by_what_each_day_of_them_gives(on, statuses):
    assert set(intervals.possible_statuses("LBN", [LEBANON], MINE_BAN, on)) == set(statuses)


def test_an_effect_between_two_days_is_counted_from_both():
    assert intervals.effect_interval(LEBANON, MINE_BAN) == (date(2026, 8, 1), date(2027, 3, 1))


@pytest.mark.parametrize(
    ("known", "on", "statuses"),
    [
        # Nobody can have left within less than the notice of six months.
        ([Action(1, "X", ActionKind.ACCESSION, date(2004, 5, 12))], date(2026, 4, 1), {"party", "withdrawing"}),
        (
            [Action(1, "X", ActionKind.ACCESSION, date(2004, 5, 12))],
            date(2026, 8, 4),
            {"party", "withdrawing", "withdrawn", "consented"},
        ),
        ([], date(2026, 4, 1), {"not_party", "consented"}),
        ([], date(2026, 8, 1), {"not_party", "consented", "party", "withdrawing"}),
        (
            [Action(1, "X", ActionKind.ACCESSION, date(2004, 5, 12)), Action(2, "X", ActionKind.WITHDRAWAL, date(2025, 8, 20))],
            date(2026, 2, 19),
            {"withdrawing", "party"},
        ),
    ],
)  # fmt: skip
def test_after_the_last_complete_day_a_state_may_have_done_what_the_treaty_allows(known, on, statuses):
    assert set(intervals.possible_statuses("X", known, MINE_BAN, on, date(2026, 2, 3))) == statuses


OPEN_TO_2026 = replace(MINE_BAN, closed_on=date(2026, 3, 1))
CONSENT = Action(2, "X", ActionKind.RATIFICATION, date(2026, 1, 15))
SIGNED = Action(1, "X", ActionKind.SIGNATURE, date(2020, 1, 15))


@pytest.mark.parametrize(
    ("complete_to", "on", "can_sign"),
    [
        (date(2026, 2, 27), date(2026, 2, 28), True),
        (date(2026, 2, 28), date(2026, 3, 1), False),
        (date(2026, 3, 1), date(2026, 3, 2), False),
        (date(1997, 11, 1), date(1997, 12, 2), False),
        (date(1997, 11, 1), date(1997, 12, 3), True),
    ],
)
def test_who_may_have_signed_did_so_while_the_treaty_was_open(complete_to, on, can_sign):
    possible = intervals.possible_statuses("X", [], OPEN_TO_2026, on, complete_to)
    assert (Status.SIGNATORY in possible) is can_sign


@pytest.mark.parametrize(
    ("known", "on", "statuses"),
    [
        ([CONSENT], date(2026, 2, 3), {"consented"}),
        ([CONSENT], date(2026, 2, 4), {"consented", "not_party"}),
        ([SIGNED, CONSENT], date(2026, 2, 4), {"consented", "signatory"}),
        ([SIGNED, CONSENT], date(2026, 6, 30), {"consented", "signatory"}),
        ([SIGNED, CONSENT], date(2026, 7, 1), {"party", "consented", "signatory", "withdrawing"}),
    ],
)
def test_a_consent_that_is_not_in_force_may_have_been_taken_back(known, on, statuses):
    assert set(intervals.possible_statuses("X", known, MINE_BAN, on, date(2026, 2, 3))) == statuses


def test_what_the_record_itself_brings_after_its_last_complete_day_goes_on_from_its_own_day():
    leaving = [
        Action(1, "X", ActionKind.ACCESSION, date(2004, 5, 12)),
        Action(2, "X", ActionKind.WITHDRAWAL, date(2025, 9, 1)),
    ]
    found = {
        on: set(intervals.possible_statuses("X", leaving, MINE_BAN, on, date(2026, 2, 3)))
        for on in (date(2026, 2, 28), date(2026, 3, 1))
    }
    assert found[date(2026, 2, 28)] == {"withdrawing", "party"}
    assert found[date(2026, 3, 1)] == {"withdrawn", "withdrawing", "party", "consented"}


def test_a_series_of_no_days_is_empty():
    assert intervals.counts_on_days({"LBN": [LEBANON]}, MINE_BAN, []) == []


def test_a_series_tells_the_first_day_of_an_interval_and_the_last_one_of_its_effect():
    days_asked = [
        date(2026, 2, 2),
        date(2026, 2, 3),
        date(2026, 7, 31),
        date(2026, 8, 1),
        date(2027, 2, 28),
        date(2027, 3, 1),
    ]
    series = intervals.counts_on_days({"LBN": [LEBANON], "X": []}, MINE_BAN, days_asked)
    assert [(counts.range_of("parties"), counts.range_of("in_force")) for _on, counts in series] == [
        ((0, 0), (0, 0)),
        ((0, 1), (0, 0)),
        ((0, 1), (0, 0)),
        ((0, 1), (0, 1)),
        ((1, 1), (0, 1)),
        ((1, 1), (1, 1)),
    ]


def test_a_series_that_begins_late_knows_what_was_done_before():
    series = intervals.counts_on_days({"LBN": [LEBANON]}, MINE_BAN, [date(2027, 3, 1), date(2028, 1, 1)])
    assert [counts.in_force for _on, counts in series] == [1, 1]


def test_a_day_on_which_an_act_may_lose_its_meaning_is_a_turning_day():
    known = [
        Action(1, "X", ActionKind.ACCESSION, START + timedelta(days=10), not_before=START),
        Action(2, "X", ActionKind.WITHDRAWAL, START + timedelta(days=12)),
    ]
    turning = intervals.turning_days(known, QUICK)
    assert turning[0] == START
    assert turning == sorted(set(turning))
    assert {START + timedelta(days=n) for n in range(17)} <= set(turning)
