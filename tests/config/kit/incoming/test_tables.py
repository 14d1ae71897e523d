"""Tables and days as people have them: read rightly, or refused with the line."""

from datetime import date, datetime

import pytest

from config.kit.incoming.days import read_day
from config.kit.incoming.tables import TableError, read_rows

COLUMNS = ("iso3", "action", "date")
ROWS = [
    {"iso3": "CHN", "action": "accession", "date": "2026-01-05"},
    {"iso3": "FRA", "action": "withdrawal", "date": "2026-01-06"},
]
TEXT = "iso3,action,date\nCHN,accession,2026-01-05\nFRA,withdrawal,2026-01-06\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="UTF-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="with a byte order mark"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="old Macintosh"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="Windows"),
        pytest.param(TEXT.replace(",", ";").encode(), id="semicolons"),
        pytest.param(TEXT.replace(",", "\t").encode(), id="tabs"),
        pytest.param((TEXT + ",,\n\n ,\t,\n").encode(), id="blank rows at the end"),
        pytest.param(("Acts of 2026\n\n" + TEXT).encode(), id="a title above"),
        pytest.param(TEXT.replace("iso3", " ISO3 ").encode(), id="a header with spaces and capitals"),
        pytest.param(TEXT.replace("CHN", '"CHN"').encode(), id="quotation marks"),
    ],
)
def test_a_table_is_read_as_it_was_meant(content):
    assert [dict(row.cells) for row in read_rows(content, COLUMNS)] == ROWS


def test_a_line_end_within_quotation_marks_belongs_to_its_cell():
    rows = read_rows(b'iso3,action,date,note\nCHN,accession,2026-01-05,"two\nlines"\nFRA,x,y,z\n', COLUMNS)
    assert [(row.line, row.cells["note"]) for row in rows] == [(3, "two lines"), (4, "z")]


def test_letters_of_windows_are_read():
    (row,) = read_rows("iso3,action,date,note\nCHN,accession,2026-01-05,Côte\n".encode("cp1252"), COLUMNS)
    assert row.cells["note"] == "Côte"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"iso3,action\nCHN,accession\n", "lacks the columns: date"),
        (b"", "lacks the columns: iso3, action, date"),
        (b"iso3,action,date\n", "no rows"),
        (b"iso3,iso3,action,date\nA,B,C,D\n", "twice: iso3"),
        (b"iso3,action,date\nCHN,accession,2026-01-05,extra\n", "2: the row has more cells"),
        (b'iso3,action,date,note\nA,B,C,"open\nD,E,F,G\n', "2: a quotation mark"),
        (b'iso3,action,date,note\nA,B,C,D\nD,E,F,"a" b\n', "3: a quotation mark"),
        (b"PK\x03\x04\x00\x00", "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(content, message):
    with pytest.raises(TableError, match=message):
        read_rows(content, COLUMNS)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1998-09-08", date(1998, 9, 8)),
        ("8 Sep 1998", date(1998, 9, 8)),
        ("8 Sept. 1998", date(1998, 9, 8)),
        ("8 September 1998", date(1998, 9, 8)),
        ("3-VII-1964", date(1964, 7, 3)),
        ("03.iv.1964", date(1964, 4, 3)),
        ("2026-01-05 00:00:00", date(2026, 1, 5)),
        (datetime(2026, 1, 5, 13, 0), date(2026, 1, 5)),  # noqa: DTZ001 - as a spreadsheet gives it
        (date(2026, 1, 5), date(2026, 1, 5)),
    ],
)
def test_a_day_is_read_as_it_is_written(cell, day):
    found = read_day(cell)
    assert (type(found), found) == (date, day)


@pytest.mark.parametrize(
    "cell", ["11/05/2026", "20260105", "2026-W02-1", "46027", "31 February 2026", "2026-02-31", "8 Xyz 1998", ""]
)
def test_what_is_no_day_or_could_be_two_is_refused(cell):
    with pytest.raises(ValueError):  # noqa: PT011 - of the calendar itself, or ours
        read_day(cell)
