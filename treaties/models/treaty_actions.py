"""Treaty actions: the acts that the Depositary records."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField, ProseField
from treaties.law import rules
from treaties.law.intervals import effect_interval
from treaties.models.choices import ActionChoices
from treaties.models.ledger_records import LedgerQuerySet, LedgerRecord, two_officers
from treaties.models.states import State
from treaties.models.treaties import Treaty


class TreatyActionQuerySet(LedgerQuerySet):
    def known_at(self, moment: datetime | None = None) -> Self:
        """The acts that the record held at a moment. A row that takes another out is not an act."""
        return super().known_at(moment).filter(is_annulment=False)

    def of(self, treaty: Treaty) -> Self:
        return self.filter(treaty=treaty)

    def by(self, state: State) -> Self:
        return self.filter(state=state)

    def newest_first(self) -> Self:
        return self.order_by("-deposited_on", "-id")

    def newest_first_by_treaty(self) -> Self:
        """The newest first; acts of one day in the order of their treaties, whenever they were recorded."""
        return self.order_by("-deposited_on", "treaty__position", "-id")

    def effective_between(self, first: date, last: date) -> Self:
        """Rows whose deposit or effect falls after the first day and not after the last, or can do so."""
        return self.filter(
            Q(deposited_on__gt=first, deposited_on__lte=last)
            | Q(effective_on__gt=first, effective_on__lte=last)
            | Q(not_before__lte=last, deposited_on__gt=first)
        )

    def for_ledger(self, known_at: datetime | None = None) -> Self:
        """With what a line of the ledger shows: State, treaty, and what had replaced it by a moment."""
        confirmed: Any = type(self)(self.model).confirmed().order_by("confirmed_at")
        if known_at:
            confirmed = confirmed.filter(confirmed_at__lte=known_at)
        return self.select_related("state", "treaty", "replaces").prefetch_related(
            Prefetch("replacements", queryset=confirmed, to_attr="confirmed_replacements"),
            Prefetch("notifications", to_attr="told"),
        )


@lru_cache(maxsize=256)
def _ledger_of(slug: str, prefix: str, language: str | None) -> str:
    """The address of a treaty's ledger: a list names it for every row. Prefix and language are part of every address."""
    return reverse("treaties:ledger", args=[slug])


class TreatyAction(LedgerRecord):
    """A row of the ledger: an act that the Depositary records."""

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="actions", verbose_name=_("treaty"))
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="treaty_actions", verbose_name=_("State"))
    action = LineField(_("act"), max_length=30, choices=ActionChoices.choices)
    deposited_on = models.DateField(
        _("deposited on"),
        help_text=_(
            "The day the Depositary received the instrument; for a signature, the day of signing. Where the day is not known, the "
            "last one on which it can have been."
        ),
    )
    not_before = models.DateField(
        _("deposited not before"),
        null=True,
        blank=True,
        help_text=_("Only where the day is not known: the first day on which it can have been."),
    )
    interval_source = ProseField(
        _("source of the interval"),
        blank=True,
        help_text=_("Where the day is not known: what supports the first day, and what supports the last one."),
    )
    is_annulment = models.BooleanField(
        _("takes the earlier row out"),
        default=False,
        help_text=_("The row that this one replaces tells of an act that never was: nothing takes its place."),
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

    told: list[Any]
    """The Depositary's notifications of it. Set by `for_ledger`."""

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
                condition=Q(replaces__isnull=True) & ~Q(review="taken_back"),
                name="action_recorded_once_a_day",
                violation_error_message=_("This act of this State on this day is in the ledger already."),
            ),
            models.CheckConstraint(
                name="action_stated_effect_says_why",
                condition=Q(stated_effective_on__isnull=True) | ~Q(stated_effective_reason=""),
                violation_error_message=_("Say why the effect is not the day that the treaty's rule gives."),
            ),
            models.CheckConstraint(
                name="action_interval_begins_before_it_ends",
                condition=Q(not_before__isnull=True) | Q(not_before__lt=F("deposited_on")),
                violation_error_message=_(
                    "The interval begins on the day on which it ends, or later: give the one day."
                ),
            ),
            models.CheckConstraint(
                name="action_interval_has_its_source",
                condition=Q(not_before__isnull=True, interval_source="")
                | (Q(not_before__isnull=False) & ~Q(interval_source="")),
                violation_error_message=_("Say what supports each end of the interval, and only where there is one."),
            ),
            models.CheckConstraint(
                name="action_annulment_takes_a_row_out",
                condition=Q(is_annulment=False) | Q(replaces__isnull=False),
                violation_error_message=_("Say which row is taken out."),
            ),
        ]

    def __str__(self) -> str:
        day = f"{self.deposited_on:%Y-%m-%d}"
        if self.not_before:
            day = f"{self.not_before:%Y-%m-%d} / {day}"
        taken_out = f" ({_('taken out')})" if self.is_annulment else ""
        return f"{self.state_id} {self.get_action_display()} {day}{taken_out}"

    def get_absolute_url(self) -> str:
        ledger = _ledger_of(self.treaty.slug, get_script_prefix(), get_language())
        return f"{ledger}?row={self.pk}#action-{self.pk}"

    def clean(self) -> None:
        """A signature lies within the treaty's window (Art. 15): the one date that the text itself excludes."""
        super().clean()
        if self.treaty_id is None or self.deposited_on is None:
            return
        treaty = self.treaty
        if self.deposited_on > timezone.now().date():
            raise ValidationError({"deposited_on": _("This day is still to come.")})
        if (self.not_before or self.deposited_on) < treaty.adopted_on:
            name = "not_before" if self.not_before else "deposited_on"
            raise ValidationError({name: _("This is before the treaty was adopted.")})
        if self.action != ActionChoices.SIGNATURE:
            return
        if treaty.opened_on is None:
            raise ValidationError({"action": _("This treaty is not open for signature.")})
        if (self.not_before or self.deposited_on) < treaty.opened_on:
            raise ValidationError({"deposited_on": _("This is before the treaty was opened for signature.")})
        if treaty.closed_on and self.deposited_on >= treaty.closed_on:
            raise ValidationError({"deposited_on": _("The treaty was closed for signature by then.")})

    def falls_between(self, first: date, last: date) -> bool:
        """Whether its deposit or effect falls after the first day and not after the last, or can do so: as `effective_between`."""
        days = [self.deposited_on, self.effective_on or first]
        can = self.not_before is not None and self.not_before <= last and self.deposited_on > first
        return can or any(first < day <= last for day in days)

    @property
    def own_texts(self) -> list[Any]:
        """The declarations that are the act itself, as a provisional application is."""
        return [text for text in self.declarations.all() if text.kind == self.action]

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
            # Rows that were sealed before these fields were made have hashes without them.
            **({"not_before": self.not_before, "interval_source": self.interval_source} if self.not_before else {}),
            **({"is_annulment": True} if self.is_annulment else {}),
        }

    @property
    def deposited_between(self) -> tuple[date, date] | None:
        """The first and the last day on which it can have been, where the day is not known."""
        return (self.not_before, self.deposited_on) if self.not_before else None

    @property
    def effect_between(self) -> tuple[date | None, date | None] | None:
        """The first and the last day on which it can take effect, where these differ. Holds are looked at by the column alone."""
        if self.not_before is None:
            return None
        first, last = effect_interval(self.as_rule_input(), self.treaty.rules)
        return None if first == last else (first, last)

    def as_rule_input(self, holds: tuple[rules.Hold, ...] = ()) -> rules.Action:
        """The row as the rules see it."""
        return rules.Action(
            id=self.pk or 0,
            state=self.state_id,
            kind=rules.ActionKind(self.action),
            deposited_on=self.deposited_on,
            stated_effective_on=self.stated_effective_on,
            holds=holds,
            not_before=self.not_before,
        )
