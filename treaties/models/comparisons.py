"""The ledger compared with the Depositary's tables."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField, SourceField
from treaties.models.choices import ActionChoices
from treaties.models.states import State
from treaties.models.treaties import Treaty
from treaties.models.treaty_actions import TreatyAction


class Comparison(models.Model):
    """A comparison of a treaty's ledger with the Depositary's table of a date. A second officer closes it."""

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="comparisons", verbose_name=_("treaty"))
    table_of = models.DateField(_("table of"), help_text=_("The day on which the Depositary's table was read."))
    source_url = SourceField(_("source"))
    compared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("compared by"),
    )
    compared_at = models.DateTimeField(_("compared at"), auto_now_add=True)
    rows = models.PositiveIntegerField(_("rows of the table"), editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-compared_at"]
        verbose_name = _("comparison with the Depositary")
        verbose_name_plural = _("comparisons with the Depositary")
        permissions = [("close_comparison", "Can close comparisons made by another officer")]
        constraints = [
            models.CheckConstraint(
                name="comparison_closed_by_a_second_officer",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_by=F("compared_by"))),
            )
        ]

    def __str__(self) -> str:
        return f"{self.treaty}, {self.table_of:%Y-%m-%d}"


class Difference(models.Model):
    """One act in which the Depositary's table and the ledger differ, and what an officer decided."""

    class Kind(models.TextChoices):
        MISSING_HERE = "missing_here", _("Only in the Depositary's table")
        MISSING_THERE = "missing_there", _("Only in the ledger")
        OTHER_DAY = "other_day", _("Another day")
        OTHER_ACT = "other_act", _("Another act")

    class Decision(models.TextChoices):
        OPEN = "open", _("Not decided")
        ACCEPTED = "accepted", _("Accepted: an act is proposed")
        CONTESTED = "contested", _("Contested")

    comparison = models.ForeignKey(
        Comparison, on_delete=models.PROTECT, related_name="differences", verbose_name=_("comparison")
    )
    kind = LineField(_("difference"), max_length=15, choices=Kind.choices)
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", verbose_name=_("State"))
    action = LineField(_("act"), max_length=30, choices=ActionChoices.choices)
    depositary_date = models.DateField(_("theirs"), null=True, db_column="theirs")
    ledger_date = models.DateField(_("ours"), null=True, db_column="ours")
    our_row = models.ForeignKey(
        TreatyAction, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("our row")
    )
    decision = LineField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.OPEN)
    reason = ProseField(_("reason"), blank=True, help_text=_("Why the Depositary's table is contested."))
    proposed = models.ForeignKey(
        TreatyAction, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("proposed act")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["comparison", "state", "action"]
        verbose_name = _("difference from the Depositary")
        verbose_name_plural = _("differences from the Depositary")
        constraints = [
            models.CheckConstraint(
                name="difference_contested_says_why",
                condition=~Q(decision="contested") | ~Q(reason=""),
                violation_error_message=_("Say why the Depositary's table is contested."),
            ),
            models.CheckConstraint(
                name="difference_accepted_proposes_an_act",
                condition=~Q(decision="accepted") | Q(proposed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.get_action_display()}: {self.get_kind_display()}"
