"""The vocabulary of the campaign. Pages, API and admin ask in these words."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from campaign.models import Campaign
    from treaties.models import State


class CampaignActionQuerySet(models.QuerySet):
    def of(self, campaign: "Campaign") -> Self:
        return self.filter(pillar__campaign=campaign)

    def public(self) -> Self:
        """What a visitor may see: all but what is held back for a bundle."""
        return self.filter(is_held=False)

    def calls(self) -> Self:
        return self.filter(kind="call_to_action")

    def dated(self) -> Self:
        """What happens on a day: everything but the calls."""
        return self.exclude(kind="call_to_action")

    def about(self, state: "State") -> Self:
        return self.filter(states=state)

    def for_display(self) -> Self:
        return self.select_related("pillar", "pillar__campaign", "target_treaty").prefetch_related(
            "states", "articles__treaty"
        )


class CommitmentQuerySet(models.QuerySet):
    def of(self, campaign: "Campaign") -> Self:
        return self.filter(pillar__campaign=campaign)

    def by(self, state: "State") -> Self:
        return self.filter(by_state=state)

    def open(self) -> Self:
        """Not yet settled: announced or under way."""
        return self.filter(status__in=("announced", "under_way"))

    def overdue(self, on: date) -> Self:
        return self.open().filter(due_on__lt=on)

    def for_display(self) -> Self:
        return (
            self.select_related("by_state", "pillar", "pillar__campaign")
            .prefetch_related("follow_ups")
            .order_by("-announced_on", "-id")
        )


class EndorsementQuerySet(models.QuerySet):
    def of(self, campaign: "Campaign") -> Self:
        """Those that an editor has verified; others are not told in public."""
        return self.filter(campaign=campaign, verified_by__isnull=False).select_related("state")


class PledgeQuerySet(models.QuerySet):
    def of(self, campaign: "Campaign") -> Self:
        return self.filter(campaign=campaign)

    def confirmed(self) -> Self:
        """Pledges whose address has been confirmed, those taken out of the count included."""
        return self.filter(confirmed_at__isnull=False)

    def counted(self) -> Self:
        """Pledges that count."""
        return self.confirmed().filter(invalidation__isnull=True)

    def unconfirmed_since(self, moment: datetime) -> Self:
        """Pledges made before a moment and never confirmed, with no link that still works."""
        own = self.model._default_manager.filter(pk=models.OuterRef("pk"))
        # Each condition on one row of its own: in exclude() the parts would be met by different rows.
        alive = own.filter(tokens__purpose="confirm", tokens__expires_at__gt=timezone.now())
        waiting = own.filter(mails__standing__in=("queued", "sending"))
        return self.filter(
            ~models.Exists(alive), ~models.Exists(waiting), confirmed_at__isnull=True, created_at__lt=moment
        )

    def to_be_named(self) -> Self:
        """Those that count and wish to be named, newest first."""
        return self.counted().filter(show_name=True).select_related("state").order_by("-confirmed_at", "-pk")


class MailQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(standing="queued")

    def stuck(self, before: datetime) -> Self:
        """Claimed before a moment and not finished: their worker is gone."""
        return self.filter(standing="sending", claimed_at__lt=before)
