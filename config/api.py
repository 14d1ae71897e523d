"""What all endpoints have in common: strict parameters, problem documents, JSON and CSV."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from rest_framework import exceptions, filters
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from treaties.parameters import EVERYWHERE, Cursors, check_names, repeatable_names
from treaties.tables import safe_cell

if TYPE_CHECKING:
    from rest_framework.views import APIView

PROBLEM = "application/problem+json"


# --- Parameters ----------------------------------------------------------------------------------------------


class StrictFilters(DjangoFilterBackend):
    """Filters of a view, with every parameter known by name and no value empty."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: "APIView") -> QuerySet:
        if getattr(view, "detail", False):
            check_names(request.query_params, EVERYWHERE)
            return queryset
        filterset = self.get_filterset(request, queryset, view)
        fields = filterset.form.fields if filterset is not None else {}
        known = {*fields, *EVERYWHERE, *self.list_parameters(view)}
        check_names(request.query_params, known, repeatable_names(fields.items()))
        return super().filter_queryset(request, queryset, view)

    def list_parameters(self, view: Any) -> set[str]:
        """Parameters of the list itself, as far as the view has them."""
        cursor = isinstance(getattr(view, "paginator", None), Cursors)
        names = {"page_size", "cursor"} if cursor else {"page_size", "page"}
        if getattr(view, "ordering_fields", None):
            names.add("ordering")
        if getattr(view, "search_fields", None):
            names.add("search")
        return names


class StrictOrdering(filters.OrderingFilter):
    """`?ordering=` by the view's fields; another name is refused."""

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> Any:
        if getattr(view, "detail", False) or not getattr(view, "ordering_fields", None):
            return self.get_default_ordering(view)
        given = [name.strip() for name in request.query_params.get("ordering", "").split(",") if name.strip()]
        known = [name for name, _label in self.get_valid_fields(queryset, view, {"request": request})]
        unknown = [name for name in given if name.lstrip("-") not in known]
        if unknown:
            message = _("Cannot order by %(names)s. Available: %(known)s.")
            raise exceptions.ValidationError(
                {"ordering": [message % {"names": ", ".join(unknown), "known": ", ".join(known)}]}
            )
        return super().get_ordering(request, queryset, view)


class StrictSearch(filters.SearchFilter):
    """`?search=` on lists; not on one thing."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        return queryset if getattr(view, "detail", False) else super().filter_queryset(request, queryset, view)


class Negotiation(DefaultContentNegotiation):
    """`?format=` names a format that the endpoint has, or is refused by name; tables are for lists."""

    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:
        available = [r.format for r in renderers]
        found = [r for r in renderers if r.format == format]
        if not found:
            raise exceptions.ValidationError({"format": [_("Available: %s.") % ", ".join(available)]})
        return found


# --- Errors --------------------------------------------------------------------------------------------------


def problem_response(
    status: int,
    detail: str,
    instance: str,
    errors: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """An error as RFC 9457 has it; `errors` names the fields."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
    }
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type=PROBLEM, headers=headers)


def problem(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """DRF's exceptions as problem documents. Others are left to Django, which logs them."""
    instance = context["request"].get_full_path()
    if isinstance(error, Http404):
        return problem_response(404, _("There is nothing at this address."), instance)
    if isinstance(error, PermissionDenied):
        return problem_response(403, _("You may not do this."), instance)
    if isinstance(error, exceptions.ValidationError):
        errors = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        names = ", ".join(errors)
        return problem_response(400, _("Please check: %s.") % names, instance, errors)
    if isinstance(error, exceptions.APIException):
        headers = {}
        wait = getattr(error, "wait", None)
        if wait is not None:
            headers["Retry-After"] = str(int(wait) + 1)
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
        return problem_response(error.status_code, str(error.detail), instance, headers=headers)
    return None


def problem_page(request: HttpRequest, status: int, detail: str) -> JsonResponse:
    """Django's own error pages, for addresses under the API."""
    return problem_response(status, detail, request.get_full_path())


# --- Tables --------------------------------------------------------------------------------------------------


def flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """A nested object as one row: names joined by an underscore, lists by a space."""
    row: dict[str, Any] = {}
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            row |= flat(inner, f"{prefix}{name}_")
        elif isinstance(inner, list | tuple):
            row[prefix + name] = " ".join(_word(i) for i in inner)
        else:
            row[prefix + name] = inner
    return row


def _word(item: Any) -> str:
    if isinstance(item, Mapping):
        return str(next(iter(item.values()), ""))
    return str(item)


def header_of(context: Any) -> list[str]:
    """The names of the columns of a list that has no rows, from the shapes of its view."""
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
        # The file carries the moment of its making, so it is told apart by what is in it.
        digest = hashlib.md5(repr(lines).encode(), usedforsecurity=False).hexdigest()
        renderer_context["response"]["ETag"] = quote_etag(digest)
        return file.getvalue()


def _cell(value: Any) -> Any:
    """A value that a sheet can hold; control characters cannot be said in XML."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))
