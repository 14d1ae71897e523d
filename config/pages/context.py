"""What every page needs to know of the site."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from config.kit.formats.languages import ENGLISH, language_tag_of, versions_of, without_language
from config.kit.parameters import unknown_names
from treaties.models.treaties import MAIN_TREATY

PAGES_KNOW = frozenset({"page", "state", "receipt", "next"})
"""What pages without filters read of their address."""


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "site_url": settings.SITE_URL.rstrip("/"),
        "contact_email": settings.CONTACT_EMAIL,
        "main_treaty_slug": MAIN_TREATY,
        "language_tag": language_tag_of(get_language() or ENGLISH),
        "page_versions": versions_of(request.get_full_path()),
        "english_path": without_language(request.path),
        # Evaluated while the page is made: a page that reads its query tells this itself.
        "unknown_names": [] if hasattr(request, "knows_its_query") else unknown_names(request.GET, PAGES_KNOW),
    }
