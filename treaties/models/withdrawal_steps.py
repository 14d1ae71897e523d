"""Political and domestic steps around withdrawals."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import HasLocalTexts, LineField, SourceField
from config.kit.models.taken_out import STANDS, CanBeTakenOut, StandingManager
from config.kit.models.translations import TranslatedProseField
from treaties.models.choices import PrecisionChoices, StepChoices
from treaties.models.states import State
from treaties.models.treaties import Treaty


class WithdrawalStepQuerySet(models.QuerySet):
    def of(self, treaty: Treaty) -> Self:
        return self.filter(treaty=treaty)

    def about(self, state: State) -> Self:
        return self.filter(state=state)

    def until(self, on: date) -> Self:
        return self.filter(date__lte=on)

    def for_display(self) -> Self:
        return self.select_related("state", "actor", "treaty")


class WithdrawalStep(HasLocalTexts, CanBeTakenOut):
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
    step = LineField(_("step"), max_length=30, choices=StepChoices.choices)
    date = models.DateField(_("date"))
    date_precision = LineField(
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
    detail = TranslatedProseField(_("what happened"))
    source_url = SourceField(_("source"))
    note = TranslatedProseField(_("note"), blank=True)

    history = HistoricalRecords()
    objects = StandingManager.from_queryset(WithdrawalStepQuerySet)()

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
                condition=Q(actor__isnull=False) & STANDS,
                name="step_once_per_state_actor_and_day",
                violation_error_message=_("This step is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["treaty", "state", "step", "date"],
                condition=Q(actor__isnull=True) & STANDS,
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
