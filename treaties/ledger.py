"""The only way to write the ledger: record, confirm by a second officer, replace with a reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from treaties import rules
from treaties.models import ArmedConflictHold, LedgerRecord, State, Treaty, TreatyAction

Record = TypeVar("Record", bound=LedgerRecord)


class LedgerError(Exception):
    """An act that the ledger refuses; the message is a sentence for the officer."""


class AlreadyConfirmed(LedgerError):
    pass


class SameOfficer(LedgerError):
    pass


class NotTheStatesAct(LedgerError):
    """The act makes no sense for the State on that day."""


def actions_by_treaty(
    treaties: Iterable[Treaty], known_at: datetime | None = None, states: Iterable[str] | None = None
) -> dict[int, dict[str, list[rules.Action]]]:
    """For each treaty, every State (or the chosen ones) with its rows as the rules read them.

    As the record held them at a moment; now, if none is given. Three queries at the most, however many of anything.
    """
    chosen = list(State.objects.order_by("sort_name").values_list("pk", flat=True)) if states is None else list(states)
    found: dict[int, dict[str, list[rules.Action]]] = {t.pk: {iso3: [] for iso3 in chosen} for t in treaties}
    rows = TreatyAction.objects.known_at(known_at).filter(treaty__in=found)
    holds = ArmedConflictHold.objects.known_at(known_at).filter(withdrawal__treaty__in=found)
    if states is not None:
        rows, holds = rows.filter(state__in=chosen), holds.filter(withdrawal__state__in=chosen)
    held: dict[int, tuple[rules.Hold, ...]] = {}
    for hold in holds:
        held[hold.withdrawal_id] = (*held.get(hold.withdrawal_id, ()), hold.as_rule_input())
    for row in rows:
        found[row.treaty_id][row.state_id].append(row.as_rule_input(held.get(row.pk, ())))
    return found


def actions_by_state(treaty: Treaty, known_at: datetime | None = None) -> dict[str, list[rules.Action]]:
    """Every State with its rows under one treaty."""
    return actions_by_treaty([treaty], known_at)[treaty.pk]


def actions_of(state: State, treaty: Treaty) -> list[rules.Action]:
    """One State's rows under one treaty, as they count now."""
    return actions_by_treaty([treaty], states=[state.pk])[treaty.pk][state.pk]


def record(entry: Record, *, by: AbstractBaseUser, at: datetime | None = None) -> Record:
    """Record a fact. It does not count before another officer confirms it.

    Raises ValidationError by field for a value that cannot be, and NotTheStatesAct for an act that the State cannot do on
    that day.
    """
    entry.recorded_by = by  # type: ignore[assignment]
    entry.recorded_at = at or timezone.now()
    entry.confirmed_by = None
    entry.confirmed_at = None
    entry.loaded_from = ""
    with transaction.atomic():
        entry.full_clean()
        if isinstance(entry, TreatyAction):
            refusal = why_not(entry)
            if refusal:
                raise NotTheStatesAct(refusal)
            entry.effective_on = rules.effective_on(entry.as_rule_input(), entry.treaty.rules)
        entry.save()
    return entry


def confirm(entry: Record, *, by: AbstractBaseUser, at: datetime | None = None) -> Record:
    """Confirm what another officer recorded: from now on it counts.

    Raises AlreadyConfirmed or SameOfficer.
    """
    with transaction.atomic():
        locked = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
        if locked.confirmed_at is not None:
            raise AlreadyConfirmed(_("This record is confirmed already."))
        if locked.recorded_by_id == by.pk:
            raise SameOfficer(_("The officer who recorded it cannot confirm it: ask a colleague."))
        locked.confirmed_by = by  # type: ignore[assignment]
        locked.confirmed_at = at or timezone.now()
        locked.save()
        if isinstance(locked, ArmedConflictHold):
            refresh_effects([locked.withdrawal])
    return locked


def replace(old: Record, new: Record, *, by: AbstractBaseUser, reason: str) -> Record:
    """Record what is to take the place of a confirmed row, and why. The old row counts until the new one is confirmed.

    Raises LedgerError if the old row is not confirmed or has been replaced already.
    """
    if not old.is_confirmed:
        raise LedgerError(_("Only a confirmed record needs to be replaced."))
    if type(old)._default_manager.filter(replaces=old.pk, confirmed_at__isnull=False).exists():
        raise LedgerError(_("This record has been replaced already: replace the later one."))
    new.replaces = old
    new.reason = reason
    return record(new, by=by)


def refresh_effects(actions: Iterable[TreatyAction]) -> int:
    """Compute anew the days of effect that lists are filtered by; the number of rows that moved.

    Needed when a treaty's rules or a hold change. The facts of the rows stay as they are.
    """
    rows = list(actions)
    by_treaty = actions_by_treaty({row.treaty for row in rows})
    counting = {a.id: a for states in by_treaty.values() for own in states.values() for a in own}
    moved = 0
    for row in rows:
        effect = rules.effective_on(counting.get(row.pk) or row.as_rule_input(), row.treaty.rules)
        if effect != row.effective_on:
            row.effective_on = effect
            row.save(update_fields=["effective_on"])
            moved += 1
    return moved


def why_not(entry: TreatyAction) -> str:
    """Why the State cannot do the act on that day; an empty text if it can (Art. 16 and 20).

    The rules would pass such an act over in silence: an officer must hear of it.
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
