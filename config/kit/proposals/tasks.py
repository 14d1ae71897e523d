"""Pending tasks of all who propose and decide."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import ngettext

from config.kit.admin_base import link_to_list
from config.kit.models.proposals import Proposal
from config.kit.pending_work import PendingTask

TOLD_FOR = timedelta(days=14)
"""How long who proposed something is told that it was refused."""


def proposal_tasks(user: User) -> Iterable[PendingTask]:
    """Changes that wait for the user as a second person, and those of the user's own that were refused lately."""
    n = Proposal.objects.waiting_for(user).count()
    if n:
        text = ngettext("%(n)s proposed change waits for you", "%(n)s proposed changes wait for you", n)
        yield PendingTask(text % {"n": n}, link_to_list("kit_proposal", waiting="yes"))
    urgent = Proposal.objects.urgent().count() if user.has_perm("kit.view_proposal") else 0
    if urgent:
        text = ngettext(
            "%(n)s urgent change that no second person has seen",
            "%(n)s urgent changes that no second person has seen",
            urgent,
        )
        yield PendingTask(text % {"n": urgent}, link_to_list("kit_proposal", waiting="urgent"))
    since = timezone.now() - TOLD_FOR
    refused = Proposal.objects.filter(made_by=user, decision=Proposal.Decision.REFUSED, decided_at__gte=since).count()
    if refused:
        text = ngettext(
            "%(n)s change that you proposed was refused", "%(n)s changes that you proposed were refused", refused
        )
        yield PendingTask(text % {"n": refused}, link_to_list("kit_proposal", decision__exact="refused"))


def begun_proposals(user: User) -> Iterable[PendingTask]:
    """Changes that the user has proposed and nobody has decided on."""
    n = Proposal.objects.open().filter(made_by=user).count()
    if n:
        text = ngettext("%(n)s proposed change that is not decided", "%(n)s proposed changes that are not decided", n)
        yield PendingTask(text % {"n": n}, link_to_list("kit_proposal", decision__exact="open", q=user.get_username()))
