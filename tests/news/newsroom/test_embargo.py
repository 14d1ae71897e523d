"""Nothing of a text that was never public is public: every transition, every channel, before the minute and after it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from config.kit.models import PublicChange
from config.kit.models.telling import tell
from news import alerts
from news.models import Correction, Edition, Statement
from news.models.choices import Workflow
from news.newsroom import workflow
from news.roles import PUBLISHER
from tests.config.addresses import API
from tests.factories import EditorFactory, StatementFactory

pytestmark = pytest.mark.django_db
CANARY = "zqcanary"
CHANNELS = [
    "/",
    "/news/",
    f"/news/{CANARY}/",
    f"/news/{CANARY}/card.png",
    f"/news/{CANARY}/versions/1/",
    "/news/feed.atom",
    "/news/feed.rss",
    "/news/feed.json",
    "/news/sitemap.xml",
    "/sitemap.xml",
    f"/search/?q={CANARY}",
    "/states/nor/",
    "/calendar/",
    f"{API}/statements/",
    f"{API}/statements/?format=csv",
    f"{API}/statements/{CANARY}/",
    f"{API}/changes/?page_size=500",
]


@pytest.fixture
def publisher():
    return EditorFactory(role=PUBLISHER)


@pytest.fixture
def scheduled(publisher, state):
    """Approved and released, public in five hours."""
    statement = StatementFactory(
        slug=CANARY,
        title=f"Title {CANARY}",
        body=f"Body {CANARY}.",
        workflow="approved",
        author=EditorFactory(),
        dated_on=timezone.now().date(),
        publish_at=timezone.now() + timedelta(hours=5),
    )
    statement.states.add(state("NOR"))
    return workflow.publish(statement, by=publisher)


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


def shown_on(client):
    """The channels that tell anything of the text. A search page repeats the word that was asked for."""
    found = []
    for address in CHANNELS:
        response = client.get(address)
        body = response.content.decode(errors="replace")
        asked = f"/news/{CANARY}/" if address.startswith("/search/") else CANARY
        if response.status_code == 200 and (asked in body or address.endswith("card.png")):
            found.append(address)
    return found


def test_publishing_ahead_of_the_minute_is_a_state_of_its_own(scheduled):
    assert (scheduled.workflow, scheduled.stage) == ("scheduled", Workflow.SCHEDULED)
    with later(hours=6):
        assert scheduled.stage is Workflow.PUBLISHED


def test_at_its_minute_a_scheduled_text_is_public_without_any_process(client, scheduled):
    assert shown_on(client) == []
    with later(hours=5, minutes=1):
        assert set(shown_on(client)) >= {"/news/", f"/news/{CANARY}/", "/news/feed.atom", f"{API}/statements/"}


@pytest.mark.parametrize("name", list(workflow.TRANSITIONS))
def test_no_transition_before_the_minute_makes_anything_public_then(client, scheduled, publisher, name):
    if name == "correct":
        with pytest.raises(workflow.NewsroomError):
            workflow.correct(Correction(statement=scheduled, text="Words removed."), by=publisher, body="Other words.")
    elif name == "unschedule":
        workflow.unschedule(scheduled, by=publisher)
    else:
        with pytest.raises(workflow.NewsroomError):
            workflow.apply_by_name(name, scheduled, by=publisher, reason="A reason.")
    assert shown_on(client) == []
    assert not Edition.objects.exists()


@pytest.mark.parametrize("hours", [0, 6])
def test_an_unscheduled_text_is_never_public(client, scheduled, publisher, hours):
    workflow.unschedule(scheduled, by=publisher)
    with later(hours=hours):
        assert shown_on(client) == []
        tell()
        assert not PublicChange.objects.filter(key=CANARY).exists()
        reader = alerts.Subscription(topic="statements", notified_until=timezone.now() - timedelta(days=1))
        assert CANARY not in str(alerts.news_for(reader, timezone.now()))


def test_from_its_minute_on_it_is_withdrawn_and_no_longer_unscheduled(client, scheduled, publisher):
    with later(hours=5, seconds=1):
        with pytest.raises(workflow.NewsroomError, match="cannot be moved so"):
            workflow.unschedule(scheduled, by=publisher)
        workflow.withdraw(scheduled, by=publisher, reason="It was wrong.")
        assert "It was wrong." in client.get(f"/news/{CANARY}/").content.decode()


def test_a_correction_after_the_minute_keeps_what_readers_could_read(client, scheduled, publisher):
    with later(hours=6):
        workflow.correct(Correction(statement=scheduled, text="A number."), by=publisher, body="Mended.")
        assert CANARY in client.get(f"/news/{CANARY}/versions/1/").content.decode()


def test_an_unscheduled_text_can_be_edited_and_scheduled_again(scheduled, publisher):
    back = workflow.unschedule(scheduled, by=publisher)
    assert (back.workflow, back.published_by) == ("approved", None)
    assert workflow.publish(back, by=publisher).workflow == "scheduled"


def test_a_text_whose_own_minute_has_passed_is_published_now_so_that_feeds_tell_it(publisher):
    now = timezone.now()
    statement = StatementFactory(workflow="approved", author=EditorFactory(), publish_at=now - timedelta(days=3))
    assert workflow.publish(statement, by=publisher).publish_at >= now


def test_the_button_to_stop_it_is_offered_before_the_minute_alone(desk, scheduled):
    page = reverse("admin:news_statement_review", args=[scheduled.pk])
    browser = desk(PUBLISHER)
    assert 'value="unschedule"' in browser.get(page).content.decode()
    browser.post(page, {"move": "unschedule"})
    assert Statement.objects.get(pk=scheduled.pk).workflow == "approved"


def test_a_version_that_is_no_number_is_refused_with_a_sentence(desk, scheduled):
    page = reverse("admin:news_statement_review", args=[scheduled.pk])
    response = desk(PUBLISHER).post(page, {"move": "restore", "version": "x"}, follow=True)
    assert "There is no such version." in response.content.decode()
