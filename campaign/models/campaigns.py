"""Campaigns and their pillars."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import HasLocalTexts, LineField, SlugField, SourceField
from config.kit.models.translations import TranslatedLineField, TranslatedProseField
from treaties.models import Treaty


class Campaign(HasLocalTexts):
    """A campaign. Announced on, launched on and the window are different days, and each may be unknown."""

    slug = SlugField(max_length=80, unique=True, help_text=_("Part of every address of the campaign: never change it."))
    title = TranslatedLineField(_("title"), max_length=200)
    title_note = TranslatedProseField(_("note on the title"), blank=True)
    summary = TranslatedProseField(_("summary"))
    announced_by = TranslatedLineField(_("announced by"), max_length=200, blank=True)
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
    result = TranslatedProseField(_("result"), blank=True)
    result_note = TranslatedProseField(_("note on the result"), blank=True)
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


class Pillar(HasLocalTexts):
    """An objective of a campaign, or one of the means by which it is to reach them."""

    class Role(models.TextChoices):
        OBJECTIVE = "objective", _("Objective")
        MEANS = "means", _("Means")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pillars", verbose_name=_("campaign"))
    slug = SlugField(max_length=80)
    role = LineField(_("role"), max_length=10, choices=Role.choices, default=Role.OBJECTIVE)
    title = TranslatedLineField(_("title"), max_length=200)
    summary = TranslatedProseField(_("summary"))
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
