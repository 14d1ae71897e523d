"""What waits for a campaign manager."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import ngettext

from campaign.models import Commitment
from treaties.editing import link_to_list
from treaties.neighbours import Need


def managers_needs(user: User) -> Iterable[Need]:
    """Commitments that are due and not settled."""
    if user.has_perm("campaign.add_followup"):
        n = Commitment.objects.overdue(timezone.now().date()).count()
        if n:
            text = ngettext("%(n)s commitment is overdue", "%(n)s commitments are overdue", n) % {"n": n}
            yield Need(text, link_to_list("campaign_commitment", overdue="yes"))
