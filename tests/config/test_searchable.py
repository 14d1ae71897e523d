"""The site's own pages are found by their words, in every language, and tell no number that may be another one tomorrow."""

import pytest
from django.urls import reverse

from config.kit.formats.languages import in_language
from config.pages import searchable
from news.finding.search import search
from news.models import SearchDocument
from tests.reading import html_of
from treaties.models import Treaty

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    def find(name):
        return SearchDocument.objects.get(kind="page", key=name)

    return find


@pytest.mark.parametrize("name", searchable.PAGES)
def test_each_page_is_there_in_all_languages_under_its_own_title(client, document, name):
    found = document(name)
    assert found.titles.keys() == found.bodies.keys() == {"ar", "zh-hans", "fr", "ru", "es"}
    assert len(found.body) > 500
    for language, title in {"en": found.title, **found.titles}.items():
        html = html_of(client.get(in_language(reverse(name), language)))
        assert title in html[html.index("<h1") : html.index("</h1>")], language


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("acceptance ratification same effect", "glossary"),
        ("screen reader contrast", "accessibility"),
        ("lecteur d’écran contraste", "accessibility"),
        ("soldado campesino nino", "explainer"),
        ("地雷 士兵", "explainer"),
    ],
)
def test_a_page_is_found_by_what_stands_on_it(words, name):
    assert name in [found.key for found in search(words, ["page"])]


def test_a_number_that_the_ledger_gives_is_not_kept(document):
    for text in (document("questions").body, *document("questions").bodies.values()):
        assert "…" in text
        assert not [number for number in ("133", "165", "162", "163", "161") if number in text]


def test_words_of_navigation_and_notices_are_not_taken(document):
    assert "cookie" in document("privacy").body
    for text in (document("explainer").body, document("explainer").bodies["fr"]):
        assert "pas encore traduits" not in text
        assert "Skip to" not in text
        assert "<" not in text


def test_a_page_that_is_found_is_not_offered_a_second_time_above(client):
    html = html_of(client.get("/search/?q=accessibility"))
    assert html.count('href="/accessibility/"') == 2  # the result, and the foot of the page
    assert 'href="/accessibility/" lang="en" dir="ltr"><mark>Accessibility</mark>' in html


def test_there_are_none_before_the_record_is_loaded(monkeypatch):
    monkeypatch.setattr(Treaty.objects, "filter", lambda **_by: Treaty.objects.none())
    assert searchable.documents_of_pages() == []
