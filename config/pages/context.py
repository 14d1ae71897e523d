"""What every page needs to know of the site."""

from django.conf import settings
from django.http import HttpRequest

from treaties.models.treaties import MAIN_TREATY


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "site_url": settings.SITE_URL.rstrip("/"),
        "contact_email": settings.CONTACT_EMAIL,
        "main_treaty_slug": MAIN_TREATY,
    }
