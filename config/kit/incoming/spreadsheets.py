"""Tables in Office Open XML (XLSX) as spreadsheet programs and people make them. Plain functions."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from config.kit.incoming.texts import clean_line

SIGNATURE = b"PK\x03\x04"
LARGEST_UNPACKED = 60_000_000
"""Bytes of all parts of a workbook: a small file can unpack to gigabytes."""
MOST_CELLS_A_ROW = 100


class NoSpreadsheet(ValueError):
    """The file is no workbook that can be read; the message says what to do."""


def sheet_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet with their numbers, each cell as a text. Formulas give the value that was saved with them.

    Raises NoSpreadsheet.
    """
    yield from ((number, [as_text(cell) for cell in cells]) for number, cells in _cells(content, values=True))


def formulas(content: bytes) -> set[tuple[int, int]]:
    """The row and the place in it of each cell that holds a formula."""
    return {
        (number, place)
        for number, cells in _cells(content, values=False)
        for place, cell in enumerate(cells)
        if isinstance(cell, str) and cell.startswith("=")
    }


def _cells(content: bytes, *, values: bool) -> Iterator[tuple[int, tuple[Any, ...]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise NoSpreadsheet(
                _("The workbook unpacks to more than %d MB: save the sheet with its rows alone.")
                % (LARGEST_UNPACKED // 1_000_000)
            )
        with warnings.catch_warnings():  # about styles and extensions that we do not read
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=values)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size may be wrong or missing
            yield from enumerate(sheet.iter_rows(values_only=True, max_col=MOST_CELLS_A_ROW), start=1)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError, SyntaxError) as error:
        if isinstance(error, NoSpreadsheet):
            raise
        raise NoSpreadsheet(
            _("The file is no text, nor a workbook that can be read. Save the table as XLSX, or as CSV in UTF-8.")
        ) from error


def as_text(cell: Any) -> str:
    """A cell as people read it: days as YYYY-MM-DD, whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean_line(str(cell))
