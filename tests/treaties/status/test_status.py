"""The seed's numbers come out of the ledger, and at a price that does not grow."""

import csv
from datetime import date
from pathlib import Path

import pytest

import treaties
from tests.factories import HoldFactory, TreatyActionFactory, TreatyFactory
from treaties.law import rules
from treaties.models import State, Treaty, TreatyAction
from treaties.status.boards import counts_series, status_board, status_boards, status_changes
from treaties.status.duties import dated_duties
from treaties.status.legal_days import notice_clock

COUNTS = Path(treaties.__file__).parent / "data" / "mine_ban_convention_counts.csv"
ANNOUNCED = {"EST", "FIN", "LVA", "LTU", "POL"}

pytestmark = pytest.mark.django_db


def published_counts():
    with COUNTS.open() as source:
        for row in csv.DictReader(source):
            on = date.fromisoformat(row.pop("on"))
            yield pytest.param(on, {name: int(n) for name, n in row.items()}, id=on.isoformat())


@pytest.mark.parametrize(("on", "expected"), list(published_counts()))
def test_the_counts_of_the_convention_are_the_published_ones(convention, on, expected):
    assert status_board(convention, on).counts.numbers() == expected


def test_on_the_day_of_the_announcement_the_seeds_numbers_hold(convention):
    board = status_board(convention, date(2025, 6, 16))
    assert (board.counts.parties, board.counts.signatories, board.counts.not_parties) == (165, 133, 32)
    outside = {line.state.pk for line in board.with_status("not_party", "signatory", "withdrawn")}
    assert {"CHN", "IRN", "ISR", "RUS", "USA"} <= outside
    assert {board.by_state[s].status for s in ANNOUNCED} == {rules.Status.PARTY}


def test_two_days_after_christmas_three_have_left_and_two_are_leaving(convention):
    board = status_board(convention, date(2025, 12, 27))
    assert {line.state.pk for line in board.with_status("withdrawn")} == {"EST", "LVA", "LTU"}
    assert {line.state.pk for line in board.with_status("withdrawing")} == {"FIN", "POL"}


def test_ukraine_stays_a_party_whatever_it_notified(convention, state):
    board = status_board(convention, date(2026, 1, 1))
    assert board.by_state["UKR"].status is rules.Status.PARTY


@pytest.mark.parametrize(
    ("on", "parties"),
    [
        (date(2010, 8, 1), 38),
        (date(2014, 3, 20), 84),
        (date(2015, 8, 1), 93),
        (date(2016, 8, 15), 100),
        (date(2025, 3, 6), 111),
        (date(2025, 9, 5), 112),
    ],
)
def test_the_convention_on_cluster_munitions_has_its_published_counts(on, parties):
    treaty = Treaty.objects.get(slug="convention-on-cluster-munitions")
    assert status_board(treaty, on).counts.parties == parties


@pytest.mark.parametrize(
    ("on", "parties"), [(date(2020, 10, 24), 50), (date(2021, 9, 30), 56), (date(2025, 9, 26), 74)]
)
def test_the_prohibition_of_nuclear_weapons_has_its_published_counts(on, parties):
    treaty = Treaty.objects.get(slug="treaty-on-the-prohibition-of-nuclear-weapons")
    assert status_board(treaty, on).counts.parties == parties


def test_every_kept_day_of_effect_is_the_one_that_the_rules_compute():
    for row in TreatyAction.objects.current().select_related("treaty"):
        assert row.effective_on == rules.effective_on(row.as_rule_input(), row.treaty.rules), row


def test_only_the_two_successions_have_a_stated_effect(convention):
    stated = TreatyAction.objects.of(convention).filter(stated_effective_on__isnull=False)
    assert set(stated.values_list("state", "stated_effective_on")) == {
        ("MNE", date(2006, 6, 3)),
        ("SSD", date(2011, 7, 9)),
    }


def test_a_board_costs_the_same_for_any_number_of_treaties_and_acts(django_assert_num_queries, state):
    few = list(Treaty.objects.all())
    with django_assert_num_queries(5):
        status_boards(few, date(2025, 6, 16))
    for iso3 in ("EST", "LVA", "LTU", "CHN"):
        TreatyActionFactory(treaty=TreatyFactory(), state=state(iso3))
    many = list(Treaty.objects.all())
    with django_assert_num_queries(5):
        status_boards(many, date(2025, 6, 16))


def test_a_confirmed_hold_postpones_a_withdrawal_on_the_board(convention):
    notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
    HoldFactory(withdrawal=notice)
    line = status_board(convention, date(2026, 1, 1)).by_state["EST"]
    assert line.status is rules.Status.WITHDRAWING
    assert line.standing.held_by_armed_conflict


def test_a_hold_that_waits_for_confirmation_postpones_nothing(convention):
    notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
    HoldFactory(withdrawal=notice, confirmed_at=None)
    assert status_board(convention, date(2026, 1, 1)).by_state["EST"].status is rules.Status.WITHDRAWN


def test_the_series_by_change_has_a_row_for_every_day_on_which_a_count_moves(convention):
    series = dict(counts_series(convention, date(2025, 1, 1), date(2026, 3, 1), "change"))
    assert [on.isoformat() for on in series] == [
        "2025-01-01",
        "2025-03-12",
        "2025-06-25",
        "2025-06-27",
        "2025-07-10",
        "2025-08-20",
        "2025-09-01",
        "2025-12-01",
        "2025-12-27",
        "2026-01-10",
        "2026-02-03",
        "2026-02-20",
        "2026-03-01",
    ]
    assert series[date(2025, 12, 27)].parties == 163


def test_the_series_by_year_has_each_years_end_and_both_ends(convention):
    days = [on for on, _ in counts_series(convention, date(2023, 5, 1), date(2025, 6, 16), "year")]
    assert days == [date(2023, 5, 1), date(2023, 12, 31), date(2024, 12, 31), date(2025, 6, 16)]


def test_the_series_by_month_has_each_months_end(convention):
    days = [on for on, _ in counts_series(convention, date(2024, 1, 31), date(2024, 4, 1), "month")]
    assert days == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 1)]


def test_the_series_by_day_has_every_day(convention):
    days = [on for on, _ in counts_series(convention, date(2024, 2, 27), date(2024, 3, 1), "day")]
    assert days == [date(2024, 2, 27), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]


def test_changes_name_the_states_that_moved_and_the_acts_that_moved_them(convention):
    found = {c.state.pk: c for c in status_changes(convention, date(2025, 6, 16), date(2025, 12, 27))}
    assert set(found) == {"EST", "LVA", "LTU", "FIN", "POL", "MHL", "TON"}
    estonia = found["EST"]
    assert (estonia.before.status, estonia.after.status) == (rules.Status.PARTY, rules.Status.WITHDRAWN)
    assert [a.action for a in estonia.actions] == ["withdrawal"]
    assert [a.action for a in found["MHL"].actions] == ["ratification"]


def test_the_clock_of_a_notice_counts_down_to_the_day_of_effect(convention, state):
    at = status_board(convention, date(2025, 12, 17)).by_state["EST"].standing
    clock = notice_clock(at, date(2025, 12, 17))
    assert (clock.days_left, clock.days_in_all, clock.days_gone) == (10, 183, 173)


def test_no_clock_runs_after_the_effect(convention):
    at = status_board(convention, date(2025, 12, 27)).by_state["EST"].standing
    assert notice_clock(at, date(2025, 12, 27)) is None


class TestDuties:
    def test_are_computed_from_entry_into_force_for_every_state_party(self, convention, state):
        tonga = {d.obligation.value: d.deadline for d in dated_duties([convention], date(2026, 1, 1), [state("TON")])}
        assert tonga == {
            "article_4": date(2029, 12, 1),
            "article_5": date(2035, 12, 1),
            "article_7": date(2026, 5, 30),
        }

    def test_run_to_the_last_extension_granted(self, convention, state):
        (duty,) = [
            d for d in dated_duties([convention], date(2026, 1, 1), [state("KHM")]) if d.obligation == "article_5"
        ]
        assert (duty.original_deadline, duty.deadline) == (date(2010, 1, 1), date(2030, 12, 31))

    def test_fall_away_with_the_effect_of_a_withdrawal(self, convention, state):
        before, after = (
            {d.status for d in dated_duties([convention], on, [state("EST")])}
            for on in (date(2025, 12, 26), date(2025, 12, 27))
        )
        assert before == {rules.ObligationStatus.NOT_RECORDED}
        assert after == {rules.ObligationStatus.NO_LONGER_DUE}

    def test_are_none_for_a_state_that_never_joined(self, convention, state):
        assert dated_duties([convention], date(2026, 1, 1), [state("CHN")]) == []

    def test_cost_the_same_for_any_number_of_states_and_treaties(self, django_assert_num_queries, state, convention):
        with django_assert_num_queries(5):
            dated_duties([convention], date(2026, 1, 1))
        other = TreatyFactory(dated_duties=True)
        TreatyActionFactory(treaty=other)
        with django_assert_num_queries(5):
            dated_duties([convention, other], date(2026, 1, 1))


def test_states_sort_alike_on_every_database():
    names = list(State.objects.values_list("name", flat=True))
    assert names.index("Côte d'Ivoire") == names.index("Croatia") - 1
    assert names.index("Türkiye") < names.index("Turkmenistan") < names.index("Tuvalu")


def test_there_are_197_states_of_which_193_are_members_of_the_un():
    assert State.objects.count() == 197
    assert set(State.objects.filter(un_member=False).values_list("pk", flat=True)) == {"COK", "NIU", "VAT", "PSE"}
