"""What the search field suggests, and what a search finds besides texts."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from news.finding.suggestions import MOST, PAGES, TREATIES_ALSO, best_bets, similar_names, suggestions
from tests.factories import StatementFactory
from tests.reading import html_of, text_of
from treaties.models import State, Treaty
from treaties.status.names import names_in_other_languages

pytestmark = pytest.mark.django_db


def labels(words):
    return [found.label for found in suggestions(words)]


class TestSuggestions:
    @pytest.mark.parametrize(
        ("words", "label"),
        [
            ("pol", "Poland"),
            ("POL", "Poland"),
            ("UK", "United Kingdom of Great Britain and Northern Ireland"),
            ("turkey", "Türkiye"),
            ("Burma", "Myanmar"),
            ("Suisse", "Switzerland"),
            ("فنلندا", "Finland"),
            ("芬兰", "Finland"),
            ("Польша", "Poland"),
            ("Alemania", "Germany"),
            ("cote d'iv", "Côte d’Ivoire"),
            ("ottawa", "Mine Ban Convention"),
            ("TPNW", "Treaty on the Prohibition of Nuclear Weapons"),
            ("embed", "The counter and the map for your site"),
            ("newsletter", "Alerts by mail"),
            ("cite", "How to cite"),
        ],
    )
    def test_begin_with_what_the_words_mean(self, words, label):
        assert labels(words)[0].replace("'", "’") == label

    def test_put_a_whole_name_before_the_beginning_of_one(self):
        assert labels("niger") == ["Niger", "Nigeria"]

    def test_put_states_before_treaties_before_pages_where_they_fit_alike(self):
        kinds = [found.kind for found in suggestions("con", most=300)]
        assert kinds[0] == "state"
        assert kinds.index("treaty") < kinds.index("page")

    def test_say_which_other_name_was_meant(self):
        (found,) = best_bets("swaziland", ["state"])
        assert (found.label, found.hint) == ("Eswatini", "Swaziland")

    def test_are_few(self):
        assert len(suggestions("s")) == MOST

    def test_have_public_statements_and_no_others(self):
        StatementFactory(title="zqharbour opens", workflow="published", publish_at=timezone.now())
        StatementFactory(title="zqharbour shuts", workflow="draft")
        assert labels("zqharbour") == ["zqharbour opens"]

    @pytest.mark.parametrize("words", ["", " ", "!?", "zqnothing"])
    def test_are_none_where_nothing_is_meant(self, words):
        assert suggestions(words) == []

    def test_lead_somewhere(self, client):
        for _title, address, arguments, _anchor, _also in PAGES:
            assert client.get(reverse(address, args=arguments)).status_code in (200, 302), address

    def test_know_other_names_of_treaties_that_there_are(self):
        assert set(TREATIES_ALSO) <= set(Treaty.objects.values_list("slug", flat=True))

    def test_know_every_state_in_five_other_languages(self):
        names = names_in_other_languages()
        assert names.keys() == set(State.objects.values_list("pk", flat=True))
        assert all(len(each) == 5 and all(each) for each in names.values())


class TestTheAddress:
    def test_gives_flag_and_status_of_a_state(self, client):
        found = json.loads(client.get("/search/suggest/?q=fin").content)["results"][0]
        assert found["label"] == "Finland"
        assert found["url"] == "/states/fin/"
        assert found["status"] == "withdrawn"
        assert found["flag"].endswith("fin.svg") or "fin." in found["flag"]

    def test_refuses_words_that_are_too_long_and_names_the_field(self, client):
        answer = client.get("/search/suggest/?q=" + "x" * 300)
        assert answer.status_code == 400
        assert "q" in answer.json()["errors"]

    def test_there_is_a_flag_for_every_state(self):
        flags = {path.stem.upper() for path in Path(settings.BASE_DIR / "config/static/flags").glob("*.svg")}
        assert flags == set(State.objects.values_list("pk", flat=True))


class TestThePage:
    def test_shows_the_page_of_the_site_that_is_meant(self, client):
        assert '<a href="/data/#embeds">' in html_of(client.get("/search/?q=embed"))

    def test_shows_a_state_with_its_status_instead_of_its_name_once_more(self, client):
        words = text_of(client.get("/search/?q=turkey"))
        assert "Türkiye Party under the Mine Ban Convention today" in words

    def test_finds_a_state_by_its_name_in_another_language(self, client):
        assert "Switzerland" in text_of(client.get("/search/?q=Suisse"))

    def test_proposes_what_looks_alike_where_nothing_is_found(self, client):
        words = text_of(client.get("/search/?q=fnland"))
        assert "Did you mean: Finland" in words
        assert [found.label for found in similar_names("kambodia")] == ["Cambodia"]
