"""Counters of pledges. They change in the transaction of what they count, so that no page counts a million rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign
from treaties.models import State


class StateTally(models.Model):
    """The pledges of a State that count; without a State, those who named none. `recount_pledges` proves it."""

    generation = "pledges"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="state_tallies")
    state = models.ForeignKey(State, on_delete=models.PROTECT, null=True, related_name="+")
    counted = models.PositiveIntegerField(default=0)
    demonstration = models.PositiveIntegerField(default=0, help_text=_("How many of them are demonstration data."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "state"], name="statetally_once_per_campaign_and_state"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state__isnull=True), name="statetally_once_for_no_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id or '–'}: {self.counted}"


class DayTally(models.Model):
    """What happened to pledges on a day (UTC): the public account. `counted` are those confirmed on it that still count."""

    generation = "pledges"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="day_tallies")
    day = models.DateField()
    confirmed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0, help_text=_("Removed by their persons, of those that counted."))
    invalidated = models.PositiveIntegerField(default=0)
    reinstated = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "day"], name="daytally_once_per_campaign_and_day"),
        ]
        indexes = [models.Index(fields=["moved_at"], name="daytally_moved")]

    def __str__(self) -> str:
        return f"{self.day}: +{self.confirmed} -{self.removed} -{self.invalidated} +{self.reinstated}"


class RemovedPledge(models.Model):
    """What remains of a confirmed pledge that its person removed: two days, so that the account can be proved."""

    generation = "pledges"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="removed_pledges")
    confirmed_on = models.DateField()
    removed_on = models.DateField(
        null=True, help_text=_("Empty where it did not count any more: it left with its invalidation.")
    )

    class Meta:
        db_table = "campaign_departure"  # the name that the table was made with

    def __str__(self) -> str:
        return f"#{self.pk}"
