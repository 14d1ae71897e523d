"""Bundles: what goes public together."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.models import CampaignAction
from config.kit.models.fields import LineField, ProseField
from news.models.statements import Statement
from treaties.models import TreatyAction


class BundleQuerySet(models.QuerySet):
    def unreleased(self) -> Self:
        """Bundles that are still to become public."""
        return self.filter(released_at=None)

    def announced(self, now: datetime) -> Self:
        """Bundles that the public calendar tells of: still to come, with a line that a second person has approved."""
        return (
            self.unreleased()
            .filter(release_at__gt=now, announcement_approved_by__isnull=False)
            .exclude(announced_as="")
        )

    def drop(self, *approvals: str) -> None:
        """Drop approvals of bundles that are still to become public: `acts`, `texts`, `announcement`."""
        for bundle in cast("Iterable[Bundle]", self.unreleased()):
            bundle.drop(*approvals)


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
    announcement_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("announcement approved by"),
    )
    acts_seen = ProseField(_("fingerprint of the approved acts"), blank=True, editable=False)
    texts_seen = ProseField(_("fingerprint of the approved texts"), blank=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("last changed by"),
    )
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    failure = ProseField(_("why it was not released"), blank=True, editable=False)

    history = HistoricalRecords()
    objects = BundleQuerySet.as_manager()

    class Meta:
        ordering = ["-release_at", "-id"]
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        indexes = [
            models.Index(fields=["release_at"], condition=Q(released_at__isnull=True, failure=""), name="bundle_due")
        ]

    def __str__(self) -> str:
        return self.title

    def drop(self, *approvals: str) -> None:
        """Drop approvals, since what was approved has changed: `acts`, `texts`, `announcement`."""
        fields = [f"{name}_approved_by" for name in approvals]
        fields = [name for name in fields if getattr(self, f"{name}_id") is not None]
        if not fields and not self.failure:
            return
        for name in fields:
            setattr(self, name, None)
        self.failure = ""
        self.save(update_fields=[*fields, "failure"])
