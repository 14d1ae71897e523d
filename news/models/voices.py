"""Who speaks, and what is shown: speakers with their roles, photographs."""

from datetime import date

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Speaker(models.Model):
    """Who speaks: a person, several together, or an organization. Roles have dates of their own."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        GROUP = "group", _("Several persons")
        ORGANIZATION = "organization", _("Organization")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=200, unique=True)

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


class SpeakerRole(models.Model):
    """An office held by a speaker, between two days where they are known."""

    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="roles", verbose_name=_("speaker"))
    role = models.CharField(_("role"), max_length=200)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    since = models.DateField(_("since"), null=True, blank=True, help_text=_("Empty where it is not known."))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty while it is held, or not known."))

    history = HistoricalRecords()

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
        return f"{self.role}, {self.organization}" if self.organization else self.role


class Photo(models.Model):
    """A photograph with its credit, caption and alternative text. The file may be missing where we hold no licence for it."""

    renditions = models.JSONField(
        _("file"), default=dict, editable=False, help_text=_("Where it is kept, in which sizes.")
    )
    credit = models.CharField(_("credit"), max_length=200)
    caption = models.TextField(_("caption"))
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for those who do not see it. Required with a file."),
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.CheckConstraint(
                name="photo_shown_has_an_alternative_text",
                condition=Q(renditions={}) | ~Q(alt=""),
                violation_error_message=_("Say in words what the picture shows."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.caption[:60]} ({self.credit})"

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Formats, the smallest first, each with the addresses of its sizes (`srcset`)."""
        return [
            (
                f"image/{suffix}",
                ", ".join(f"{self._url(width, suffix)} {width}w" for width in self.renditions["widths"]),
            )
            for suffix in ("avif", "webp")
        ]

    @property
    def fallback(self) -> str:
        """The address for readers that know neither."""
        return self._url(self.renditions["widths"][-1], "jpeg")

    def _url(self, width: int, suffix: str) -> str:
        return default_storage.url(f"{self.renditions['stem']}-{width}.{suffix}")
