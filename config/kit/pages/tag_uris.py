"""Identifiers of feeds and their entries that do not depend on addresses (RFC 4151)."""

from urllib.parse import urlsplit

from django.conf import settings


def tag_uri(what: str) -> str:
    """The identifier of a thing on this site."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2025:{what}"
