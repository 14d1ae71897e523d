"""Who stands behind a campaign."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.models.asked import Campaign
from campaign.querysets import EndorsementQuerySet, PledgeQuerySet
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
    objects = EndorsementQuerySet.as_manager()

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


class MailLanguage(models.TextChoices):
    """The languages in which a person can be written to: the six of the United Nations (BCP 47, in lower case)."""

    ENGLISH = "en", "English"
    ARABIC = "ar", "العربية"
    CHINESE = "zh-hans", "中文"
    FRENCH = "fr", "Français"
    RUSSIAN = "ru", "Русский"
    SPANISH = "es", "Español"


class Invalidation(models.Model):
    """Pledges taken out of the count together, and why. They can be brought back, which is told as well."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="invalidations", verbose_name=_("campaign")
    )
    reason = models.CharField(_("reason"), max_length=300, help_text=_("Told in public: name nobody."))
    pledges_count = models.PositiveIntegerField(_("pledges taken out of the count"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("at"))
    reinstated_count = models.PositiveIntegerField(_("brought back"), default=0)
    reinstated_reason = models.CharField(_("why they were brought back"), max_length=300, blank=True)
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


class Pledge(models.Model):
    """A person's backing of a campaign. It counts once its address is confirmed.

    The only table with personal data. It keeps no history, so that what is removed is gone; what editors do with it
    is kept without the person (`Invalidation`, `Look`).
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("campaign"))
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"))
    address_key = models.CharField(
        max_length=64,
        editable=False,
        help_text=_("A keyed hash of the address in its normal form: one person backs a campaign once."),
    )
    domain = models.CharField(_("domain of the address"), max_length=253, editable=False)
    network_key = models.CharField(
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
    language = models.CharField(
        _("language"), max_length=10, choices=MailLanguage.choices, default=MailLanguage.ENGLISH
    )
    consent_version = models.CharField(_("version of the consent text"), max_length=20)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    receipt = models.CharField(_("receipt"), max_length=20, unique=True, null=True, editable=False)  # noqa: DJ001 - unique when there
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
                fields=["campaign", "address_key"],
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
    """What a link in a mail carries. Only its hash is kept; it works once and not for ever."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("Confirm")
        REMOVE = "remove", _("Remove")
        NEVER = "never", _("Never mail me")

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="tokens")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="pledgetoken_expires")]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"


class NeverMail(models.Model):
    """Somebody who asked never to be written to again. Nothing of the address is kept but a keyed hash."""

    person = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"#{self.pk}"


class Look(models.Model):
    """Who looked at personal data, when and at what. Never changed, never deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    what = models.CharField(
        _("what"), max_length=20, choices=[("list", _("List")), ("one", _("One")), ("export", _("Export"))]
    )
    pledges = models.JSONField(_("numbers of the pledges seen"), default=list)
    asked = models.CharField(_("asked for"), max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"
