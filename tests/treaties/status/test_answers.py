"""The sentence that answers first whether a State is bound."""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories import TreatyActionFactory
from treaties.status.boards import status_board
from treaties.status.sentences import answer
from treaties.status.withdrawals import next_in_words, withdrawal_paths

pytestmark = pytest.mark.django_db
NOW = date(2026, 11, 27)


@pytest.fixture
def told(convention):
    def ask(iso3, on=NOW, now=NOW):
        return answer(status_board(convention, on).by_state[iso3], on, now)

    return ask


@pytest.mark.parametrize(
    ("iso3", "on", "sentence"),
    [
        ("POL", NOW, "No. Poland is not bound: it left on 20 February 2026."),
        ("KHM", NOW, "Yes. Cambodia is bound, since 1 January 2000."),
        ("CHN", NOW, "No. China is not bound: it has never joined."),
        (
            "LBN",
            NOW,
            "Not certain. Lebanon is bound from a day between 1 August 2026 and 1 March 2027; which one is not known.",
        ),
        ("POL", date(2025, 6, 16), "Yes. On 16 June 2025 Poland was bound, since 1 June 2013."),
        (
            "POL",
            date(2026, 1, 1),
            "Yes. On 1 January 2026 Poland was still bound: its notice ran until 20 February 2026.",
        ),
        ("POL", date(2026, 2, 20), "No. On 20 February 2026 Poland was not bound: it had left on 20 February 2026."),
        ("POL", date(2013, 1, 1), "Not yet. On 1 January 2013 Poland had joined; it was bound from 1 June 2013."),
        ("POL", date(2000, 1, 1), "No. On 1 January 2000 Poland was not bound: it had signed but not ratified."),
        ("POL", date(1997, 12, 3), "No. On 3 December 1997 Poland was not bound: it had not joined."),
        (
            "KHM",
            date(2027, 1, 1),
            "By the acts on record, on 1 January 2027: Yes. Cambodia is bound, since 1 January 2000.",
        ),
    ],
)
def test_answers_first(told, iso3, on, sentence):
    assert told(iso3, on) == sentence


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2026, 1, 1), "Yes. Poland is still bound: its withdrawal takes effect on 20 February 2026."),
        (date(2013, 1, 1), "Not yet. Poland has joined; it is bound from 1 June 2013."),
        (date(2000, 1, 1), "No. Poland is not bound: it has signed but not ratified."),
    ],
)
def test_speaks_in_the_present_of_the_readers_own_day(told, on, sentence):
    assert told("POL", on, now=on) == sentence


@pytest.mark.parametrize(
    ("iso3", "on", "without", "sentence"),
    [
        ("KHM", NOW, {"in_force_on": None}, "Yes. Cambodia is bound."),
        ("POL", NOW, {"withdrawal_effective_on": None}, "No. Poland is not bound: it has left."),
        (
            "POL",
            date(2026, 1, 1),
            {"held_by_armed_conflict": True},
            "Yes. Poland is still bound: its withdrawal has not taken effect.",
        ),
        (
            "POL",
            date(2013, 1, 1),
            {"in_force_on": None},
            "Not yet. Poland has joined; the day from which it is bound is not known.",
        ),
    ],
)
def test_names_no_day_that_is_not_known(convention, iso3, on, without, sentence):
    line = status_board(convention, on).by_state[iso3]
    without_day = replace(line, standing=replace(line.standing, **without))
    assert answer(without_day, on, on) == sentence
    assert answer(without_day, on, NOW.replace(year=2030)).split(".")[0] == sentence.split(".")[0]


def test_every_state_has_an_answer_on_every_kind_of_day(convention):
    for on in (date(1998, 1, 1), date(1999, 3, 1), date(2025, 9, 15), NOW, date(2030, 1, 1)):
        for line in status_board(convention, on).lines:
            assert answer(line, on, NOW)


class TestWhatHappensNext:
    def test_says_that_no_notice_runs_and_when_the_next_could_take_effect(self, convention):
        board = status_board(convention, NOW)
        assert next_in_words(board, withdrawal_paths(board)) == [
            "No notice of withdrawal is running.",
            "Ukraine: suspension disputed. 6 States object to it, and the treaty has no rule of suspension.",
            "The earliest day on which a further exit could take effect is 27 May 2027, if notice were received on "
            "27 November 2026.",
        ]

    def test_names_who_has_given_notice_and_until_when(self, convention):
        board = status_board(convention, date(2025, 9, 15))
        sentences = next_in_words(board, withdrawal_paths(board))
        assert "Poland has given notice; it takes effect on 20 February 2026." in sentences
        assert "No notice of withdrawal is running." not in sentences

    def test_names_who_has_only_spoken_of_it(self, convention):
        board = status_board(convention, date(2025, 6, 16))
        assert "Poland has spoken of leaving and has given no notice." in next_in_words(board, withdrawal_paths(board))

    def test_counts_days_where_the_treaty_does(self):
        act = TreatyActionFactory(treaty__withdrawal_notice_days=90, treaty__withdrawal_notice_months=None)
        board = status_board(act.treaty, date(2026, 1, 1))
        assert "1 April 2026" in next_in_words(board, [])[-1]
