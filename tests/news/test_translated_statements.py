"""A statement that is translated is told once to each reader, wherever statements are told of: in the reader's language."""

import json
import re
from datetime import date

import pytest
from django.utils import timezone

from news.finding import search
from news.models import Quotation, Speaker, Statement
from news.newsroom import workflow
from news.roles import PUBLISHER
from tests.factories import SOURCE, EditorFactory, StatementFactory
from tests.reading import html_of, text_of
from treaties.models import Article

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


@pytest.fixture
def pair(state):
    """A public statement about Estonia in English, and its translation into French."""
    values = {
        "workflow": "published",
        "publish_at": timezone.now(),
        "dated_on": DAY,
        "source_url": "https://example.org/zq",
    }
    english = StatementFactory(slug="zq", title="Zq in English", body="The word zqmine.", **values)
    french = StatementFactory(
        slug="zq-fr",
        title="Zq en français",
        body="Le mot zqmine, zqseul.",
        language="fr",
        translation_of=english,
        **values,
    )
    for text in (english, french):
        text.states.add(state("EST"))
    return english, french


EVERYWHERE = [
    "/",
    "/states/est/",
    "/news/",
    "/news/?q=zqmine",
    "/news/feed.atom?q=zqmine",
    "/news/feed.atom",
    "/search/?q=zqmine",
    "/news/sgsm22686/",
]


@pytest.fixture
def related(pair, state):
    """The other statement speaks of the same State."""
    Statement.objects.get(slug="sgsm22686").states.add(state("EST"))


@pytest.mark.parametrize("address", EVERYWHERE)
@pytest.mark.parametrize(
    ("prefix", "there", "not_there"),
    [
        ("", "Zq in English", "Zq en français"),
        ("/fr", "Zq en français", "Zq in English"),
        ("/ru", "Zq in English", "Zq en français"),
    ],
)
def test_is_told_in_the_language_of_the_page_or_as_it_was_written(client, related, address, prefix, there, not_there):
    words = text_of(client.get(f"{prefix}{address}"))
    assert there in words
    assert not_there not in words


@pytest.mark.parametrize("address", ["/fr/", "/fr/states/est/", "/fr/news/"])
def test_a_translation_that_is_withdrawn_gives_way_to_the_original(client, pair, address):
    workflow.withdraw(pair[1], by=EditorFactory(role=PUBLISHER), reason="It was wrong.")
    words = text_of(client.get(address))
    assert "Zq in English" in words
    assert "Zq en français" not in words


class TestTheSearch:
    def test_finds_a_translation_by_words_that_it_alone_has(self, pair):
        assert [found.key for found in search.search("zqseul")] == ["zq-fr"]

    def test_counts_each_statement_once(self, client, pair):
        assert "1 result " in text_of(client.get("/search/?q=zqmine"))


def test_a_state_s_reasons_are_its_own_words_and_stand_once(client, pair, convention, state):
    speaker = Speaker.objects.create(name="Ann Example of Estonia")
    for text in pair:
        text.articles.add(Article.objects.get(treaty=convention, number="20"))
        Quotation.objects.create(statement=text, text=f"Because zqreason {text.language}.")
    Statement.objects.filter(pk__in=[text.pk for text in pair]).update(stance="leaves", speaker=speaker)
    words = text_of(client.get("/fr/states/est/"))
    assert words.count("Because zqreason en.") == 1
    assert "Because zqreason fr." not in words


def test_the_list_finds_a_translation_by_words_that_it_alone_has(client, pair):
    words = text_of(client.get("/news/?q=zqseul"))
    assert " 1 statement" in words
    assert "Zq en français" in words


def test_the_list_gives_every_text_in_a_language_that_is_asked_for(client, pair):
    assert "Zq en français" in text_of(client.get("/news/?q=zqmine&language=fr"))


class TestTheApi:
    @pytest.mark.parametrize(
        ("query", "slugs"),
        [
            ("", ["zq"]),
            ("?lang=fr", ["zq-fr"]),
            ("?lang=ru", ["zq"]),
            ("?language=fr", ["zq-fr"]),
            ("?language=fr&lang=en", ["zq-fr"]),
            ("?search=zqmine", ["zq"]),
            ("?search=zqseul", ["zq-fr"]),
        ],
    )
    def test_gives_each_once_in_the_language_that_is_asked_for(self, client, pair, query, slugs):
        listed = client.get(f"/api/v1/statements/{query}").json()["results"]
        assert [text["slug"] for text in listed if text["slug"].startswith("zq")] == slugs

    def test_gives_each_text_at_its_own_address(self, client, pair):
        for text in pair:
            assert client.get(f"/api/v1/statements/{text.slug}/").json()["title"] == text.title


class TestQuotations:
    @pytest.fixture
    def page(self, client, pair):
        english, french = pair
        Quotation.objects.create(statement=english, text="Words as they were said.", source_url=SOURCE)
        Quotation.objects.create(statement=french, text="Words as they were said.", source_url=SOURCE)
        Quotation.objects.create(statement=french, text="Des mots traduits.", source_url=SOURCE, position=1)
        return html_of(client.get("/ar/news/zq-fr/"))

    def test_are_in_the_language_in_which_they_were_said(self, page):
        assert 'lang="en" dir="ltr"><p>Words as they were said.' in page
        assert 'lang="fr" dir="ltr"><p>Des mots traduits.' in page

    def test_say_so_to_machines(self, page):
        linked = json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page)[1])
        found = linked if isinstance(linked, dict) else linked[0]
        assert [(q["text"][:5], q["inLanguage"]) for q in found["citation"]] == [("Words", "en"), ("Des m", "fr")]
