"""The rules against real cases, each with the article that decides it."""

from datetime import date, timedelta

import pytest

from treaties.law.intervals import counts_on_days
from treaties.law.rules import (
    EXTENDABLE,
    Action,
    ActionKind,
    Deadline,
    EntryIntoForceRule,
    Hold,
    ObligationKind,
    ObligationStatus,
    Status,
    TreatyRules,
    add_months,
    clearance_deadline,
    count,
    deadline_on,
    effective_on,
    entry_into_force,
    first_report_due,
    obligation_deadline,
    obligation_status,
    standing,
    stockpile_deadline,
    withdrawal_takes_effect,
    yearly_report_due,
)

MINE_BAN = TreatyRules(
    entry_into_force_rule=EntryIntoForceRule.FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT,
    entry_into_force_n=None,
    entered_into_force_on=date(1999, 3, 1),
    withdrawal_notice_months=6,
    withdrawal_notice_days=None,
    armed_conflict_postpones=True,
)
NINETY_DAYS = TreatyRules(
    entry_into_force_rule=EntryIntoForceRule.DAYS_AFTER_DEPOSIT,
    entry_into_force_n=90,
    entered_into_force_on=date(2014, 12, 24),
    withdrawal_notice_months=None,
    withdrawal_notice_days=90,
    armed_conflict_postpones=False,
)
SIX_MONTHS = TreatyRules(
    entry_into_force_rule=EntryIntoForceRule.MONTHS_AFTER_DEPOSIT,
    entry_into_force_n=6,
    entered_into_force_on=date(1983, 12, 2),
    withdrawal_notice_months=12,
    withdrawal_notice_days=None,
    armed_conflict_postpones=True,
)


def acts(*rows, state="EST"):
    """Rows as (kind, day) or (kind, day, stated effect)."""
    return [
        Action(n, state, ActionKind(kind), day, *(stated or [None]))
        for n, (kind, day, *stated) in enumerate(rows, start=1)
    ]


def status_of(rows, on, rules=MINE_BAN):
    return standing("EST", rows, rules, on).status


@pytest.mark.parametrize(
    ("deposited_on", "expected"),
    [
        pytest.param(date(1997, 12, 3), date(1999, 3, 1), id="Canada, among the first"),
        pytest.param(date(1998, 9, 16), date(1999, 3, 1), id="Burkina Faso, the fortieth instrument"),
        pytest.param(date(1998, 10, 1), date(1999, 4, 1), id="a month after the fortieth"),
        pytest.param(date(1999, 5, 6), date(1999, 11, 1), id="Chad"),
        pytest.param(date(1999, 7, 28), date(2000, 1, 1), id="Cambodia, over the year's end"),
        pytest.param(date(2000, 2, 29), date(2000, 8, 1), id="Albania, on a leap day"),
        pytest.param(date(2007, 11, 19), date(2008, 5, 1), id="Palau"),
        pytest.param(date(2025, 3, 12), date(2025, 9, 1), id="Marshall Islands"),
        pytest.param(date(2025, 6, 25), date(2025, 12, 1), id="Tonga"),
    ],
)
def test_the_convention_enters_into_force_on_the_first_day_of_the_sixth_month_after_deposit(deposited_on, expected):
    assert entry_into_force(deposited_on, MINE_BAN) == expected  # Art. 17


def test_a_rule_in_days_counts_days():
    assert entry_into_force(date(2020, 10, 24), NINETY_DAYS) == date(2021, 1, 22)


def test_a_rule_in_months_keeps_the_day_of_the_month():
    assert entry_into_force(date(2000, 4, 20), SIX_MONTHS) == date(2000, 10, 20)


def test_no_deposit_takes_effect_before_the_treaty_itself_is_in_force():
    assert entry_into_force(date(2013, 9, 1), NINETY_DAYS) == date(2014, 12, 24)


def test_nothing_takes_effect_under_a_treaty_that_is_not_in_force():
    waiting = TreatyRules(EntryIntoForceRule.DAYS_AFTER_DEPOSIT, 90, None, 12, None, False)
    assert entry_into_force(date(2024, 1, 1), waiting) is None
    assert status_of(acts(("ratification", date(2024, 1, 1))), date(2099, 1, 1), waiting) is Status.CONSENTED


@pytest.mark.parametrize(
    ("received_on", "expected"),
    [
        pytest.param(date(2025, 6, 27), date(2025, 12, 27), id="Estonia, Latvia, Lithuania"),
        pytest.param(date(2025, 7, 10), date(2026, 1, 10), id="Finland"),
        pytest.param(date(2025, 8, 20), date(2026, 2, 20), id="Poland"),
        pytest.param(date(2025, 8, 31), date(2026, 2, 28), id="a month's end, to a shorter month"),
        pytest.param(date(2027, 8, 31), date(2028, 2, 29), id="a month's end, to a leap February"),
        pytest.param(date(2025, 8, 29), date(2026, 2, 28), id="the 29th, to a February without one"),
        pytest.param(date(2026, 2, 28), date(2026, 8, 28), id="the last of February stays the 28th"),
    ],
)
def test_a_withdrawal_takes_effect_six_months_after_receipt(received_on, expected):
    assert withdrawal_takes_effect(received_on, MINE_BAN) == expected  # Art. 20(3)


def test_a_notice_in_days_counts_days():
    assert withdrawal_takes_effect(date(2025, 6, 27), NINETY_DAYS) == date(2025, 9, 25)


class TestAnArmedConflict:
    """Art. 20(3): a conflict in which the State is engaged when the six months run out."""

    notice = date(2025, 6, 27)
    expiry = date(2025, 12, 27)

    def test_that_lasts_keeps_the_withdrawal_from_taking_effect(self):
        assert withdrawal_takes_effect(self.notice, MINE_BAN, [Hold(date(2025, 1, 1))]) is None

    def test_that_ends_later_postpones_the_effect_to_its_end(self):
        hold = Hold(date(2025, 1, 1), date(2026, 5, 9))
        assert withdrawal_takes_effect(self.notice, MINE_BAN, [hold]) == date(2026, 5, 9)

    def test_that_ended_before_the_expiry_postpones_nothing(self):
        hold = Hold(date(2025, 1, 1), date(2025, 12, 1))
        assert withdrawal_takes_effect(self.notice, MINE_BAN, [hold]) == self.expiry

    def test_that_begins_after_the_expiry_postpones_nothing(self):
        assert withdrawal_takes_effect(self.notice, MINE_BAN, [Hold(date(2025, 12, 28))]) == self.expiry

    def test_counts_where_it_begins_on_the_very_day_of_expiry(self):
        assert withdrawal_takes_effect(self.notice, MINE_BAN, [Hold(self.expiry)]) is None

    def test_postpones_nothing_under_a_treaty_without_the_clause(self):
        assert withdrawal_takes_effect(self.notice, NINETY_DAYS, [Hold(date(2025, 1, 1))]) == date(2025, 9, 25)

    def test_leaves_the_state_bound_and_says_so(self):
        rows = acts(("accession", date(2004, 5, 12)))
        rows.append(Action(9, "EST", ActionKind.WITHDRAWAL, self.notice, None, (Hold(date(2025, 1, 1)),)))
        at = standing("EST", rows, MINE_BAN, date(2026, 6, 1))
        assert (at.status, at.held_by_armed_conflict, at.withdrawal_effective_on) == (Status.WITHDRAWING, True, None)

    def test_is_not_told_before_the_notice_has_run_out(self):
        rows = acts(("accession", date(2004, 5, 12)))
        rows.append(Action(9, "EST", ActionKind.WITHDRAWAL, self.notice, None, (Hold(date(2025, 1, 1)),)))
        assert not standing("EST", rows, MINE_BAN, date(2025, 7, 1)).held_by_armed_conflict


ESTONIA = acts(("accession", date(2004, 5, 12)), ("withdrawal", date(2025, 6, 27)))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2004, 5, 11), Status.NOT_PARTY),
        (date(2004, 5, 12), Status.CONSENTED),
        (date(2004, 10, 31), Status.CONSENTED),
        (date(2004, 11, 1), Status.PARTY),
        (date(2025, 6, 26), Status.PARTY),
        (date(2025, 6, 27), Status.WITHDRAWING),
        (date(2025, 12, 26), Status.WITHDRAWING),
        (date(2025, 12, 27), Status.WITHDRAWN),
        (date(2099, 1, 1), Status.WITHDRAWN),
    ],
)
def test_estonia_goes_through_every_status_in_turn(on, expected):
    assert status_of(ESTONIA, on) is expected


def test_a_signature_alone_makes_a_signatory():
    rows = acts(("signature", date(1997, 12, 4)), ("ratification", date(2025, 3, 12)))  # Marshall Islands
    assert status_of(rows, date(2025, 3, 11)) is Status.SIGNATORY
    assert status_of(rows, date(2025, 3, 12)) is Status.CONSENTED
    assert status_of(rows, date(2025, 9, 1)) is Status.PARTY


def test_a_withdrawal_cancelled_before_its_effect_leaves_a_party():
    rows = [*ESTONIA, Action(3, "EST", ActionKind.WITHDRAWAL_CANCELLED, date(2025, 12, 26))]
    assert status_of(rows, date(2025, 12, 25)) is Status.WITHDRAWING
    assert status_of(rows, date(2025, 12, 26)) is Status.PARTY
    assert status_of(rows, date(2026, 6, 1)) is Status.PARTY


def test_a_cancellation_on_or_after_the_effect_comes_too_late():
    rows = [*ESTONIA, Action(3, "EST", ActionKind.WITHDRAWAL_CANCELLED, date(2025, 12, 27))]
    assert status_of(rows, date(2026, 6, 1)) is Status.WITHDRAWN


def test_a_state_that_has_withdrawn_may_accede_again():
    rows = [*ESTONIA, Action(3, "EST", ActionKind.ACCESSION, date(2030, 1, 15))]
    assert status_of(rows, date(2030, 1, 14)) is Status.WITHDRAWN
    assert status_of(rows, date(2030, 1, 15)) is Status.CONSENTED
    at = standing("EST", rows, MINE_BAN, date(2030, 7, 1))
    assert (at.status, at.in_force_on, at.withdrawal) == (Status.PARTY, date(2030, 7, 1), None)


def test_a_state_can_withdraw_a_second_time_after_it_came_back():
    rows = [
        *ESTONIA,
        Action(3, "EST", ActionKind.ACCESSION, date(2030, 1, 15)),
        Action(4, "EST", ActionKind.WITHDRAWAL, date(2031, 1, 15)),
    ]
    assert status_of(rows, date(2031, 1, 15)) is Status.WITHDRAWING
    assert status_of(rows, date(2031, 7, 15)) is Status.WITHDRAWN


def test_a_state_that_takes_its_ratification_back_is_a_signatory_again():
    rows = acts(
        ("signature", date(1997, 12, 3)),
        ("ratification", date(1998, 5, 1)),
        ("withdrawal_of_ratification", date(1998, 6, 1)),
    )
    assert status_of(rows, date(1998, 5, 31)) is Status.CONSENTED
    assert status_of(rows, date(1998, 6, 1)) is Status.SIGNATORY


@pytest.mark.parametrize(
    ("deposited_on", "stated"),
    [
        pytest.param(date(2006, 10, 23), date(2006, 6, 3), id="Montenegro"),
        pytest.param(date(2011, 11, 11), date(2011, 7, 9), id="South Sudan"),
    ],
)
def test_a_succession_takes_effect_on_the_day_that_is_stated(deposited_on, stated):
    rows = acts(("succession", deposited_on, stated))
    assert effective_on(rows[0], MINE_BAN) == stated
    at = standing("EST", rows, MINE_BAN, deposited_on)
    assert (at.status, at.in_force_on) == (Status.PARTY, stated)


def test_a_succession_is_counted_from_its_deposit_not_before():
    rows = acts(("succession", date(2011, 11, 11), date(2011, 7, 9)))
    assert status_of(rows, date(2011, 11, 10)) is Status.NOT_PARTY


def test_a_succession_without_a_stated_day_counts_from_deposit():
    assert effective_on(acts(("succession", date(1992, 7, 6)))[0], SIX_MONTHS) == date(1992, 7, 6)


def test_provisional_application_changes_no_status():
    rows = acts(("signature", date(2013, 6, 3)), ("provisional_application", date(2013, 6, 3)))
    assert status_of(rows, date(2013, 6, 4), NINETY_DAYS) is Status.SIGNATORY


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(("withdrawal", date(2003, 1, 1)), id="a withdrawal of a State that is not bound"),
        pytest.param(("withdrawal_cancelled", date(2010, 1, 1)), id="a cancellation of nothing"),
        pytest.param(("ratification", date(2010, 1, 1)), id="a second consent while bound"),
    ],
)
def test_a_row_that_means_nothing_at_its_time_changes_nothing(row):
    rows = acts(("accession", date(2004, 5, 12)), row)
    at = standing("EST", rows, MINE_BAN, date(2020, 1, 1))
    assert (at.status, at.in_force_on) == (Status.PARTY, date(2004, 11, 1))


def test_the_evidence_names_the_rows_that_make_the_status():
    assert standing("EST", ESTONIA, MINE_BAN, date(2025, 7, 1)).evidence == (1, 2)
    assert standing("EST", ESTONIA, MINE_BAN, date(2020, 7, 1)).evidence == (1,)


def test_a_signature_and_a_ratification_of_one_day_are_read_in_their_order():
    rows = acts(("ratification", date(1997, 12, 3)), ("signature", date(1997, 12, 3)))  # Canada
    assert status_of(rows, date(1997, 12, 3)) is Status.CONSENTED


def test_counts_tell_the_uns_figure_apart_from_those_bound():
    states = {
        "EST": ESTONIA,
        "MHL": acts(("signature", date(1997, 12, 4)), ("ratification", date(2025, 3, 12)), state="MHL"),
        "CHN": [],
    }
    found = count([standing(s, rows, MINE_BAN, date(2025, 7, 1)) for s, rows in states.items()])
    assert (found.signatories, found.parties, found.in_force, found.not_parties) == (1, 2, 1, 1)
    assert (found.withdrawing, found.withdrawn, found.never_joined) == (1, 0, 1)


def test_a_series_of_counts_agrees_with_each_day_counted_by_itself():
    states = {"EST": ESTONIA, "CHN": []}
    days = [date(2004, 5, 11), date(2004, 5, 12), date(2004, 11, 1), date(2025, 6, 27), date(2025, 12, 27)]
    expected = [(d, count([standing(s, rows, MINE_BAN, d) for s, rows in states.items()])) for d in days]
    assert counts_on_days(states, MINE_BAN, days) == expected


def test_deadlines_are_counted_from_entry_into_force():
    assert stockpile_deadline(date(1999, 3, 1)) == date(2003, 3, 1)  # Art. 4
    assert clearance_deadline(date(1999, 3, 1)) == date(2009, 3, 1)  # Art. 5(1)
    assert first_report_due(date(2025, 9, 1)) == date(2026, 2, 28)  # Art. 7(1)
    assert first_report_due(date(2011, 7, 9)) == date(2012, 1, 5)  # South Sudan, as published


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 1, 1), date(2026, 4, 30)),
        (date(2026, 4, 30), date(2026, 4, 30)),
        (date(2026, 5, 1), date(2027, 4, 30)),
    ],
)
def test_yearly_reports_are_due_by_the_end_of_april(on, due):
    assert yearly_report_due(on) == due  # Art. 7(2)


INITIAL = Deadline(date(2013, 3, 1), known_to=date(2012, 12, 6))
FIRST = Deadline(date(2023, 3, 1), known_to=date(2022, 11, 24))  # granted on a day that is not known
SECOND = Deadline(date(2025, 3, 1), known_to=date(2024, 11, 28), granted_on=date(2022, 11, 25))


@pytest.mark.parametrize(
    ("on", "stands"),
    [
        (date(2012, 12, 6), INITIAL),
        (date(2012, 12, 7), FIRST),
        (date(2022, 11, 24), FIRST),
        (date(2022, 11, 25), SECOND),
        (date(2030, 1, 1), SECOND),
    ],
)
def test_a_deadline_is_the_one_that_stood_on_the_day(on, stands):
    assert deadline_on(INITIAL, [FIRST, SECOND], on) is stands


def test_a_decision_of_which_no_day_is_known_at_all_counts_always():
    assert deadline_on(Deadline(date(2013, 3, 1)), [FIRST], date(2001, 1, 1)) is FIRST


@pytest.mark.parametrize(
    ("kind", "deadline"),
    [
        (ObligationKind.ARTICLE_4, date(2004, 1, 1)),
        (ObligationKind.ARTICLE_5, date(2010, 1, 1)),
        (ObligationKind.ARTICLE_7, date(2000, 6, 29)),
    ],
)
def test_a_duty_is_counted_from_entry_into_force_at_first(kind, deadline):
    assert obligation_deadline(kind, date(2000, 1, 1)) == deadline


def test_after_a_decision_that_was_not_yet_taken_no_later_one_counts():
    early = Deadline(date(2030, 1, 1), granted_on=date(2010, 1, 1))
    assert deadline_on(INITIAL, [SECOND, early], date(2015, 1, 1)) is INITIAL


def test_clearance_alone_can_be_extended():
    assert frozenset({ObligationKind.ARTICLE_5}) == EXTENDABLE


@pytest.mark.parametrize(
    ("deadline", "known_to", "expected"),
    [
        (date(2025, 12, 31), date(2025, 12, 31), ObligationStatus.OVERDUE),
        (date(2025, 12, 31), date(2025, 12, 30), ObligationStatus.NOT_CONFIRMED),
        (date(2025, 12, 31), None, ObligationStatus.NOT_CONFIRMED),
        (date(2026, 1, 1), None, ObligationStatus.PENDING),
        (None, date(2026, 1, 1), ObligationStatus.PENDING),
        (None, date(2025, 12, 31), ObligationStatus.NOT_CONFIRMED),
        (None, None, ObligationStatus.NOT_CONFIRMED),
    ],
)
def test_lateness_is_told_only_where_later_decisions_were_looked_up(deadline, known_to, expected):
    stands = Deadline(deadline, known_to)
    assert obligation_status(stands, ObligationStatus.PENDING, None, date(2026, 1, 1)) is expected


@pytest.mark.parametrize(("on", "expected"), [(date(2018, 9, 24), "pending"), (date(2018, 9, 25), "completed")])
def test_a_duty_is_completed_from_the_day_of_its_completion(on, expected):
    stands = Deadline(date(2019, 2, 1))
    assert obligation_status(stands, ObligationStatus.COMPLETED, None, on, date(2018, 9, 25)) == expected


@pytest.mark.parametrize(
    ("recorded", "deadline", "left_on", "expected"),
    [
        (ObligationStatus.COMPLETED, date(2020, 1, 1), None, ObligationStatus.COMPLETED),
        (ObligationStatus.NONE_DECLARED, date(2020, 1, 1), None, ObligationStatus.NONE_DECLARED),
        (ObligationStatus.PENDING, date(2026, 1, 1), None, ObligationStatus.PENDING),
        (ObligationStatus.PENDING, date(2025, 12, 31), None, ObligationStatus.OVERDUE),
        (ObligationStatus.PENDING, date(2020, 1, 1), date(2026, 1, 1), ObligationStatus.NO_LONGER_DUE),
        (ObligationStatus.PENDING, date(2020, 1, 1), date(2026, 1, 2), ObligationStatus.OVERDUE),
        (None, date(2020, 1, 1), None, ObligationStatus.NOT_RECORDED),
        (None, date(2030, 1, 1), None, ObligationStatus.PENDING),
    ],
)
def test_where_a_state_stands_with_a_duty_is_computed(recorded, deadline, left_on, expected):
    stands = Deadline(deadline, known_to=date(2026, 1, 1))
    assert obligation_status(stands, recorded, left_on, date(2026, 1, 1)) is expected


def test_months_are_added_over_any_number_of_years():
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2025, 3, 31), -1) == date(2025, 2, 28)


def test_an_armed_conflict_that_ends_on_the_day_of_expiry_postpones_nothing():
    holds = [Hold(started_on=date(2025, 1, 1), ended_on=date(2025, 12, 27))]
    assert withdrawal_takes_effect(date(2025, 6, 27), MINE_BAN, holds) == date(2025, 12, 27)


def test_the_day_that_the_depositary_states_goes_before_the_rule_for_a_withdrawal():
    (withdrawal,) = acts(("withdrawal", date(2025, 6, 27), date(2026, 1, 15)))
    assert effective_on(withdrawal, MINE_BAN) == date(2026, 1, 15)


def test_the_day_that_the_depositary_states_goes_before_the_rule_for_a_ratification():
    (ratification,) = acts(("ratification", date(2004, 5, 12), date(2004, 6, 1)))
    assert effective_on(ratification, MINE_BAN) == date(2004, 6, 1)


def test_a_second_notice_while_one_runs_changes_nothing():
    rows = acts(("accession", date(2004, 5, 12)), ("withdrawal", date(2025, 6, 27)), ("withdrawal", date(2025, 9, 1)))
    assert standing("EST", rows, MINE_BAN, date(2025, 10, 1)).withdrawal_effective_on == date(2025, 12, 27)


def test_a_ratification_taken_back_after_the_effect_of_a_withdrawal_changes_nothing():
    rows = acts(
        ("accession", date(2004, 5, 12)),
        ("withdrawal", date(2025, 6, 27)),
        ("withdrawal_of_ratification", date(2026, 2, 1)),
    )
    assert status_of(rows, date(2026, 3, 1)) is Status.WITHDRAWN


def test_states_that_never_joined_are_those_outside_that_have_not_withdrawn():
    left = acts(("accession", date(2004, 5, 12)), ("withdrawal", date(2025, 6, 27)), state="EST")
    standings = [
        standing("EST", left, MINE_BAN, date(2026, 3, 1)),
        standing("USA", [], MINE_BAN, date(2026, 3, 1)),
        standing("CHN", [], MINE_BAN, date(2026, 3, 1)),
    ]
    assert (count(standings).not_parties, count(standings).never_joined) == (3, 2)


def test_no_days_give_no_counts():
    assert counts_on_days({}, MINE_BAN, []) == []


def test_the_first_report_is_a_dated_duty():
    assert obligation_deadline(ObligationKind.ARTICLE_7, date(1999, 3, 1)) == date(1999, 8, 28)


def test_a_duty_without_a_record_is_pending_until_its_last_day_is_over():
    last = date(2026, 3, 1)
    stands = Deadline(last)
    assert obligation_status(stands, None, None, last) is ObligationStatus.PENDING
    assert obligation_status(stands, None, None, date(2026, 3, 2)) is ObligationStatus.NOT_RECORDED


def test_a_duty_that_was_not_done_is_overdue_only_after_its_last_day():
    last = date(2026, 3, 1)
    pending = ObligationStatus.PENDING
    stands = Deadline(last, known_to=date(2026, 6, 1))
    assert obligation_status(stands, pending, None, last) is ObligationStatus.PENDING
    assert obligation_status(stands, pending, None, date(2026, 3, 2)) is ObligationStatus.OVERDUE


class TestAStatedDayAndAnArmedConflict:
    """Notice of 10 January 2025, which runs out on 10 July 2025."""

    NOTICE, EXPIRY, STATED = date(2025, 1, 10), date(2025, 7, 10), date(2025, 12, 1)
    OPEN = Hold(date(2025, 7, 1))
    ENDED = Hold(date(2025, 7, 1), date(2025, 10, 1))
    ENDED_LATE = Hold(date(2025, 7, 1), date(2026, 2, 1))

    def at(self, on, stated=None, *holds):
        notice = Action(2, "EST", ActionKind.WITHDRAWAL, self.NOTICE, stated, holds)
        found = standing("EST", [*acts(("accession", date(2004, 5, 12))), notice], MINE_BAN, on)
        return found.status, found.held_by_armed_conflict, found.withdrawal_effective_on

    def test_a_later_stated_day_is_no_armed_conflict(self):
        assert self.at(self.EXPIRY, self.STATED) == (Status.WITHDRAWING, False, self.STATED)
        assert self.at(self.STATED, self.STATED) == (Status.WITHDRAWN, False, self.STATED)

    def test_an_open_conflict_goes_before_a_stated_day(self):
        assert self.at(date(2026, 1, 1), self.STATED, self.OPEN) == (Status.WITHDRAWING, True, None)

    def test_a_stated_day_does_not_shorten_a_conflict_that_ended_later(self):
        assert self.at(date(2026, 1, 1), self.STATED, self.ENDED_LATE) == (Status.WITHDRAWING, True, date(2026, 2, 1))

    def test_a_stated_day_after_the_end_of_a_conflict_stands(self):
        assert self.at(date(2025, 10, 1), self.STATED, self.ENDED) == (Status.WITHDRAWING, False, self.STATED)

    def test_a_conflict_that_has_ended_does_not_end_one_that_lasts(self):
        assert self.at(date(2026, 1, 1), None, self.ENDED, self.OPEN) == (Status.WITHDRAWING, True, None)
        assert self.at(date(2026, 1, 1), None, self.OPEN, self.ENDED) == (Status.WITHDRAWING, True, None)

    def test_it_is_held_from_the_very_day_on_which_the_notice_runs_out(self):
        assert self.at(self.EXPIRY - timedelta(days=1), None, self.OPEN)[1] is False
        assert self.at(self.EXPIRY, None, self.OPEN)[1] is True

    def test_a_conflict_that_ends_on_the_day_of_expiry_holds_nothing(self):
        assert self.at(self.EXPIRY, None, Hold(date(2025, 7, 1), self.EXPIRY)) == (Status.WITHDRAWN, False, self.EXPIRY)


def test_a_consent_in_force_is_not_taken_back():
    rows = acts(("accession", date(2004, 5, 12)), ("withdrawal_of_ratification", date(2010, 1, 1)))
    assert status_of(rows, date(2011, 1, 1)) is Status.PARTY
