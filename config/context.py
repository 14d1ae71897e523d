"""What every page needs to know of the site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    return {"site_url": settings.SITE_URL.rstrip("/"), "contact_email": settings.CONTACT_EMAIL, "debug": settings.DEBUG}
