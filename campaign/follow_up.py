"""The door through which commitments move: a dated follow-up, and only forward without a reason of its own."""

from datetime import date

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
    commitment: Commitment, *, on: date, status: str, text: str, evidence_url: str = "", by: AbstractBaseUser
) -> FollowUp:
    """Record what was heard of a commitment and move it to the status told.

    Raises FollowUpRefused for a move that is none, ValidationError by field for a value that cannot be.
    """
    with transaction.atomic():
        locked = Commitment.objects.select_for_update().get(pk=commitment.pk)
        refusal = why_not(locked, status, on)
        if refusal:
            raise FollowUpRefused(refusal)
        entry = FollowUp(
            commitment=locked,
            on=on,
            status=status,
            text=text,
            evidence_url=evidence_url,
            recorded_by=by,  # type: ignore[misc]
        )
        entry.full_clean()
        entry.save()
        if locked.status != status:
            locked.status = status
            locked.save()
    return entry
