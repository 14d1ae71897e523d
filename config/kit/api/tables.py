"""Lists as tables for download: CSV and XLSX, with no cell that a spreadsheet would run as a formula."""

import csv
import hashlib
import io
from collections.abc import Mapping
from typing import Any

from django.utils.http import quote_etag
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from rest_framework.renderers import BaseRenderer

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
    """The names of the columns of a list that has no rows, from the serializer of its view."""
    view: Any = (context or {}).get("view")
    return _names(view.get_serializer()) if hasattr(view, "get_serializer") else []


def _names(serializer: Any, prefix: str = "") -> list[str]:
    names: list[str] = []
    for name, field in serializer.fields.items():
        nested = hasattr(field, "fields")
        names += _names(field, f"{prefix}{name}_") if nested else [prefix + name]
    return names


def table(data: Any, context: Any) -> tuple[list[str], list[dict[str, Any]]]:
    """The names of the columns and the rows of a list, each cell safe for a spreadsheet."""
    entries = data.get("results", [data]) if isinstance(data, Mapping) else data or []
    rows = [{name: safe_cell(value) for name, value in flat(entry).items()} for entry in entries]
    return list(dict.fromkeys(name for row in rows for name in row)) or header_of(context), rows


class CSVRenderer(BaseRenderer):
    """A list as CSV (RFC 4180): UTF-8, a header row, one row an entry."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        names, rows = table(data, renderer_context)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, names, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode()


class XLSXRenderer(BaseRenderer):
    """A list as a sheet of Office Open XML."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        names, rows = table(data, renderer_context)
        book = Workbook(write_only=True)
        sheet = book.create_sheet("data")
        lines = [names, *([_cell(row.get(name)) for name in names] for row in rows)]
        for line in lines:
            sheet.append(line)
        file = io.BytesIO()
        book.save(file)
        # The file contains the time of its creation, so the ETag is computed from the rows instead.
        digest = hashlib.md5(repr(lines).encode(), usedforsecurity=False).hexdigest()
        renderer_context["response"]["ETag"] = quote_etag(digest)
        return file.getvalue()


def _cell(value: Any) -> Any:
    """A value that a sheet can hold: XML cannot contain control characters, so they are left out."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))
