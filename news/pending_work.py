"""Pending tasks of the newsroom."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import ngettext

from config.kit.admin_base import link_to_list
from config.kit.models import Generation
from config.kit.models.generations import answering
from config.kit.pending_work import PendingTask
from news.facts.figures import figures_that_fail
from news.models import Bundle, Statement
from news.newsroom import bundles


def newsroom_tasks(user: User) -> Iterable[PendingTask]:
    """Statements to be reviewed or published by the user, who is not their author."""
    if not user.has_perm("news.publish_statement"):
        return
    others = Statement.objects.exclude(author=user)
    mine = others.filter(workflow=Statement.Workflow.IN_REVIEW, reviewer=user).count()
    if mine:
        text = ngettext(
            "%(n)s statement was given to you to review", "%(n)s statements were given to you to review", mine
        )
        yield PendingTask(
            text % {"n": mine},
            link_to_list("news_statement", workflow__exact="in_review", reviewer__id__exact=str(user.pk)),
        )
    review = others.filter(workflow=Statement.Workflow.IN_REVIEW).count()
    if review:
        text = ngettext("%(n)s statement waits for review", "%(n)s statements wait for review", review) % {"n": review}
        yield PendingTask(text, link_to_list("news_statement", workflow__exact="in_review"))
    approved = others.filter(workflow=Statement.Workflow.APPROVED).count()
    if approved:
        text = ngettext("%(n)s statement is approved", "%(n)s statements are approved", approved) % {"n": approved}
        yield PendingTask(text, link_to_list("news_statement", workflow__exact="approved"))
    scheduled = Statement.objects.scheduled().count()
    if scheduled:
        text = ngettext("%(n)s statement is scheduled", "%(n)s statements are scheduled", scheduled) % {"n": scheduled}
        yield PendingTask(text, link_to_list("news_statement", workflow__exact="published"))
    unreviewed = Statement.objects.unreviewed().exclude(published_by=user).exclude(author=user).count()
    if unreviewed:
        text = ngettext(
            "%(n)s statement was published without review", "%(n)s statements were published without review", unreviewed
        )
        yield PendingTask(text % {"n": unreviewed}, link_to_list("news_statement", review="none"))
    now = timezone.now()
    # A desk shows the same as the pages: what the ledger says is not counted anew for everyone who opens it.
    with answering(Generation.objects.standing(now)):
        failing = figures_that_fail(now.date())
    if failing:
        text = ngettext(
            "%(n)s published figure does not agree with the ledger",
            "%(n)s published figures do not agree with the ledger",
            len(failing),
        )
        yield PendingTask(text % {"n": len(failing)}, link_to_list("news_statement", figures="failing"))


def begun_statements(user: User) -> Iterable[PendingTask]:
    """Texts of the user that are not published, and those that were given to the user to review."""
    stage = Statement.Workflow
    drafts = Statement.objects.filter(author=user, workflow__in=[stage.DRAFT, stage.IN_REVIEW, stage.APPROVED]).count()
    if drafts:
        text = ngettext("%(n)s text that is not published", "%(n)s texts that are not published", drafts)
        yield PendingTask(text % {"n": drafts}, link_to_list("news_statement", author__id__exact=str(user.pk)))
    given = Statement.objects.filter(reviewer=user, workflow=stage.IN_REVIEW).count()
    if given:
        text = ngettext("%(n)s text that nobody else reviews", "%(n)s texts that nobody else reviews", given)
        yield PendingTask(text % {"n": given}, link_to_list("news_statement", reviewer__id__exact=str(user.pk)))


def bundle_tasks(user: User) -> Iterable[PendingTask]:
    """Bundles that need an approval, or that could not be released."""
    if not (user.has_perm("news.publish_statement") or user.has_perm("treaties.confirm_treatyaction")):
        return
    waiting = Bundle.objects.filter(released_at=None)
    mine = waiting.filter(texts_approved_by=None) if user.has_perm("news.publish_statement") else waiting.none()
    if user.has_perm("treaties.confirm_treatyaction"):
        mine |= waiting.filter(acts_approved_by=None, acts__isnull=False).exclude(acts__recorded_by=user)
    if user.has_perm("news.publish_statement"):
        mine |= waiting.filter(announcement_approved_by=None).exclude(announced_as="").exclude(changed_by=user)
    n = mine.distinct().count()
    if n:
        text = ngettext("%(n)s bundle waits for an approval", "%(n)s bundles wait for an approval", n) % {"n": n}
        yield PendingTask(text, link_to_list("news_bundle"))
    late = bundles.overdue(timezone.now()).count()
    if late:
        text = ngettext("%(n)s bundle is due and not public", "%(n)s bundles are due and not public", late) % {
            "n": late
        }
        yield PendingTask(text, link_to_list("news_bundle"))
