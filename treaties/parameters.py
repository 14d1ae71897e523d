"""What a request may ask, and how: names that are known, values that can be read, pages of a list.

Shared by pages and API of all apps. What cannot be read is refused by name, never passed over.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

EVERYWHERE = frozenset({"format", "lang"})
"""Parameters that every endpoint of the API knows."""
PAGING = frozenset({"page", "page_size", "cursor"})


class ISODateField(forms.DateField):
    """A date as YYYY-MM-DD and nothing else, within years that leave room for reckoning."""

    YEARS = range(1000, 3000)

    widget = forms.DateInput(attrs={"type": "date"})
    default_error_messages = {
        "invalid": _("Give a date of the calendar as YYYY-MM-DD, for example 2025-06-16."),
        "out_of_range": _("Give a year from 1000 to 2999."),
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        text = str(value).strip()
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            try:
                day = date.fromisoformat(text)
            except ValueError as error:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from error
            if day.year not in self.YEARS:
                raise ValidationError(self.error_messages["out_of_range"], code="out_of_range")
            return day
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class ISOMomentField(forms.Field):
    """A moment in ISO 8601; UTC where it names no offset."""

    default_error_messages = {"invalid": _("Give a moment as 2025-06-16T12:00:00Z.")}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = parse_datetime(str(value).strip())
            if moment is None:
                raise ValueError("not a moment")
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class KeysField(forms.MultipleChoiceField):
    """One or several things by their key, whatever the case of its letters; an unknown key is refused by name."""

    def __init__(self, queryset: QuerySet | Callable[[], QuerySet], key: str, **kwargs: Any) -> None:
        """Args: queryset: the things, or a function that gives them where they depend on the moment."""
        super().__init__(**kwargs)
        self.queryset = queryset
        self.key = key

    def things(self) -> QuerySet:
        return self.queryset() if callable(self.queryset) else self.queryset.all()

    def clean(self, value: Any) -> list[Model]:
        asked = {str(v).casefold(): str(v) for v in value or []}
        if not asked:
            return []
        if any("\x00" in v for v in asked):
            raise ValidationError(_("Null characters are not allowed."), code="invalid")
        found = {str(getattr(o, self.key)).casefold(): o for o in self.things()}
        unknown = [given for folded, given in asked.items() if folded not in found]
        if unknown:
            raise ValidationError(_("Unknown: %(keys)s.") % {"keys": ", ".join(unknown)}, code="invalid_choice")
        return [found[folded] for folded in asked]


class KeysFilter(django_filters.Filter):
    """Rows that have one of the things named by key."""

    field_class = KeysField

    def filter(self, qs: QuerySet, value: list[Model]) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__in": value}).distinct() if value else qs


class ISODateFilter(django_filters.Filter):
    field_class = ISODateField


class ISOMomentFilter(django_filters.Filter):
    field_class = ISOMomentField


def check_names(query: QueryDict, known: Collection[str], repeatable: Collection[str] = ()) -> None:
    """Refuse parameters that are unknown, empty, or given twice where one value is meant; each by its name."""
    errors: dict[str, list[Any]] = {}
    for name in query:
        values = query.getlist(name)
        if name not in known:
            errors[name] = [_("Unknown parameter.")]
        elif any(not v.strip() for v in values):
            errors[name] = [_("This parameter has no value.")]
        elif len(values) > 1 and name not in repeatable:
            errors[name] = [_("This parameter can be given once only.")]
        elif any("\x00" in v for v in values):
            errors[name] = [_("Null characters are not allowed.")]
    if "lang" in query and "lang" not in errors and str(query["lang"]).casefold() not in ("en", "en-gb"):
        errors["lang"] = [_("Available: en.")]
    if errors:
        raise exceptions.ValidationError(errors)


def repeatable_names(fields: Iterable[tuple[str, forms.Field]]) -> set[str]:
    """The names whose fields take several values."""
    return {name for name, field in fields if isinstance(field, forms.MultipleChoiceField)}


def read(form_class: type[forms.Form], query: QueryDict, also: Collection[str] = ()) -> dict[str, Any]:
    """The values of an endpoint's own parameters, typed. Raises DRF's ValidationError that names each bad one."""
    form = form_class(query)
    check_names(query, {*form.fields, *EVERYWHERE, *also}, repeatable_names(form.fields.items()))
    if not form.is_valid():
        raise exceptions.ValidationError({name: [str(m) for m in messages] for name, messages in form.errors.items()})
    return form.cleaned_data


# --- Pages of a list -----------------------------------------------------------------------------------------


def _wants_everything(request: Request) -> bool:
    """A table for download is the whole list, unless a page of it is asked for."""
    accepted = getattr(request, "accepted_renderer", None)
    return getattr(accepted, "format", "json") in ("csv", "xlsx") and not PAGING & request.query_params.keys()


def page_size(request: Request, default: int, largest: int) -> int:
    """`?page_size=` as a number. Raises ValidationError that names it."""
    given = request.query_params.get("page_size")
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= largest):
        raise exceptions.ValidationError({"page_size": [_("Give a whole number from 1 to %d.") % largest]})
    return int(given)


def _may_be_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The first page has none before it and the last none after it; said as JSON Schema of OpenAPI 3.1 says it."""
    for name in ("next", "previous"):
        address = schema["properties"][name]
        address.pop("nullable", None)
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
        if _wants_everything(request):
            return None
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound as error:
            raise exceptions.ValidationError({"page": [_("There is no such page.")]}) from error

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

    def get_page_size(self, request: Request) -> int:
        return page_size(request, self.page_size, self.max_page_size)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        if _wants_everything(request):
            return None
        try:
            return super().paginate_queryset(queryset, request, view)
        except (exceptions.NotFound, ValueError, OverflowError, ValidationError) as error:
            raise exceptions.ValidationError({"cursor": [_("This cursor is not one that this list gave.")]}) from error

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
