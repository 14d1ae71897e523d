"""Checks of the deployment that Django does not make itself."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def public_address(**kwargs: Any) -> list[CheckMessage]:
    """Feeds, the sitemap and mails carry absolute addresses: they must be those of the public, encrypted site."""
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        Warning(
            "SITE_URL does not begin with https://.",
            hint="Set SITE_URL to the public address.",
            id="config.W001",
        )
    ]
