"""What is asked: campaigns, their pillars, calls and events."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.querysets import CampaignActionQuerySet
from treaties.models import Article, PrecisionChoices, State, Treaty
from treaties.models.source import SourceField


class Campaign(models.Model):
    """A campaign. Announced on, launched on and the window are different days, and each may be unknown."""

    slug = models.SlugField(
        max_length=80, unique=True, help_text=_("Part of every address of the campaign: never change it.")
    )
    title = models.CharField(_("title"), max_length=200)
    title_note = models.TextField(_("note on the title"), blank=True)
    summary = models.TextField(_("summary"))
    announced_by = models.CharField(_("announced by"), max_length=200, blank=True)
    announced_on = models.DateField(_("announced on"))
    launched_on = models.DateField(
        _("launched on"),
        null=True,
        blank=True,
        help_text=_("Only if a launch is known: an intention is not a launch."),
    )
    window_starts_on = models.DateField(_("window starts on"), null=True, blank=True)
    window_ends_on = models.DateField(_("window ends on"), null=True, blank=True)
    treaties = models.ManyToManyField(Treaty, related_name="campaigns", verbose_name=_("treaties"))
    result = models.TextField(_("result"), blank=True)
    result_note = models.TextField(_("note on the result"), blank=True)
    source_url = SourceField(_("source"))

    history = HistoricalRecords(m2m_fields=[treaties])

    class Meta:
        ordering = ["-announced_on", "slug"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                name="campaign_window_has_both_ends_in_order",
                condition=Q(window_starts_on__isnull=True, window_ends_on__isnull=True)
                | Q(window_ends_on__gte=F("window_starts_on")),
                violation_error_message=_("The window needs both ends, the first not after the last."),
            ),
            models.CheckConstraint(
                name="campaign_launched_after_it_was_announced",
                condition=Q(launched_on__isnull=True) | Q(launched_on__gte=F("announced_on")),
                violation_error_message=_("A campaign is not launched before it is announced."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaign:campaign", args=[self.slug])

    def day_of_window(self, on: date) -> int | None:
        """The number of the day within the window, from 1; None outside it."""
        if self.window_starts_on is None or self.window_ends_on is None:
            return None
        return (on - self.window_starts_on).days + 1 if self.window_starts_on <= on <= self.window_ends_on else None

    def window_is_over(self, on: date) -> bool:
        return self.window_ends_on is not None and self.window_ends_on < on

    @property
    def days_in_window(self) -> int | None:
        if self.window_starts_on is None or self.window_ends_on is None:
            return None
        return (self.window_ends_on - self.window_starts_on).days + 1


class Pillar(models.Model):
    """An objective of a campaign, or one of the means by which it is to reach them."""

    class Role(models.TextChoices):
        OBJECTIVE = "objective", _("Objective")
        MEANS = "means", _("Means")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pillars", verbose_name=_("campaign"))
    slug = models.SlugField(max_length=80)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.OBJECTIVE)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    source_url = SourceField(_("source"))
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["campaign", "position"]
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        constraints = [models.UniqueConstraint(fields=["campaign", "slug"], name="pillar_once_per_campaign_and_slug")]

    def __str__(self) -> str:
        return self.title


class CampaignAction(models.Model):
    """A dated thing that a campaign does or asks."""

    class Kind(models.TextChoices):
        CALL_TO_ACTION = "call_to_action", _("Call to action")
        EVENT = "event", _("Event")
        MILESTONE = "milestone", _("Milestone")
        DELIVERY = "delivery", _("Delivery")

    class Audience(models.TextChoices):
        STATES_NOT_PARTY = "states_not_party", _("States not party")
        STATES_WITHDRAWING = "states_withdrawing", _("States under notice of withdrawal")
        STATES_PARTIES = "states_parties", _("States parties")
        STATES_WITHDRAWN = "states_withdrawn", _("States that have withdrawn")
        PUBLIC = "public", _("Everyone")

    class Target(models.TextChoices):
        """Whom a call is aimed at, as the ledger has it on the day of reading. Counted as the UN counts."""

        NOT_PARTY = "not_party", _("Every State outside the treaty")
        SIGNATORY = "signatory", _("Every State that has signed only")
        PARTY = "party", _("Every State that is bound")
        WITHDRAWING = "withdrawing", _("Every State under notice of withdrawal")
        WITHDRAWN = "withdrawn", _("Every State that has left")

    class Status(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Direction(models.TextChoices):
        FORWARD = "forward", _("Forward for the treaty")
        SETBACK = "setback", _("Setback for the treaty")
        NEUTRAL = "neutral", _("Neither")

    pillar = models.ForeignKey(Pillar, on_delete=models.PROTECT, related_name="actions", verbose_name=_("pillar"))
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=250)
    summary = models.TextField(_("summary"))
    date = models.DateField(_("date"))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    date_precision = models.CharField(
        _("how sure the day is"),
        max_length=15,
        choices=PrecisionChoices.choices,
        default=PrecisionChoices.DAY,
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    who = models.CharField(_("who"), max_length=250, blank=True, help_text=_("Who holds, does or asks it."))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices, default=Direction.NEUTRAL)
    official = models.BooleanField(_("of the United Nations"), default=True)
    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices, blank=True)
    target_rule = models.CharField(
        _("live target"),
        max_length=15,
        choices=Target.choices,
        blank=True,
        help_text=_("Computed from the ledger each time the call is read."),
    )
    target_treaty = models.ForeignKey(
        Treaty,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("under the treaty"),
    )
    states = models.ManyToManyField(State, related_name="campaign_actions", blank=True, verbose_name=_("States"))
    articles = models.ManyToManyField(Article, related_name="campaign_actions", blank=True, verbose_name=_("articles"))
    doubt = models.TextField(_("doubt"), blank=True, help_text=_("What could not be confirmed."))
    source_url = SourceField(_("source"))
    is_held = models.BooleanField(
        _("held back"),
        default=False,
        help_text=_("Not public yet: it goes public with the bundle that it is part of."),
    )

    history = HistoricalRecords(m2m_fields=[states, articles])
    objects = CampaignActionQuerySet.as_manager()

    class Meta:
        ordering = ["date", "id"]
        verbose_name = _("campaign action")
        verbose_name_plural = _("campaign actions")
        indexes = [
            models.Index(fields=["pillar", "date"], name="campaignaction_pillar_day"),
            models.Index(fields=["kind", "date"], name="campaignaction_kind_day"),
            models.Index(fields=["status", "date"], name="campaignaction_status_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="campaignaction_ends_after_it_starts",
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("date")),
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                name="campaignaction_live_target_names_its_treaty",
                condition=Q(target_rule="") | Q(target_treaty__isnull=False),
                violation_error_message=_("Say under which treaty the live target is computed."),
            ),
            models.CheckConstraint(
                name="campaignaction_call_has_an_audience",
                condition=~Q(kind="call_to_action") | ~Q(audience=""),
                violation_error_message=_("A call to action is addressed to somebody: choose the audience."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.pillar.campaign.get_absolute_url()}#{self.slug}"
