"""Official words, quoted in statements."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import ProseField, SourceField
from config.kit.models.taken_out import CanBeTakenOut, StandingManager
from news.models.statements import Statement


class Quotation(CanBeTakenOut):
    """Official words, never changed. What is to be said about them stands in the note."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="quotations", verbose_name=_("statement")
    )
    text = ProseField(_("words"), help_text=_("Exactly as published; straight quotation marks inside."))
    note = ProseField(_("note"), blank=True, help_text=_("Translation, other wordings, what does not hold in it."))
    source_url = SourceField(_("source"), blank=True)
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    history = HistoricalRecords()
    objects = StandingManager()

    class Meta:
        ordering = ["statement", "position", "id"]
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")

    def __str__(self) -> str:
        return self.text[:60]
