"""Treaty actions: the acts that the Depositary records."""

from datetime import date, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField
from treaties.law import rules
from treaties.models.choices import ActionChoices
from treaties.models.ledger_records import LedgerQuerySet, LedgerRecord, two_officers
from treaties.models.states import State
from treaties.models.treaties import Treaty


class TreatyActionQuerySet(LedgerQuerySet):
    def of(self, treaty: Treaty) -> Self:
        return self.filter(treaty=treaty)

    def by(self, state: State) -> Self:
        return self.filter(state=state)

    def newest_first(self) -> Self:
        return self.order_by("-deposited_on", "-id")

    def effective_between(self, first: date, last: date) -> Self:
        """Rows whose deposit or effect falls after the first day and not after the last."""
        return self.filter(
            Q(deposited_on__gt=first, deposited_on__lte=last) | Q(effective_on__gt=first, effective_on__lte=last)
        )

    def for_ledger(self, known_at: datetime | None = None) -> Self:
        """With what a line of the ledger shows: State, treaty, and what had replaced it by a moment."""
        confirmed: Any = type(self)(self.model).confirmed().order_by("confirmed_at")
        if known_at:
            confirmed = confirmed.filter(confirmed_at__lte=known_at)
        return self.select_related("state", "treaty", "replaces").prefetch_related(
            Prefetch("replacements", queryset=confirmed, to_attr="confirmed_replacements")
        )


class TreatyAction(LedgerRecord):
    """A row of the ledger: an act that the Depositary records."""

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="actions", verbose_name=_("treaty"))
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="treaty_actions", verbose_name=_("State"))
    action = LineField(_("act"), max_length=30, choices=ActionChoices.choices)
    deposited_on = models.DateField(
        _("deposited on"),
        help_text=_("The day the Depositary received the instrument; for a signature, the day of signing."),
    )
    stated_effective_on = models.DateField(
        _("effect stated by the Depositary"),
        null=True,
        blank=True,
        help_text=_(
            "Only where the Depositary states another day than the treaty's rule gives, with the reason below."
        ),
    )
    stated_effective_reason = ProseField(_("why the stated day"), blank=True)
    effective_on = models.DateField(
        _("effective on"),
        null=True,
        editable=False,
        help_text=_("Computed by the treaty's rule; kept so that lists can be filtered by it."),
    )

    history = HistoricalRecords()
    objects = TreatyActionQuerySet.as_manager()

    class Meta:
        ordering = ["-deposited_on", "-id"]
        verbose_name = _("treaty action")
        verbose_name_plural = _("treaty actions")
        permissions = [("confirm_treatyaction", "Can confirm treaty actions recorded by another officer")]
        indexes = [
            models.Index(fields=["treaty", "state", "deposited_on"], name="action_treaty_state_day"),
            models.Index(fields=["state", "deposited_on"], name="action_state_day"),
            models.Index(fields=["action", "deposited_on"], name="action_kind_day"),
            models.Index(fields=["-deposited_on", "-id"], name="action_newest_first"),
            models.Index(fields=["effective_on"], name="action_effect"),
        ]
        constraints = [
            *two_officers("action"),
            models.UniqueConstraint(
                fields=["treaty", "state", "action", "deposited_on"],
                condition=Q(replaces__isnull=True),
                name="action_recorded_once_a_day",
                violation_error_message=_("This act of this State on this day is in the ledger already."),
            ),
            models.CheckConstraint(
                name="action_stated_effect_says_why",
                condition=Q(stated_effective_on__isnull=True) | ~Q(stated_effective_reason=""),
                violation_error_message=_("Say why the effect is not the day that the treaty's rule gives."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.get_action_display()} {self.deposited_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return f"{reverse('treaties:ledger', args=[self.treaty.slug])}?row={self.pk}#action-{self.pk}"

    def clean(self) -> None:
        """A signature lies within the treaty's window (Art. 15): the one date that the text itself excludes."""
        super().clean()
        if self.treaty_id is None or self.deposited_on is None:
            return
        treaty = self.treaty
        if self.deposited_on > timezone.now().date():
            raise ValidationError({"deposited_on": _("This day is still to come.")})
        if self.deposited_on < treaty.adopted_on:
            raise ValidationError({"deposited_on": _("This is before the treaty was adopted.")})
        if self.action != ActionChoices.SIGNATURE:
            return
        if treaty.opened_on is None:
            raise ValidationError({"action": _("This treaty is not open for signature.")})
        if self.deposited_on < treaty.opened_on:
            raise ValidationError({"deposited_on": _("This is before the treaty was opened for signature.")})
        if treaty.closed_on and self.deposited_on >= treaty.closed_on:
            raise ValidationError({"deposited_on": _("The treaty was closed for signature by then.")})

    @property
    def ledger_treaty(self) -> Treaty:
        return self.treaty

    def facts(self) -> dict[str, Any]:
        return super().facts() | {
            "state": self.state_id,
            "action": self.action,
            "deposited_on": self.deposited_on,
            "stated_effective_on": self.stated_effective_on,
            "stated_effective_reason": self.stated_effective_reason,
        }

    def as_rule_input(self, holds: tuple[rules.Hold, ...] = ()) -> rules.Action:
        """The row as the rules see it."""
        return rules.Action(
            id=self.pk or 0,
            state=self.state_id,
            kind=rules.ActionKind(self.action),
            deposited_on=self.deposited_on,
            stated_effective_on=self.stated_effective_on,
            holds=holds,
        )
