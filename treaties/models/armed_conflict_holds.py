"""Armed conflicts that postpone the effect of a withdrawal (Art. 20(3))."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from treaties.law import rules
from treaties.models.choices import ActionChoices
from treaties.models.ledger_records import LedgerQuerySet, LedgerRecord, two_officers
from treaties.models.treaties import Treaty
from treaties.models.treaty_actions import TreatyAction


class ArmedConflictHold(LedgerRecord):
    """A recorded fact: the withdrawing State is in an armed conflict when its notice runs out (Art. 20(3))."""

    withdrawal = models.ForeignKey(
        TreatyAction,
        on_delete=models.PROTECT,
        related_name="armed_conflict_holds",
        limit_choices_to={"action": ActionChoices.WITHDRAWAL},
        verbose_name=_("withdrawal"),
    )
    started_on = models.DateField(_("conflict since"))
    ended_on = models.DateField(_("conflict ended on"), null=True, blank=True, help_text=_("Empty while it lasts."))

    history = HistoricalRecords()
    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["started_on", "id"]
        verbose_name = _("armed-conflict hold")
        verbose_name_plural = _("armed-conflict holds")
        permissions = [("confirm_armedconflicthold", "Can confirm holds recorded by another officer")]
        constraints = [
            *two_officers("hold"),
            models.CheckConstraint(
                name="hold_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("A conflict cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.withdrawal} · {self.started_on:%Y-%m-%d}"

    def clean(self) -> None:
        super().clean()
        if self.withdrawal_id and self.withdrawal.action != ActionChoices.WITHDRAWAL:
            raise ValidationError({"withdrawal": _("Only a notice of withdrawal can be held.")})

    @property
    def ledger_treaty(self) -> Treaty:
        return self.withdrawal.treaty

    def facts(self) -> dict[str, Any]:
        return super().facts() | {
            "withdrawal": self.withdrawal_id,
            "started_on": self.started_on,
            "ended_on": self.ended_on,
        }

    def as_rule_input(self) -> rules.Hold:
        """The hold as the rules see it."""
        return rules.Hold(started_on=self.started_on, ended_on=self.ended_on)
