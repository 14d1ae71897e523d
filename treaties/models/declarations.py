"""Declarations, reservations, objections and other texts lodged with acts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LanguageField, LineField, ProseField, SourceField
from treaties.models.choices import DeclarationChoices
from treaties.models.states import State
from treaties.models.treaties import Treaty
from treaties.models.treaty_actions import TreatyAction


class Declaration(models.Model):
    """A text lodged with an act. It never changes a status by itself."""

    kind = LineField(_("kind"), max_length=30, choices=DeclarationChoices.choices, db_index=True)
    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="declarations", verbose_name=_("treaty"))
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="declarations", verbose_name=_("State"))
    made_on = models.DateField(_("made on"), db_index=True)
    with_action = models.ForeignKey(
        TreatyAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="declarations",
        verbose_name=_("lodged with"),
    )
    answers = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name=_("answers"),
    )
    text = ProseField(_("text"), help_text=_("The official words."))
    language = LanguageField(_("language"), default="en", help_text=_("BCP 47 tag of the text."))
    source_url = SourceField(_("source"))

    history = HistoricalRecords()

    class Meta:
        ordering = ["-made_on", "-id"]
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        constraints = [
            models.CheckConstraint(
                name="declaration_objection_answers_one",
                condition=~Q(kind=DeclarationChoices.OBJECTION) | Q(answers__isnull=False),
                violation_error_message=_("An objection answers a declaration: say which."),
            ),
            models.CheckConstraint(
                name="declaration_never_answers_itself",
                condition=Q(answers__isnull=True) | ~Q(answers=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.get_kind_display()} {self.made_on:%Y-%m-%d}"
