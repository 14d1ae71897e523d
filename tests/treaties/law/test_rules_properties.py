"""What must hold of any ledger, whatever its rows."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.treaties.law.test_rules import MINE_BAN, NINETY_DAYS, SIX_MONTHS
from treaties.law.intervals import counts_on_days
from treaties.law.rules import (
    Action,
    ActionKind,
    Hold,
    Status,
    count,
    history,
    standing,
    standing_in,
    status_change_dates,
)

STATES = ["EST", "LVA", "CHN"]
DAYS = st.dates(date(1997, 1, 1), date(2030, 12, 31))
RULES = st.sampled_from([MINE_BAN, NINETY_DAYS, SIX_MONTHS])


@st.composite
def holds(draw):
    start = draw(DAYS)
    return Hold(start, draw(st.none() | st.dates(start, date(2031, 12, 31))))


@st.composite
def rows(draw, state=None, day=DAYS):
    kind = draw(st.sampled_from(ActionKind))
    return Action(
        id=draw(st.integers(1, 10_000)),
        state=state or draw(st.sampled_from(STATES)),
        kind=kind,
        deposited_on=draw(day),
        stated_effective_on=draw(st.none() | DAYS),
        holds=tuple(draw(st.lists(holds(), max_size=2))) if kind is ActionKind.WITHDRAWAL else (),
    )


ledgers = st.lists(rows(), max_size=12).map(
    lambda found: {state: [replace(r, id=n) for n, r in enumerate(found) if r.state == state] for state in STATES}
)


@given(ledgers, RULES, DAYS)
def test_each_state_has_exactly_one_status_a_day(ledger, rules, on):
    for state, acts in ledger.items():
        assert isinstance(standing(state, acts, rules, on).status, Status)


@given(ledgers, RULES, DAYS)
def test_the_order_in_which_rows_are_read_plays_no_part(ledger, rules, on):
    for state, acts in ledger.items():
        assert standing(state, acts, rules, on) == standing(state, list(reversed(acts)), rules, on)


@given(ledgers, RULES, DAYS)
def test_counts_add_up_to_the_number_of_states(ledger, rules, on):
    found = count([standing(state, acts, rules, on) for state, acts in ledger.items()])
    assert found.parties + found.withdrawn + found.never_joined == len(STATES)
    assert found.not_parties == found.withdrawn + found.never_joined
    assert found.withdrawing <= found.in_force <= found.parties


@given(st.lists(rows(state="EST"), max_size=8), rows(state="EST"), RULES, st.data())
def test_a_row_never_changes_a_status_before_its_day(acts, added, rules, data):
    before = data.draw(st.dates(date(1996, 1, 1), added.deposited_on - timedelta(days=1)))
    assert standing("EST", acts, rules, before) == standing("EST", [*acts, added], rules, before)


@given(st.lists(rows(state="EST"), max_size=8), RULES, st.lists(DAYS, max_size=8))
def test_a_history_tells_of_every_day_what_the_acts_tell(acts, rules, days):
    known = history(acts, rules)
    for on in [*days, *(act.deposited_on for act in acts), date.min, date.max]:
        assert standing_in("EST", known, rules, on) == standing("EST", acts, rules, on)


@given(ledgers, RULES, st.lists(DAYS, min_size=1, max_size=10, unique=True).map(sorted))
def test_a_series_agrees_with_each_day_counted_by_itself(ledger, rules, days):
    expected = [(d, count([standing(s, acts, rules, d) for s, acts in ledger.items()])) for d in days]
    assert counts_on_days(ledger, rules, days) == expected


@given(st.lists(rows(state="EST"), max_size=8), RULES, DAYS)
def test_a_status_changes_only_on_a_turning_day(acts, rules, on):
    today, tomorrow = (standing("EST", acts, rules, day).status for day in (on, on + timedelta(days=1)))
    if today is not tomorrow:
        assert on + timedelta(days=1) in status_change_dates(acts, rules)


@given(ledgers, RULES, DAYS)
def test_a_standing_rests_on_rows_of_its_own_state_and_time(ledger, rules, on):
    for state, acts in ledger.items():
        at = standing(state, acts, rules, on)
        deposited = {r.id: r.deposited_on for r in acts}
        assert all(deposited[row] <= on for row in at.evidence)
        assert at.is_bound == (at.status in (Status.PARTY, Status.WITHDRAWING))
