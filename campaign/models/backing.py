"""Who stands behind a campaign."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.models.asked import Campaign
from campaign.querysets import PledgeQuerySet
from treaties.models import State
from treaties.models.source import SourceField


class Endorsement(models.Model):
    """A city, parliamentarian or organization that stands behind a campaign; entered with a source, counted apart from people."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        PARLIAMENTARIAN = "parliamentarian", _("Parliamentarian")
        ORGANIZATION = "organization", _("Organization")

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="endorsements", verbose_name=_("campaign")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
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

    class Meta:
        ordering = ["-endorsed_on", "name"]
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "kind",
                Lower("name"),
                name="endorsement_once_per_campaign_and_name",
                violation_error_message=_("This endorsement is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Pledge(models.Model):
    """A person's backing of a campaign. It counts once its address is confirmed.

    The only table with personal data. Its history keeps no name and no address.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("campaign"))
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"))
    address_key = models.CharField(
        max_length=254,
        editable=False,
        help_text=_("The address in lower case: one person backs a campaign once."),
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
    language = models.CharField(_("language"), max_length=10, default="en")
    consent_version = models.CharField(_("version of the consent text"), max_length=20)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    is_demonstration = models.BooleanField(
        _("demonstration data"),
        default=False,
        help_text=_("Made up to show the site at work; never in production."),
    )

    history = HistoricalRecords(excluded_fields=["name", "email", "address_key"])
    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        indexes = [
            models.Index(fields=["campaign", "confirmed_at"], name="pledge_campaign_confirmed"),
            models.Index(fields=["campaign", "state", "confirmed_at"], name="pledge_campaign_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "address_key"],
                name="pledge_once_per_campaign_and_address",
                violation_error_message=_("This address backs the campaign already."),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.address_key = self.email.strip().casefold()
        super().save(*args, **kwargs)  # type: ignore[arg-type]
