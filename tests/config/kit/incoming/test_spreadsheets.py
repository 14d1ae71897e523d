"""Workbooks as spreadsheet programs and people make them."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from config.kit.incoming import spreadsheets, tables
from config.kit.incoming.tables import TableError, read_rows

COLUMNS = ("iso3", "action", "date")


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook(*lines) -> Workbook:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    return book


def cells(content: bytes) -> list[dict[str, str]]:
    return [dict(row.cells) for row in read_rows(content, COLUMNS)]


def changed(content: bytes, old: str, new: str) -> bytes:
    """A workbook whose first sheet says something else."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(result, "w") as after:
        for part in before.infolist():
            words = before.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                words = re.sub(old, new, words.decode()).encode()
            after.writestr(part.filename, words)
    return result.getvalue()


def test_days_numbers_and_texts_are_read_as_people_read_them():
    line = [" EST ", "accession", datetime(2026, 3, 10)]  # noqa: DTZ001 - spreadsheets know no zone
    book = workbook(["ISO3", "Action ", " date"], line, ["FRA", 5.0, date(2026, 3, 11)], ["LVA", 2.5, True])
    assert cells(saved(book)) == [
        {"iso3": "EST", "action": "accession", "date": "2026-03-10"},
        {"iso3": "FRA", "action": "5", "date": "2026-03-11"},
        {"iso3": "LVA", "action": "2.5", "date": "True"},
    ]


def test_merged_cells_above_and_in_the_head_are_no_columns():
    book = workbook(
        ["Acts of 2026", None, None, None], ["iso3", "action", "date", None], ["EST", "accession", "2026-03-10"]
    )
    book.active.merge_cells("A1:D1")
    book.active.merge_cells("C2:D2")
    assert cells(saved(book)) == [{"iso3": "EST", "action": "accession", "date": "2026-03-10"}]


def test_formatted_empty_rows_and_cells_beyond_the_table_are_nothing():
    book = workbook(["iso3", "action", "date"], ["EST", "accession", "2026-03-10"])
    for row in range(3, 60):
        book.active.cell(row, 1).number_format = "@"
    book.active.cell(5, 30).value = " "
    assert len(cells(saved(book))) == 1


@pytest.mark.parametrize("says", ["", '<dimension ref="A1"/>', '<dimension ref="A1:ZZ99999"/>'])
def test_what_the_file_says_of_its_size_does_not_matter(says):
    content = saved(workbook(["iso3", "action", "date"], ["EST", "accession"], ["FRA", "accession", "2026-03-10"]))
    read = cells(changed(content, r"<dimension[^>]*/>", says))
    assert [row["date"] for row in read] == ["", "2026-03-10"]


def test_a_formula_gives_the_value_that_was_saved_with_it():
    content = saved(workbook(["iso3", "action", "date"], ["EST", "accession", "=TEXT(46091,0)"]))
    with_value = changed(
        content, r"<c r=\"C2\"><f>[^<]*</f><v\s*/?>(</v>)?</c>", '<c r="C2" t="str"><f>X()</f><v>2026-03-10</v></c>'
    )
    assert cells(with_value) == [{"iso3": "EST", "action": "accession", "date": "2026-03-10"}]


def test_a_formula_without_a_value_is_told_with_its_place():
    content = saved(workbook(["iso3", "action", "date"], ["EST", "accession", "=TODAY()"]))
    with pytest.raises(TableError, match="2: date holds a formula without its value"):
        cells(content)


def test_an_empty_cell_is_no_formula():
    assert cells(saved(workbook(["iso3", "action", "date"], ["EST", "accession", None])))[0]["date"] == ""


def test_only_the_first_sheet_counts():
    book = workbook(["iso3", "action", "date"], ["EST", "accession", "2026-03-10"])
    book.create_sheet("Other").append(["iso3", "action", "date"])
    assert len(cells(saved(book))) == 1


def test_columns_that_lack_are_named_after_the_nearest_head():
    with pytest.raises(TableError, match="lacks the columns: date"):
        cells(saved(workbook(["Title"], ["iso3", "action"], ["EST", "accession"])))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500])
def test_what_is_no_workbook_is_refused_in_a_sentence(content):
    with pytest.raises(TableError, match="nor a workbook that can be read"):
        cells(content)


def test_an_archive_of_something_else_is_refused_in_a_sentence():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        parts.writestr("letter.txt", "Dear reader")
    with pytest.raises(TableError, match="nor a workbook that can be read"):
        cells(content.getvalue())


def test_limits_are_those_that_are_told(monkeypatch):
    content = saved(workbook(["iso3", "action", "date"], *[["EST", "accession", "2026-03-10"]] * 5))
    monkeypatch.setattr(tables, "MOST_ROWS", 4)
    with pytest.raises(TableError, match="more than 4 rows"):
        cells(content)
    monkeypatch.setattr(spreadsheets, "LARGEST_UNPACKED", 1_000)
    with pytest.raises(TableError, match="unpacks to more than"):
        cells(content)
    monkeypatch.setattr(tables, "LARGEST_FILE", 100)
    with pytest.raises(TableError, match="larger than"):
        cells(content)
