"""The doors through which commitments move: a dated follow-up, only forward, and 'done' only with a second person."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.models import Commitment, FollowUp

_PROGRESS = [Commitment.Status.ANNOUNCED, Commitment.Status.UNDER_WAY]
SETTLED = frozenset({Commitment.Status.DONE, Commitment.Status.NOT_KEPT, Commitment.Status.WITHDRAWN})


class FollowUpRefused(Exception):
    """A follow-up that cannot be; the message is a sentence for the editor."""


def why_not(commitment: Commitment, status: str, on: date) -> str:
    """Why a commitment cannot move to a status on a day; an empty text if it can."""
    if on > timezone.now().date():
        return _("A follow-up tells what was heard: its day cannot lie in the future.")
    if on < commitment.announced_on:
        return _("This is before the commitment was announced.")
    if commitment.status in SETTLED and status != commitment.status:
        return _("The commitment is settled as '%(status)s'.") % {"status": commitment.get_status_display()}
    if status in _PROGRESS and _PROGRESS.index(Commitment.Status(status)) < _PROGRESS.index(
        Commitment.Status(commitment.status)
    ):
        return _("A commitment does not go back from '%(status)s'.") % {"status": commitment.get_status_display()}
    return ""


def follow_up(
    commitment: Commitment,
    *,
    on: date,
    status: str,
    text: str,
    evidence_url: str = "",
    amount: Decimal | None = None,
    by: AbstractBaseUser,
) -> FollowUp:
    """Record what was heard of a commitment and move it to the status told.

    'Done' moves nothing yet: it waits for a second person (see `confirm_done`).
    Args: amount: what was reached by then, in the unit of the target.
    Raises FollowUpRefused for a move that is none, ValidationError by field for a value that cannot be.
    """
    with transaction.atomic():
        locked = Commitment.objects.select_for_update().get(pk=commitment.pk)
        refusal = why_not(locked, status, on)
        if refusal:
            raise FollowUpRefused(refusal)
        is_done = status == Commitment.Status.DONE
        entry = FollowUp(
            commitment=locked,
            on=on,
            status=status,
            text=text,
            amount=amount,
            evidence_url=evidence_url,
            recorded_by=by,  # type: ignore[misc]
            check_result=FollowUp.Check.WAITING if is_done else FollowUp.Check.NOT_NEEDED,
        )
        entry.full_clean()
        entry.save()
        if not is_done:
            _move(locked, status)
    return entry


def _move(commitment: Commitment, status: str) -> None:
    if commitment.status != status:
        commitment.status = status
        commitment.save()


def confirm_done(entry: FollowUp, *, by: AbstractBaseUser) -> None:
    """A second person has seen the evidence: the commitment is done.

    Raises FollowUpRefused if it was checked already, by the same person, or the commitment was settled otherwise.
    """
    with transaction.atomic():
        locked = _waiting(entry, by)
        commitment = Commitment.objects.select_for_update().get(pk=locked.commitment_id)
        refusal = why_not(commitment, locked.status, locked.on)
        if refusal:
            raise FollowUpRefused(refusal)
        _check(locked, FollowUp.Check.CONFIRMED, by)
        _move(commitment, locked.status)


def decline_done(entry: FollowUp, *, reason: str, by: AbstractBaseUser) -> None:
    """A second person does not find it shown: the commitment stays where it is. Raises FollowUpRefused as above."""
    if not reason.strip():
        raise FollowUpRefused(_("Say why it is declined."))
    with transaction.atomic():
        locked = _waiting(entry, by)
        locked.check_reason = reason.strip()
        _check(locked, FollowUp.Check.DECLINED, by)


def _waiting(entry: FollowUp, by: AbstractBaseUser) -> FollowUp:
    locked = FollowUp.objects.select_for_update().get(pk=entry.pk)
    if locked.check_result != FollowUp.Check.WAITING:
        raise FollowUpRefused(_("This follow-up does not wait for a second person."))
    if locked.recorded_by_id == by.pk:
        raise FollowUpRefused(_("You recorded it yourself: 'done' needs a second person."))
    return locked


def _check(entry: FollowUp, result: str, by: AbstractBaseUser) -> None:
    entry.check_result = result
    entry.checked_by = by  # type: ignore[assignment]
    entry.checked_at = timezone.now()
    entry.save()
