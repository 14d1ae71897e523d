"""Pending tasks of campaign managers and pledge moderators."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from campaign.models import Commitment, FollowUp, Mail
from campaign.pledging.moderation import bursts, is_moderator
from config.kit.admin_base import link_to_list
from config.kit.pending_work import PendingTask


def manager_tasks(user: User) -> Iterable[PendingTask]:
    """Commitments that are due and not settled."""
    if user.has_perm("campaign.add_followup"):
        n = Commitment.objects.overdue(timezone.now().date()).count()
        if n:
            text = ngettext("%(n)s commitment is overdue", "%(n)s commitments are overdue", n) % {"n": n}
            yield PendingTask(text, link_to_list("campaign_commitment", overdue="yes"))
        unchecked = Commitment.objects.done_unchecked().count()
        if unchecked:
            text = ngettext(
                "%(n)s promise is told as done, and no evidence was checked here",
                "%(n)s promises are told as done, and no evidence was checked here",
                unchecked,
            )
            yield PendingTask(text % {"n": unchecked}, link_to_list("campaign_commitment", evidence="none"))
        waiting = FollowUp.objects.filter(check_result=FollowUp.Check.WAITING).exclude(recorded_by=user).count()
        if waiting:
            text = ngettext(
                "%(n)s promise told as done waits for you", "%(n)s promises told as done wait for you", waiting
            )
            yield PendingTask(text % {"n": waiting}, link_to_list("campaign_followup", check_result__exact="waiting"))


def moderator_tasks(user: User) -> Iterable[PendingTask]:
    """Bursts of pledges, and mails whose outcome nobody knows."""
    if not is_moderator(user):
        return
    n = len(bursts(timezone.now()))
    if n:
        text = ngettext("%(n)s burst of pledges to look at", "%(n)s bursts of pledges to look at", n) % {"n": n}
        yield PendingTask(text, reverse("admin:campaign_pledge_bursts"))
    lost = Mail.objects.filter(status__in=(Mail.Status.UNCERTAIN, Mail.Status.REFUSED)).count()
    if lost:
        text = ngettext("%(n)s mail may not have arrived", "%(n)s mails may not have arrived", lost) % {"n": lost}
        yield PendingTask(text, link_to_list("campaign_mail"))
