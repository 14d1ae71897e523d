"""Days as the Depositary's tables and people write them, with the letters that tell the act."""

from datetime import date, datetime

import pytest

from config.kit.incoming.days import read_day
from treaties.ledger.letters import WrongLetter, day_of_act


@pytest.mark.parametrize(
    ("text", "action", "day"),
    [
        ("8 Sep 1998 a", "accession", date(1998, 9, 8)),
        ("8 Sep 1998 A", "acceptance", date(1998, 9, 8)),
        ("28 Oct 1998  AA", "approval", date(1998, 10, 28)),
        (" 23 Oct 2006 d ", "succession", date(2006, 10, 23)),
        ("3 Dec 1997", "signature", date(1997, 12, 3)),
        ("3-XII-1997", "ratification", date(1997, 12, 3)),
        ("1998-09-08", "accession", date(1998, 9, 8)),
    ],
)
def test_a_day_is_read_with_its_letter(text, action, day):
    assert day_of_act(text, action) == day


@pytest.mark.parametrize(
    ("text", "action", "message"),
    [
        (
            "8 Sep 1998 a",
            "acceptance",
            "the letter a of 8 Sep 1998 a stands for accession, and the table says acceptance",
        ),
        ("8 Sep 1998 A", "accession", "stands for acceptance"),
        ("8 Sep 1998 AA", "ratification", "stands for approval"),
        ("8 Sep 1998 d", "accession", "stands for succession"),
    ],
)
def test_a_letter_of_another_act_is_told(text, action, message):
    with pytest.raises(WrongLetter, match=message):
        day_of_act(text, action)


@pytest.mark.parametrize(
    "text", ["8 Sep 1998 x", "8 Sep 1998a", "a", "", "8 Sep 98 a", "31 Feb 1998 a", "1998-09-08 a b"]
)
def test_what_is_no_day_is_none_with_a_letter_either(text):
    with pytest.raises(ValueError, match=r"\S"):
        day_of_act(text, "accession")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (datetime(2026, 3, 10, 12, 30), date(2026, 3, 10)),  # noqa: DTZ001 - spreadsheets know no zone
        (date(2026, 3, 10), date(2026, 3, 10)),
        ("2026-03-10", date(2026, 3, 10)),
        ("2026-03-10 00:00:00", date(2026, 3, 10)),
        ("2026-03-10T00:00", date(2026, 3, 10)),
        (" 10 March 2026 ", date(2026, 3, 10)),
        ("10 Sept. 2026", date(2026, 9, 10)),
        ("1.May.2026", date(2026, 5, 1)),
        *(
            (f"3-{roman}-1964", date(1964, month, 3))
            for month, roman in enumerate(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], 1)
        ),
        *(
            (f"3 {name} 1964", date(1964, month, 3))
            for month, name in enumerate(
                ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
            )
        ),
    ],
)
def test_days_are_read_as_people_write_them(value, day):
    assert read_day(value) == day


@pytest.mark.parametrize(
    "value",
    [
        "11/05/2026",
        "46027",
        "2026-3-10",
        "2026-03-10 12:30",
        "10 Foo 2026",
        "10 XIII 2026",
        "2026",
        "March 2026",
        46027,
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused(value):
    with pytest.raises(ValueError, match=r"\S"):
        read_day(value)
