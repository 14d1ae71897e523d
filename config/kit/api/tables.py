"""Lists for download: CSV and XLSX, with no cell that a spreadsheet would run as a formula, and JSON lines."""

import csv
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from django.utils import timezone
from django.utils.http import quote_etag
from drf_spectacular.drainage import get_override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.serializers import DictField, Serializer, SerializerMethodField
from rest_framework.utils.encoders import JSONEncoder

_DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
_MOMENT = re.compile(_DAY.pattern + r"T\d\d:\d\d:\d\d(\.\d{1,6})?Z")
A_LOOK = 200
"""Rows that are looked at for the width of a column."""
PART = 64 * 1024
"""Bytes of a file that are sent at once."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
WIDEST, NARROWEST = 60, 8
"""Widths of a sheet's columns, in characters."""


def safe_cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection)."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, and where an entry has its value."""

    name: str
    path: tuple[str, ...]
    is_json: bool = False
    """Whether the cell is an object of many shapes, written as JSON."""

    def of(self, entry: Mapping[str, Any]) -> Any:
        """The cell, as a spreadsheet may have it."""
        return safe_cell(self.value_of(entry))

    def value_of(self, entry: Mapping[str, Any]) -> Any:
        """The value: a list as words, joined by a space, or by a semicolon where words have spaces."""
        value: Any = entry
        for part in self.path:
            value = value.get(part) if isinstance(value, Mapping) else None
        if self.is_json:
            return (
                "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"), cls=JSONEncoder)
            )
        if isinstance(value, list | tuple):
            words = [word for one in value if (word := _word(one))]
            value = ("; " if any(" " in word for word in words) else " ").join(words)
        return _word(value) if isinstance(value, Mapping) else value


def _word(item: Any) -> str:
    """A part of a list in a word or two: the first thing that it says, and a number that is counted of it."""
    if isinstance(item, Mapping):
        values = list(item.values())
        counted = [str(value) for value in values[1:2] if isinstance(value, int) and not isinstance(value, bool)]
        return " ".join([_word(values[0]), *counted]) if values else ""
    if isinstance(item, bool):
        return str(item).lower()
    return "" if item is None else str(item)


def columns_of(serializer: Any, path: tuple[str, ...] = ()) -> list[Column]:
    """The columns of a table, always the same: what the serializer has, with a column for each part of an object."""
    found: list[Column] = []
    for name, field in serializer.fields.items():
        inner = _inner(serializer, name, field)
        at = (*path, name)
        found += (
            columns_of(inner, at) if inner is not None else [Column("_".join(at), at, isinstance(field, DictField))]
        )
    return found


def _inner(serializer: Any, name: str, field: Any) -> Any:
    """The serializer of a field that is an object itself, also where a method makes it; None of others."""
    if isinstance(field, SerializerMethodField):
        field = get_override(getattr(serializer, field.method_name or f"get_{name}"), "field")
    if isinstance(field, type) and issubclass(field, Serializer):
        field = field()
    return field if hasattr(field, "fields") else None


def columns_for(view: Any) -> list[Column]:
    """The columns of a view's table: of the entries of its list, or of what the action gives."""
    others = getattr(view, "entry_serializers", {})
    chosen = others.get(view.action) or view.serializer_class
    return columns_of(chosen(context={"request": view.request, "view": view}))


def entries_of(data: Any) -> Sequence[Mapping[str, Any]]:
    """The entries of an answer: its results, its elements, or itself."""
    return data.get("results", [data]) if isinstance(data, Mapping) else data or []


def disposition(view: Any, form: str) -> str:
    """How a table is saved (RFC 6266): under the name of what it is of, and the day that it is about."""
    words = [part for part in view.request.path.strip("/").split("/") if part not in ("api", "v1")]
    day = view.request.query_params.get("on") or f"{timezone.now():%Y-%m-%d}"
    return f'attachment; filename="minefree-{"-".join(words)}-{day}.{form}"'


class TableRenderer(BaseRenderer):
    """A list as a table. What it gives for all entries at once, `parts` gives piece by piece."""

    def parts(self, columns: Sequence[Column], chunks: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[bytes]:
        raise NotImplementedError

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        view, response = renderer_context["view"], renderer_context["response"]
        response["Content-Disposition"] = disposition(view, str(self.format))
        return b"".join(self.parts(columns_for(view), [entries_of(data)]))


class CSVRenderer(TableRenderer):
    """A list as CSV (RFC 4180): UTF-8, a header row, one row an entry."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def parts(self, columns: Sequence[Column], chunks: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[bytes]:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(column.name for column in columns)
        for entries in chunks:
            writer.writerows([_text(column.of(entry)) for column in columns] for entry in entries)
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
        yield text.getvalue().encode()


def _text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


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

    def parts(self, columns: Sequence[Column], chunks: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[bytes]:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("data")
        rest = iter(chunks)
        first = list(next(rest, []))
        for number, column in enumerate(columns, start=1):
            longest = max([len(column.name), *(len(str(column.of(entry) or "")) for entry in first[:A_LOOK])])
            sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, NARROWEST), WIDEST)
        sheet.freeze_panes = "A2"
        head = [WriteOnlyCell(sheet, column.name) for column in columns]
        for cell in head:
            cell.font = Font(bold=True)
        sheet.append(head)
        rows = 1
        for entries in chain([first], rest):
            for entry in entries:
                sheet.append([_cell(column.of(entry)) for column in columns])
                rows += 1
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{rows}"
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
    """A value as a sheet has it: a day and a moment (UTC) are typed, and XML cannot contain control characters.

    A sheet counts days from 1900 on: an earlier one stays a text.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    with suppress(ValueError):  # 31 February is a text
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    return ILLEGAL_CHARACTERS_RE.sub("", text)
