from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from treaties.models.source import SourceField
from treaties.models.state import State
from treaties.models.treaty import Treaty
from treaties.models.words import ObligationChoices, PrecisionChoices, StepChoices
from treaties.querysets import WithdrawalStepQuerySet


class WithdrawalStep(models.Model):
    """A political or domestic step before or around the legal act. It never changes the legal status."""

    treaty = models.ForeignKey(
        Treaty, on_delete=models.PROTECT, related_name="withdrawal_steps", verbose_name=_("treaty")
    )
    state = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        related_name="withdrawal_steps",
        verbose_name=_("State"),
        help_text=_("The State whose withdrawal it is about."),
    )
    step = models.CharField(_("step"), max_length=30, choices=StepChoices.choices)
    date = models.DateField(_("date"))
    date_precision = models.CharField(
        _("how sure the day is"),
        max_length=15,
        choices=PrecisionChoices.choices,
        default=PrecisionChoices.DAY,
    )
    actor = models.ForeignKey(
        State,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="steps_taken",
        verbose_name=_("taken by"),
        help_text=_("For an objection: the State that objects. Empty for an act of a meeting."),
    )
    votes_for = models.PositiveSmallIntegerField(_("votes for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    detail = models.TextField(_("what happened"))
    source_url = SourceField(_("source"))
    note = models.TextField(_("note"), blank=True)

    history = HistoricalRecords()
    objects = WithdrawalStepQuerySet.as_manager()

    class Meta:
        ordering = ["date", "id"]
        verbose_name = _("withdrawal step")
        verbose_name_plural = _("withdrawal steps")
        indexes = [
            models.Index(fields=["treaty", "state", "date"], name="step_treaty_state_day"),
            models.Index(fields=["step", "date"], name="step_kind_day"),
        ]
        constraints = [
            # Two constraints, since databases differ in whether two empty actors are the same.
            models.UniqueConstraint(
                fields=["treaty", "state", "step", "date", "actor"],
                condition=Q(actor__isnull=False),
                name="step_once_per_state_actor_and_day",
                violation_error_message=_("This step is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["treaty", "state", "step", "date"],
                condition=Q(actor__isnull=True),
                name="step_of_a_meeting_once_per_state_and_day",
                violation_error_message=_("This step is recorded already."),
            ),
            models.CheckConstraint(
                name="step_votes_belong_to_a_vote",
                condition=Q(step=StepChoices.PARLIAMENT_VOTE)
                | Q(votes_for__isnull=True, votes_against__isnull=True, abstentions__isnull=True),
                violation_error_message=_("Only a vote of parliament has votes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.get_step_display()} {self.date:%Y-%m-%d}"


class Obligation(models.Model):
    """What is on record of a State's dated duty. The deadline itself is computed from its entry into force."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Not reported as done")
        COMPLETED = "completed", _("Completed")
        NONE_DECLARED = "none_declared", _("Nothing to be done, as declared")

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="obligations", verbose_name=_("treaty"))
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="obligations", verbose_name=_("State"))
    obligation = models.CharField(_("obligation"), max_length=15, choices=ObligationChoices.choices)
    outcome = models.CharField(_("on record"), max_length=15, choices=Outcome.choices, default=Outcome.PENDING)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, help_text=_("Where the day is known."))
    source_url = SourceField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)

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
