"""Addresses of things in answers of the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.utils.urls import remove_query_param


class RowAddressField(serializers.HyperlinkedIdentityField):
    """The address of a thing itself, whatever format the answer that names it was asked for in."""

    def get_url(self, obj: Any, view_name: str, request: Any, format: str | None) -> str | None:
        address = super().get_url(obj, view_name, request, format)
        return remove_query_param(address, "format") if address else address
