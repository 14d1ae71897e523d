"""Edges of the newsroom: who may not, what falls away, what fails as a whole, who was first."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from news.facts.figures import check_figures, figures_of_tags, figures_that_fail
from news.facts.tags import tags_of
from news.models import Bundle, Correction, Figure, Statement
from news.newsroom import bundles, workflow
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.factories import EditorFactory, StatementFactory
from tests.news.newsroom.test_workflow import fields, public
from tests.side_by_side import at_once, failures
from treaties.models import Treaty

pytestmark = pytest.mark.django_db


def publisher():
    return EditorFactory(role=PUBLISHER)


@pytest.mark.parametrize("before", ["in_review", "approved"])
def test_editing_what_waits_makes_a_draft_of_it_without_an_approval(desk, before):
    statement = StatementFactory(workflow=before, approved_by=publisher() if before == "approved" else None)
    page = reverse("admin:news_statement_change", args=[statement.pk])
    assert desk(NEWSROOM_EDITOR).post(page, fields(statement, title="Other")).status_code == 302
    statement.refresh_from_db()
    assert (statement.workflow, statement.approved_by) == ("draft", None)


def test_sending_back_drops_the_approval():
    statement = StatementFactory(workflow="approved", approved_by=publisher())
    assert workflow.send_back(statement, by=publisher()).approved_by is None


def test_publishing_without_review_drops_an_old_approval():
    statement = StatementFactory(workflow="draft", approved_by=publisher())
    published = workflow.publish_unreviewed(statement, by=publisher(), reason="It cannot wait.")
    assert published.approved_by is None
    assert published.is_unreviewed


def test_only_an_editor_restores_a_version():
    statement = StatementFactory()
    with pytest.raises(workflow.NewsroomError, match="does not write statements"):
        workflow.restore(statement, statement.version, by=EditorFactory())


def test_who_published_without_review_does_not_approve_it_afterwards():
    hasty, third = publisher(), publisher()
    statement = workflow.publish_unreviewed(StatementFactory(), by=hasty, reason="It cannot wait.")
    with pytest.raises(workflow.NewsroomError, match="You published it yourself"):
        workflow.approve_afterwards(statement, by=hasty)
    assert workflow.approve_afterwards(statement, by=third).approved_by == third


def test_a_public_text_takes_no_comment():
    with pytest.raises(workflow.NewsroomError, match="public already"):
        workflow.comment(public(), by=publisher(), text="Hm.")


def test_a_statement_moves_back_to_an_address_that_it_had(client):
    statement, by = public(slug="zq-a"), publisher()
    workflow.move_to(statement, "zq-b", by=by)
    workflow.move_to(statement, "zq-a", by=by)
    assert [old.slug for old in statement.old_slugs.all()] == ["zq-b"]
    assert client.get("/news/zq-a/").status_code == 200
    assert client.get("/news/zq-b/")["Location"] == "/news/zq-a/"


def test_the_minute_of_a_bundle_goes_before_that_of_its_texts():
    now = timezone.now()
    text = StatementFactory(workflow="approved", publish_at=now + timedelta(days=3))
    bundle = Bundle.objects.create(title="Zq", release_at=now)
    bundle.statements.set([text])
    bundles.approve_texts(bundle, by=publisher())
    bundles.release_due(timezone.now())
    text.refresh_from_db()
    assert (text.workflow, text.publish_at) == ("published", now)


def test_a_correction_that_cannot_be_saved_changes_no_word():
    statement = public(body="Wrong words.")
    with pytest.raises(ValidationError):
        workflow.correct(Correction(statement=statement, text=""), by=publisher(), body="Right words.")
    statement.refresh_from_db()
    assert (statement.body, statement.workflow, statement.editions.count()) == ("Wrong words.", "published", 0)


def test_of_two_publishers_at_once_one_approves(committing):
    statement = StatementFactory(workflow="in_review", author=EditorFactory(role=NEWSROOM_EDITOR))
    results = at_once(*(lambda by=by: workflow.approve(statement, by=by) for by in (publisher(), publisher())))
    (refused,) = failures(results)
    assert isinstance(refused, workflow.NewsroomError)
    assert Statement.objects.get(pk=statement.pk).version == statement.version + 1


class TestFigures:
    def test_of_a_tag_hold_by_themselves(self, convention, today):
        (tag,) = tags_of("{{ parties on 2025-06-16 }}")
        (item,) = check_figures(figures_of_tags([tag], today).values(), today)
        assert (item.figure.value, item.then, item.holds) == (None, 165, True)

    def test_of_a_treaty_that_is_none_are_refused(self, today):
        with pytest.raises(Treaty.DoesNotExist):
            figures_of_tags(tags_of("{{ no-treaty parties today }}"), today)

    def test_of_drafts_are_not_told_to_fail(self, convention, today):
        on = convention.complete_to
        for text in (StatementFactory(slug="zq-draft"), public(slug="zq-public")):
            Figure.objects.create(statement=text, text="1 party", treaty=convention, query="parties", on=on, value=1)
        assert [f.statement.slug for f in figures_that_fail(today) if f.text == "1 party"] == ["zq-public"]


class TestTheMinuteOfABundle:
    @pytest.fixture
    def bundle(self):
        made = Bundle.objects.create(title="Zq", release_at=timezone.now() + timedelta(hours=1))
        made.statements.set([StatementFactory(workflow="approved")])
        bundles.approve_texts(made, by=publisher())
        return made

    @pytest.mark.parametrize(("seconds", "is_public"), [(-1, False), (0, True), (1, True)])
    def test_is_the_first_at_which_it_is_released(self, bundle, seconds, is_public):
        moment = bundle.release_at + timedelta(seconds=seconds)
        with time_machine.travel(moment, tick=False):
            bundles.release(bundle, moment)
        bundle.refresh_from_db()
        assert (bundle.released_at is not None) == is_public
        assert (bundle.statements.get().workflow == "published") == is_public

    def test_comes_once(self, bundle):
        with time_machine.travel(bundle.release_at, tick=False):
            bundles.release(bundle, bundle.release_at)
        text = bundle.statements.get()
        bundles.release(bundle, bundle.release_at + timedelta(hours=2))
        bundle.refresh_from_db()
        assert bundle.released_at == bundle.release_at
        assert bundle.statements.get().version == text.version

    def test_that_was_moved_while_somebody_looked_is_kept_by_the_approval(self, bundle):
        seen = Bundle.objects.get(pk=bundle.pk)
        moved = bundle.release_at + timedelta(days=1)
        Bundle.objects.filter(pk=bundle.pk).update(release_at=moved)
        bundles.approve_texts(seen, by=publisher())
        bundle.refresh_from_db()
        assert bundle.release_at == moved


def test_every_service_function_gives_the_thing_as_it_is_now():
    by, text = publisher(), StatementFactory(author=EditorFactory(role=NEWSROOM_EDITOR))
    assert workflow.comment(text, by=by, text="Hm.").statement == text
    assert workflow.submit(text, by=by).workflow == "in_review"
    assert workflow.restore(text, text.version, by=by).workflow == "draft"
    Statement.objects.filter(pk=text.pk).update(workflow="approved", publish_at=timezone.now() + timedelta(hours=1))
    text.refresh_from_db()
    assert workflow.publish(text, by=by).workflow == "scheduled"
    assert workflow.unschedule(text, by=by).workflow == "approved"
    Statement.objects.filter(pk=text.pk).update(publish_at=None)
    text.refresh_from_db()
    assert workflow.publish(text, by=by).workflow == "published"
    assert workflow.correct(Correction(statement=text, text="A letter."), by=by).pk is not None
    assert workflow.move_to(text, "zq-elsewhere", by=by).slug == "zq-elsewhere"
    assert workflow.withdraw(text, by=by, reason="Wrong.").workflow == "withdrawn"
