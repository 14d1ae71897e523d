"""Speakers with their roles."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import HasLocalTexts, LineField, english_text
from config.kit.models.taken_out import CanBeTakenOut, StandingManager
from config.kit.models.translations import TranslatedLineField, together


class Speaker(models.Model):
    """Who speaks: a person, several together, or an organization. Roles have dates of their own."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        GROUP = "group", _("Several persons")
        ORGANIZATION = "organization", _("Organization")

    kind = LineField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.PERSON)
    name = LineField(_("name"), max_length=200, unique=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")

    def __str__(self) -> str:
        return self.name

    def role_on(self, day: date) -> "SpeakerRole | None":
        """The role that the speaker held on a day, so that an old statement keeps the role of its day."""
        held = [
            r for r in self.roles.all() if (r.since is None or r.since <= day) and (r.until is None or day <= r.until)
        ]
        return max(held, key=lambda r: (r.since or date.min, r.pk), default=None)


class SpeakerRole(HasLocalTexts, CanBeTakenOut):
    """An office held by a speaker, between two days where they are known."""

    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="roles", verbose_name=_("speaker"))
    role = TranslatedLineField(_("role"), max_length=200)
    organization = TranslatedLineField(_("organization"), max_length=200, blank=True)
    since = models.DateField(_("since"), null=True, blank=True, help_text=_("Empty where it is not known."))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty while it is held, or not known."))

    history = HistoricalRecords()
    objects = StandingManager()

    class Meta:
        ordering = ["speaker", F("since").asc(nulls_first=True)]
        verbose_name = _("role of a speaker")
        verbose_name_plural = _("roles of speakers")
        constraints = [
            models.CheckConstraint(
                name="speakerrole_ends_after_it_starts",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message=_("A role cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{english_text(self, 'role')}, {english_text(self, 'organization')}".removesuffix(", ")

    @property
    def in_words(self) -> str:
        """The office and the organization, in the language of the page where both are translated; else in English."""
        return together(self, "role", "organization")
