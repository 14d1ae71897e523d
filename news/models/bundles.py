"""Bundles: what goes public together."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.models import CampaignAction
from config.kit.models.fields import LineField, ProseField
from news.models.statements import Statement
from treaties.models import TreatyAction


class Bundle(models.Model):
    """Acts, texts and calls that go public together at one moment, all of them or none."""

    title = LineField(_("title"), max_length=200, help_text=_("For editors; it is not public."))
    release_at = models.DateTimeField(_("public from"), help_text=_("UTC."), db_column="minute")
    statements = models.ManyToManyField(
        Statement, related_name="bundles", blank=True, verbose_name=_("statements"), help_text=_("Each approved.")
    )
    acts = models.ManyToManyField(
        TreatyAction,
        related_name="+",
        blank=True,
        verbose_name=_("acts"),
        help_text=_("Recorded and not yet confirmed."),
    )
    actions = models.ManyToManyField(
        CampaignAction, related_name="+", blank=True, verbose_name=_("calls and events"), help_text=_("Each held back.")
    )
    announced_as = LineField(
        _("announced as"),
        max_length=200,
        blank=True,
        help_text=_("The line of the public calendar, until then. Empty: nothing is announced."),
    )
    acts_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("acts approved by"),
    )
    texts_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("texts approved by"),
    )
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    failure = ProseField(_("why it was not released"), blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-release_at", "-id"]
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        indexes = [
            models.Index(fields=["release_at"], condition=Q(released_at__isnull=True, failure=""), name="bundle_due")
        ]

    def __str__(self) -> str:
        return self.title
