"""What is on record of dated duties, and extensions of their deadlines."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField, SourceField
from treaties.models.choices import ObligationChoices
from treaties.models.states import State
from treaties.models.treaties import Treaty


class Obligation(models.Model):
    """What is on record of a State's dated duty. The deadline itself is computed from its entry into force."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Not reported as done")
        COMPLETED = "completed", _("Completed")
        NONE_DECLARED = "none_declared", _("Nothing to be done, as declared")

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="obligations", verbose_name=_("treaty"))
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="obligations", verbose_name=_("State"))
    obligation = LineField(_("obligation"), max_length=15, choices=ObligationChoices.choices)
    outcome = LineField(_("on record"), max_length=15, choices=Outcome.choices, default=Outcome.PENDING)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, help_text=_("Where the day is known."))
    source_url = SourceField(_("source"), blank=True)
    note = ProseField(_("note"), blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["state", "obligation"]
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.UniqueConstraint(fields=["treaty", "state", "obligation"], name="obligation_once_per_state"),
            models.CheckConstraint(
                name="obligation_has_a_day_of_completion_only_if_completed",
                condition=Q(completed_on__isnull=True) | Q(outcome="completed"),
                violation_error_message=_("A day of completion belongs to a completed obligation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.get_obligation_display()}"


class Extension(models.Model):
    """A later deadline granted by the States Parties (Art. 5(3) to (6))."""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("obligation")
    )
    extended_to = models.DateField(_("extended to"))
    granted_on = models.DateField(_("granted on"), null=True, blank=True, help_text=_("Where the day is known."))
    source_url = SourceField(_("source"), blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["extended_to"]
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.UniqueConstraint(fields=["obligation", "extended_to"], name="extension_once_per_day"),
            models.CheckConstraint(
                name="extension_granted_before_it_ends",
                condition=Q(granted_on__isnull=True) | Q(granted_on__lte=F("extended_to")),
                violation_error_message=_("An extension is granted before the day to which it extends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} → {self.extended_to:%Y-%m-%d}"
