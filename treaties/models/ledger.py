from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from treaties import rules
from treaties.models.source import SourceField
from treaties.models.state import State
from treaties.models.treaty import Treaty
from treaties.models.words import ActionChoices, DeclarationChoices
from treaties.querysets import LedgerQuerySet, TreatyActionQuerySet


class Sealed(Exception):
    """A confirmed record is never changed or deleted: record one that replaces it, and say why."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class LedgerRecord(models.Model):
    """A recorded fact with its two officers. It counts from the moment the second one confirms it.

    A mistake is mended by a new record that replaces the earlier one and says why. What came with the project's own data
    names its file and line instead of an officer.
    """

    source_url = SourceField(_("source"))
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, db_index=True)
    loaded_from = models.CharField(_("loaded from"), max_length=120, blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replacements",
        verbose_name=_("replaces"),
    )
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why this record replaces the earlier one."))
    sequence = models.PositiveBigIntegerField(
        _("number in the ledger"), null=True, unique=True, editable=False, help_text=_("Given at confirmation.")
    )
    previous_hash = models.CharField(_("hash before"), max_length=64, blank=True, editable=False)
    hash = models.CharField(_("hash"), max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True

    DERIVED = frozenset({"effective_on"})
    """What is computed, not recorded, and may be computed anew."""
    was_sealed = False

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises Sealed for a record that was confirmed when it was read, but for what is computed."""
        if self.was_sealed and not (kwargs.get("update_fields") and set(kwargs["update_fields"]) <= self.DERIVED):
            raise Sealed
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises Sealed for a confirmed record."""
        if self.was_sealed:
            raise Sealed
        return super().delete(*args, **kwargs)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        row = super().from_db(*args, **kwargs)
        row.was_sealed = row.confirmed_at is not None
        return row

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    if TYPE_CHECKING:
        replaces_id: int | None

        @property
        def ledger_treaty(self) -> Treaty:
            """The treaty in whose chain the record stands."""

    @property
    def name_in_ledger(self) -> str:
        """How faults name the record."""
        return f"{self._meta.model_name} {self.pk} (number {self.sequence})"

    def facts(self) -> dict[str, Any]:
        """What the record says, under the names by which it is sealed."""
        return {
            "record": self._meta.model_name,
            "id": self.pk,
            "sequence": self.sequence,
            "treaty": self.ledger_treaty.slug,
            "source_url": self.source_url,
            "note": self.note,
            "recorded_by": self.recorded_by_id,
            "recorded_at": self.recorded_at,
            "confirmed_by": self.confirmed_by_id,
            "confirmed_at": self.confirmed_at,
            "loaded_from": self.loaded_from,
            "replaces": self.replaces_id,
            "reason": self.reason,
        }


def two_officers(name: str) -> list[models.CheckConstraint]:
    """The constraints that every table of the ledger carries."""
    return [
        models.CheckConstraint(
            name=f"{name}_recorded_by_an_officer_or_a_file",
            condition=(Q(recorded_by__isnull=False) & Q(loaded_from=""))
            | (Q(recorded_by__isnull=True) & ~Q(loaded_from="")),
        ),
        models.CheckConstraint(
            name=f"{name}_confirmed_by_a_second_officer",
            condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
            | (Q(confirmed_at__isnull=False) & ~Q(loaded_from=""))
            | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("recorded_by"))),
            violation_error_message=_("The officer who recorded it cannot confirm it."),
        ),
        models.CheckConstraint(
            name=f"{name}_replacement_says_why",
            condition=Q(replaces__isnull=True) | ~Q(reason=""),
            violation_error_message=_("Say why this record replaces the earlier one."),
        ),
        models.CheckConstraint(
            name=f"{name}_confirmed_is_sealed",
            condition=Q(confirmed_at__isnull=True, sequence__isnull=True, hash="")
            | (Q(confirmed_at__isnull=False, sequence__isnull=False) & ~Q(hash="")),
        ),
    ]


class TreatyAction(LedgerRecord):
    """A row of the ledger: an act that the Depositary records."""

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="actions", verbose_name=_("treaty"))
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="treaty_actions", verbose_name=_("State"))
    action = models.CharField(_("act"), max_length=30, choices=ActionChoices.choices)
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
    stated_effective_reason = models.TextField(_("why the stated day"), blank=True)
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


class LedgerHead(models.Model):
    """The end of a treaty's chain: how many rows are sealed, and the last one's hash. Written when a row is sealed."""

    treaty = models.OneToOneField(
        Treaty, on_delete=models.PROTECT, related_name="ledger_head", verbose_name=_("treaty")
    )
    length = models.PositiveBigIntegerField(_("rows"), default=0)
    hash = models.CharField(_("hash"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("head of a ledger")
        verbose_name_plural = _("heads of ledgers")

    def __str__(self) -> str:
        return f"{self.treaty}: {self.length}, {self.hash[:12]}"


class LedgerClock(models.Model):
    """The last number given in the ledger. One row; whoever seals holds its lock until the end of the transaction."""

    last_sequence = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("clock of the ledger")
        verbose_name_plural = _("clock of the ledger")

    def __str__(self) -> str:
        return str(self.last_sequence)


class Declaration(models.Model):
    """A text lodged with an act. It never changes a status by itself."""

    kind = models.CharField(_("kind"), max_length=30, choices=DeclarationChoices.choices, db_index=True)
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
    text = models.TextField(_("text"), help_text=_("The official words."))
    language = models.CharField(_("language"), max_length=10, default="en", help_text=_("BCP 47 tag of the text."))
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
