"""Addresses of things in answers of the API."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
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

    def get_url(self, obj: Any, view_name: str, request: Any, format: str | None) -> str | None:
        if obj.pk is None:
            return None
        return absolute(request, reverse(view_name, kwargs={self.lookup_url_kwarg: getattr(obj, self.lookup_field)}))
