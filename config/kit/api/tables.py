"""Lists for download: CSV and XLSX, with no cell that a spreadsheet would run as a formula, and JSON lines."""

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.http import quote_etag
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from rest_framework.renderers import BaseRenderer, JSONRenderer

Row = dict[str, Any]
PART = 64 * 1024
"""Bytes of a file that are sent at once."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection)."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """A nested object as one row: names joined by an underscore, lists by a space, or a semicolon where words have spaces."""
    row: dict[str, Any] = {}
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            row |= flat(inner, f"{prefix}{name}_")
        elif isinstance(inner, list | tuple):
            words = [_word(i) for i in inner]
            row[prefix + name] = ("; " if any(" " in word for word in words) else " ").join(words)
        else:
            row[prefix + name] = inner
    return row


def _word(item: Any) -> str:
    if isinstance(item, Mapping):
        return str(next(iter(item.values()), ""))
    return str(item)


def header_of(context: Any) -> list[str]:
    """The names of the columns of a list, from the serializer of its view; none where the answer is not the list itself."""
    view: Any = (context or {}).get("view")
    is_list = getattr(view, "action", None) == "list" and hasattr(view, "get_serializer")
    return _names(view.get_serializer()) if is_list else []


def _names(serializer: Any, prefix: str = "") -> list[str]:
    names: list[str] = []
    for name, field in serializer.fields.items():
        nested = hasattr(field, "fields")
        names += _names(field, f"{prefix}{name}_") if nested else [prefix + name]
    return names


def columns_of(rows: Iterable[Row], header: Sequence[str]) -> list[str]:
    """The names of the columns: those of the header, and what the rows have beside them."""
    seen = dict.fromkeys(name for row in rows for name in row)
    found: list[str] = []
    for name in header:
        parts = [part for part in seen if part not in header and _owner(part, header) == name]
        found += parts if parts and name not in seen else [name]
    # An object that is null gives one empty cell under its own name, where others have a cell for each part.
    return found + [n for n in seen if n not in found and not any(name.startswith(f"{n}_") for name in found)]


def _owner(part: str, header: Iterable[str]) -> str:
    """The column of the header that a part of an object belongs to."""
    return max((name for name in header if part.startswith(f"{name}_")), key=len, default="")


def rows_of(entries: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The entries as rows, each cell safe for a spreadsheet."""
    return [{name: safe_cell(value) for name, value in flat(entry).items()} for entry in entries]


def entries_of(data: Any) -> Sequence[Mapping[str, Any]]:
    """The entries of an answer: its results, its elements, or itself."""
    return data.get("results", [data]) if isinstance(data, Mapping) else data or []


class TableRenderer(BaseRenderer):
    """A list as a table. What it gives for all rows at once, `parts` gives piece by piece."""

    def parts(self, columns: Sequence[str], chunks: Iterable[Iterable[Row]]) -> Iterator[bytes]:
        raise NotImplementedError

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        rows = rows_of(entries_of(data))
        columns = columns_of(rows, header_of(renderer_context))
        return b"".join(self.parts(columns, [rows]))


class CSVRenderer(TableRenderer):
    """A list as CSV (RFC 4180): UTF-8, a header row, one row an entry."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def parts(self, columns: Sequence[str], chunks: Iterable[Iterable[Row]]) -> Iterator[bytes]:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        for rows in chunks:
            writer.writerows([row.get(name) for name in columns] for row in rows)
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
        yield text.getvalue().encode()


class JSONLinesRenderer(BaseRenderer):
    """A list with one JSON object a line, for programs that read it piece by piece."""

    media_type = "application/jsonl"
    format = "jsonl"
    charset = "utf-8"

    def parts(self, chunks: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[bytes]:
        to_json = JSONRenderer()
        for entries in chunks:
            yield b"".join(to_json.render(entry) + b"\n" for entry in entries)

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        lines = b"".join(self.parts([entries_of(data)]))
        if not lines and renderer_context:
            # REST framework takes the type from an empty body; a list with no row is a list still.
            renderer_context["response"].add_post_render_callback(self._say_type)
        return lines

    def _say_type(self, response: Any) -> None:
        response["Content-Type"] = f"{self.media_type}; charset={self.charset}"


class XLSXRenderer(TableRenderer):
    """A list as a sheet of Office Open XML."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    charset = None
    render_style = "binary"

    def parts(self, columns: Sequence[str], chunks: Iterable[Iterable[Row]]) -> Iterator[bytes]:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("data")
        sheet.append(columns)
        for rows in chunks:
            for row in rows:
                sheet.append([_cell(row.get(name)) for name in columns])
        with tempfile.TemporaryFile() as file:
            book.save(file)
            file.seek(0)
            while part := file.read(PART):
                yield part

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        # The file contains the time of its creation, so the ETag is computed from the entries instead.
        digest = hashlib.md5(repr(entries_of(data)).encode(), usedforsecurity=False).hexdigest()
        renderer_context["response"]["ETag"] = quote_etag(digest)
        return super().render(data, accepted_media_type, renderer_context)


def _cell(value: Any) -> Any:
    """A value that a sheet can hold: XML cannot contain control characters, so they are left out."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))
