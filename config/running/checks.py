"""Checks of the deployment that Django does not make itself."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from config.running import catalogues


@register(Tags.translation)
def catalogues_are_compiled(**kwargs: Any) -> list[CheckMessage]:
    """Without its compiled catalogue a language would be shown in English, and nobody told."""
    lacking = [
        language for language in catalogues.languages() if not catalogues.file_of(language).with_suffix(".mo").exists()
    ]
    return [
        Error(
            f"The catalogue of {language} is not compiled.",
            hint="Run pybabel compile -D django -d config/pages/locale, or install with make.",
            id="config.E001",
        )
        for language in lacking
    ]


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


@register(Tags.security, deploy=True)
def webhooks_go_to_the_internet(**kwargs: Any) -> list[CheckMessage]:
    """Editors choose where webhooks lead: nothing of the site's own network may be reached by them."""
    if not settings.WEBHOOKS_MAY_BE_PRIVATE:
        return []
    return [
        Warning(
            "Webhooks may lead to machines of the site's own network.",
            hint="Unset WEBHOOKS_MAY_BE_PRIVATE.",
            id="config.W002",
        )
    ]
