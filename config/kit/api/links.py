"""Addresses of things in answers of the API."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from rest_framework import serializers


def absolute(request: HttpRequest, path: str) -> str:
    """A path of this site with its scheme and host. They are worked out once a request, for lists of many addresses."""
    root: str | None = getattr(request, "root_of_addresses", None)
    if root is None:
        root = request.build_absolute_uri("/")[:-1]
        request.root_of_addresses = root  # type: ignore[attr-defined]
    return f"{root}{path}"


class RowAddressField(serializers.HyperlinkedIdentityField):
    """The address of a thing itself, whatever format the answer that names it was asked for in."""

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        if value.pk is None:
            return None
        key = str(getattr(value, self.lookup_field))
        # Addresses of things of one kind differ by their key alone, and to reverse one costs more than the rest of a row.
        kind = (str(self.view_name), get_script_prefix(), get_language() or "")
        if kind not in _AROUND_KEY:
            head, _key, tail = reverse(kind[0], kwargs={str(self.lookup_url_kwarg): key}).rpartition(quote(key))
            _AROUND_KEY[kind] = head, tail
        return absolute(self.context["request"], quote(key).join(_AROUND_KEY[kind]))


_AROUND_KEY: dict[tuple[str, str, str], tuple[str, str]] = {}
"""What stands before and after the key of a thing in its address, by view, prefix of the site and language."""
