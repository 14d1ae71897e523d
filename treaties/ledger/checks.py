"""What the ledger refuses: acts that the treaty gives no meaning at their time, and replacements of something else."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from treaties.law import rules
from treaties.law.intervals import ends
from treaties.law.sequences import Objection, objections
from treaties.ledger.reading import actions_of, last_of, successors
from treaties.models import ActionChoices, ArmedConflictHold, LedgerRecord, State, TreatyAction

Record = TypeVar("Record", bound=LedgerRecord)

_REFUSALS = {
    Objection.SIGNED_ALREADY: gettext_lazy("%(state)s has signed already."),
    Objection.CONSENTED_ALREADY: gettext_lazy("%(state)s has consented to be bound already."),
    Objection.NEVER_SIGNED: gettext_lazy(
        "%(state)s has not signed: it accedes, and cannot ratify or approve (Art. 16)."
    ),
    Objection.SIGNATORIES_DO_NOT_ACCEDE: gettext_lazy(
        "%(state)s has signed: it ratifies, and cannot accede (Art. 16)."
    ),
    Objection.NOT_IN_FORCE: gettext_lazy(
        "The treaty is not in force for %(state)s on that day, or its withdrawal is notified already."
    ),
    Objection.NOTICE_IS_RUNNING: gettext_lazy(
        "The treaty is not in force for %(state)s on that day, or its withdrawal is notified already."
    ),
    Objection.NO_NOTICE: gettext_lazy("%(state)s has no withdrawal under notice on that day."),
    Objection.NO_CONSENT: gettext_lazy("%(state)s has no consent to take back on that day."),
    Objection.IN_FORCE_ALREADY: gettext_lazy(
        "The treaty is in force for %(state)s on that day: it can only withdraw from it."
    ),
}


def refusal_of(entry: TreatyAction) -> str:
    """Why an act cannot be recorded; an empty text if it can (Art. 15, 16 and 20).

    All acts of the State count, earlier and later ones: the new act must have a meaning at its place, and leave the others theirs.
    """
    if entry.replaces is not None:
        refusal = refusal_to_replace(entry.replaces, entry)
        if refusal:
            return refusal
    return _refusal_beside(entry, [a for a in actions_of(entry.state, entry.treaty) if a.id != entry.pk])


def held_as(entry: TreatyAction) -> tuple[rules.Hold, ...]:
    """The armed conflicts that hold the row which the entry replaces: they will hold the entry."""
    if entry.replaces_id is None:
        return ()
    return next((a.holds for a in actions_of(entry.state, entry.treaty) if a.id == entry.replaces_id), ())


def _refusal_beside(entry: TreatyAction, current: list[rules.Action]) -> str:
    treaty = entry.treaty
    proposed = entry.as_rule_input(held_as(entry))
    others = [a for a in current if a.id != entry.replaces_id]
    is_signed_first = treaty.opened_on is not None
    before = objections(current, treaty.rules, is_signed_first=is_signed_first)
    # An act whose day is not known must have a meaning on both ends of its interval; one that is taken out is not there at all.
    for placed in [[]] if entry.is_annulment else [[end] for end in ends(proposed)]:
        after = objections([*others, *placed], treaty.rules, is_signed_first=is_signed_first)
        if placed and proposed.id in after:
            return sentence_of(after[proposed.id], entry.state)
        touched = [a for a in rules.chronological(others) if a.id in after and a.id not in before]
        if touched:
            return loses_its_meaning(touched[0], entry.state)
    return ""


def refusal_of_hold(entry: ArmedConflictHold) -> str:
    """Why a conflict cannot be recorded; an empty text if it can (Art. 20(3)).

    It postpones the effect of a withdrawal: an act that the State did after that effect must keep its meaning.
    """
    notice = entry.withdrawal
    treaty, state = notice.treaty, notice.state
    held = last_of(notice.pk, successors())
    current = actions_of(state, treaty)
    replaced = cast(ArmedConflictHold, entry.replaces).as_rule_input() if entry.replaces else None

    def with_it(act: rules.Action) -> rules.Action:
        if act.id != held:
            return act
        return dataclasses.replace(act, holds=(*(h for h in act.holds if h != replaced), entry.as_rule_input()))

    is_signed_first = treaty.opened_on is not None
    before = objections(current, treaty.rules, is_signed_first=is_signed_first)
    after = objections(map(with_it, current), treaty.rules, is_signed_first=is_signed_first)
    touched = [a for a in rules.chronological(current) if a.id in after and a.id not in before]
    return loses_its_meaning(touched[0], state) if touched else ""


def sentence_of(objection: Objection, state: State) -> str:
    """An objection to an act of a State, as a sentence for the officer."""
    return str(_REFUSALS[objection]) % {"state": state.name}


def loses_its_meaning(act: rules.Action, state: State) -> str:
    """The refusal of what would take its meaning from an act that is on record."""
    return _(
        "%(act)s of %(state)s on %(day)s is in the ledger and would lose its meaning: replace that row instead."
    ) % {
        "state": state.name,
        "act": ActionChoices(act.kind.value).label,
        "day": act.deposited_on.isoformat(),
    }


def refusal_to_replace(old: Record, new: Record) -> str:
    """Why a record cannot take the place of another; an empty text if it can: the same fact, confirmed, not replaced yet."""
    if not old.is_confirmed:
        return _("Only a confirmed record needs to be replaced.")
    replaced = type(old)._default_manager.filter(replaces=old.pk, confirmed_at__isnull=False).exclude(pk=new.pk)
    if replaced.exists():
        return _("This record has been replaced already: replace the later one.")
    if _fact_of(old) != _fact_of(new):
        return _(
            "A record is replaced by one of the same treaty, State and kind of act. Record another act on its own."
        )
    return ""


def _fact_of(record: Any) -> tuple[Any, ...]:
    """What a record and the one that replaces it have in common."""
    return _FACTS[type(record)](record)


def act_family(action: str) -> str:
    """The acts by which a State consents to be bound are one kind of act: a mistake between them can be mended."""
    return "consent" if action in rules.CONSENTS else action


_FACTS: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    TreatyAction: lambda act: (act.treaty_id, act.state_id, act_family(act.action)),
    ArmedConflictHold: lambda hold: (hold.withdrawal.treaty_id, hold.withdrawal.state_id),
}
