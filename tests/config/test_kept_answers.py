"""Answers are made once after each change: never too late, never too early, never of another person, and 304 before any work."""

import gzip
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from unittest import mock

import brotli
import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connections, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from campaign.models import DayTally
from config.kit.models import Generation
from config.middleware.kept_answers import coding_for, key_of
from config.pages import views
from news.models import Statement
from tests.config.addresses import API, ENDPOINTS, FEEDS, FORMS, MBC, PAGES
from tests.factories import StatementFactory
from treaties.models import State

pytestmark = pytest.mark.django_db
NOON = datetime(2030, 5, 5, 12, tzinfo=UTC)
CAMPAIGN = "/campaigns/humanitarian-disarmament/"


def kept() -> int:
    return len(caches["answers"]._cache)


class TestKept:
    @pytest.mark.parametrize("address", [*PAGES, *FEEDS, *ENDPOINTS, f"{API}/schema/"])
    def test_is_every_public_answer_and_asks_the_database_once(self, client, address, django_assert_num_queries):
        first = client.get(address)
        with django_assert_num_queries(1):
            again = client.get(address)
        assert again.content == first.content
        told = [
            {k: v for k, v in answer.items() if k not in ("Content-Length", "X-Request-Id")}
            for answer in (first, again)
        ]
        assert told[0] == told[1]

    @pytest.mark.parametrize("address", [*PAGES, *FEEDS, *ENDPOINTS, f"{API}/changes/?format=csv"])
    def test_answers_are_told_as_unchanged_before_any_work_though_none_is_kept_any_more(
        self, client, address, django_assert_num_queries
    ):
        etag = client.get(address)["ETag"]
        caches["answers"].clear()
        with django_assert_num_queries(1):
            assert client.get(address, headers={"If-None-Match": f'"other", {etag}'}).status_code == 304

    @pytest.mark.parametrize(
        "address", [*FORMS, "/admin/login/", "/nothing/", f"{API}/states/?nothing=1", f"{MBC}/?on=x"]
    )
    def test_is_no_form_and_no_refusal(self, client, address):
        client.get(address)
        assert not any(b"Kept" in value for value in caches["answers"]._cache.values())

    def test_is_no_answer_to_an_access_token(self, client):
        client.get(f"{API}/states/", headers={"Authorization": "Bearer x"})
        assert kept() == 0

    def test_a_page_that_reads_a_private_table_is_not(self, client):
        with mock.patch("config.pages.views.Treaty.objects.all", side_effect=lambda: User.objects.all()):
            client.get("/about/")
        assert not any(b"Kept" in value for value in caches["answers"]._cache.values())

    def test_has_a_bound(self, client, settings):
        caches["answers"]._max_entries = 50
        try:
            for day in range(120):
                client.get(f"/robots.txt?on={day}")
            assert kept() <= 51
        finally:
            caches["answers"]._max_entries = settings.CACHES["answers"]["OPTIONS"]["MAX_ENTRIES"]

    def test_an_address_without_end_is_answered_and_not_kept(self, client):
        client.get(f"/robots.txt?{'a' * 3000}=1")
        assert kept() == 0


class TestNothingStale:
    def test_a_page_shows_what_was_committed_before_it_was_asked_for(self, client):
        assert b"Norge" not in client.get("/states/nor/").content
        State.objects.filter(pk="NOR").update(name="Norge")
        assert b"Norge" in client.get("/states/nor/").content

    def test_an_answer_has_another_tag_after_a_change(self, client):
        etag = client.get("/states/nor/")["ETag"]
        State.objects.filter(pk="NOR").update(name="Norge")
        assert client.get("/states/nor/", headers={"If-None-Match": etag}).status_code == 200

    def test_a_pledge_moves_the_campaign_and_leaves_the_record_as_it_is(self, client):
        about_pledges, of_the_record = client.get(CAMPAIGN)["ETag"], client.get("/states/")["ETag"]
        day = DayTally.objects.first() or DayTally.objects.create(campaign_id=1, day=NOON.date(), moved_at=NOON)
        DayTally.objects.filter(pk=day.pk).update(confirmed=7)
        assert client.get(CAMPAIGN, headers={"If-None-Match": about_pledges}).status_code == 200
        assert client.get("/states/", headers={"If-None-Match": of_the_record}).status_code == 304

    def test_in_a_storm_of_pledges_a_page_is_made_again_once_a_second(self, client, settings):
        day = DayTally.objects.first() or DayTally.objects.create(campaign_id=1, day=NOON.date(), moved_at=NOON)
        tags = []
        settings.PLEDGES_SHOWN_WITHIN = 1.0
        with time_machine.travel(NOON, tick=False) as clock:
            client.get(CAMPAIGN)
            for n in range(20):
                DayTally.objects.filter(pk=day.pk).update(confirmed=n + 1000)
                clock.shift(timedelta(milliseconds=100))
                tags.append(client.get(CAMPAIGN)["ETag"])
            assert len(set(tags[:4])) == 4  # while few come, each is shown at once
            assert len(set(tags[4:13])) <= 2
            State.objects.filter(pk="NOR").update(name="Norge")
            assert client.get(CAMPAIGN)["ETag"] != tags[-1]
            DayTally.objects.filter(pk=day.pk).update(confirmed=1)
            clock.shift(timedelta(seconds=1))
            assert client.get(CAMPAIGN)["ETag"] not in tags

    def test_a_text_appears_at_its_moment_and_not_a_moment_before(self, client):
        with time_machine.travel(NOON - timedelta(hours=1), tick=False) as clock:
            StatementFactory(
                slug="embargoed", title="Embargoed words", dated_on=NOON.date(), workflow="published", publish_at=NOON
            )
            for moment, is_there in ((NOON - timedelta(microseconds=1), False), (NOON, True)):
                clock.move_to(moment - timedelta(minutes=30 if not is_there else 0))
                client.get("/news/")
                clock.move_to(moment)
                assert (b"Embargoed words" in client.get("/news/").content) is is_there
                assert client.get("/news/embargoed/").status_code == (200 if is_there else 404)

    def test_a_tag_of_before_an_embargo_is_none_of_after_it(self, client):
        with time_machine.travel(NOON - timedelta(hours=1), tick=False) as clock:
            StatementFactory(slug="embargoed", workflow="published", publish_at=NOON)
            etag = client.get("/news/")["ETag"]
            assert client.get("/news/", headers={"If-None-Match": etag}).status_code == 304
            clock.move_to(NOON)
            assert client.get("/news/", headers={"If-None-Match": etag}).status_code == 200

    def test_the_day_turns_at_midnight(self, client):
        with time_machine.travel(NOON.replace(hour=23, minute=59), tick=False) as clock:
            assert b"5 May 2030" in client.get(f"{MBC}/").content
            clock.move_to(NOON.replace(day=6, hour=0))
            assert b"6 May 2030" in client.get(f"{MBC}/").content

    def test_the_feed_of_changes_shows_a_text_once_its_minute_has_come(self, client):
        with time_machine.travel(NOON, tick=False) as clock:
            StatementFactory(slug="just-now", workflow="published", publish_at=NOON + timedelta(seconds=2))
            last = f"{API}/changes/?page_size=500"
            while following := client.get(last).json()["next"]:
                last = following
            before = client.get(last).content
            clock.move_to(NOON + timedelta(seconds=2))
            assert b"just-now" not in before
            assert b"just-now" in client.get(last).content

    def test_a_text_leaves_the_map_of_news_after_two_days(self, client):
        with time_machine.travel(NOON, tick=False) as clock:
            StatementFactory(slug="fresh", workflow="published", publish_at=NOON - timedelta(hours=30))
            assert b"/news/fresh/" in client.get("/news/sitemap.xml").content
            clock.move_to(NOON + timedelta(hours=11, minutes=59))
            client.get("/news/sitemap.xml")
            clock.move_to(NOON.replace(day=6, hour=6, second=1))
            assert b"/news/fresh/" not in client.get("/news/sitemap.xml").content

    def test_a_clock_that_is_set_back_gives_no_answer_of_later(self, client):
        with time_machine.travel(NOON, tick=False) as clock:
            StatementFactory(title="Embargoed words", dated_on=NOON.date(), workflow="published", publish_at=NOON)
            assert b"Embargoed words" in client.get("/news/").content
            clock.move_to(NOON - timedelta(seconds=5))
            assert b"Embargoed words" not in client.get("/news/").content

    def test_another_version_of_the_code_gives_nothing_of_this_one(self, client):
        etag = client.get("/")["ETag"]
        with mock.patch.object(sys.modules[key_of.__module__], "code_digest", return_value="another"):
            assert client.get("/", headers={"If-None-Match": etag}).status_code == 200


class TestForms:
    """Of one answer, what each client takes."""

    @pytest.mark.parametrize(
        ("asked", "coding"),
        [
            ("gzip, deflate, br", "br"),
            ("gzip", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("*", "br"),
            ("identity", ""),
            ("", ""),
            ("gzip;q=0", ""),
            ("br;q=x", "br"),
        ],
    )
    def test_the_coding_is_the_best_that_the_client_takes(self, asked, coding):
        assert coding_for(RequestFactory().get("/", headers={"Accept-Encoding": asked})) == coding

    def test_every_coding_has_the_same_content(self, client):
        plain = client.get("/about/")
        packed = client.get("/about/", headers={"Accept-Encoding": "br"})
        zipped = client.get("/about/", headers={"Accept-Encoding": "gzip"})
        assert brotli.decompress(packed.content) == gzip.decompress(zipped.content) == plain.content
        assert packed["ETag"] == zipped["ETag"] == f"W/{plain['ETag']}"
        assert [r.get("Content-Encoding") for r in (packed, zipped, plain)] == ["br", "gzip", None]
        assert packed["Content-Length"] == str(len(packed.content))
        assert "Accept-Encoding" in plain["Vary"]

    def test_a_head_has_the_headers_of_a_get(self, client):
        got, head = client.get("/about/"), client.head("/about/")
        assert (head["ETag"], head["Content-Length"], head.content) == (got["ETag"], got["Content-Length"], b"")

    def test_a_kept_answer_of_the_api_is_of_the_form_that_was_asked_for(self, client):
        address = f"{API}/states/"
        assert client.get(address)["Content-Type"].startswith("application/json")
        assert client.get(address, headers={"Accept": "text/csv"})["Content-Type"].startswith("text/csv")
        assert client.get(address)["Content-Type"].startswith("application/json")

    def test_a_kept_answer_names_the_host_that_was_asked(self, client, settings):
        settings.ALLOWED_HOSTS = ["one.example", "two.example"]
        client.get("/robots.txt", headers={"host": "one.example"})
        assert b"http://two.example/" in client.get("/robots.txt", headers={"host": "two.example"}).content
        assert client.get("/robots.txt", headers={"host": "evil.example"}).status_code == 400

    def test_a_kept_embed_may_still_be_framed_by_anybody(self, client):
        for _time in range(2):
            response = client.get("/embed/mine-ban-convention/counter/")
            assert "frame-ancestors *" in response["Content-Security-Policy"]
            assert "X-Frame-Options" not in response

    def test_a_writer_may_send_back_the_tag_of_a_kept_answer(self, client):
        first, second = (client.get(f"{API}/commitments/norway-stays/")["ETag"] for _time in range(2))
        assert first == second
        assert len(first.strip('"').split("-")) == 3


class TestAtOnce:
    """In two processes or threads that share nothing but the database, or the cache as well."""

    def test_a_stampede_makes_an_answer_once(self, committing):
        made = []
        real = views.render

        def slow(*args, **kwargs):
            made.append(1)
            time.sleep(0.3)
            return real(*args, **kwargs)

        with mock.patch("config.pages.views.render", slow):
            answers = in_threads(8, lambda: Client().get("/about/"))
        assert len(made) == 1
        assert len({a.content for a in answers}) == 1

    def test_a_page_that_may_not_be_kept_makes_nobody_wait(self, committing):
        Client().get(FORMS[0])
        with mock.patch.object(caches["answers"], "add", side_effect=AssertionError("it waits")):
            assert Client().get(FORMS[0]).status_code == 200

    def test_what_another_connection_commits_is_shown_by_the_next_answer(self, committing):
        client = Client()
        for name in ("Norge", "Noreg", "Norway again"):
            client.get("/states/nor/")
            in_threads(1, lambda name=name: State.objects.filter(pk="NOR").update(name=name))
            assert name.encode() in client.get("/states/nor/").content

    def test_one_who_writes_waits_for_no_other_and_each_commit_is_a_generation(self, committing):
        if committing != "postgresql":
            pytest.skip("SQLite has one writer at a time")
        seen = [word()]
        held, go_on = threading.Event(), threading.Event()

        def write_slowly():
            with transaction.atomic():
                Statement.objects.filter(slug="sgsm22686").update(title="late")
                held.set()
                go_on.wait(10)
            connections.close_all()

        thread = threading.Thread(target=write_slowly)
        thread.start()
        held.wait(10)
        Statement.objects.exclude(slug="sgsm22686").update(title="other")
        seen.append(word())
        go_on.set()
        thread.join()
        seen.append(word())
        assert len(set(seen)) == 3


def word() -> str:
    return Generation.objects.standing(timezone.now()).word({"news"})


def in_threads(n, act):
    """Do something in so many threads at once, each with a connection of its own; what it gave each time."""
    found = []

    def run():
        try:
            found.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
