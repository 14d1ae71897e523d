"""The vocabulary of the campaign. Pages, API and admin ask in these words."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count

if TYPE_CHECKING:
    from campaign.models import Campaign
    from treaties.models import State


class CampaignActionQuerySet(models.QuerySet):
    def of(self, campaign: "Campaign") -> Self:
        return self.filter(pillar__campaign=campaign)

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


class PledgeQuerySet(models.QuerySet):
    def of(self, campaign: "Campaign") -> Self:
        return self.filter(campaign=campaign)

    def confirmed(self) -> Self:
        """Pledges that count: their address has been confirmed."""
        return self.filter(confirmed_at__isnull=False)

    def by_state(self) -> list[tuple[str | None, int]]:
        """Confirmed pledges by State, most first; None for those who named none."""
        rows = self.confirmed().values_list("state_id").annotate(n=Count("pk")).order_by("-n", "state_id")
        return [(state, n) for state, n in rows]

    def by_day(self) -> list[tuple[date, int]]:
        """Confirmed pledges by day of confirmation (UTC), in order."""
        rows = self.confirmed().values_list("confirmed_at__date").annotate(n=Count("pk")).order_by("confirmed_at__date")
        return [(day, n) for day, n in rows]

    def demonstration(self) -> Self:
        return self.filter(is_demonstration=True)
