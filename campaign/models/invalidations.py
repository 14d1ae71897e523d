"""Pledges taken out of the count."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign
from config.kit.models.fields import LineField


class Invalidation(models.Model):
    """Pledges taken out of the count together, and why. They can be brought back; both are public."""

    generation = "pledges"

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="invalidations", verbose_name=_("campaign")
    )
    reason = LineField(_("reason"), max_length=300, help_text=_("Told in public: name nobody."))
    pledges_count = models.PositiveIntegerField(_("pledges taken out of the count"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("at"))
    reinstated_count = models.PositiveIntegerField(_("brought back"), default=0)
    reinstated_reason = LineField(_("why they were brought back"), max_length=300, blank=True)
    reinstated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("brought back by"),
    )
    reinstated_at = models.DateTimeField(_("brought back at"), null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("invalidation")
        verbose_name_plural = _("invalidations")
        constraints = [
            models.CheckConstraint(
                name="invalidation_brings_back_no_more_than_it_took",
                condition=Q(reinstated_count__lte=F("pledges_count")),
            )
        ]

    def __str__(self) -> str:
        return self.reason
