"""Service functions of the ledger: record, confirm by a second officer, replace with a reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.models.row_versions import NotWhatWasSeen, check_seen, parts_of, version_of
from config.kit.services import Refused
from treaties.law import rules
from treaties.ledger.attachments import follow
from treaties.ledger.chain import append_to_chain, lock_ledger
from treaties.ledger.checks import held_as, refusal_of, refusal_of_hold, refusal_to_replace
from treaties.ledger.events import has_changed
from treaties.ledger.reading import computed_effects, last_of, successors
from treaties.ledger.sealing import seal
from treaties.models import ArmedConflictHold, Declaration, DepositaryNotification, LedgerRecord, TreatyAction

Record = TypeVar("Record", bound=LedgerRecord)


class LedgerError(Refused):
    """A record that the ledger refuses; the message is a sentence for the officer."""


class AlreadyConfirmed(LedgerError):
    """The record was confirmed before."""


class SameOfficer(LedgerError):
    """The officer who recorded it tries to confirm it."""


class HasChanged(LedgerError, NotWhatWasSeen):
    """The record is not what the officer was shown; the message names what has changed."""


class NotTheStatesAct(LedgerError):
    """The State cannot do the act on that day."""


def record(entry: Record, *, by: User, at: datetime | None = None) -> Record:
    """Record a fact. It counts once another officer confirms it. If it `replaces` a row, that row counts until then.

    Raises ValidationError by field for a bad value, NotTheStatesAct for an act that the State cannot do on that day, and
    LedgerError for who may not record, or where the row to be replaced is not confirmed or has been replaced already.
    """
    entry.recorded_by = by
    entry.recorded_at = at or timezone.now()
    entry.confirmed_by = None
    entry.confirmed_at = None
    entry.loaded_from = ""
    entry.review, entry.review_text = LedgerRecord.Review.NONE, ""
    entry.reviewed_by, entry.reviewed_at = None, None
    entry._history_user = by  # type: ignore[attr-defined]
    with transaction.atomic():
        verb = "add" if entry._state.adding else "change"
        _check_right(entry, verb, by)
        _check(entry)
        if isinstance(entry, TreatyAction):
            entry.effective_on = rules.effective_on(entry.as_rule_input(held_as(entry)), entry.treaty.rules)
        entry.save()
        has_changed(entry)
    return entry


def replace(old: Record, new: Record, *, by: User, reason: str) -> Record:
    """Record what is to take the place of a confirmed row, and why. Raises as `record`."""
    new.replaces = old
    new.reason = reason
    return record(new, by=by)


def _check(entry: LedgerRecord) -> None:
    """All that the ledger asks of a record, when it is recorded and again when it is confirmed. Raises as `record`."""
    if entry.replaces_id is not None:
        old = type(entry)._default_manager.get(pk=entry.replaces_id)
        LedgerError.if_any(refusal_to_replace(old, entry))
    entry.full_clean()
    if isinstance(entry, TreatyAction):
        NotTheStatesAct.if_any(refusal_of(entry))
    elif isinstance(entry, ArmedConflictHold):
        LedgerError.if_any(refusal_of_hold(entry))


def confirm(entry: Record, *, by: User, at: datetime | None = None, seen: str | None = None) -> Record:
    """Confirm what another officer recorded: from now on it counts.

    All checks of `record` are made again, under the lock of the whole ledger: what was recorded side by side is not confirmed
    side by side.
    Args: seen: the fingerprint of the record as the officer was shown it (`fingerprint_of`); that of `entry` if not given.
    Raises HasChanged where the record is another than was seen, AlreadyConfirmed, SameOfficer for who recorded or changed it,
    NotTheStatesAct, or LedgerError for who may not confirm and for what cannot be confirmed any more.
    """
    seen = fingerprint_of(entry) if seen is None else seen
    with transaction.atomic():
        lock_ledger()
        locked = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
        _check_right(locked, "confirm", by)
        if locked.confirmed_at is not None:
            raise AlreadyConfirmed(_("This record is confirmed already."))
        if by.pk in locked.authors:
            raise SameOfficer(_("Who recorded or changed it cannot confirm it: ask a colleague."))
        if locked.is_set_aside:
            raise LedgerError(_("It was refused or taken back: it waits until its recorder saves it anew."))
        check_seen(seen, parts_of(locked), HasChanged)
        _check_again(locked)
        locked.confirmed_by = by
        locked.confirmed_at = at or timezone.now()
        append_to_chain([locked])
        locked.save(update_fields=["confirmed_by", "confirmed_at", "sequence", "previous_hash", "hash"])
        if isinstance(locked, ArmedConflictHold):
            refresh_effects([_standing_for(locked.withdrawal)])
        elif isinstance(locked, TreatyAction):
            refresh_effects(
                TreatyAction.objects.filter(pk__in=[locked.pk, locked.replaces_id]).select_related("treaty")
            )
            if follow([locked]):
                seal(Declaration, DepositaryNotification)
    return locked


def fingerprint_of(entry: LedgerRecord) -> str:
    """The fingerprint of a record: whoever confirms it hands it back, so that what is confirmed is what was shown."""
    return version_of(entry)


def _check_again(locked: LedgerRecord) -> None:
    try:
        _check(locked)
        if isinstance(locked, ArmedConflictHold) and not locked.withdrawal.is_confirmed:
            raise LedgerError(_("Confirm the notice of withdrawal first."))
    except ValidationError as refusal:
        raise LedgerError(" ".join(refusal.messages)) from refusal


def _standing_for(action: TreatyAction) -> TreatyAction:
    """The act that stands now in the place of one."""
    return TreatyAction.objects.get(pk=last_of(action.pk, successors()))


def _check_right(entry: LedgerRecord, verb: str, by: User) -> None:
    permission = f"treaties.{verb}_{entry._meta.model_name}"
    LedgerError.unless_permitted(by, permission, _("Only a treaty officer may do this."))


def refresh_effects(actions: Iterable[TreatyAction]) -> int:
    """Compute anew the days of effect by which lists are filtered. Returns the number of rows that changed.

    Needed when a treaty's rules or a hold change. The facts of the rows stay as they are.
    """
    changed = 0
    for row, effect in computed_effects(actions):
        if effect != row.effective_on:
            row.effective_on = effect
            row.save(update_fields=["effective_on"])
            changed += 1
    return changed
