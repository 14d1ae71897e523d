"""The parity board: in which languages each text is, which are behind, since when; on its page and by the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.models import Pillar
from config.kit.models import Translation
from config.kit.models.parity import TextState, board, board_kinds, lines_that, tallies
from config.kit.models.translations import LANGUAGES, translated_kinds
from config.pages.languages import FIELDS, KINDS, words_of_the_site
from news.models import Correction
from tests.config.kit.test_translations import translate
from tests.factories import CampaignActionFactory, StatementFactory
from tests.reading import html_of, text_of

pytestmark = pytest.mark.django_db
API = "/api/v1/translations/"


def public(**values):
    return StatementFactory(workflow="published", publish_at=timezone.now() - timedelta(days=2), **values)


def line(field, language="fr", **of):
    kind, row = next(iter(of.items()))
    (found,) = (
        each
        for each in lines_that(kinds=[kind], languages=[language])
        if (each.key, each.field) == (str(row.pk), field)
    )
    return found


class TestTheBoard:
    def test_has_every_text_that_is_public_in_every_language(self, untranslated):
        titles = [each for each in board() if (each.kind, each.field) == ("pillar", "title")]
        assert len(titles) == Pillar.objects.count() * len(LANGUAGES)
        assert {each.state for each in titles} == {TextState.MISSING}

    def test_knows_what_is_current_since_when(self, pillar):
        made = translate(pillar, title="Ne pas reculer")
        found = line("title", pillar=pillar)
        assert (found.state, found.translated_at) == (TextState.CURRENT, made.changed_at)

    def test_knows_what_is_behind_by_how_many_changes_and_since_when(self, pillar):
        translate(pillar, title="Ne pas reculer")
        for title in ("One", "Two"):
            pillar.title = title
            pillar.save()
        found = line("title", pillar=pillar)
        assert (found.state, found.changes_behind) == (TextState.BEHIND, 2)
        assert found.since == pillar.history.order_by("history_date")[1].history_date

    def test_has_official_titles_as_current(self, convention):
        assert line("short_title", "ar", treaty=convention).state == TextState.CURRENT

    def test_says_nothing_of_what_is_held_back(self, pillar):
        held = CampaignActionFactory(pillar=pillar, is_held=True)
        translate(held, title="Pas encore")
        assert str(held.pk) not in {each.key for each in lines_that(kinds=["campaign_action"])}

    def test_counts_each_kind_and_all(self, pillar):
        before = {tally.language: tally for tally in tallies()["pillar"]}
        translate(pillar, title="Ne pas reculer", summary="Tous.")
        pillar.title = "Forward"
        pillar.save()
        after = {tally.language: tally for tally in tallies()["pillar"]}
        assert before["fr"].missing == before["fr"].texts == after["fr"].texts
        assert (after["fr"].current, after["fr"].behind, after["fr"].missing) == (1, 1, after["fr"].texts - 2)
        assert after["ar"].missing == after["ar"].texts
        assert sum(tally[0].texts for kind, tally in tallies().items() if kind) == tallies()[""][0].texts

    def test_has_a_name_for_every_kind_and_every_text(self):
        assert set(board_kinds()) == set(KINDS)
        assert {field.name for kind in translated_kinds().values() for field in kind.fields} | {"body"} == set(FIELDS)


class TestStatements:
    @pytest.fixture
    def pair(self, db):
        original = public(slug="zq")
        return original, public(slug="zq-fr", language="fr", translation_of=original)

    def correct(self, statement, days=1, **values):
        made = Correction.objects.create(statement=statement, text="Words.", **values)
        Correction.objects.filter(pk=made.pk).update(made_at=timezone.now() - timedelta(days=days))

    def test_are_there_in_the_languages_that_they_are_translated_into(self, pair):
        assert line("body", statement=pair[0]).state == TextState.CURRENT
        assert line("body", "ar", statement=pair[0]).state == TextState.MISSING

    def test_need_no_translation_into_their_own_language(self, db):
        french = public(slug="zq-fr", language="fr")
        languages = {each.language for each in lines_that(kinds=["statement"]) if each.key == str(french.pk)}
        assert languages == {"en", "ar", "zh-hans", "ru", "es"}

    def test_that_are_not_public_are_not_there(self, pair):
        StatementFactory(slug="zq-ar", language="ar", translation_of=pair[0])
        assert line("body", "ar", statement=pair[0]).state == TextState.MISSING

    def test_are_behind_once_the_original_is_corrected(self, pair, client):
        self.correct(pair[0])
        found = line("body", statement=pair[0])
        assert (found.state, found.changes_behind) == (TextState.BEHIND, 1)
        page = text_of(client.get("/fr/news/zq-fr/"))
        assert "L’original a été corrigé 1 fois depuis cette traduction." in page
        assert "corrigé" not in text_of(client.get("/fr/news/zq/")).split("Partager")[0]

    @pytest.mark.parametrize("how", ["small", "before", "translation too"])
    def test_are_not_behind_where_nothing_that_they_say_has_changed_since(self, pair, how):
        self.correct(pair[0], days=5 if how == "before" else 1, is_small=how == "small")
        if how == "translation too":
            self.correct(pair[1], days=0)
        assert line("body", statement=pair[0]).state == TextState.CURRENT


class TestThePage:
    def test_counts_the_words_of_the_site(self, client):
        assert set(words_of_the_site()) == {language for language, _name in LANGUAGES}
        n = max(words_of_the_site().values())
        assert n > 1000
        assert f"{n} of {n} texts" in text_of(client.get("/languages/"))

    def test_shows_what_is_behind_in_words(self, client, pillar):
        translate(pillar, title="Ne pas reculer")
        pillar.title = "Forward"
        pillar.save()
        page = text_of(client.get("/languages/?kind=pillar&state=behind"))
        assert "Behind its original 1 change Since:" in page
        assert page.count("Pillars ·") == 1

    def test_leads_to_the_thing_in_the_language_of_the_page(self, client, pillar):
        html = html_of(client.get("/ar/languages/?kind=pillar"))
        assert 'href="/ar/campaigns/humanitarian-disarmament/"' in html

    @pytest.mark.parametrize("query", ["?kind=zq", "?language=xx", "?state=zq", "?zq=1"])
    def test_says_what_it_cannot_read(self, client, query):
        assert client.get(f"/languages/{query}").status_code == 400

    def test_of_more_than_a_page_has_others(self, client, campaign):
        assert 'rel="next"' in html_of(client.get("/languages/"))
        assert 'rel="prev"' in html_of(client.get("/languages/?page=2"))


class TestTheAPI:
    def test_tells_where_each_text_stands(self, client, pillar):
        made = translate(pillar, title="Ne pas reculer")
        answer = client.get(API, {"kind": "pillar", "language": "fr"}).json()
        assert answer["results"][0] == {
            "kind": "pillar",
            "key": str(pillar.pk),
            "name": pillar.title,
            "url": "http://testserver/campaigns/humanitarian-disarmament/",
            "field": "title",
            "language": "fr",
            "state": "current",
            "text": "Ne pas reculer",
            "changes_behind": 0,
            "behind_since": None,
            "translated_at": made.changed_at.isoformat().replace("+00:00", "Z"),
        }

    def test_gives_official_titles_and_nothing_for_what_is_missing_or_a_statement(self, client, untranslated):
        def texts(**query):
            return {row["text"] for row in client.get(API, query | {"page_size": 500}).json()["results"]}

        assert "Convention sur l’interdiction des mines antipersonnel" in texts(
            kind="treaty", language="fr", state="current"
        )
        assert texts(kind="pillar") == {None}
        assert texts(kind="statement") == {None}

    def test_counts_as_the_page_does(self, client, pillar):
        translate(pillar, title="Ne pas reculer")
        for state in TextState.values:
            counted = client.get(API, {"language": "fr", "state": state}).json()["count"]
            (tally,) = (each for each in tallies()[""] if each.language == "fr")
            assert counted == getattr(tally, state)

    def test_takes_several_kinds_and_pages(self, client, campaign):
        answer = client.get(f"{API}?kind=pillar&kind=campaign&page_size=7&page=2").json()
        assert len(answer["results"]) == 7
        assert answer["count"] == len(lines_that(kinds=["pillar", "campaign"]))

    @pytest.mark.parametrize(
        ("query", "name"),
        [("kind=zq", "kind"), ("language=xx", "language"), ("state=zq", "state"), ("zq=1", "zq"), ("page=999", "page")],
    )
    def test_names_what_it_cannot_read(self, client, query, name):
        answer = client.get(f"{API}?{query}")
        assert answer.status_code == 400
        assert name in answer.json()["errors"]

    def test_gives_languages_as_tags(self, client, campaign):
        answer = client.get(API, {"kind": "campaign", "language": "zh-hans"}).json()
        assert {row["language"] for row in answer["results"]} == {"zh-Hans"}

    def test_is_empty_where_nothing_is(self, client, db):
        Translation.objects.all().delete()
        assert client.get(API, {"kind": "pillar", "state": "behind"}).json()["results"] == []
