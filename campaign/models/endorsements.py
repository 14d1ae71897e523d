"""Endorsements of cities, parliamentarians and organizations."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.models.campaigns import Campaign
from config.kit.models.fields import LineField, SourceField
from config.kit.models.taken_out import STANDS, CanBeTakenOut, StandingManager
from treaties.models import State


class EndorsementQuerySet(models.QuerySet):
    def verified(self) -> Self:
        """Those that an editor has verified; others are not public."""
        return self.filter(verified_by__isnull=False).select_related("campaign", "state")

    def of(self, campaign: Campaign) -> Self:
        """The public ones of a campaign."""
        return self.verified().filter(campaign=campaign)


class Endorsement(CanBeTakenOut):
    """A city, parliamentarian or organization that stands behind a campaign; entered with a source, counted apart from people."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        PARLIAMENTARIAN = "parliamentarian", _("Parliamentarian")
        ORGANIZATION = "organization", _("Organization")

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="endorsements", verbose_name=_("campaign")
    )
    kind = LineField(_("kind"), max_length=15, choices=Kind.choices)
    name = LineField(_("name"), max_length=200)
    state = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="endorsements",
        verbose_name=_("State"),
    )
    endorsed_on = models.DateField(_("endorsed on"))
    source_url = SourceField(_("source"))
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("verified by"),
    )

    history = HistoricalRecords()
    objects = StandingManager.from_queryset(EndorsementQuerySet)()

    class Meta:
        ordering = ["-endorsed_on", "name"]
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "kind",
                Lower("name"),
                condition=STANDS,
                name="endorsement_once_per_campaign_and_name",
                violation_error_message=_("This endorsement is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
