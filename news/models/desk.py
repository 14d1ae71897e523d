"""What the newsroom works with: comments, previews, bundles. Never public themselves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.models import CampaignAction
from news.models.statement import Statement
from treaties.models import TreatyAction


class ReviewComment(models.Model):
    """What one editor tells another about a text on its way. Never public."""

    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="review_comments", verbose_name=_("statement")
    )
    text = models.TextField(_("comment"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text[:60]


class PreviewLink(models.Model):
    """An address under which a text can be read before it is public. It expires, can be revoked, and is kept as a hash."""

    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="preview_links", verbose_name=_("statement")
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_for = models.CharField(_("for whom"), max_length=120)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self) -> str:
        return self.made_for


class PreviewOpening(models.Model):
    """When a preview link was opened, and by whom if they were signed in."""

    link = models.ForeignKey(PreviewLink, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Bundle(models.Model):
    """Acts, texts and calls that go public together at one minute, all of them or none."""

    title = models.CharField(_("title"), max_length=200, help_text=_("For editors; it is not public."))
    minute = models.DateTimeField(_("public from"), help_text=_("UTC."))
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
    announced_as = models.CharField(
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
    failure = models.TextField(_("why it was not released"), blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-minute", "-id"]
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        indexes = [
            models.Index(fields=["minute"], condition=Q(released_at__isnull=True, failure=""), name="bundle_due")
        ]

    def __str__(self) -> str:
        return self.title
