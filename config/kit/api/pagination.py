"""Pages of a list: numbered ones, and cursors for lists that grow without end."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

WHOLE = frozenset({"csv", "xlsx", "jsonl"})
"""The formats in which a list is for download."""
PAGING = frozenset({"page", "page_size", "cursor"})


def wants_everything(request: Request) -> bool:
    """A table for download is the whole list, unless a page of it is asked for."""
    accepted = getattr(request, "accepted_renderer", None)
    return getattr(accepted, "format", "json") in WHOLE and not PAGING & request.query_params.keys()


def page_size(request: Request, default: int, largest: int) -> int:
    """`?page_size=` as a number. Raises ValidationError that names it."""
    given = request.query_params.get("page_size")
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= largest):
        raise exceptions.ValidationError(
            {"page_size": [_("Give a whole number from 1 to %d.") % largest]}, "out_of_range"
        )
    return int(given)


def _may_be_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The first page has none before it and the last none after it; said as JSON Schema of OpenAPI 3.1 says it."""
    for name in ("next", "previous"):
        address = schema["properties"][name]
        address.pop("nullable", None)
        address.pop("example", None)  # the library's own is no address of this API
        address["type"] = ["string", "null"]
    schema["required"] = list(schema["properties"])
    return schema


class Pages(PageNumberPagination):
    """`?page=` and `?page_size=`, with the neighbours repeated in `Link`."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"

    def get_page_size(self, request: Request) -> int:
        return page_size(request, self.page_size, self.max_page_size)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        if wants_everything(request):
            return None
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound as error:
            raise exceptions.ValidationError({"page": [_("There is no such page.")]}, "no_such_page") from error

    def get_paginated_response(self, data: Any) -> Response:
        return linked(super().get_paginated_response(data))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return _may_be_null(super().get_paginated_response_schema(schema))


class Cursors(CursorPagination):
    """`?cursor=` for a list that grows without end: no count, and no row is skipped while it grows."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-pk"
    # Many rows may share a moment: a list that stopped counting among them would repeat a page for ever.
    offset_cutoff = 1_000_000

    def get_page_size(self, request: Request) -> int:
        return page_size(request, self.page_size, self.max_page_size)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        if wants_everything(request):
            return None
        try:
            return super().paginate_queryset(queryset, request, view)
        except (exceptions.NotFound, ValueError, OverflowError, ValidationError) as error:
            raise exceptions.ValidationError(
                {"cursor": [_("This cursor is not one that this list gave.")]}, "unknown_cursor"
            ) from error

    def get_paginated_response(self, data: Any) -> Response:
        return linked(super().get_paginated_response(data))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return _may_be_null(super().get_paginated_response_schema(schema))


def linked(response: Response) -> Response:
    """Repeat `next` and `previous` of the body in the `Link` header (RFC 8288)."""
    links = [
        f'<{response.data[k]}>; rel="{rel}"' for k, rel in (("next", "next"), ("previous", "prev")) if response.data[k]
    ]
    if links:
        response["Link"] = ", ".join(links)
    return response
