"""Whom a call to action is aimed at: computed from the ledger, never typed."""

from collections.abc import Iterable
from datetime import date, datetime

from campaign.models import CampaignAction
from treaties.law.rules import CONSENTS, ActionKind, Status
from treaties.ledger.reading import treaties_known
from treaties.models import State, TreatyAction
from treaties.status.boards import status_boards

STATUSES = {
    CampaignAction.Target.NOT_PARTY: frozenset({Status.NOT_PARTY, Status.SIGNATORY, Status.WITHDRAWN}),
    CampaignAction.Target.SIGNATORY: frozenset({Status.SIGNATORY}),
    CampaignAction.Target.PARTY: frozenset({Status.PARTY, Status.WITHDRAWING}),
    CampaignAction.Target.WITHDRAWING: frozenset({Status.WITHDRAWING}),
    CampaignAction.Target.WITHDRAWN: frozenset({Status.WITHDRAWN}),
}


def targets_of(calls: Iterable[CampaignAction], on: date, known_at: datetime | None = None) -> dict[int, list[State]]:
    """By call, the States that it is aimed at on a day. The number of queries does not grow with the calls.

    A State whose status is open, since the day of an act is not known, is asked only for what fits each of them.
    """
    aimed = [call for call in calls if call.target_rule]
    numbers = {call.target_treaty_id for call in aimed}
    treaties = [treaty for treaty in treaties_known().values() if treaty.pk in numbers]
    by_treaty = {board.treaty.pk: board for board in status_boards(treaties, on, known_at)}
    return {
        call.pk: [
            line.state
            for line in by_treaty[call.target_treaty_id].lines
            if STATUSES[CampaignAction.Target(call.target_rule)].issuperset(line.by_record)
        ]
        for call in aimed
        if call.target_treaty_id in by_treaty
    }


ANSWERS = {
    CampaignAction.Target.NOT_PARTY: CONSENTS,
    CampaignAction.Target.SIGNATORY: CONSENTS,
    CampaignAction.Target.WITHDRAWN: CONSENTS,
    CampaignAction.Target.WITHDRAWING: frozenset({ActionKind.WITHDRAWAL_CANCELLED}),
}
"""The acts by which a State does what a call asks. To go on as a party needs no act."""


def answers_to(
    calls: Iterable[CampaignAction], on: date, known_at: datetime | None = None
) -> dict[int, list[TreatyAction]]:
    """By call, the acts that answer it: deposited after it was made, up to a day. One query, however many calls."""
    asking = [call for call in calls if call.target_rule in ANSWERS]
    treaties = {call.target_treaty_id for call in asking}
    kinds = {kind for accepted in ANSWERS.values() for kind in accepted}
    first = min((call.date for call in asking), default=on)
    acts = list(
        TreatyAction.objects.known_at(known_at)
        .filter(treaty__in=treaties, action__in=kinds, deposited_on__gt=first, deposited_on__lte=on)
        .select_related("state", "treaty")
        .order_by("deposited_on", "pk")
    )
    return {
        call.pk: [
            act
            for act in acts
            if act.treaty_id == call.target_treaty_id
            and act.deposited_on > call.date
            and act.action in ANSWERS[CampaignAction.Target(call.target_rule)]
        ]
        for call in asking
    }
