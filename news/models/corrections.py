"""Public corrections, and the texts that they replaced."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField
from news.models.statements import Statement


class Correction(models.Model):
    """A public correction of a published statement. It cannot be removed."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="corrections", verbose_name=_("statement")
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    text = ProseField(_("what was corrected"), help_text=_("Before and after, in a sentence for the reader."))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )

    is_small = models.BooleanField(
        _("small"),
        default=False,
        help_text=_("A comma or a letter: nothing that the text says has changed. It is listed apart."),
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return self.text[:60]


class Edition(models.Model):
    """A text that was public until a correction took its place. It can be read at its own address."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    title = LineField(max_length=250)
    body = ProseField()
    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, related_name="edition")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="edition_once_per_statement_and_number")
        ]

    def __str__(self) -> str:
        return f"{self.statement} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("news:edition", args=[self.statement.slug, self.number])
