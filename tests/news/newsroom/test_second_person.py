"""What is approved is what was shown, by somebody who wrote none of it; an approval falls with the content that it was of."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from config.kit.api import access_tokens
from config.kit.models import Proposal
from config.kit.models.row_versions import fingerprint
from config.kit.proposals import accept, contents_of
from config.kit.roles import AUDITOR
from news.models import Bundle, Quotation, Speaker, SpeakerRole, Statement, Video
from news.newsroom import bundles, workflow
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.factories import SOURCE, CampaignActionFactory, EditorFactory, FigureFactory, StatementFactory
from tests.reading import apply_to_shown, hidden_of, press_what_is_shown, text_of
from tests.second_person import accept_all
from treaties import ledger
from treaties.models import TreatyAction
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db
LIST = reverse("admin:news_statement_changelist")


@pytest.fixture
def publisher():
    return EditorFactory(role=PUBLISHER)


@pytest.fixture
def in_review():
    speaker = Speaker.objects.create(name="Zq Speaker", kind="person")
    SpeakerRole.objects.create(speaker=speaker, role="Chair", organization="A body")
    statement = StatementFactory(author=EditorFactory(role=NEWSROOM_EDITOR), speaker=speaker)
    return workflow.submit(statement, by=statement.author)


def page_of(statement):
    return reverse("admin:news_statement_review", args=[statement.pk])


CHANGES = {
    "its title": lambda s: Statement.objects.filter(pk=s.pk).update(title="Other words"),
    "a quotation": lambda s: Quotation.objects.create(statement=s, text="Added.", source_url=SOURCE),
    "a video": lambda s: Video.objects.create(statement=s, title="Added.", url=SOURCE, captions="English"),
    "a figure": lambda s: FigureFactory(statement=s, value=165),
    "its speaker": lambda s: Speaker.objects.filter(pk=s.speaker_id).update(name="Somebody else"),
    "a role": lambda s: SpeakerRole.objects.filter(speaker=s.speaker_id).update(role="Vice-Chair"),
    "its States": lambda s: s.states.add("NOR"),
    "its moment": lambda s: Statement.objects.filter(pk=s.pk).update(publish_at=timezone.now() + timedelta(days=1)),
}


class TestWhatIsApprovedIsWhatWasShown:
    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_on_the_page_of_the_review(self, desk, in_review, change):
        client = desk(PUBLISHER)
        seen = hidden_of(client.get(page_of(in_review)))["seen"][0]
        change(in_review)
        answer = client.post(page_of(in_review), {"move": "approve", "seen": seen}, follow=True)
        assert "It has changed since you saw it" in text_of(answer)
        in_review.refresh_from_db()
        assert in_review.workflow == "in_review"

    def test_in_the_list(self, desk, in_review):
        client = desk(PUBLISHER)
        shown = client.post(LIST, {"action": "approve", "_selected_action": [in_review.pk]})
        CHANGES["a quotation"](in_review)
        assert "It has changed since you saw it: quotations" in text_of(
            client.post(LIST, hidden_of(shown), follow=True)
        )
        assert "approved." in text_of(apply_to_shown(client, LIST, "approve", in_review))

    def test_by_the_api(self, client, publisher, in_review):
        _token, secret = access_tokens.issue(publisher, name="A test", expires_at=timezone.now() + timedelta(days=1))
        bearer = {"Authorization": f"Bearer {secret}"}
        page = f"/api/v1/statements/{in_review.slug}/moves/"
        shown = client.get(page, headers=bearer)
        assert (shown.json()["title"], shown.json()["speaker"]) == (in_review.title, "Zq Speaker")

        def approve(**headers):
            return client.post(page, {"move": "approve"}, "application/json", headers=bearer | headers)

        assert approve().status_code == 428
        assert approve(**{"If-Match": "*"}).status_code == 412
        CHANGES["a role"](in_review)
        assert approve(**{"If-Match": shown["ETag"]}).status_code == 412
        again = client.get(page, headers=bearer)
        assert approve(**{"If-Match": again["ETag"]}).json()["workflow"] == "approved"

    def test_drafts_are_shown_by_the_api_to_editors_alone(self, client, in_review):
        assert client.get(f"/api/v1/statements/{in_review.slug}/moves/").status_code == 401
        assert client.get("/api/v1/statements/no-such-thing/moves/").status_code == 401

    def test_an_emergency_too(self, desk, in_review):
        answer = desk(PUBLISHER).post(page_of(in_review), {"move": "publish_unreviewed", "reason": "Now."}, follow=True)
        assert "Look at it first" in text_of(answer)


class TestAnApproval:
    @pytest.mark.parametrize("name", [n for n in CHANGES if n != "its moment"])
    def test_does_not_outlive_what_it_was_of(self, in_review, publisher, name):
        approved = workflow.approve(in_review, by=publisher)
        CHANGES[name](approved)
        approved = Statement.objects.get(pk=approved.pk)
        with pytest.raises(workflow.NewsroomError, match="not what was approved"):
            workflow.publish(approved, by=EditorFactory(role=PUBLISHER))

    def test_does_not_stand_in_the_name_of_a_closed_account(self, in_review, publisher):
        approved = workflow.approve(in_review, by=publisher)
        publisher.is_active = False
        publisher.save()
        with pytest.raises(workflow.NewsroomError, match="closed"):
            workflow.publish(approved, by=EditorFactory(role=PUBLISHER))

    def test_is_not_given_by_who_rewrote_a_colleagues_draft(self, desk, in_review):
        rewriter = desk(PUBLISHER)
        address = reverse("admin:news_statement_change", args=[in_review.pk])
        form = rewriter.get(address).context["adminform"].form
        values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        values |= {"body": "My own words.", "states": [], "articles": []}
        for inline in ("quotations", "figures", "videos", "corrections"):
            values |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
        assert rewriter.post(address, values).status_code == 302
        workflow.submit(in_review, by=in_review.author)
        answer = press_what_is_shown(rewriter, page_of(in_review), move="approve")
        assert "You changed it since it was last approved" in text_of(answer)
        assert "Done." in text_of(press_what_is_shown(desk(PUBLISHER), page_of(in_review), move="approve"))

    def test_is_not_given_by_who_restored_an_old_version(self, in_review, publisher):
        changed = Statement.objects.get(pk=in_review.pk)
        changed.body = "New words."
        changed.version += 1
        changed.save()
        workflow.restore(changed, in_review.version, by=publisher)
        again = workflow.submit(changed, by=in_review.author)
        with pytest.raises(workflow.NewsroomError, match="You changed it"):
            workflow.approve(again, by=publisher)

    @pytest.mark.parametrize("part", ["quotation", "video", "speaker", "role"])
    def test_is_not_given_by_who_changed_what_belongs_to_it(self, in_review, publisher, part):
        row = {
            "quotation": lambda: Quotation(statement=in_review, text="Added.", source_url=SOURCE),
            "video": lambda: Video(statement=in_review, title="Added.", url=SOURCE, captions="English"),
            "speaker": lambda: in_review.speaker,
            "role": lambda: in_review.speaker.roles.get(),
        }[part]()
        row._history_user = publisher
        row.save()
        with pytest.raises(workflow.NewsroomError, match="You changed it"):
            workflow.approve(Statement.objects.get(pk=in_review.pk), by=publisher)
        assert workflow.approve(Statement.objects.get(pk=in_review.pk), by=EditorFactory(role=PUBLISHER))

    def test_is_given_by_who_changed_its_speaker_where_a_public_text_names_them_too(self, in_review, publisher):
        """That change had its second person."""
        StatementFactory(speaker=in_review.speaker, workflow="published", publish_at=timezone.now())
        in_review.speaker._history_user = publisher
        in_review.speaker.save()
        assert workflow.approve(Statement.objects.get(pk=in_review.pk), by=publisher)

    def test_is_given_by_who_changed_it_before_another_approved_it(self, in_review):
        """Those words had their second person."""
        early, late = EditorFactory(role=PUBLISHER), EditorFactory(role=PUBLISHER)
        in_review.body, in_review._history_user = "Early words.", early
        in_review.save()
        approved = workflow.approve(in_review, by=late)
        returned = workflow.send_back(approved, by=late)
        again = workflow.submit(returned, by=returned.author)
        assert workflow.approve(again, by=early).workflow == "approved"


class TestBundles:
    @pytest.fixture
    def officer(self):
        return EditorFactory(role=TREATY_OFFICER)

    @pytest.fixture
    def bundle(self, convention, campaign, in_review, publisher, officer):
        act = TreatyAction(
            treaty=convention, state_id="PAK", action="accession", deposited_on="2026-01-05", source_url=SOURCE
        )
        recorded = ledger.record(act, by=EditorFactory(role=TREATY_OFFICER))
        bundle = Bundle.objects.create(title="B", release_at=timezone.now() + timedelta(hours=1))
        bundle.acts.set([recorded])
        bundle.statements.set([workflow.approve(in_review, by=publisher)])
        bundle.actions.set([CampaignActionFactory(pillar=campaign.pillars.first(), title="Zq call", is_held=True)])
        bundles.approve_acts(bundle, by=officer)
        bundles.approve_texts(bundle, by=publisher)
        bundle.refresh_from_db()
        return bundle

    def release(self, bundle):
        with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
            bundles.release_due(timezone.now())
        bundle.refresh_from_db()
        return bundle

    def test_are_released_as_they_were_approved(self, bundle):
        assert self.release(bundle).released_at

    def test_lose_the_approval_of_an_act_that_its_recorder_edits(self, bundle):
        act = bundle.acts.get()
        act.state_id = "RUS"
        ledger.record(act, by=act.recorded_by)
        bundle.refresh_from_db()
        assert (bundle.acts_approved_by, bool(bundle.texts_approved_by)) == (None, True)
        assert not self.release(bundle).released_at
        assert not TreatyAction.objects.get(pk=act.pk).is_confirmed

    def test_lose_the_approval_of_an_act_that_is_refused_or_taken_back(self, bundle):
        ledger.take_back(bundle.acts.get(), by=bundle.acts.get().recorded_by)
        bundle.refresh_from_db()
        assert bundle.acts_approved_by is None

    def test_lose_the_approval_of_texts_when_one_is_edited(self, bundle):
        workflow.reset_review(bundle.statements.get())
        bundle.refresh_from_db()
        assert (bundle.texts_approved_by, bool(bundle.acts_approved_by)) == (None, True)

    @pytest.mark.parametrize(
        "change",
        [
            lambda b: TreatyAction.objects.filter(pk=b.acts.get().pk).update(note="By another way."),
            lambda b: b.actions.update(title="Another call"),
            lambda b: SpeakerRole.objects.filter(speaker=b.statements.get().speaker_id).update(role="Vice-Chair"),
            lambda b: Bundle.objects.filter(pk=b.pk).update(release_at=timezone.now() + timedelta(minutes=90)),
        ],
        ids=["act", "call", "role", "moment"],
    )
    def test_are_not_released_as_another_thing_than_was_approved_however_it_was_changed(self, bundle, change):
        change(bundle)
        released = self.release(bundle)
        assert not released.released_at
        assert "not what was approved" in released.failure
        assert (released.acts_approved_by, released.texts_approved_by) == (None, None)

    def test_lose_all_approvals_when_the_moment_is_moved(self, bundle, desk):
        values = {
            "title": bundle.title,
            "release_at_0": "2030-01-01",
            "release_at_1": "12:00:00",
            "announced_as": "",
            "statements": [s.pk for s in bundle.statements.all()],
            "acts": [a.pk for a in bundle.acts.all()],
            "actions": [a.pk for a in bundle.actions.all()],
        }
        client = desk(PUBLISHER)
        answer = client.post(f"/admin/news/bundle/{bundle.pk}/change/", values, follow=True)
        assert "all approvals have fallen away" in text_of(answer)
        bundle.refresh_from_db()
        assert (bundle.acts_approved_by, bundle.texts_approved_by, bundle.changed_by) == (None, None, client.user)
        with pytest.raises(bundles.BundleError, match="last to change"):
            bundles.approve_texts(bundle, by=client.user)

    def test_are_not_released_in_the_name_of_a_closed_account(self, bundle, officer):
        officer.is_active = False
        officer.save()
        assert not self.release(bundle).released_at

    def test_are_approved_as_they_were_shown(self, bundle, desk):
        bundle.drop("acts", "texts")
        client = desk(PUBLISHER)
        shown = client.post("/admin/news/bundle/", {"action": "approve_the_texts", "_selected_action": [bundle.pk]})
        assert "Zq call" in text_of(shown)
        bundle.actions.update(title="Another call")
        answer = client.post("/admin/news/bundle/", hidden_of(shown), follow=True)
        assert "It has changed since you saw it" in text_of(answer)
        bundle.refresh_from_db()
        assert bundle.texts_approved_by is None

    def test_show_their_texts_to_no_officer(self, bundle, desk):
        shown = desk(TREATY_OFFICER).post(
            "/admin/news/bundle/", {"action": "approve_the_texts", "_selected_action": [bundle.pk]}, follow=True
        )
        assert "Zq call" not in text_of(shown)
        assert bundle.statements.get().title not in text_of(shown)

    def test_are_not_approved_by_who_changed_a_call_of_it(self, bundle, publisher):
        call = bundle.actions.get()
        call._history_user = publisher
        call.save()
        with pytest.raises(bundles.BundleError, match="changed a call"):
            bundles.approve_texts(bundle, by=publisher)

    def test_are_announced_once_a_second_person_has_approved_the_line(self, desk, client):
        first, second = desk(PUBLISHER), desk(PUBLISHER)
        values = {
            "title": "Zq",
            "release_at_0": "2099-01-01",
            "release_at_1": "12:00:00",
            "announced_as": "Zq announced line",
        }
        first.post("/admin/news/bundle/add/", values)
        bundle = Bundle.objects.get(title="Zq")
        action = ("/admin/news/bundle/", "approve_the_announcement", bundle)
        assert "last to change" in text_of(apply_to_shown(first, *action))
        assert "Zq announced line" not in text_of(client.get("/calendar/"))
        assert "Approved" in text_of(apply_to_shown(second, *action))
        assert "Zq announced line" in text_of(client.get("/calendar/"))


class TestCorrections:
    """A correction of a public text takes a second publisher; an urgent one is seen by one afterwards."""

    GIVEN = {"title": "Zq new title", "body": "Zq new words.", "text": "Zq what was wrong."}

    @pytest.fixture
    def public(self):
        return StatementFactory(workflow="published", publish_at=timezone.now() - timedelta(days=1), title="Zq old")

    def page(self, statement):
        return reverse("admin:news_statement_correct", args=[statement.pk])

    def test_by_one_publisher_change_nothing(self, desk, client, public):
        publisher = desk(PUBLISHER)
        before = client.get(public.get_absolute_url()).content
        answer = press_what_is_shown(publisher, self.page(public), **self.GIVEN)
        assert "You proposed it" in text_of(answer)
        assert client.get(public.get_absolute_url()).content == before
        proposal = Proposal.objects.get()
        press_what_is_shown(publisher, proposal.get_absolute_url(), step="accept")
        press_what_is_shown(desk(NEWSROOM_EDITOR), proposal.get_absolute_url(), step="accept")
        assert client.get(public.get_absolute_url()).content == before

    def test_by_two_are_told_on_the_page_with_the_text_of_before(self, desk, client, public):
        first, second = desk(PUBLISHER), desk(PUBLISHER)
        press_what_is_shown(first, self.page(public), **self.GIVEN)
        address = Proposal.objects.get().get_absolute_url()
        shown = text_of(second.get(address))
        assert "Title Zq old Zq new title" in shown
        assert "Zq what was wrong." in shown
        assert "Accepted" in text_of(press_what_is_shown(second, address, step="accept"))
        words = text_of(client.get(public.get_absolute_url()))
        assert "Zq new title" in words
        assert "Zq what was wrong." in words
        assert "Zq old" in text_of(client.get(f"{public.get_absolute_url()}versions/1/"))
        correction = public.corrections.get()
        assert correction.made_by == first.user
        assert correction.edition.number == 1

    def test_two_at_once_do_not_undo_each_other(self, desk, public):
        first, second = desk(PUBLISHER), desk(PUBLISHER)
        seen = hidden_of(second.get(self.page(public)))["seen"][0]
        press_what_is_shown(first, self.page(public), **self.GIVEN)
        by = EditorFactory(role=PUBLISHER)
        proposal = Proposal.objects.get()
        accept(proposal, seen=fingerprint(contents_of(proposal)), by=by)
        late = second.post(self.page(public), self.GIVEN | {"body": "Zq late", "seen": seen}, follow=True)
        assert "It has changed since you saw it" in text_of(late)
        assert Proposal.objects.count() == 1

    def test_that_are_urgent_are_public_at_once_and_stay_listed_until_another_has_seen_them(self, desk, client, public):
        first, second, auditor = desk(PUBLISHER), desk(PUBLISHER), desk(AUDITOR)
        press_what_is_shown(first, self.page(public), urgency="Lives depend on it.", **self.GIVEN)
        assert "Zq new words." in text_of(client.get(public.get_absolute_url()))
        told = "1 urgent change that no second person has seen"
        assert told in text_of(auditor.get("/admin/"))
        assert "1 proposed change waits for you" in text_of(second.get("/admin/"))
        address = Proposal.objects.get().get_absolute_url()
        assert "Lives depend on it." in text_of(auditor.get(address))
        press_what_is_shown(first, address, step="accept")
        assert told in text_of(auditor.get("/admin/"))
        assert "Seen." in text_of(press_what_is_shown(second, address, step="accept"))
        assert told not in text_of(auditor.get("/admin/"))
        assert public.corrections.count() == 1

    def test_that_are_small_are_told_apart(self, desk, client, public):
        press_what_is_shown(desk(PUBLISHER), self.page(public), is_small="on", **self.GIVEN)
        accept_all()
        public.refresh_from_db()
        html = client.get(public.get_absolute_url()).content.decode()
        assert public.workflow == "published"
        assert "Small changes" in html
        assert "<strong>Corrected" not in html
        answer = client.get(f"/api/v1/statements/{public.slug}/").json()
        assert [(c["text"], c["is_small"]) for c in answer["corrections"]] == [("Zq what was wrong.", True)]
        listed = desk(PUBLISHER).get(reverse("admin:news_correction_changelist") + "?is_small__exact=1")
        assert "Zq what was wrong." in text_of(listed)

    def test_that_are_small_are_not_urgent(self, desk, public):
        answer = press_what_is_shown(desk(PUBLISHER), self.page(public), is_small="on", urgency="Now.", **self.GIVEN)
        assert "can wait for a second person" in text_of(answer)
        assert not public.corrections.exists()

    def test_a_withdrawal_is_made_at_once_and_seen_by_another_afterwards(self, desk, client, public):
        press_what_is_shown(desk(PUBLISHER), page_of(public), move="withdraw", reason="Zq reason.")
        assert "Zq reason." in text_of(client.get(public.get_absolute_url()))
        assert "1 urgent change" in text_of(desk(AUDITOR).get("/admin/"))

    def test_a_withdrawal_by_the_api_is_listed_too(self, client, publisher, public):
        _token, secret = access_tokens.issue(publisher, name="A test", expires_at=timezone.now() + timedelta(days=1))
        answer = client.post(
            f"/api/v1/statements/{public.slug}/moves/",
            {"move": "withdraw", "reason": "Zq reason."},
            "application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert (answer.status_code, answer.json()["workflow"]) == (200, "withdrawn")
        assert Proposal.objects.get().is_urgent

    def test_another_address_takes_two(self, desk, client, public):
        press_what_is_shown(desk(PUBLISHER), page_of(public), move="move_to", slug="zq-moved")
        assert client.get("/news/zq-moved/").status_code == 404
        accept_all()
        assert client.get("/news/zq-moved/").status_code == 200
        public.refresh_from_db()
        press_what_is_shown(desk(PUBLISHER), page_of(public), move="move_to", slug="zq-again")
        accept_all()
        public.refresh_from_db()
        press_what_is_shown(desk(PUBLISHER), page_of(public), move="move_to", slug="zq-moved")
        accept_all()
        assert client.get("/news/zq-moved/").status_code == 200
        assert client.get("/news/zq-again/").status_code == 301
