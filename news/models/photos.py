"""Photographs with their credit and alternative text."""

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import HasLocalTexts, LineField
from config.kit.models.translations import TranslatedLineField, TranslatedProseField


class Photo(HasLocalTexts):
    """A photograph with its credit, caption and alternative text. The file may be missing where we hold no licence for it."""

    renditions = models.JSONField(
        _("file"), default=dict, editable=False, help_text=_("Where it is kept, in which sizes.")
    )
    credit = LineField(_("credit"), max_length=200)
    caption = TranslatedProseField(_("caption"))
    alt = TranslatedLineField(
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
