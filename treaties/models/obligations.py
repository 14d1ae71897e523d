"""What is on record of dated duties, and extensions of their deadlines."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField, SourceField
from config.kit.models.taken_out import STANDS, CanBeTakenOut, StandingManager
from treaties.law import rules
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
    known_to = models.DateField(
        _("initial deadline known to have stood until"),
        null=True,
        blank=True,
        help_text=_("The last day up to which no extension exists, as far as the source goes."),
    )
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


class Extension(CanBeTakenOut):
    """A decision of the States Parties by which a deadline was extended (Art. 5(3) to (6)); the last one counts."""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("obligation")
    )
    number = models.PositiveSmallIntegerField(
        _("number"), default=1, help_text=_("In the order in which they were granted.")
    )
    extended_to = models.DateField(
        _("extended to"), null=True, blank=True, help_text=_("Empty where it was granted and the day was not found.")
    )
    granted_at = LineField(
        _("granted at"), max_length=120, blank=True, help_text=_("The meeting: 22MSP (Geneva, 1-5 December 2025).")
    )
    granted_on = models.DateField(_("granted on"), null=True, blank=True, help_text=_("Where the day is known."))
    known_to = models.DateField(
        _("known to have stood until"),
        null=True,
        blank=True,
        help_text=_("The last day up to which no later decision exists, as far as the source goes."),
    )
    source_url = SourceField(_("source"), blank=True)
    note = ProseField(_("note"), blank=True)

    history = HistoricalRecords()
    objects = StandingManager()

    class Meta:
        ordering = ["number", "id"]
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "extended_to"], condition=STANDS, name="extension_once_per_day"
            ),
            models.CheckConstraint(
                name="extension_granted_before_it_ends",
                condition=Q(granted_on__isnull=True) | Q(granted_on__lte=F("extended_to")),
                violation_error_message=_("An extension is granted before the day to which it extends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} → {self.extended_to or '?'}"

    def clean(self) -> None:
        """Only a duty that can be extended takes extensions, and each goes further than the one before it (Art. 5(3))."""
        super().clean()
        if self.obligation_id is None:
            return
        if self.obligation.obligation not in rules.EXTENDABLE:
            raise ValidationError(_("Only the deadline of Article 5 can be extended (Art. 5(3))."))
        day = self.extended_to
        for other in self.obligation.extensions.exclude(pk=self.pk):
            if day and other.extended_to and (other.number < self.number) != (other.extended_to < day):
                message = _("The extension to %s does not fit: a later one goes further.") % other.extended_to
                raise ValidationError({"extended_to": message})

    def as_rule_input(self) -> rules.Deadline:
        """The decision as the rules see it."""
        return rules.Deadline(self.extended_to, self.known_to, self.granted_on)
