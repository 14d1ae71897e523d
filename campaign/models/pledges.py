"""Pledges: people's backing of a campaign, with the links in their mails."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign
from campaign.models.choices import UNFINISHED, MailLanguage
from campaign.models.invalidations import Invalidation
from config.kit.models.fields import LineField
from config.kit.models.generations import PRIVATE
from treaties.models import State


class PledgeQuerySet(models.QuerySet):
    def of(self, campaign: Campaign) -> Self:
        return self.filter(campaign=campaign)

    def confirmed(self) -> Self:
        """Pledges whose address has been confirmed, those taken out of the count included."""
        return self.filter(confirmed_at__isnull=False)

    def counted(self) -> Self:
        """Pledges that count."""
        return self.confirmed().filter(invalidation__isnull=True)

    def unconfirmed_since(self, moment: datetime) -> Self:
        """Pledges made before a moment and never confirmed, with no link that still works."""
        same = self.model._default_manager.filter(pk=models.OuterRef("pk"))
        # One subquery for each condition: in exclude() its parts could be met by different rows.
        alive = same.filter(tokens__purpose=PledgeToken.Purpose.CONFIRM, tokens__expires_at__gt=timezone.now())
        waiting = same.filter(mails__status__in=UNFINISHED)
        return self.filter(
            ~models.Exists(alive), ~models.Exists(waiting), confirmed_at__isnull=True, created_at__lt=moment
        )

    def to_be_named(self) -> Self:
        """Pledges that count and whose people wish to be named, newest first."""
        return self.counted().filter(show_name=True).select_related("state").order_by("-confirmed_at", "-pk")


class Pledge(models.Model):
    """A person's backing of a campaign. It counts once its address is confirmed.

    It holds personal data. It keeps no history, so that deleted data is gone; what editors do with it is recorded without
    the person (`Invalidation`, `AccessLogEntry`).
    """

    generation = "pledges"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("campaign"))
    name = LineField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"))
    address_hash = LineField(
        max_length=64,
        db_column="address_key",
        editable=False,
        help_text=_("A keyed hash of the address in its normal form: one person backs a campaign once."),
    )
    domain = LineField(_("domain of the address"), max_length=253, editable=False)
    network_key = LineField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("A keyed hash of the network that the form was sent from, to see bursts; the address is not kept."),
    )
    state = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pledges",
        verbose_name=_("State"),
    )
    show_name = models.BooleanField(_("show the name"), default=False)
    language = LineField(_("language"), max_length=10, choices=MailLanguage.choices, default=MailLanguage.ENGLISH)
    consent_version = LineField(_("version of the consent text"), max_length=20)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    receipt = LineField(_("receipt"), max_length=20, unique=True, null=True, editable=False)
    invalidation = models.ForeignKey(
        Invalidation,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="pledges",
        verbose_name=_("taken out of the count"),
    )
    is_demonstration = models.BooleanField(
        _("demonstration data"),
        default=False,
        help_text=_("Made up to show the site at work; never in production."),
    )

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        indexes = [
            models.Index(fields=["campaign", "confirmed_at"], name="pledge_campaign_confirmed"),
            models.Index(
                fields=["campaign", "-confirmed_at"],
                condition=Q(show_name=True, confirmed_at__isnull=False, invalidation__isnull=True),
                name="pledge_named_newest",
            ),
            models.Index(fields=["created_at"], name="pledge_made_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "address_hash"],
                name="pledge_once_per_campaign_and_address",
                violation_error_message=_("This address backs the campaign already."),
            ),
            models.CheckConstraint(
                name="pledge_confirmed_has_a_receipt",
                condition=Q(confirmed_at__isnull=True, receipt__isnull=True)
                | Q(confirmed_at__isnull=False, receipt__isnull=False),
            ),
            models.CheckConstraint(
                name="pledge_invalidated_was_confirmed",
                condition=Q(invalidation__isnull=True) | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def counts(self) -> bool:
        return self.confirmed_at is not None and self.invalidation_id is None


class PledgeToken(models.Model):
    """A link in a mail. Only the hash of its secret is kept; it works once and expires."""

    generation = PRIVATE

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("Confirm")
        REMOVE = "remove", _("Remove")
        NEVER = "never", _("Never mail me")

    token_hash = LineField(max_length=64, unique=True)
    purpose = LineField(max_length=10, choices=Purpose.choices)
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="tokens")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="pledgetoken_expires")]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"
