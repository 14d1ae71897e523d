"""Which acts of a State have a meaning at their place in the order of its acts: plain functions, each citing its article.

Article numbers are those of the Mine Ban Convention. `rules.standing` passes over an act that has no meaning; here it is named,
so that an officer can be told before such an act is recorded.
"""

from collections.abc import Iterable
from enum import StrEnum

from treaties.law.rules import CONSENTS, Action, ActionKind, TreatyRules, chronological, has_effect


class Objection(StrEnum):
    """Why an act has no meaning at its time."""

    SIGNED_ALREADY = "signed_already"
    CONSENTED_ALREADY = "consented_already"
    NEVER_SIGNED = "never_signed"
    SIGNATORIES_DO_NOT_ACCEDE = "signatories_do_not_accede"
    NOT_IN_FORCE = "not_in_force"
    NOTICE_IS_RUNNING = "notice_is_running"
    NO_NOTICE = "no_notice"
    NO_CONSENT = "no_consent"
    IN_FORCE_ALREADY = "in_force_already"


FOR_SIGNATORIES = frozenset({ActionKind.RATIFICATION, ActionKind.APPROVAL})
"""Acts of signatories alone (Art. 16(1)). The Depositary has taken acceptances of States that never signed (CCW: Chile)."""


def objections(actions: Iterable[Action], rules: TreatyRules, *, is_signed_first: bool) -> dict[int, Objection]:
    """The acts of one State that have no meaning at their place, by their number in the ledger.

    Args: is_signed_first: the treaty was opened for signature, so that signatories ratify and others accede (Art. 15 and 16).
    """
    found: dict[int, Objection] = {}
    signed: Action | None = None
    consent: Action | None = None
    withdrawal: Action | None = None
    for act in chronological(actions):
        day = act.deposited_on
        left = withdrawal is not None and has_effect(withdrawal, rules, day)
        in_force = consent is not None and has_effect(consent, rules, day)
        bound = consent is not None and not left
        if act.kind is ActionKind.SIGNATURE:
            if signed or bound:
                found[act.id] = Objection.SIGNED_ALREADY if signed else Objection.CONSENTED_ALREADY
            signed = signed or act
        elif act.kind in CONSENTS:
            if bound:
                found[act.id] = Objection.CONSENTED_ALREADY
                continue
            if is_signed_first and not left:  # a State that has left may come back by any act
                if act.kind is ActionKind.ACCESSION and signed:
                    found[act.id] = Objection.SIGNATORIES_DO_NOT_ACCEDE
                elif act.kind in FOR_SIGNATORIES and not signed:
                    found[act.id] = Objection.NEVER_SIGNED
            consent, withdrawal = act, None
        elif act.kind is ActionKind.WITHDRAWAL:
            if not bound or not in_force:
                found[act.id] = Objection.NOT_IN_FORCE
            elif withdrawal:
                found[act.id] = Objection.NOTICE_IS_RUNNING
            else:
                withdrawal = act
        elif act.kind is ActionKind.WITHDRAWAL_CANCELLED:
            if withdrawal is None or left:
                found[act.id] = Objection.NO_NOTICE
            else:
                withdrawal = None
        elif act.kind is ActionKind.WITHDRAWAL_OF_RATIFICATION:
            if not bound or in_force:
                found[act.id] = Objection.IN_FORCE_ALREADY if bound else Objection.NO_CONSENT
            else:
                consent, withdrawal = None, None
    return found
