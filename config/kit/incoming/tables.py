"""Tables in CSV as spreadsheets and people write them. Plain functions."""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.kit.incoming.texts import clean_line

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

    Raises TableError for an open quotation mark, missing or doubled columns, cells without a column, and a table without rows.
    """
    text = decoded(content)
    if "\x00" in text:
        raise TableError([_("The file is no text. Save the table as CSV in UTF-8.")])
    found = max((_split(text, separator, columns) for separator in SEPARATORS), key=lambda t: t[0] is not None)
    header, rows = found
    if header is None:
        raise TableError([_("The table lacks the columns: %s.") % ", ".join(_missing(text, columns))])
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


def _missing(text: str, columns: Collection[str]) -> list[str]:
    """The columns that the row nearest to a header lacks."""
    lines = text.splitlines()[:TITLE_ROWS]
    names = [{clean_line(cell).casefold() for cell in line.split(s)} for line in lines for s in SEPARATORS]
    nearest: set[str] = max(names, key=lambda found: len(found & set(columns)), default=set())
    return [column for column in columns if column not in nearest]


Split = tuple[list[str] | None, list[tuple[int, list[str]]]]


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
