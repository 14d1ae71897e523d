"""Readers who want to hear by mail: asked, confirmed, told once and in time, ended with one click."""

import re
from datetime import timedelta
from email.errors import HeaderParseError
from unittest import mock

import pytest
import time_machine
from django.apps import apps
from django.core import signing
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import override

from campaign.mailing import outbox
from campaign.models import Mail, Suppression
from campaign.models.mails import MailQuerySet
from news import alerts
from news.models import Correction, Subscription
from news.newsroom import workflow
from news.roles import PUBLISHER
from tests.campaign.conftest import deliver
from tests.factories import EditorFactory, StatementFactory, TreatyActionFactory
from tests.reading import text_of
from treaties import ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_spent():
    cache.clear()


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


def path(letter, purpose):
    return re.search(rf"https?://[^/]+((?:/[a-z-]+)?/alerts/{purpose}/\S+/)", letter.body).group(1)


def public(**values):
    return StatementFactory(workflow="published", publish_at=timezone.now(), **values)


@pytest.fixture
def reader(client):
    """Somebody who is told; gives the letter that asked them to confirm."""

    def make(topic="statements", email="ann@example.org", **values):
        alerts.subscribe(email=email, topic=topic, **values)
        letter = deliver()[-1]
        client.post(path(letter, "confirm"))
        return letter

    return make


def told():
    """What the readers get now."""
    alerts.send(timezone.now())
    return deliver()


class TestAsking:
    def send(self, client, **values):
        html = client.get("/alerts/").content.decode()
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
        given = {"email": "ann@example.org", "topic": "statements", "pace": "at_once"} | values
        with later(seconds=3):
            return client.post("/alerts/", fields | given)

    def test_leads_to_one_mail_and_to_no_alert_before_its_button_is_pressed(self, client):
        assert self.send(client)["Location"] == "/alerts/sent/"
        with later(seconds=5):
            (letter,) = deliver()
            public()
        for _scanner in range(3):
            assert client.get(path(letter, "confirm")).content.split(b"<main")[1].count(b"<button") == 1
        with later(minutes=5):
            assert told() == []

    def test_answers_everybody_the_same(self, client, reader):
        reader(email="known@example.org")
        Suppression.objects.create(address_hash=alerts.address_hash("never@example.org"))
        answers = [self.send(client, email=f"{who}@example.org") for who in ("known", "new", "never")]
        assert len({(a.status_code, a["Location"], a.content) for a in answers}) == 1
        with later(minutes=1):
            assert [letter.to for letter in deliver()] == [["new@example.org"]]

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"email": "x"}, "email"),
            ({"topic": "song"}, "topic"),
            ({"topic": "state"}, "state"),
            ({"pace": "never"}, "pace"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, client, values, field):
        response = self.send(client, **values)
        assert response.status_code == 400
        assert f'href="#id_{field}"' in response.content.decode()

    def test_with_the_hidden_field_filled_in_is_asked_for_once_more(self, client):
        assert self.send(client, zq_empty="x").status_code == 400
        assert not Subscription.objects.exists()

    def test_is_limited_as_pledges_are(self, client, settings):
        settings.PLEDGE_LIMITS = settings.PLEDGE_LIMITS | {"visitor": 1}
        self.send(client)
        assert self.send(client, email="b@example.org").status_code == 429

    def test_again_and_again_writes_within_the_limits(self):
        sent = []
        for minute in range(0, 60 * 30, 7):
            with later(minutes=minute):
                alerts.subscribe(email="ann@example.org", topic="statements")
                sent += deliver()
        assert len(sent) == 5

    def test_for_three_states_is_confirmed_by_one_button(self, client, state):
        for iso3 in ("FIN", "EST", "LVA"):
            alerts.subscribe(email="ann@example.org", topic="state", state=state(iso3))
        (letter,) = deliver()
        assert all(name in letter.body for name in ("Finland", "Estonia", "Latvia"))
        page = text_of(client.get(path(letter, "confirm")))
        assert all(name in page for name in ("Finland", "Estonia", "Latvia"))
        client.post(path(letter, "confirm"))
        assert Subscription.objects.filter(confirmed_at__isnull=False).count() == 3

    def test_for_one_more_state_after_the_mail_has_left_is_asked_in_a_second_mail_ten_minutes_later(self, state):
        for iso3 in ("FIN", "EST", "LVA"):
            alerts.subscribe(email="ann@example.org", topic="state", state=state(iso3))
            if iso3 == "FIN":
                deliver()
        assert deliver() == []
        with later(minutes=10, seconds=1):
            (letter,) = deliver()
        assert all(name in letter.body for name in ("Finland", "Estonia", "Latvia"))

    def test_is_written_to_again_in_another_year_however_often_they_asked_before(self, client, state):
        for month in range(8):
            with later(days=31 * month):
                alerts.subscribe(email="ann@example.org", topic="state", state=state("FIN"))
                (letter,) = deliver()
                client.post(path(letter, "confirm"))
                client.post(path(letter, "stop"))

    def test_by_a_link_of_an_older_version_is_confirmed_too(self, client):
        alerts.subscribe(email="ann@example.org", topic="statements")
        row = Subscription.objects.get()
        old = signing.dumps([row.pk, row.address_hash[:16]], salt="news.alerts.confirm")
        assert client.post(f"/alerts/confirm/{old}/").status_code == 200
        row.refresh_from_db()
        assert row.confirmed_at is not None

    def test_is_over_after_some_days(self, client):
        alerts.subscribe(email="ann@example.org", topic="statements")
        (letter,) = deliver()
        with later(days=8):
            assert client.post(path(letter, "confirm")).status_code == 404
            assert alerts.purge(timezone.now()) == 1


class TestBeingTold:
    def test_of_every_statement_once_and_not_before_its_minute(self, reader):
        reader()
        public(title="Zq now")
        StatementFactory(title="Zq later", workflow="published", publish_at=timezone.now() + timedelta(hours=1))
        StatementFactory(title="Zq draft")
        with later(minutes=1):
            (letter,) = told()
            assert "Zq now" in letter.body
            assert "Zq later" not in letter.body
            assert "Zq draft" not in letter.body
            assert told() == []
        with later(minutes=61):
            (letter,) = told()
            assert "Zq later" in letter.body
            assert "Zq now" not in letter.body

    def test_of_corrections_and_withdrawals(self, reader):
        reader()
        statement, publisher = public(title="Zq"), EditorFactory(role=PUBLISHER)
        with later(minutes=1):
            told()
        with later(minutes=2):
            workflow.correct(Correction(statement=statement, text="A letter."), by=publisher)
        with later(minutes=3):
            workflow.withdraw(statement, by=publisher, reason="Wrong.")
        with later(minutes=4):
            (letter,) = told()
        assert "Corrected: Zq" in letter.body
        assert "Withdrawn: Zq" in letter.body

    def test_of_a_state_what_is_said_of_it_and_what_it_does(self, reader, state, convention):
        reader("state", state=state("CHN"))
        public(title="Zq about China").states.add(state("CHN"))
        public(title="Zq about another").states.add(state("NOR"))
        TreatyActionFactory(treaty=convention, state_id="CHN", confirmed_at=timezone.now())
        TreatyActionFactory(treaty=convention, state_id="IND", confirmed_at=timezone.now())
        with later(minutes=1):
            (letter,) = told()
        assert "Zq about China" in letter.body
        assert "China: Accession" in letter.body
        assert "another" not in letter.body
        assert "India" not in letter.body

    def test_of_acts_alone_to_who_wants_changes_of_status(self, reader, convention):
        reader("status")
        public(title="Zq unasked")  # two words: a letter's signature may hold any two letters
        TreatyActionFactory(treaty=convention, state_id="CHN", confirmed_at=timezone.now())
        with later(minutes=1):
            (letter,) = told()
        assert "China: Accession, Mine Ban Convention" in letter.body
        assert "Zq unasked" not in letter.body

    def test_once_a_week_to_who_wants_it_so(self, reader):
        reader(pace="weekly")
        public(title="Zq one")
        with later(days=2):
            assert told() == []
            public(title="Zq two")
        with later(days=7, minutes=1):
            (letter,) = told()
        assert "2 things that happened" in letter.subject
        assert "Zq one" in letter.body
        assert "Zq two" in letter.body

    def test_of_what_happened_before_they_asked_is_nothing(self, reader):
        public(title="Zq earlier")
        with later(minutes=1):
            reader()
        with later(minutes=2):
            assert told() == []

    def test_looks_at_nobody_again_before_something_happens(self, reader, state, django_assert_max_num_queries):
        for n in range(5):
            reader("state", email=f"a{n}@example.org", state=state("NOR"))
        public(title="About nobody's State")
        with later(minutes=1):
            assert told() == []
        with later(minutes=2), django_assert_max_num_queries(5):
            assert alerts.send(timezone.now()) == 0

    def test_costs_no_more_queries_for_many_readers(self, state):
        def readers(*numbers):
            now = timezone.now()
            Subscription.objects.bulk_create(
                Subscription(
                    email=f"r{n}@example.org",
                    address_hash=f"{n:064}",
                    topic="state",
                    state=state("NOR" if n % 2 else "CHN"),
                    confirmed_at=now,
                    notified_until=now,
                )
                for n in numbers
            )

        counts = []
        for turn, size in enumerate((4, 40)):
            readers(*range(100 * turn, 100 * turn + size))
            public(slug=f"zq-{turn}").states.add(state("CHN"))
            with later(minutes=turn + 1), CaptureQueriesContext(connection) as asked:
                assert alerts.send(timezone.now()) == size // 2
            deliver()
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_of_two_runs_at_once_writes_each_mail_once(self, reader):
        reader()
        public()
        with later(minutes=1):
            now = timezone.now()
            # The second run has looked before the first one wrote.
            with mock.patch.object(MailQuerySet, "unfinished", lambda self: self.none()):
                alerts.send(now)
                alerts.send(now)
        assert Mail.objects.filter(kind="alert").count() == 1

    @pytest.mark.parametrize("trouble", [HeaderParseError("no header"), ValueError("no letter"), KeyError("x")])
    def test_goes_on_after_a_letter_that_cannot_be_made(self, reader, monkeypatch, trouble):
        reader()
        public(slug="zq-one", title="Zq one")

        def fails(mail):
            alerts.alert_letter(mail)
            raise trouble

        kinds = outbox.mail_kinds
        with later(minutes=1):
            monkeypatch.setitem(kinds, "alert", outbox.MailKind(lambda mail: True, fails, alerts.mark_notified))
            assert told() == []
            assert Mail.objects.get(kind="alert").status == "refused"
            monkeypatch.undo()
            assert told() == []
            public(slug="zq-two", title="Zq two")
        with later(minutes=2):
            (letter,) = told()
        assert "Zq two" in letter.body
        assert "Zq one" not in letter.body

    def test_makes_the_reader_a_witness_of_the_record(self, reader):
        reader()
        public()
        with later(minutes=1):
            (letter,) = told()
        assert str(ledger.checkpoint_line()) in [line.strip() for line in letter.body.splitlines()]
        assert "/treaties/mine-ban-convention/ledger/#proof" in letter.body

    def test_by_the_command_that_is_run_again_and_again(self, reader, capsys):
        reader()
        public()
        with later(minutes=1):
            call_command("send_alerts")
            call_command("send_alerts")
        assert "1 alerts on their way" in capsys.readouterr().out
        assert Mail.objects.filter(kind="alert").count() == 1


class TestEnding:
    def test_takes_one_click_and_deletes_the_address(self, client, reader):
        letter = reader(email="canary@example.org")
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = re.search(r"<https?://[^/]+(/\S+)>", letter.extra_headers["List-Unsubscribe"]).group(1)
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert "canary" not in str([list(m._default_manager.values()) for m in apps.get_models()])

    def test_by_opening_a_link_alone_changes_nothing(self, client, reader):
        client.get(path(reader(), "stop"))
        assert Subscription.objects.exists()

    def test_ends_what_waits(self, client, reader):
        letter = reader()
        public()
        with later(minutes=1):
            alerts.send(timezone.now())
            client.post(path(letter, "stop"))
            assert deliver() == []

    def test_with_a_link_of_somebody_else_ends_nothing(self, client, reader):
        reader()
        other = reader(email="bob@example.org")
        client.post(path(other, "stop"))
        assert [s.email for s in Subscription.objects.all()] == ["ann@example.org"]
        assert "This link does not work" in text_of(client.post(path(other, "stop")))
        assert client.post("/alerts/stop/forged/").status_code == 404

    def test_for_good_counts_here_too(self, reader):
        reader()
        Suppression.objects.create(address_hash=alerts.address_hash("ann@example.org"))
        public()
        with later(minutes=1):
            assert told() == []


def test_the_link_on_a_states_page_asks_to_hear_of_that_state(client):
    page = client.get("/alerts/?state=FIN").content.decode()
    assert '<option value="FIN" selected>' in page
    assert re.search(r'value="state"[^>]*(selected|checked)', page)


class TestTheLanguageOfAReader:
    """Letters are in the language of the page on which the reader asked for them."""

    SUBJECTS = {
        "ar": "يرجى تأكيد رغبتكم في تلقي رسائلنا",
        "zh-hans": "请确认您希望收到我们的邮件",
        "fr": "Veuillez confirmer que vous souhaitez recevoir nos messages",
        "ru": "Пожалуйста, подтвердите, что хотите получать наши письма",
        "es": "Confirme que desea recibir nuestros mensajes",
    }

    def test_is_that_of_the_page(self, client):
        html = client.get("/fr/alerts/").content.decode()
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
        with later(seconds=3):
            client.post("/fr/alerts/", fields | {"email": "ann@example.org", "topic": "statements", "pace": "at_once"})
            (letter,) = deliver()
        assert Subscription.objects.get().language == "fr"
        assert letter.subject == self.SUBJECTS["fr"]

    @pytest.mark.parametrize("language", SUBJECTS)
    def test_is_that_of_the_letter_that_asks_to_confirm(self, state, language):
        alerts.subscribe(email="ann@example.org", topic="state", state=state("NOR"), language=language)
        (letter,) = deliver()
        assert letter.subject == self.SUBJECTS[language]
        assert letter.extra_headers["Content-Language"].casefold() == language
        assert f"/{language}/alerts/confirm/" in letter.body
        assert "Norway" not in letter.body
        with override(language):
            assert state("NOR").name in letter.body

    @pytest.mark.parametrize("language", SUBJECTS)
    def test_is_that_of_what_the_reader_is_told(self, reader, convention, language):
        reader(topic="status", language=language)
        with later(minutes=5):
            act = TreatyActionFactory(treaty=convention, state_id="CHN", confirmed_at=timezone.now())
        with later(minutes=10):
            (letter,) = told()
        with override(language):
            assert letter.subject == Truncator(alerts.line_of_act(act)).chars(90)
            assert act.get_action_display() in letter.subject
        assert not re.search(r"asked to hear|witness|Hear no more", letter.subject + letter.body)
        assert f"/{language}/alerts/stop/" in letter.body

    def test_is_that_in_which_a_statement_is_told_where_there_is_one(self, reader):
        for language in ("en", "fr", "ru"):
            reader(email=f"{language}@example.org", language=language)
        with later(minutes=5):
            public(title="Zq en français", language="fr", translation_of=public(title="Zq in English"))
        with later(minutes=10):
            subjects = {letter.to[0]: letter.subject for letter in told()}
        assert subjects == {
            "en@example.org": "Zq in English",
            "fr@example.org": "Zq en français",
            "ru@example.org": "Zq in English",
        }

    def test_alone_hears_of_a_translation_that_comes_later(self, reader):
        english = public(title="Zq in English")
        with later(minutes=1):
            for language in ("en", "fr", "ru"):
                reader(email=f"{language}@example.org", language=language)
        with later(minutes=5):
            public(title="Zq en français", language="fr", translation_of=english)
        with later(minutes=10):
            assert [(letter.to, letter.subject) for letter in told()] == [(["fr@example.org"], "Zq en français")]

    def test_of_what_was_withdrawn_is_that_of_the_original_or_of_the_translation(self, reader):
        english = public(title="Zq in English")
        french = public(title="Zq en français", language="fr", translation_of=english)
        with later(minutes=1):
            for language in ("en", "fr"):
                reader(email=f"{language}@example.org", language=language)
        with later(minutes=5):
            workflow.withdraw(french, by=EditorFactory(role=PUBLISHER), reason="It was wrong.")
        with later(minutes=10):
            assert [letter.to for letter in told()] == [["fr@example.org"]]

    def test_is_the_last_one_that_was_asked_for_before_the_letter(self, db):
        for language in ("fr", "ru"):
            alerts.subscribe(email="ann@example.org", topic="statements", language=language)
        (letter,) = deliver()
        assert letter.subject == self.SUBJECTS["ru"]

    def test_counts_in_its_own_grammar(self, reader, convention):
        reader(topic="status", language="ru")
        with later(minutes=5):
            for iso3 in ("CHN", "IND", "ISR"):
                TreatyActionFactory(treaty=convention, state_id=iso3, confirmed_at=timezone.now())
        with later(minutes=10):
            (letter,) = told()
        assert letter.subject == "3 новых события"

    def test_of_readers_from_before_is_english(self, db):
        alerts.subscribe(email="ann@example.org", topic="statements")
        assert Subscription.objects.get().language == "en"
