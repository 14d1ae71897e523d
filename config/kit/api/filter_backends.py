"""Filters, ordering, search and formats that refuse what they do not know, by name."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, filters
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from config.kit.api.pagination import Cursors
from config.kit.parameters import EVERYWHERE, check_names, repeatable_names


class StrictFilters(DjangoFilterBackend):
    """Filters of a view, with every parameter known by name and no value empty."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        if getattr(view, "detail", False):
            own = getattr(view, "detail_parameters", frozenset()) | getattr(view, "reading_parameters", frozenset())
            check_names(request.query_params, EVERYWHERE | own)
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
        names |= getattr(view, "reading_parameters", frozenset())
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
                {"ordering": [message % {"names": ", ".join(unknown), "known": ", ".join(known)}]}, "invalid_choice"
            )
        ordering = super().get_ordering(request, queryset, view)
        # Rows that are alike in what was asked for need an order of their own, or pages repeat one and leave out another.
        return [*ordering, "pk"] if given and ordering else ordering

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        """The rows in the order asked for. What has no value comes last, whichever the database and the direction."""
        ordering = self.get_ordering(request, queryset, view)
        return queryset.order_by(*(_with_empty_last(queryset, name) for name in ordering)) if ordering else queryset


def _with_empty_last(queryset: QuerySet, name: str) -> Any:
    key = name.lstrip("-")
    fields = {field.name: field for field in queryset.model._meta.concrete_fields}
    if key not in fields or not fields[key].null:
        return name
    return F(key).desc(nulls_last=True) if name.startswith("-") else F(key).asc(nulls_last=True)


class StrictSearch(filters.SearchFilter):
    """`?search=` on lists; not on one thing. A view that knows better how its rows are found has `found_by`."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        if getattr(view, "detail", False):
            return queryset
        terms = self.get_search_terms(request)
        found: QuerySet = queryset
        if terms and hasattr(view, "found_by"):
            for term in terms:
                found = view.found_by(found, term)
            return found
        return super().filter_queryset(request, queryset, view)


class Negotiation(DefaultContentNegotiation):
    """`?format=` names a format that the endpoint has, or is refused by name; tables are for lists.

    It goes before `Accept`: who follows a link to a table gets it, whatever the program asks for. A page is asked for by people
    who follow a link to an answer: they get JSON.
    """

    def get_accept_list(self, request: Request) -> list[str]:
        if request.query_params.get(self.settings.URL_FORMAT_OVERRIDE):
            return ["*/*"]
        accepted: list[str] = super().get_accept_list(request)
        is_reader = any(one.split(";")[0].strip() == "text/html" for one in accepted)
        return [*accepted, "*/*"] if is_reader else accepted

    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:
        available = [r.format for r in renderers]
        found = [r for r in renderers if r.format == format]
        if not found:
            raise exceptions.ValidationError({"format": [_("Available: %s.") % ", ".join(available)]}, "invalid_choice")
        return found
