"""Whole lists for download. A short one is one answer like any other; a long one is sent while it is read from the database.

So neither memory nor the wait for the first line grows with the list.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, mixins, viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.kit.api.pagination import wants_everything
from config.kit.api.tables import JSONLinesRenderer, columns_for, disposition
from config.kit.models.generations import answering, standing_of_answer

Item = TypeVar("Item")
Entries = list[Mapping[str, Any]]
AT_ONCE = 2000
"""Rows of a list that is one answer, which caches keep; a longer one is sent in parts."""
A_PART = 200


def in_parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of a size; the last may be shorter."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def json_parts(value: Any) -> Iterator[str]:
    """JSON piece by piece: the iterators in a value are lists whose entries are read while they are written."""
    if isinstance(value, Mapping):
        opening = "{"
        for name, inner in value.items():
            yield f"{opening}{json.dumps(name)}: "
            yield from json_parts(inner)
            opening = ", "
        yield "{}" if opening == "{" else "}"
    elif isinstance(value, Iterator):
        opening = "["
        for part in in_parts(value, A_PART):
            yield opening + ", ".join(_json(entry) for entry in part)
            opening = ", "
        yield "[]" if opening == "[" else "]"
    elif isinstance(value, list) and any(
        isinstance(v, Iterator) for e in value if isinstance(e, Mapping) for v in e.values()
    ):
        opening = "["
        for entry in value:
            yield opening
            yield from json_parts(entry)
            opening = ", "
        yield "]"
    else:
        yield _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def exported(request: Request, view: Any, entries: Iterator[Entries], *, is_long: bool) -> HttpResponseBase:
    """The answer with all entries, in the form asked for; sent in parts where there are many."""
    if not is_long:
        return Response(list(chain.from_iterable(entries)))
    renderer: Any = request.accepted_renderer
    # What cannot be read is found before the answer begins.
    first = next(entries, [])
    parts = chain([first], entries)
    headers = {}
    if isinstance(renderer, JSONLinesRenderer):
        body = renderer.parts(parts)
    else:
        body = renderer.parts(columns_for(view), parts)
        headers = {"Content-Disposition": disposition(view, renderer.format)}
    charset = f"; charset={renderer.charset}" if renderer.charset else ""
    return StreamingHttpResponse(body, content_type=f"{renderer.media_type}{charset}", headers=headers)


FIELDS = "fields"


def of_fields(serializer: Any, given: str) -> Any:
    """The serializer with the fields of `?fields=` alone. Raises ValidationError that names what there is."""
    wanted = [name.strip() for name in given.split(",")]
    known = list(serializer().fields)
    if unknown := [name for name in wanted if name not in known]:
        values = {"names": ", ".join(unknown), "known": ", ".join(known)}
        raise exceptions.ValidationError({FIELDS: [_("Unknown: %(names)s. Available: %(known)s.") % values]}, "unknown")

    class OfFields(serializer):
        def get_fields(self) -> dict[str, Any]:
            return {name: field for name, field in super().get_fields().items() if name in wanted}

    return OfFields


class ListOnlyViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Rows to read, page by page or all of them as a table; without an address for each."""

    reading_parameters = frozenset({FIELDS})
    """Parameters of the list and of one row, beside its filters."""

    def get_renderers(self) -> list[Any]:
        """Tables are for reading; what was written is answered in JSON alone."""
        method = str(self.request.method)
        is_writing = self.action and method.lower() in self.http_method_names and method not in SAFE_METHODS
        return [JSONRenderer()] if is_writing else super().get_renderers()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if FIELDS in request.query_params and self.action in ("list", "retrieve"):
            self.serializer_class = of_fields(self.serializer_class, request.query_params[FIELDS])

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if not wants_everything(request):
            return super().list(request, *args, **kwargs)
        rows = self.filter_queryset(self.get_queryset())
        is_long = len(rows.values_list("pk")[: AT_ONCE + 1]) > AT_ONCE
        return exported(request, self, self._entries(rows), is_long=is_long)

    def _entries(self, rows: QuerySet) -> Iterator[Entries]:
        # A stream is read after the answer has begun, but by what stood when it was asked for.
        standing = standing_of_answer()
        for part in in_parts(rows.iterator(chunk_size=A_PART), A_PART):
            with answering(standing):
                entries = self.get_serializer(part, many=True).data
            yield entries


class ListViewSet(mixins.RetrieveModelMixin, ListOnlyViewSet):
    """Rows to read, page by page, all of them as a table, or each at its own address."""
