"""Tables in CSV or XLSX as spreadsheets and people write them. Plain functions."""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.kit.incoming.spreadsheets import SIGNATURE, NoSpreadsheet, formulas, sheet_rows
from config.kit.incoming.texts import clean_line

LARGEST_FILE = 5_000_000
"""Bytes."""
MOST_ROWS = 20_000
SEPARATORS = ",;\t"
TITLE_ROWS = 10
"""The header is looked for in so many rows from the top."""


class TableError(ValueError):
    """The table cannot be read; each message says where and what to do."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


@dataclass(frozen=True)
class TableRow:
    """A row with the number of the line on which it ends."""

    line: int
    cells: Mapping[str, str]


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, else Windows-1252. Raises TableError for what is no text."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise TableError([_("The file is no text. Save the table as CSV in UTF-8.")]) from error


def read_rows(content: bytes, columns: Collection[str]) -> list[TableRow]:
    """The rows of a table that has these columns, whatever their order, with others beside them. Blank rows are no rows.

    The first rows may be a title. Raises TableError for more than LARGEST_FILE or MOST_ROWS, an open quotation mark, missing or
    doubled columns, cells without a column, formulas without a value, and a table without rows.
    """
    if len(content) > LARGEST_FILE:
        raise TableError([_("The file is larger than %d MB: split the table.") % (LARGEST_FILE // 1_000_000)])
    header, rows = _from_workbook(content, columns) if content.startswith(SIGNATURE) else _from_text(content, columns)
    if len(rows) > MOST_ROWS:
        raise TableError([_("The table has more than %d rows: split it.") % MOST_ROWS])
    doubled = {name for name in header if name and header.count(name) > 1}
    if doubled:
        raise TableError([_("The table has these columns twice: %s.") % ", ".join(sorted(doubled))])
    wrong = [
        _("%(line)s: the row has more cells than the header.") % {"line": line}
        for line, cells in rows
        if any(cells[len(header) :])
    ]
    if wrong:
        raise TableError(wrong)
    if not rows:
        raise TableError([_("The table has a header and no rows.")])
    return [TableRow(line, dict(zip(header, [*cells, *[""] * len(header)], strict=False))) for line, cells in rows]


Rows = list[tuple[int, list[str]]]


def _from_text(content: bytes, columns: Collection[str]) -> tuple[list[str], Rows]:
    text = decoded(content)
    if "\x00" in text:
        raise TableError([_("The file is no text. Save the table as CSV in UTF-8.")])
    header, rows = max((_split(text, separator, columns) for separator in SEPARATORS), key=lambda t: t[0] is not None)
    if header is None:
        lines = text.splitlines()[:TITLE_ROWS]
        raise _lacks([line.split(separator) for line in lines for separator in SEPARATORS], columns)
    return header, rows


def _from_workbook(content: bytes, columns: Collection[str]) -> tuple[list[str], Rows]:
    header: list[str] | None = None
    rows: Rows = []
    above: list[list[str]] = []
    try:
        for number, cells in sheet_rows(content):
            if header is None:
                names = [clean_line(cell).casefold() for cell in cells]
                if set(columns) <= set(names):
                    header = names
                elif len(above) >= TITLE_ROWS:
                    break
                above.append(cells)
            elif any(cells):
                rows.append((number, cells))
                if len(rows) > MOST_ROWS:
                    break
        if header is None:
            raise _lacks(above, columns)
        header = header[: max((n for n, name in enumerate(header, 1) if name), default=0)]
        _refuse_formulas(content, header, rows, columns)
    except NoSpreadsheet as error:
        raise TableError([str(error)]) from error
    return header, rows


def _refuse_formulas(content: bytes, header: list[str], rows: Rows, columns: Collection[str]) -> None:
    """Tell cells whose formula was saved without its value apart from empty ones."""
    empty = {
        (number, place): name
        for number, cells in rows
        for place, name in enumerate(header)
        if name in columns and not "".join(cells[place : place + 1])
    }
    if not empty:
        return
    message = _("%(line)s: %(column)s holds a formula without its value. Save the table anew, or write the value.")
    found = sorted(empty.keys() & formulas(content))
    if found:
        raise TableError([message % {"line": place[0], "column": empty[place]} for place in found])


def _lacks(lines: list[list[str]], columns: Collection[str]) -> TableError:
    """The refusal that names the columns which the row nearest to a header lacks."""
    names = [{clean_line(cell).casefold() for cell in line} for line in lines]
    nearest: set[str] = max(names, key=lambda found: len(found & set(columns)), default=set())
    return TableError([_("The table lacks the columns: %s.") % ", ".join(c for c in columns if c not in nearest)])


Split = tuple[list[str] | None, Rows]


def _split(text: str, separator: str, columns: Collection[str]) -> Split:
    """The header, None where the columns are not found with this separator, and the rows below it."""
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=separator, strict=True)
    header: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for number, given in enumerate(reader):
            cells = [clean_line(cell) for cell in given]
            if header is None:
                names = [cell.casefold() for cell in cells]
                if set(columns) <= set(names):
                    header = names
                elif number >= TITLE_ROWS:
                    break
            elif any(cells):
                rows.append((reader.line_num, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        if header is not None:
            message = _(
                "%(line)s: a quotation mark is opened and not closed, or stands inside a cell. Double it or remove it."
            )
            raise TableError([message % {"line": start}]) from error
    return header, rows
