"""The site's own pages as the search finds them: by their words in every language."""

import re
from html import unescape
from urllib.parse import urlsplit

import nh3
from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import override

from config.kit.formats.languages import ENGLISH
from config.kit.models.generations import answering
from news.finding.documents import NUMBER
from news.models import SearchDocument
from treaties.models import Treaty
from treaties.models.treaties import MAIN_TREATY

PAGES = ("explainer", "lesson", "questions", "glossary", "press", "data", "about", "accessibility", "privacy")
"""The names of their addresses."""
_ENDS = re.compile(r"(</(?:p|li|h\d|t[dhr]|d[td]|div|section|summary|option|button|label)>|<br>)")
_NOT_READ = {"script", "style", "nav", "form", "svg", "h1", "pre", "aside"}
_COUNT = re.compile(r"(?<![-.\dA-Za-z])\d{1,3}(?!\d|[-.]\d)")
"""A number that is no year and no part of a date or a code. Arabic and Chinese write words at it without a space."""


def documents_of_pages() -> list[SearchDocument]:
    """The unsaved documents of the pages; none before the record is loaded, of which they tell."""
    if not Treaty.objects.filter(slug=MAIN_TREATY).exists():
        return []
    # Among what is being written, and may be rolled back: nothing of it is remembered.
    with answering(None):
        return [_document(name) for name in PAGES]


def _document(name: str) -> SearchDocument:
    titles, bodies = {}, {}
    for language, _its_name in settings.LANGUAGES:
        with override(language):
            titles[language], bodies[language] = _words_of(name)
    return SearchDocument(
        kind=SearchDocument.Kind.PAGE,
        key=name,
        title=titles.pop(ENGLISH),
        body=bodies.pop(ENGLISH),
        titles=titles,
        bodies=bodies,
        url=reverse(name),
    )


def _words_of(name: str) -> tuple[str, str]:
    """The title and the words of a page in the language that is spoken. Numbers that may be others tomorrow are left out."""
    html = _html_of(name)
    main = html[html.index("<main") : html.index("</main>")]
    title = re.search(r"<h1[^>]*>(.*?)</h1>", main, re.DOTALL)
    return _plain(title[1] if title else ""), _COUNT.sub(NUMBER, _plain(main))


def _plain(html: str) -> str:
    text = nh3.clean(_ENDS.sub(r"\1 ", html), tags=set(), clean_content_tags=_NOT_READ)
    return " ".join(unescape(text).split())


def _html_of(name: str) -> str:
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = reverse(name)
    request.META = {"SERVER_NAME": urlsplit(settings.SITE_URL).hostname or "localhost", "SERVER_PORT": "443"}
    view, args, values = resolve(request.path)
    html: str = view(request, *args, **values).content.decode()
    return html
