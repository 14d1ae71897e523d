"""Snapshots that the site offers: which there are, where, and how to cite them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField, ProseField


class Snapshot(models.Model):
    """A folder with everything that was public on a day, within the files that the site serves."""

    day = models.DateField(_("day"))
    folder = LineField(_("folder"), max_length=80, unique=True)
    archive = LineField(_("archive"), max_length=80)
    bytes = models.PositiveBigIntegerField(_("bytes"))
    citation = ProseField(_("citation"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    generation = "changes"

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")

    def __str__(self) -> str:
        return self.folder
