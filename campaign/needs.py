"""What waits for a campaign manager or a pledge moderator."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from campaign.models import Commitment, FollowUp, Mail
from campaign.moderation import bursts, is_moderator
from treaties.editing import link_to_list
from treaties.neighbours import Need


def managers_needs(user: User) -> Iterable[Need]:
    """Commitments that are due and not settled."""
    if user.has_perm("campaign.add_followup"):
        n = Commitment.objects.overdue(timezone.now().date()).count()
        if n:
            text = ngettext("%(n)s commitment is overdue", "%(n)s commitments are overdue", n) % {"n": n}
            yield Need(text, link_to_list("campaign_commitment", overdue="yes"))
        waiting = FollowUp.objects.filter(check_result=FollowUp.Check.WAITING).exclude(recorded_by=user).count()
        if waiting:
            told = ngettext(
                "%(n)s promise told as done waits for you", "%(n)s promises told as done wait for you", waiting
            )
            yield Need(told % {"n": waiting}, link_to_list("campaign_followup", check_result__exact="waiting"))


def moderators_needs(user: User) -> Iterable[Need]:
    """Bursts of pledges, and mails whose outcome nobody knows."""
    if not is_moderator(user):
        return
    n = len(bursts(timezone.now()))
    if n:
        text = ngettext("%(n)s burst of pledges to look at", "%(n)s bursts of pledges to look at", n) % {"n": n}
        yield Need(text, reverse("admin:campaign_pledge_bursts"))
    lost = Mail.objects.filter(standing__in=(Mail.Standing.UNCERTAIN, Mail.Standing.REFUSED)).count()
    if lost:
        told = ngettext("%(n)s mail may not have arrived", "%(n)s mails may not have arrived", lost) % {"n": lost}
        yield Need(told, link_to_list("campaign_mail"))
