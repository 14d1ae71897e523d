"""What all records of the ledger share: two officers, replacement, the chain."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField, ProseField, SourceField
from treaties.models.treaties import Treaty


class LedgerQuerySet(models.QuerySet):
    def confirmed(self) -> Self:
        """Rows that a second officer has confirmed: only these count."""
        return self.filter(confirmed_at__isnull=False)

    def waiting(self) -> Self:
        """Rows that wait for a second officer: recorded, not confirmed, not refused and not taken back."""
        return self.filter(confirmed_at__isnull=True).exclude(review__in=LedgerRecord.SET_ASIDE)

    def returned_to(self, officer: AbstractUser) -> Self:
        """Rows of an officer that another one has refused."""
        return self.filter(confirmed_at__isnull=True, review=LedgerRecord.Review.REFUSED, recorded_by=officer)

    def known_at(self, moment: datetime | None = None) -> Self:
        """The rows that the record held at a moment: confirmed by then, and not replaced by then."""
        moment = moment or timezone.now()
        replaced = self.model._default_manager.filter(replaces=OuterRef("pk"), confirmed_at__lte=moment)
        return self.filter(confirmed_at__lte=moment).exclude(Exists(replaced))

    def current(self) -> Self:
        """The rows that count now."""
        return self.known_at()


class RecordImmutable(Exception):
    """A confirmed record is never changed or deleted: record one that replaces it, and say why."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class LedgerRecord(models.Model):
    """A recorded fact with its two officers. It counts from the moment the second one confirms it.

    A mistake is mended by a new record that replaces the earlier one and says why. What came with the project's own data
    names its file and line instead of an officer.
    """

    class Review(models.TextChoices):
        """What was last said of a record by whoever reviewed it; all of it is in the history."""

        NONE = "", _("Nothing said yet")
        COMMENTED = "commented", _("Commented")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken_back", _("Taken back by its recorder")

    SET_ASIDE = ("refused", "taken_back")
    """Such records wait for nobody until their recorder saves them anew."""

    source_url = SourceField(_("source"))
    note = ProseField(_("note"), blank=True)
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
    loaded_from = LineField(_("loaded from"), max_length=120, blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replacements",
        verbose_name=_("replaces"),
    )
    reason = ProseField(_("reason"), blank=True, help_text=_("Why this record replaces the earlier one."))
    review = LineField(
        _("review"), max_length=10, choices=Review.choices, default=Review.NONE, blank=True, editable=False
    )
    review_text = ProseField(_("what the review says"), blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, editable=False)
    sequence = models.PositiveBigIntegerField(
        _("number in the ledger"), null=True, unique=True, editable=False, help_text=_("Given at confirmation.")
    )
    previous_hash = LineField(_("hash before"), max_length=64, blank=True, editable=False)
    hash = LineField(_("hash"), max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True

    DERIVED = frozenset({"effective_on"})
    """Fields that are computed from others, so that they may change after the confirmation."""
    loaded_confirmed = False

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises RecordImmutable for a record that was confirmed when it was read, but for what is computed."""
        if self.loaded_confirmed and not (kwargs.get("update_fields") and set(kwargs["update_fields"]) <= self.DERIVED):
            raise RecordImmutable
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises RecordImmutable for a confirmed record."""
        if self.loaded_confirmed:
            raise RecordImmutable
        return super().delete(*args, **kwargs)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        row = super().from_db(*args, **kwargs)
        row.loaded_confirmed = row.confirmed_at is not None
        return row

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_set_aside(self) -> bool:
        """Refused or taken back, and not recorded anew since."""
        return self.review in self.SET_ASIDE

    @property
    def authors(self) -> set[int]:
        """The keys of all officers who recorded or changed it. One query."""
        history: Any = self.history  # type: ignore[attr-defined]
        found = {*history.order_by().values_list("recorded_by", flat=True).distinct(), self.recorded_by_id}
        return {key for key in found if key is not None}

    @property
    def reviews(self) -> list[Any]:
        """What was said of it, oldest first: the versions of its history that carry a comment, refusal or taking back."""
        history: Any = self.history  # type: ignore[attr-defined]
        found, last = [], None
        for version in history.select_related("reviewed_by").order_by("history_date", "history_id"):
            if version.review and version.reviewed_at != last:
                found.append(version)
            last = version.reviewed_at or last
        return found

    if TYPE_CHECKING:
        replaces_id: int | None
        recorded_by_id: int | None

        @property
        def ledger_treaty(self) -> Treaty:
            """The treaty in whose chain the record stands."""

    @property
    def name_in_ledger(self) -> str:
        """How faults name the record."""
        return f"{self._meta.model_name} {self.pk} (number {self.sequence})"

    def facts(self) -> dict[str, Any]:
        """The content of the record, under the names that its hash in the chain is computed with."""
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


def two_officers(name: str) -> list[models.BaseConstraint]:
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
            name=f"{name}_set_aside_is_not_confirmed",
            condition=Q(confirmed_at__isnull=True) | ~Q(review__in=LedgerRecord.SET_ASIDE),
        ),
        models.CheckConstraint(
            name=f"{name}_replacement_says_why",
            condition=Q(replaces__isnull=True) | ~Q(reason=""),
            violation_error_message=_("Say why this record replaces the earlier one."),
        ),
        models.UniqueConstraint(
            fields=["replaces"],
            condition=Q(replaces__isnull=False, confirmed_at__isnull=False),
            name=f"{name}_replaced_once",
            violation_error_message=_("This record has been replaced already: replace the later one."),
        ),
        models.CheckConstraint(
            name=f"{name}_confirmed_is_sealed",
            condition=Q(confirmed_at__isnull=True, sequence__isnull=True, hash="")
            | (Q(confirmed_at__isnull=False, sequence__isnull=False) & ~Q(hash="")),
        ),
    ]
