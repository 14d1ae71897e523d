"""Service functions that move commitments: dated follow-ups, only forward, and 'done' only with a second person."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.models import Commitment, FollowUp
from config.kit.models.row_versions import Part, check_seen, fingerprint, parts_of
from config.kit.services import Refused

_PROGRESS = [Commitment.Status.ANNOUNCED, Commitment.Status.UNDER_WAY]
SETTLED = frozenset({Commitment.Status.DONE, Commitment.Status.NOT_KEPT, Commitment.Status.WITHDRAWN})


class FollowUpRefused(Refused):
    """A follow-up that cannot be; the message is a sentence for the editor."""


def refusal_of(commitment: Commitment, status: str, on: date) -> str:
    """Why a commitment cannot move to a status on a day; an empty text if it can.

    A day before the newest follow-up is judged by what was heard before and after it.
    """
    if on > timezone.now().date():
        return _("A follow-up tells what was heard: its day cannot lie in the future.")
    if on < commitment.announced_on:
        return _("This is before the commitment was announced.")
    heard = commitment.public_follow_ups
    earlier = [f.status for f in heard if f.on <= on]
    later = [f for f in heard if f.on > on]
    before = earlier[-1] if earlier else Commitment.Status.ANNOUNCED
    return _refusal_of_step(before if later else commitment.status, status) or (
        _refusal_beside(status, later[0]) if later else ""
    )


def _refusal_of_step(before: str, after: str) -> str:
    """Why a commitment cannot move from one status to another; an empty text if it can."""
    label = {"status": Commitment.Status(before).label}
    if before in SETTLED and after != before:
        return _("The commitment is settled as '%(status)s'.") % label
    if after in _PROGRESS and _PROGRESS.index(Commitment.Status(after)) < _PROGRESS.index(Commitment.Status(before)):
        return _("A commitment does not go back from '%(status)s'.") % label
    return ""


def _refusal_beside(status: str, later: FollowUp) -> str:
    """Why a status cannot be recorded for a day before what was heard later; an empty text if it can."""
    if not _refusal_of_step(status, later.status):
        return ""
    label = {"status": later.get_status_display(), "day": date_format(later.on, "DATE_FORMAT")}
    return _("On %(day)s, which is later, it was '%(status)s': an earlier day cannot say more.") % label


def _check_right(by: User) -> None:
    FollowUpRefused.unless_permitted(by, "campaign.add_followup", _("Only a campaign manager may do this."))


def follow_up(
    commitment: Commitment,
    *,
    on: date,
    status: str,
    text: str,
    evidence_url: str = "",
    amount: Decimal | None = None,
    by: User,
) -> FollowUp:
    """Record what was heard of a commitment, and move the commitment to the status that goes with it.

    'Done' moves nothing yet: it waits for a second person (see `confirm_done`).
    Args: amount: what was reached by then, in the unit of the target.
    Raises FollowUpRefused for a move that cannot be, ValidationError by field for a bad value.
    """
    with transaction.atomic():
        locked = Commitment.objects.select_for_update().get(pk=commitment.pk)
        _check_right(by)
        FollowUpRefused.if_any(refusal_of(locked, status, on))
        is_done = status == Commitment.Status.DONE
        entry = FollowUp(
            commitment=locked,
            on=on,
            status=status,
            text=text,
            amount=amount,
            evidence_url=evidence_url,
            recorded_by=by,
            check_result=FollowUp.Check.WAITING if is_done else FollowUp.Check.NOT_NEEDED,
        )
        entry.full_clean()
        entry.save()
        if not is_done:
            _set_status(locked, entry)
    return entry


def evidence_of(entry: FollowUp) -> list[Part]:
    """What a second person is shown: the promise, and what was heard of it."""
    return [*parts_of(entry.commitment, but={"status"}), *parts_of(entry)]


def confirm_done(entry: FollowUp, *, by: User, seen: str | None = None) -> None:
    """Confirm 'done' as a second person who has seen the evidence. The commitment is done from now.

    Args: seen: the fingerprint of `evidence_of` as it was shown; that of `entry` if not given.
    Raises FollowUpRefused if it was checked already, by the same person, or the commitment was settled otherwise;
    NotWhatWasSeen where the promise or what was heard is another than was shown.
    """
    seen = fingerprint(evidence_of(entry)) if seen is None else seen
    with transaction.atomic():
        locked = _lock_waiting(entry, by)
        check_seen(seen, evidence_of(locked))
        commitment = Commitment.objects.select_for_update().get(pk=locked.commitment_id)
        FollowUpRefused.if_any(refusal_of(commitment, locked.status, locked.on))
        _record_check(locked, FollowUp.Check.CONFIRMED, by)
        _set_status(commitment, locked)


def decline_done(entry: FollowUp, *, reason: str, by: User) -> None:
    """Decline 'done' as a second person whom the evidence does not convince. The commitment stays where it is.

    Raises FollowUpRefused as `confirm_done`, and without a reason.
    """
    with transaction.atomic():
        locked = _lock_waiting(entry, by)
        FollowUpRefused.if_any("" if reason.strip() else _("Say why it is declined."))
        locked.check_reason = reason.strip()
        _record_check(locked, FollowUp.Check.DECLINED, by)


def _lock_waiting(entry: FollowUp, by: User) -> FollowUp:
    locked = FollowUp.objects.select_for_update().get(pk=entry.pk)
    _check_right(by)
    if locked.check_result != FollowUp.Check.WAITING:
        raise FollowUpRefused(_("This follow-up does not wait for a second person."))
    if locked.recorded_by_id == by.pk:
        raise FollowUpRefused(_("You recorded it yourself: 'done' needs a second person."))
    return locked


def _record_check(entry: FollowUp, result: str, by: User) -> None:
    entry.check_result = result
    entry.checked_by = by
    entry.checked_at = timezone.now()
    entry.save(update_fields=["check_result", "check_reason", "checked_by", "checked_at"])


def _set_status(commitment: Commitment, entry: FollowUp) -> None:
    """Move a commitment to what was heard, unless something was heard of a later day."""
    is_newest = not any(f.on > entry.on for f in commitment.public_follow_ups)
    if is_newest and commitment.status != entry.status:
        commitment.status = entry.status
        commitment.save(update_fields=["status"])
