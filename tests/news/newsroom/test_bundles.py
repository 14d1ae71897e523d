"""Acts, texts and calls that go public together at one minute: all of them or none."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from news import alerts
from news.models import Bundle, Statement, Subscription
from news.newsroom import bundles
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.campaign.conftest import deliver
from tests.config.addresses import API, CAMPAIGN, MBC
from tests.factories import CampaignActionFactory, EditorFactory, StatementFactory, TreatyActionFactory
from tests.reading import apply_to_shown, text_of
from tests.side_by_side import at_once, failures
from treaties.models import TreatyAction
from treaties.roles import TREATY_OFFICER

db = pytest.mark.django_db


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


@pytest.fixture
def people():
    return {
        "recorder": EditorFactory(role=TREATY_OFFICER),
        "officer": EditorFactory(role=TREATY_OFFICER),
        "publisher": EditorFactory(role=PUBLISHER),
    }


@pytest.fixture
def bundle(db, people, convention, campaign):
    """China accedes, told in two languages with a call, an hour from now; nothing of it approved yet."""
    bundle = Bundle.objects.create(title="Canary bundle", release_at=timezone.now() + timedelta(hours=1))
    writer = EditorFactory(role=NEWSROOM_EDITOR)
    english = StatementFactory(slug="canary-en", title="Canary English", workflow="approved", author=writer)
    french = StatementFactory(
        slug="canary-fr",
        title="Canary French",
        language="fr",
        translation_of=english,
        workflow="approved",
        author=writer,
    )
    act = TreatyActionFactory(
        treaty=convention,
        state_id="CHN",
        deposited_on=date(2026, 11, 2),
        confirmed_at=None,
        loaded_from="",
        recorded_by=people["recorder"],
    )
    call = CampaignActionFactory(
        pillar=campaign.pillars.first(),
        slug="canary-call",
        title="Canary call",
        kind="call_to_action",
        audience="public",
        is_held=True,
    )
    bundle.statements.set([english, french])
    bundle.acts.set([act])
    bundle.actions.set([call])
    return bundle


@pytest.fixture
def approved(bundle, people):
    bundles.approve_acts(bundle, by=people["officer"])
    bundles.approve_texts(bundle, by=people["publisher"])
    return bundle


WATCHED = [
    "/",
    "/news/?language=fr",
    "/news/",
    "/news/feed.atom",
    "/search/?q=canary",
    f"{CAMPAIGN}/",
    "/states/chn/",
    "/calendar/",
    f"{API}/campaign-actions/?page_size=500",
    f"{API}/statements/",
    f"{API}/statements/?language=fr&page_size=500",
    "/fr/search/?q=canary",
    f"{API}/changes/?page_size=500",
    f"{API}/campaign-actions/canary-call/",
]


def seen(client) -> set[str]:
    """What of the bundle can be seen from outside, wherever one looks."""
    words = " ".join(client.get(a).content.decode().replace("q=canary", "") for a in WATCHED)
    found = {word for word in ("Canary English", "Canary French", "Canary call", "Canary bundle") if word in words}
    status = client.get(f"{API}/treaties/mine-ban-convention/status/?state=CHN").json()["results"][0]["status"]
    return found | ({"act"} if status != "not_party" else set())


ALL = {"Canary English", "Canary French", "Canary call", "act"}


@db
class TestAtItsMinute:
    def test_all_of_it_becomes_public_with_the_first_request_and_nothing_before(self, approved, client):
        with later(minutes=59):
            assert seen(client) == set()
        with later(minutes=60, seconds=10):
            client.get("/about/")
        with later(minutes=60, seconds=20):
            assert seen(client) == ALL
        approved.refresh_from_db()
        assert approved.released_at
        assert {s.publish_at for s in approved.statements.all()} == {approved.release_at}

    def test_it_is_done_in_the_names_of_those_who_approved_it(self, approved, people):
        with later(hours=2):
            bundles.release_due(timezone.now())
        act = TreatyAction.objects.get(state="CHN", treaty__slug="mine-ban-convention")
        assert (act.recorded_by, act.confirmed_by) == (people["recorder"], people["officer"])
        assert {s.published_by for s in approved.statements.all()} == {people["publisher"]}

    def test_readers_are_told_of_all_of_it(self, bundle, people, state):
        now = timezone.now()
        Subscription.objects.create(
            email="ann@example.org",
            address_hash="k",
            topic="state",
            state=state("CHN"),
            confirmed_at=now,
            notified_until=now,
        )
        bundle.statements.get(language="en").states.add(state("CHN"))
        bundles.approve_acts(bundle, by=people["officer"])
        bundles.approve_texts(bundle, by=people["publisher"])
        with later(hours=1, minutes=1):
            bundles.release_due(timezone.now())
        with later(hours=1, minutes=2):
            alerts.send(timezone.now())
            (letter,) = deliver()
        assert "Canary" in letter.body
        assert "China: Accession" in letter.body

    def test_a_mirror_hears_of_all_of_it_as_new(self, approved, client):
        with later(hours=2):
            client.get("/about/")
        with later(hours=2, minutes=1):
            told = client.get(f"{API}/changes/?page_size=500").json()
            while told["next"]:
                last = told
                told = client.get(told["next"]).json()
        keys = {(c["kind"], c["key"], c["change"]) for c in (last["results"] + told["results"])}
        assert {("statement", "canary-en", "published"), ("campaign_action", "canary-call", "published")} <= keys

    def test_the_chain_of_the_ledger_holds_afterwards(self, approved):
        from django.core.management import call_command

        with later(hours=2):
            bundles.release_due(timezone.now())
        call_command("verify_ledger", verbosity=0)


@db
class TestAllOrNothing:
    def test_of_a_part_that_is_refused_nothing_is_public_and_the_desk_says_why(self, approved, client, desk):
        Statement.objects.filter(slug="canary-fr").update(workflow="draft")
        with later(hours=2):
            assert seen(client) == set()
            approved.refresh_from_db()
            assert "cannot be moved so" in approved.failure
            assert TreatyAction.objects.get(state="CHN", treaty__slug="mine-ban-convention").confirmed_at is None
            assert "1 bundle is due and not public" in desk(PUBLISHER).get("/admin/").content.decode()
        Statement.objects.filter(slug="canary-fr").update(workflow="approved")
        bundles.approve_texts(approved, by=EditorFactory(role=PUBLISHER))
        with later(hours=3):
            client.get("/about/")
            assert seen(client) == ALL

    @pytest.mark.parametrize("missing", ["acts_approved_by", "texts_approved_by"])
    def test_without_both_approvals_nothing_happens(self, approved, client, missing):
        Bundle.objects.filter(pk=approved.pk).update(**{missing: None})
        with later(hours=2):
            assert seen(client) == set()

    def test_without_acts_needs_no_treaty_officer(self, bundle, people, client):
        bundle.acts.clear()
        bundles.approve_texts(bundle, by=people["publisher"])
        with later(hours=2):
            client.get("/about/")
            assert seen(client) == ALL - {"act"}


@db
class TestApproving:
    def test_is_for_a_second_officer_and_for_a_publisher_who_is_not_the_author(self, bundle, people):
        for refused in (people["recorder"], people["publisher"]):
            with pytest.raises(bundles.BundleError):
                bundles.approve_acts(bundle, by=refused)
        author = EditorFactory(role=PUBLISHER)
        Statement.objects.filter(slug="canary-en").update(author=author)
        for refused in (people["officer"], author):
            with pytest.raises(bundles.BundleError):
                bundles.approve_texts(bundle, by=refused)

    def test_takes_texts_that_are_approved(self, bundle, people):
        Statement.objects.filter(slug="canary-en").update(workflow="in_review")
        with pytest.raises(bundles.BundleError, match="cannot be moved so"):
            bundles.approve_texts(bundle, by=people["publisher"])

    def test_waits_on_the_desks_of_those_who_may(self, bundle, desk):
        told = "1 bundle waits for an approval"
        for role, waits in ((PUBLISHER, True), (TREATY_OFFICER, True), (NEWSROOM_EDITOR, False)):
            assert (told in desk(role).get("/admin/").content.decode()) == waits

    def test_is_done_from_the_list(self, bundle, desk):
        apply_to_shown(desk(TREATY_OFFICER), "/admin/news/bundle/", "approve_the_acts", bundle)
        apply_to_shown(desk(PUBLISHER), "/admin/news/bundle/", "approve_the_texts", bundle)
        bundle.refresh_from_db()
        assert bundle.acts_approved_by
        assert bundle.texts_approved_by

    def test_falls_away_when_the_contents_change(self, approved, desk):
        values = {
            "title": approved.title,
            "release_at_0": "2030-01-01",
            "release_at_1": "12:00:00",
            "announced_as": "",
            "statements": [approved.statements.first().pk],
            "acts": [a.pk for a in approved.acts.all()],
            "actions": [a.pk for a in approved.actions.all()],
        }
        response = desk(PUBLISHER).post(f"/admin/news/bundle/{approved.pk}/change/", values, follow=True)
        assert "all approvals have fallen away" in response.content.decode()
        approved.refresh_from_db()
        assert (approved.acts_approved_by, approved.texts_approved_by) == (None, None)

    def test_tells_nobody_what_they_may_not_read(self, bundle, desk):
        page = f"/admin/news/bundle/{bundle.pk}/change/"
        (text,), (act,) = bundle.statements.all()[:1], bundle.acts.all()
        for_officers = desk(TREATY_OFFICER).get(page).content.decode()
        assert text.title not in for_officers
        for_publishers = desk(PUBLISHER).get(page).content.decode()
        assert text.title in for_publishers
        assert str(act) not in for_publishers
        assert act.state.name not in for_publishers
        assert f'name="acts" value="{act.pk}"' in for_publishers

    def test_is_not_undone_once_it_is_public(self, approved, people, desk):
        with later(hours=2):
            bundles.release_due(timezone.now())
        approved.refresh_from_db()
        with pytest.raises(bundles.BundleError, match="public already"):
            bundles.approve_acts(approved, by=people["officer"])
        assert b'name="_save"' not in desk(PUBLISHER).get(f"/admin/news/bundle/{approved.pk}/change/").content


@db
class TestTheCalendar:
    def test_announces_by_its_line_and_keeps_moved_minutes_in_sight(self, bundle, people, client):
        assert "A decision" not in text_of(client.get("/calendar/"))
        bundle.announced_as = "A decision of the meeting"
        bundle.save()
        assert "A decision" not in text_of(client.get("/calendar/"))
        bundles.approve_announcement(bundle, by=people["publisher"])
        assert "A decision of the meeting" in text_of(client.get("/calendar/"))
        bundle.refresh_from_db()
        bundle.release_at += timedelta(days=3)
        bundle.drop("announcement")
        bundle.save()
        assert "A decision" not in text_of(client.get("/calendar/"))
        bundles.approve_announcement(bundle, by=people["publisher"])
        text = text_of(client.get("/calendar/"))
        assert "A decision of the meeting" in text
        assert "Was announced for" in text
        assert "Canary" not in text

    def test_has_the_campaigns_coming_events_and_none_that_are_held(self, bundle, campaign, client):
        pillar = campaign.pillars.first()
        CampaignActionFactory(pillar=pillar, title="Coming event", date=date(2099, 1, 1))
        CampaignActionFactory(pillar=pillar, title="Held event", date=date(2099, 1, 1), is_held=True)
        CampaignActionFactory(pillar=pillar, title="Past event", date=date(2020, 1, 1))
        text = text_of(client.get("/calendar/"))
        assert "Coming event" in text
        assert "Held event" not in text
        assert "Past event" not in text

    def test_costs_the_same_however_much_is_coming(
        self, nothing_is_kept, campaign, client, django_assert_max_num_queries
    ):
        approver = EditorFactory(role=PUBLISHER)
        for n in range(12):
            Bundle.objects.create(
                title=f"B {n}",
                announced_as=f"Line {n}",
                release_at=timezone.now() + timedelta(days=n + 1),
                announcement_approved_by=approver,
            )
        with django_assert_max_num_queries(8):
            client.get("/calendar/")


@db
def test_what_is_held_back_is_nowhere(campaign, client):
    CampaignActionFactory(pillar=campaign.pillars.first(), slug="canary-held", title="Canary held", is_held=True)
    for address in (*WATCHED, f"{CAMPAIGN}/events.ics", f"{MBC}/", "/sitemap.xml"):
        assert "Canary held" not in client.get(address).content.decode()
    assert client.get(f"{API}/campaign-actions/canary-held/").status_code == 404


def test_many_readers_at_the_minute_release_it_once(committing):
    publisher, writer = EditorFactory(is_superuser=True), EditorFactory()
    bundle = Bundle.objects.create(title="B", release_at=timezone.now() - timedelta(seconds=1))
    bundle.statements.set([StatementFactory(workflow="approved", author=writer)])
    bundles.approve_texts(bundle, by=publisher)
    assert failures(at_once(*[lambda: bundles.release_due(timezone.now())] * 8)) == []
    bundle.refresh_from_db()
    assert bundle.released_at
    assert bundle.failure == ""
    statement = bundle.statements.get()
    assert statement.history.filter(workflow="published").count() == 1


@db
def test_an_unforeseen_error_keeps_one_bundle_hidden_and_the_site_up(client, monkeypatch):
    bundle = Bundle.objects.create(
        title="Broken", release_at=timezone.now() - timedelta(minutes=1), texts_approved_by=EditorFactory()
    )

    def broken(*args):
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(bundles, "release", broken)
    assert client.get("/about/").status_code == 200
    bundle.refresh_from_db()
    assert "RuntimeError" in bundle.failure
