"""What is public is found by its words, in six languages; what is not is not; and no search reads more than a bound."""

import re
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from config.kit.models import Translation
from config.kit.models.translations import kind_of
from news.finding import search
from news.finding.documents import documents_of
from news.models import Quotation, SearchDocument, Speaker
from tests.factories import SOURCE, CampaignActionFactory, CommitmentFactory, StatementFactory
from tests.reading import html_of, text_of
from treaties.models import Declaration, State

pytestmark = pytest.mark.django_db


def titles(words, kinds=()):
    return [d.title for d in search.search(words, kinds)]


def public(**values):
    return StatementFactory(workflow="published", publish_at=timezone.now(), **values)


class TestKeepingTheIndex:
    def test_takes_a_statement_once_when_its_transaction_is_committed(
        self, indexed_on_commit, monkeypatch, django_capture_on_commit_callbacks
    ):
        indexed = []
        monkeypatch.setattr(search, "index", lambda things: indexed.append([t.pk for t in things]))
        with django_capture_on_commit_callbacks(execute=True):
            statement = StatementFactory()
            statement.states.set(State.objects.filter(pk__in=["EST", "FIN"]))
            statement.save()
            Quotation.objects.create(statement=statement, text="Words.", position=1)
            assert indexed == []
        assert indexed == [[statement.pk]]

    def test_keeps_no_number_that_the_ledger_gives(self):
        statement = public(title="Zq", body="There are {{ parties on 2025-06-16 }} parties.")
        kept = SearchDocument.objects.get(statement=statement).body
        assert "165" not in kept
        assert kept.startswith("There are … parties.")

    def test_follows_the_new_name_of_a_state_into_what_names_it(self, state):
        public(title="Zq").states.add(state("TUR"))
        renamed = state("TUR")
        renamed.name = "Zqland"
        renamed.save()
        assert {"Zq", "Zqland"} <= set(titles("Zqland"))

    def test_follows_a_speaker_and_a_role(self):
        speaker = Speaker.objects.create(name="Ann Example")
        public(title="Zq", speaker=speaker, dated_on=date(2025, 6, 16))
        speaker.name = "Zqname"
        speaker.save()
        assert titles("Zqname") == ["Zq"]
        speaker.roles.create(role="Zqrole")
        assert titles("Zqrole") == ["Zq"]

    def test_forgets_a_quotation_that_was_deleted(self):
        statement = public(title="Zq")
        quotation = Quotation.objects.create(statement=statement, text="Zqword.", position=1)
        assert titles("Zqword") == ["Zq"]
        quotation.delete()
        assert titles("Zqword") == []

    def test_of_what_is_rolled_back_takes_nothing(self, committing):
        before = SearchDocument.objects.count()
        with suppress(KeyError), transaction.atomic():
            StatementFactory(title="Zq")
            raise KeyError
        public(title="Zq two")
        assert SearchDocument.objects.count() == before + 1


class TestFinding:
    @pytest.mark.parametrize(
        ("words", "title"),
        [
            ("Estonia", "Estonia"),
            ("EST", "Estonia"),
            ("SG/SM/22686", "Secretary-General announces a campaign for humanitarian disarmament"),
            ("Norway stays", "Norway's foreign minister: we stay"),
        ],
    )
    def test_puts_the_best_first(self, words, title):
        assert any(found.startswith(title) for found in titles(words)[:3])

    @pytest.mark.parametrize(
        ("language", "body", "words"),
        [
            ("en", "The treaties were signed.", "signing treaty"),
            ("fr", "Les États se retirent du traité.", "etats traite"),
            ("fr", "Les États se retirent du traité.", "ÉTATS"),
            ("es", "La campaña continúa.", "campana continua"),
            (
                "ru",
                "Договор о запрещении мин",
                "договор МИН",
            ),
            (
                "ar",
                "الإتفاقية على الألغام",
                "اتفاقيه ألغام",
            ),
            ("zh-hans", "禁止杀伤人员地雷公约", "地雷"),
            ("zh-hans", "禁止杀伤人员地雷公约", "雷"),
            ("zh-hans", "禁止杀伤人员地雷公约", "约"),
            ("en", "Land\u00admines were cleared", "landmines"),
            ("en", "A clus\u200bter of mines", "cluster"),
            ("en", "Landmines were cleared", "land\u2060mines"),
            ("zh-hans", "禁止杀伤人员地雷公约", "人员地雷"),
        ],
    )
    def test_knows_each_languages_spellings(self, language, body, words):
        public(title="Zq", body=body, language=language)
        assert "Zq" in titles(words)

    def test_asks_for_all_the_words(self):
        public(title="Zq one", body="alpha beta")
        public(title="Zq two", body="alpha gamma")
        assert titles("alpha beta") == ["Zq one"]

    def test_reaches_statements_states_actions_and_commitments(self, campaign):
        CommitmentFactory(
            pillar=campaign.pillars.first(), title="Zqx the promise", by_state_id="NOR", by_organization=""
        )
        assert [d.kind for d in search.search("zqx")] == ["commitment"]
        assert {d.kind for d in search.search("Tonga")} == {"state", "statement", "campaign_action", "commitment"}
        assert {d.kind for d in search.search("Tonga", ["state", "commitment"])} == {"state", "commitment"}

    def test_follows_every_change(self, state):
        statement = public(title="Before", body="zqfirst")
        statement.title, statement.body = "After", "zqsecond"
        statement.save()
        Quotation.objects.create(statement=statement, text="zqthird")
        statement.states.add(state("TON"))
        assert titles("zqfirst") == []
        assert titles("zqsecond zqthird Tonga") == ["After"]

    @pytest.mark.parametrize(
        "words", ["", "   ", "*", '"', "OR", "NEAR(", 'a" OR (', "'; DROP", "一", "% _", "title:x", "-", "x" * 200]
    )
    def test_breaks_on_nothing_that_is_typed(self, client, words):
        assert client.get("/search/", {"q": words}).status_code == 200

    @given(st.text(max_size=200).filter(lambda t: "\x00" not in t))
    def test_breaks_on_nothing_at_all(self, words):
        search.search(words)

    def test_refuses_by_name_what_it_cannot_read(self, client):
        assert client.get("/search/?q=x&kind=song").status_code == 400
        assert client.get("/search/?kind=%00").status_code == 400


class TestInOtherLanguages:
    @pytest.fixture
    def call(self, campaign):
        return CampaignActionFactory(pillar=campaign.pillars.first(), title="Zq call", summary="Join the ban.")

    @staticmethod
    def translate(row, language, **texts):
        kind = kind_of(type(row)).kind
        return Translation.objects.create(kind=kind, row=str(row.pk), language=language, texts=texts)

    @pytest.mark.parametrize(
        ("language", "summary", "words"),
        [
            ("ar", "انضموا إلى حظر الألغام.", "الغام"),
            ("zh-hans", "请加入禁雷公约。", "禁雷"),
            ("fr", "Adhérez à l’interdiction.", "adherez"),
            ("ru", "Присоединяйтесь к запрету.", "ЗАПРЕТУ"),
            ("es", "Súmense a la prohibición.", "prohibicion"),
        ],
    )
    def test_a_thing_is_found_by_the_words_of_its_translation(self, call, language, summary, words):
        assert "Zq call" not in titles(words)
        self.translate(call, language, summary=summary)
        assert "Zq call" in titles(words)

    def test_a_thing_is_found_by_words_of_two_languages_and_only_once(self, call):
        self.translate(call, "fr", title="Zq appel", summary="Adhérez zqmot.")
        assert titles("zqmot join") == ["Zq call"]

    def test_a_title_that_is_the_words_comes_first_in_each_language(self, call):
        public(title="Zqmot dans un long titre", body="Zqmot")
        self.translate(call, "fr", title="Zqmot")
        assert titles("zqmot")[0] == "Zq call"

    def test_a_translation_that_is_changed_or_gone_is_found_no_more(self, call):
        translation = self.translate(call, "fr", summary="zqun")
        translation.texts = {"summary": "zqdeux"}
        translation.save()
        assert (titles("zqun"), titles("zqdeux")) == ([], ["Zq call"])
        translation.delete()
        assert titles("zqdeux") == []

    def test_a_hit_is_shown_in_the_language_of_the_page(self, client, call):
        self.translate(call, "fr", title="Zq appel", summary="Adhérez zqmot.")
        html = html_of(client.get("/fr/search/?q=zqmot"))
        assert f'<a href="/fr{call.get_absolute_url()}" lang="fr" dir="ltr">Zq appel</a>' in html
        assert '<p lang="fr" dir="ltr">Adhérez<mark>zqmot</mark>.' in html

    def test_a_hit_that_is_not_translated_says_in_which_language_it_is(self, client, call):
        html = html_of(client.get("/ar/search/?q=zq+call"))
        assert (
            f'<a href="/ar{call.get_absolute_url()}" lang="en" dir="ltr"><mark>Zq</mark><mark>call</mark></a>' in html
        )
        assert '<p lang="en" dir="ltr">Join the ban.' in html

    def test_the_words_are_shown_in_the_language_in_which_they_stand(self, client, call):
        self.translate(call, "ar", title="زق", summary="انضموا")
        html = html_of(client.get("/ar/search/?q=join+ban"))
        assert f'<a href="/ar{call.get_absolute_url()}" lang="ar" dir="rtl">زق</a>' in html
        assert '<p lang="en" dir="ltr"><mark>Join</mark>the<mark>ban</mark>.' in html

    def test_a_statement_stays_in_its_own(self, client):
        statement = public(title="Zq titre", body="Adhérez.", language="fr")
        html = html_of(client.get("/ar/search/?q=zq"))
        assert f'<a href="/ar/news/{statement.slug}/" lang="fr" dir="ltr"><mark>Zq</mark>titre</a>' in html

    def test_states_and_declarations_are_called_as_on_their_pages(self, client):
        assert '<a href="/ru/states/est/" lang="ru" dir="ltr"><mark>Эстония</mark></a>' in html_of(
            client.get("/ru/search/?q=Эстония")
        )
        html = html_of(client.get("/es/search/?q=declaración+interpretativa&kind=declaration"))
        assert 'lang="es" dir="ltr">' in html

    def test_the_words_of_a_declaration_are_in_its_language_and_its_summary_in_all(self, convention, state):
        declaration = Declaration.objects.create(
            treaty=convention,
            state=state("BRA"),
            kind="declaration",
            made_on=date(2025, 1, 1),
            summary="Zqsummary.",
            text="Zqtexto.",
            language="pt",
            source_url=SOURCE,
        )
        document = SearchDocument.objects.get(kind="declaration", key=str(declaration.pk))
        assert "Zqsummary" in document.body
        assert document.bodies["pt"] == "Zqtexto."
        assert [d.key for d in search.search("zqsummary zqtexto")] == [str(declaration.pk)]

    def test_what_is_not_translated_stands_once(self, call):
        document = SearchDocument.objects.get(kind="campaign_action", key=call.slug)
        assert (document.titles, document.bodies) == ({}, {})

    def test_the_texts_that_come_with_the_project_can_be_found(self):
        for document in SearchDocument.objects.filter(kind__in=["campaign_action", "declaration"]):
            assert document.titles.keys() >= {"ar", "fr", "ru", "es", "zh-hans"}, document.title

    def test_translations_are_read_together(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            documents_of(Declaration.objects.select_related("state", "treaty"))


class TestThePage:
    def test_marks_the_words_and_shows_where_they_are(self, client):
        html = client.get("/search/?q=withdrawal+notified").content.decode()
        assert "<mark>" in html
        assert "results" in html

    def test_marks_nothing_that_could_run(self, client):
        public(title="<script>zq</script>", body="zq <img src=x onerror=alert(1)>")
        html = client.get("/search/?q=zq").content.decode()
        assert "<script>zq" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;<mark>zq</mark>" in html

    def test_says_so_where_nothing_is_found(self, client):
        assert "Nothing public has all of these words." in text_of(client.get("/search/?q=zzzzzz"))

    def test_has_pages(self, client):
        assert 'rel="next"' in client.get("/search/?q=convention").content.decode()

    def test_is_reached_from_every_page(self, client):
        for address in ("/", "/states/est/", "/privacy/", "/nothing/"):
            assert 'action="/search/"' in client.get(address).content.decode()

    def test_costs_the_same_however_much_is_found(self, nothing_is_kept, client, django_assert_max_num_queries):
        for n in range(30):
            public(title=f"Zq {n}", body="many")
        with django_assert_max_num_queries(9):
            client.get("/search/?q=zq")


class TestMarking:
    def test_cuts_no_word_in_two(self, client):
        public(title="Zq", body=f"{'beforehand ' * 40}zqword {'afterwards ' * 40}")
        excerpt = re.search(r"<p[^>]*>([^<]*)<mark>zqword</mark>([^<]*)</p>", html_of(client.get("/search/?q=zqword")))
        assert set(" ".join(excerpt.groups()).split()) == {"…", "beforehand", "afterwards"}

    def test_marks_the_signs_and_not_the_whole_run_in_chinese(self, client):
        public(title="禁止杀伤人员地雷公约生效", body="Zq", language="zh-hans")
        assert "人员<mark>地雷</mark>公约生效" in html_of(client.get("/search/?q=地雷"))

    def test_tells_each_part_of_what_is_said_once(self, campaign, state):
        call = CampaignActionFactory(pillar=campaign.pillars.first(), title="Zq", summary="It left.", who="Estonia")
        call.states.add(state("EST"))
        assert SearchDocument.objects.get(key=call.slug).body == "It left. · Estonia"


class TestWhatIsNotPublic:
    @pytest.mark.parametrize("workflow", ["draft", "in_review", "approved"])
    def test_is_not_found(self, workflow):
        StatementFactory(title="zqcanary", workflow=workflow)
        assert titles("zqcanary") == []

    def test_is_found_from_its_minute_on_without_any_work_in_between(self):
        import time_machine

        StatementFactory(title="zqcanary", workflow="published", publish_at=timezone.now() + timedelta(hours=1))
        assert titles("zqcanary") == []
        with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1), tick=False):
            assert titles("zqcanary") == ["zqcanary"]


class TestTheIndex:
    def test_can_be_made_anew(self, capsys):
        SearchDocument.objects.all().delete()
        call_command("reindex_search")
        assert "things can be found" in capsys.readouterr().out
        assert "Estonia" in titles("Estonia")

    def test_is_asked_not_the_tables(self):
        """The plan goes by the words' index and stops at a bound, for a hundred thousand statements as for forty."""
        sql, values = search.matches("mine action", ["mine", "action"])
        with connection.cursor() as cursor:
            explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")  # forty rows are quicker read through than looked up
            cursor.execute(explain + sql, values)
            plan = "\n".join(str(row) for row in cursor.fetchall())
        if connection.vendor == "sqlite":
            assert plan.count("VIRTUAL TABLE INDEX") == 2
            assert "SCAN news_searchdocument" not in plan
        else:
            assert "Seq Scan" not in plan  # it looks the words up, or reads the newest back from the end
            assert "Limit" in plan
        assert f"LIMIT {search.CANDIDATES}" in sql

    def test_looks_up_what_it_found_and_reads_through_no_table(self):
        """Visibility is asked of the things found, not of all that is public: that set grows without end."""
        with CaptureQueriesContext(connection) as asked:
            search.search("convention")
        lookup = asked.captured_queries[-1]["sql"]
        assert "news_searchdocument" in lookup
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + lookup)
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "SCAN news_" not in plan
        assert "Seq Scan on news_" not in plan

    def test_ranks_the_newest_of_too_many_whatever_the_order_in_which_they_were_written(self, monkeypatch):
        monkeypatch.setattr(search, "CANDIDATES", 3)
        for n in (5, 1, 4, 2, 3):
            public(title=f"Zq {n}", body="many", dated_on=date(2025, 1, n))
        search.reindex()
        assert sorted(titles("zq")) == ["Zq 3", "Zq 4", "Zq 5"]

    def test_ranks_no_more_than_its_bound(self, monkeypatch):
        monkeypatch.setattr(search, "CANDIDATES", 5)
        for n in range(9):
            public(title=f"Zq {n}", body="many")
        assert len(titles("zq")) == 5


class TestTheOrder:
    def test_is_titles_that_are_the_words_then_titles_that_have_them_then_the_newest(self):
        public(title="Words of the day", body="zq vv", dated_on=date(2025, 6, 3))
        public(title="Other words", body="zq vv", dated_on=date(2025, 6, 2))
        public(title="Zq vv again", body="many", dated_on=date(2025, 6, 1))
        public(title="A zq vv", body="many", dated_on=date(2025, 5, 1))
        public(title="Zq, vv", body="many", dated_on=date(2024, 1, 1))
        assert titles("zq vv") == ["Zq, vv", "Zq vv again", "A zq vv", "Words of the day", "Other words"]

    def test_has_the_newest_match_on_the_first_page_whatever_its_title(self, monkeypatch):
        monkeypatch.setattr(search, "RESULTS_A_PAGE", 3)
        for n in range(1, 6):
            public(title=f"Zq {n}", body="many", dated_on=date(2025, 1, n))
        public(title="Today", body="zq", dated_on=date(2025, 2, 1))
        assert titles("zq") == ["Zq 5", "Zq 4", "Today", "Zq 3", "Zq 2", "Zq 1"]

    @pytest.mark.parametrize("asked", ["Estonia", "republic of ESTONIA", "est"])
    def test_has_a_state_first_however_many_newer_texts_name_it(self, monkeypatch, asked):
        monkeypatch.setattr(search, "CANDIDATES", 2)
        for n in range(4):
            public(title=f"{asked} {n}", body="many")
        assert titles(asked)[0] == "Estonia"

    def test_has_the_states_of_a_region_after_what_is_titled_so(self):
        public(title="Northern Europe today", body="many", dated_on=date(2020, 1, 1))
        found = titles("northern europe")
        assert found[0] == "Northern Europe today"
        assert "Estonia" in found

    def test_finds_what_is_older_than_all_that_is_read_back(self, monkeypatch):
        monkeypatch.setattr(search, "READ_BACK", 2)
        old = [f"Zq {n}" for n in range(3)]
        for title in old:
            public(title=title, body="many", dated_on=date(2020, 1, 1))
        for n in range(4):
            public(title=f"Later {n}", body="zq" if n == 3 else "nothing", dated_on=date(2021, 1, 1))
        assert sorted(titles("zq")) == ["Later 3", *old]

    def test_finds_a_state_by_a_name_of_other_times(self):
        assert "Türkiye" in titles("turkey")
        assert "Eswatini" in titles("swaziland")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("États-Unis", "etats unis"),
        ("Dovilė Šakalienė", "dovile sakaliene"),
        ("地雷公约", "地雷 雷公 公约"),
        ("地", "地"),
        ("الألغام", "الغام"),
    ],
)
def test_words_are_folded(text, folded):
    assert search.fold(text) == folded
