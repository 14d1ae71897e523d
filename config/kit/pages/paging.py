"""Pages of long lists of wide rows."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class KeysFirst(Paginator):
    """Finds the place of a page by keys alone, and reads only its rows: the last page costs little more than the first.

    Two queries for a page, beside the one that counts. The list is a queryset.
    """

    object_list: QuerySet

    def page(self, number: Any) -> Page:
        valid = self.validate_number(number)
        first = (valid - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(list(self.object_list.filter(pk__in=keys)), valid, self)
