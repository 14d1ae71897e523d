"""What the ledger refuses: acts that the treaty gives no meaning at their time."""

from django.utils.translation import gettext as _

from treaties.law import rules
from treaties.ledger.reading import actions_of
from treaties.models import TreatyAction


def refusal_of(entry: TreatyAction) -> str:
    """Why the State cannot do the act on that day; an empty text if it can (Art. 16 and 20).

    The rules ignore such an act without a word, so the officer must be told.
    """
    actions = [a for a in actions_of(entry.state, entry.treaty) if a.id not in (entry.replaces_id, entry.pk)]
    now = rules.standing(entry.state_id, actions, entry.treaty.rules, entry.deposited_on)
    kind = rules.ActionKind(entry.action)
    has_consented = now.status in (rules.Status.CONSENTED, rules.Status.PARTY, rules.Status.WITHDRAWING)
    refusal = ""
    if kind is rules.ActionKind.SIGNATURE and now.signed:
        refusal = _("%(state)s has signed already.")
    elif kind in rules.CONSENTS and has_consented:
        refusal = _("%(state)s has consented to be bound already.")
    elif kind is rules.ActionKind.WITHDRAWAL and now.status is not rules.Status.PARTY:
        refusal = _("The treaty is not in force for %(state)s on that day, or its withdrawal is notified already.")
    elif kind is rules.ActionKind.WITHDRAWAL_CANCELLED and now.status is not rules.Status.WITHDRAWING:
        refusal = _("%(state)s has no withdrawal under notice on that day.")
    elif kind is rules.ActionKind.WITHDRAWAL_OF_RATIFICATION and not has_consented:
        refusal = _("%(state)s has no consent to take back on that day.")
    return refusal % {"state": entry.state.name} if refusal else ""
