"""Service functions of a review: what the second officer can do besides confirming, and the recorder besides waiting.

Each leaves a version of the record in its history, with who said what, and when.
"""

from datetime import datetime
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.incoming.texts import clean_text
from treaties.ledger.events import has_changed
from treaties.ledger.recording import AlreadyConfirmed, LedgerError
from treaties.models import Difference, LedgerRecord, TreatyAction

Record = TypeVar("Record", bound=LedgerRecord)
Review = LedgerRecord.Review


def comment(entry: Record, *, text: str, by: User) -> Record:
    """Say something of a record that waits, for its recorder and its reviewers. Raises LedgerError."""
    LedgerError.if_any("" if text.strip() else _("Write what you want to say."))
    with transaction.atomic():
        locked = _lock(entry)
        if not (_may(locked, "confirm", by) or _may(locked, "change", by)):
            raise LedgerError(_("Only a treaty officer may do this."))
        if locked.is_set_aside:
            raise LedgerError(_("It was refused or taken back: it waits until its recorder saves it anew."))
        return _save(locked, Review.COMMENTED, text, by)


def refuse(entry: Record, *, reason: str, by: User) -> Record:
    """Send a record back to its recorder, as a second officer who says why. It waits until it is recorded anew.

    Raises LedgerError, AlreadyConfirmed.
    """
    LedgerError.if_any("" if reason.strip() else _("Say why it is refused: its recorder reads it."))
    with transaction.atomic():
        locked = _lock(entry)
        LedgerError.unless_permitted(
            by, f"treaties.confirm_{locked._meta.model_name}", _("Only a treaty officer may do this.")
        )
        if locked.is_set_aside:
            raise LedgerError(_("It was refused or taken back already."))
        if locked.recorded_by_id == by.pk:
            raise LedgerError(_("You recorded it yourself: take it back."))
        _reopen_difference(locked)
        return _save(locked, Review.REFUSED, reason, by)


def take_back(entry: Record, *, reason: str = "", by: User) -> Record:
    """Take back what one has recorded oneself and nobody has confirmed. Raises LedgerError, AlreadyConfirmed."""
    with transaction.atomic():
        locked = _lock(entry)
        if locked.recorded_by_id != by.pk or not _may(locked, "change", by):
            raise LedgerError(_("Only the officer who recorded it can take it back."))
        if locked.review == Review.TAKEN_BACK:
            raise LedgerError(_("It was taken back already."))
        _reopen_difference(locked)
        return _save(locked, Review.TAKEN_BACK, reason, by)


def _lock(entry: Record) -> Record:
    locked = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    if locked.is_confirmed:
        raise AlreadyConfirmed(_("This record is confirmed already."))
    return locked


def _may(entry: LedgerRecord, verb: str, by: User) -> bool:
    return by.has_perm(f"treaties.{verb}_{entry._meta.model_name}")


def _save(locked: Record, review: str, text: str, by: User, at: datetime | None = None) -> Record:
    locked.review, locked.review_text = review, clean_text(text)
    locked.reviewed_by, locked.reviewed_at = by, at or timezone.now()
    locked._history_user = by  # type: ignore[attr-defined]
    locked.save(update_fields=["review", "review_text", "reviewed_by", "reviewed_at"])
    has_changed(locked)
    return locked


def _reopen_difference(locked: LedgerRecord) -> None:
    """A difference from the Depositary that was to be settled by the record is open again."""
    if not isinstance(locked, TreatyAction):
        return
    for difference in Difference.objects.select_for_update().filter(proposed=locked.pk, comparison__closed_at=None):
        difference.decision, difference.proposed, difference.decided_by = Difference.Decision.OPEN, None, None
        difference.save(update_fields=["decision", "proposed", "decided_by"])
