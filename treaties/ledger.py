"""The only way to write the ledger: record, confirm by a second officer, replace with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from treaties import proof, rules
from treaties.models import ArmedConflictHold, LedgerClock, LedgerHead, LedgerRecord, State, Treaty, TreatyAction

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
        seal([locked])
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


@dataclass(frozen=True)
class Moment:
    """What an act makes of its State, and of the counts, on a day."""

    on: date
    standing: rules.Standing
    counts: rules.Counts


@dataclass(frozen=True)
class Preview:
    """What an act would do if it counted: shown to the officer who records it and to the one who confirms it."""

    refusal: str
    effective_on: date | None
    before: Moment
    on_deposit: Moment
    on_effect: Moment | None


def preview(entry: TreatyAction) -> Preview:
    """What the act does to its State and to the counts, by the day. Nothing is written."""
    treaty = entry.treaty
    by_state = actions_by_state(treaty)
    others = [a for a in by_state[entry.state_id] if a.id not in (entry.replaces_id, entry.pk)]
    own = entry.as_rule_input()
    effect = rules.effective_on(own, treaty.rules)

    def at(day: date, actions: list[rules.Action]) -> Moment:
        now = by_state | {entry.state_id: actions}
        standings = [rules.standing(iso3, rows, treaty.rules, day) for iso3, rows in now.items()]
        standing = next(s for s in standings if s.state == entry.state_id)
        return Moment(day, standing, rules.count(standings))

    deposit = entry.deposited_on
    return Preview(
        refusal=why_not(entry),
        effective_on=effect,
        before=at(deposit - timedelta(days=1), others),
        on_deposit=at(deposit, [*others, own]),
        on_effect=at(effect, [*others, own]) if effect and effect > deposit else None,
    )


def seal(rows: Sequence[LedgerRecord]) -> None:
    """Give confirmed rows their numbers and hashes, in this order, under the lock of the ledger's clock.

    The caller saves them in the same transaction. The rows must have their keys.
    """
    if not rows:
        return
    LedgerClock.objects.get_or_create(pk=1)
    clock = LedgerClock.objects.select_for_update().get(pk=1)
    heads = {h.treaty_id: h for h in LedgerHead.objects.filter(treaty__in={r.ledger_treaty.pk for r in rows})}
    for row in rows:
        clock.last_sequence += 1
        treaty = row.ledger_treaty
        head = heads.setdefault(treaty.pk, LedgerHead(treaty=treaty, length=0, hash=proof.GENESIS))
        row.sequence = clock.last_sequence
        row.previous_hash = head.hash
        row.hash = proof.row_hash(proof.canonical(row), head.hash)
        head.length += 1
        head.hash = row.hash
        head.sealed_at = row.confirmed_at or timezone.now()
    clock.save()
    for head in heads.values():
        head.save()


def enter(rows: Sequence[Record], *, at: datetime, reason: str) -> None:
    """Enter facts that come with the project's own data: confirmed by their file, sealed, each with its line of history.

    The keys are given here, since a row is sealed with its key and cannot be changed after that.
    """
    if not rows:
        return
    model = type(rows[0])
    with transaction.atomic():
        for row, key in zip(rows, next_keys(model, len(rows)), strict=True):
            row.pk = key
            row.recorded_at = row.confirmed_at = at
            if isinstance(row, TreatyAction):
                row.effective_on = rules.effective_on(row.as_rule_input(), row.treaty.rules)
        seal(rows)
        bulk_create_with_history(list(rows), model, default_change_reason=reason)


def next_keys(model: type[LedgerRecord], n: int) -> list[int]:
    """Keys for new rows, from the database's own counter where it has one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
            (counter,) = cursor.fetchone()
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [counter, n])
            return [key for (key,) in cursor.fetchall()]
    last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    return list(range(last + 1, last + n + 1))


def chain_of(treaty: Treaty) -> list[LedgerRecord]:
    """The confirmed rows of a treaty, acts and holds, in the order in which they were sealed. Two queries."""
    actions = TreatyAction.objects.of(treaty).confirmed().select_related("treaty")
    holds = ArmedConflictHold.objects.confirmed().filter(withdrawal__treaty=treaty).select_related("withdrawal__treaty")
    return proof.by_sequence([*actions, *holds])


def last_change(treaty: Treaty) -> datetime | None:
    """When the record of a treaty last changed: from that moment to now it held the same."""
    actions = TreatyAction.objects.of(treaty).aggregate(last=Max("confirmed_at"))["last"]
    holds = ArmedConflictHold.objects.filter(withdrawal__treaty=treaty).aggregate(last=Max("confirmed_at"))["last"]
    return max((moment for moment in (actions, holds) if moment), default=None)


def head_of(treaty: Treaty) -> LedgerHead | None:
    return LedgerHead.objects.filter(treaty=treaty).first()


def checkpoint(treaty: Treaty, at: datetime) -> dict[str, Any]:
    """The whole chain of a treaty as it stands, to be kept elsewhere and checked without the site."""
    rows = chain_of(treaty)
    return {
        "format": "minefree-ledger-checkpoint/1",
        "treaty": treaty.slug,
        "exported_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "head": {"length": len(rows), "hash": rows[-1].hash if rows else proof.GENESIS},
        "rows": [{"facts": proof.canonical(row), "previous_hash": row.previous_hash, "hash": row.hash} for row in rows],
    }


def verify(treaty: Treaty) -> list[proof.Fault]:
    """Everything in a treaty's chain that was altered, is missing or stands in another place."""
    head = head_of(treaty)
    length, last = (head.length, head.hash) if head else (0, proof.GENESIS)
    return proof.check_chain(treaty.slug, chain_of(treaty), length, last)


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
