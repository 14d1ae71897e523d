"""Videos that belong to statements: shown as links, so that nothing is asked of another site before a reader wants it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import HasLocalTexts, SourceField
from config.kit.models.taken_out import CanBeTakenOut, StandingManager
from config.kit.models.translations import TranslatedLineField
from news.models.statements import Statement


class Video(HasLocalTexts, CanBeTakenOut):
    """A video at its publisher. It has captions: who cannot hear it reads it."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="videos", verbose_name=_("statement")
    )
    title = TranslatedLineField(_("what it shows"), max_length=200)
    url = SourceField(_("address"), help_text=_("Its page at the publisher. The video opens there, not here."))
    captions = TranslatedLineField(
        _("captions"), max_length=200, help_text=_("The languages of its captions, and where a transcript is.")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    history = HistoricalRecords()
    objects = StandingManager()

    class Meta:
        ordering = ["statement", "position", "id"]
        verbose_name = _("video")
        verbose_name_plural = _("videos")

    def __str__(self) -> str:
        return self.title
