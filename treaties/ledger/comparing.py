"""Compares the ledger with the Depositary's table: an officer accepts each difference or contests it.

The table is CSV or XLSX with the columns `iso3`, `action` and `date`, one row an act (see `config.kit.incoming.tables`).
Accepting a difference records a proposed act, which counts once a second officer confirms it.
"""

from collections import defaultdict
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.incoming.tables import TableError, read_rows
from config.kit.services import Refused
from treaties.ledger.letters import WrongLetter, day_of_act
from treaties.ledger.recording import LedgerError, record, replace
from treaties.models import ActionChoices, Comparison, Difference, State, Treaty, TreatyAction

COLUMNS = ("iso3", "action", "date")
FIRST_YEAR = 1945
"""The Depositary, the United Nations, has recorded no act before."""

Act = tuple[str, str, date]


def read_table(content: bytes) -> list[Act]:
    """The acts of a table. Raises TableError for unknown States and acts, impossible days, and an act that comes twice."""
    states = set(State.objects.values_list("pk", flat=True))
    today = timezone.now().date()
    wrong: list[str] = []
    acts: dict[Act, int] = {}
    for row in read_rows(content, COLUMNS):
        iso3, action, given = row.cells["iso3"].upper(), row.cells["action"].casefold(), row.cells["date"]
        place = {"line": row.line}
        if iso3 not in states:
            wrong.append(_("%(line)s: unknown State %(value)s.") % {**place, "value": iso3})
        if action not in ActionChoices.values:
            wrong.append(_("%(line)s: unknown act %(value)s.") % {**place, "value": action})
        try:
            day = day_of_act(given, action)
        except WrongLetter as error:
            wrong.append(f"{row.line}: {error}")
            continue
        except ValueError:
            message = (
                _("%(line)s: %(value)s is not a date (YYYY-MM-DD).") if given else _("%(line)s: the date is missing.")
            )
            wrong.append(message % {**place, "value": given})
            continue
        if day > today or day.year < FIRST_YEAR:
            wrong.append(_("%(line)s: %(value)s cannot be the day of an act.") % {**place, "value": given})
        act = (iso3, action, day)
        if act in acts:
            wrong.append(_("%(line)s: the table has an act twice, see line %(other)s.") % {**place, "other": acts[act]})
        acts.setdefault(act, row.line)
    if wrong:
        raise TableError(wrong)
    return list(acts)


class DecisionRefused(Refused):
    """A decision that cannot be; the message is a sentence for the officer."""


def _check_right(by: User, permission: str) -> None:
    DecisionRefused.unless_permitted(by, f"treaties.{permission}", _("Only a treaty officer may do this."))


def compare(comparison: Comparison, acts: list[Act], *, by: User) -> Comparison:
    """Save a comparison with all its differences. Writes nothing to the ledger. Raises DecisionRefused."""
    in_table: dict[tuple[str, str], list[date]] = defaultdict(list)
    for iso3, action, day in acts:
        in_table[iso3, action].append(day)
    in_ledger: dict[tuple[str, str], list[TreatyAction]] = defaultdict(list)
    for row in TreatyAction.objects.of(comparison.treaty).current().order_by("deposited_on"):
        in_ledger[row.state_id, row.action].append(row)
    with transaction.atomic():
        _check_right(by, "add_comparison")
        comparison.compared_by = by
        comparison.rows = len(acts)
        comparison.save()
        for key in sorted(in_table.keys() | in_ledger.keys()):
            for difference in _differences(sorted(in_table[key]), in_ledger[key]):
                difference.comparison = comparison
                difference.state_id, difference.action = key
                difference.save()
    return comparison


def _differences(days: list[date], rows: list[TreatyAction]) -> list[Difference]:
    """The differences of one State and kind of act: days without their row and rows without their day, paired in order."""
    same = {row.deposited_on for row in rows} & set(days)
    only_days = [day for day in days if day not in same]
    only_rows = [row for row in rows if row.deposited_on not in same]
    found = []
    while only_days and only_rows:
        row = only_rows.pop(0)
        found.append(
            Difference(
                kind=Difference.Kind.OTHER_DAY,
                depositary_date=only_days.pop(0),
                ledger_date=row.deposited_on,
                our_row=row,
            )
        )
    found += [Difference(kind=Difference.Kind.MISSING_HERE, depositary_date=day) for day in only_days]
    found += [Difference(kind=Difference.Kind.MISSING_THERE, ledger_date=r.deposited_on, our_row=r) for r in only_rows]
    return found


def accept(difference: Difference, *, by: User) -> Difference:
    """Propose the Depositary's act to the ledger. It counts once another officer confirms it. Raises DecisionRefused."""
    with transaction.atomic():
        locked = _lock_open(difference, by)
        if locked.depositary_date is None:
            raise DecisionRefused(
                _("The Depositary's table lacks this act: the ledger forgets nothing. Contest it, or replace our row.")
            )
        act = TreatyAction(
            treaty=locked.comparison.treaty,
            state=locked.state,
            action=locked.action,
            deposited_on=locked.depositary_date,
            source_url=locked.comparison.source_url,
        )
        try:
            if locked.our_row is None:
                locked.proposed = record(act, by=by)
            else:
                reason = _("The Depositary's table of %(day)s gives %(theirs)s.") % {
                    "day": locked.comparison.table_of.isoformat(),
                    "theirs": locked.depositary_date.isoformat(),
                }
                for kept in ("stated_effective_on", "stated_effective_reason", "note"):
                    setattr(act, kept, getattr(locked.our_row, kept))
                locked.proposed = replace(locked.our_row, act, by=by, reason=reason)
        except LedgerError as refusal:
            raise DecisionRefused(str(refusal)) from refusal
        except ValidationError as refusal:
            raise DecisionRefused(" ".join(refusal.messages)) from refusal
        locked.decision = Difference.Decision.ACCEPTED
        locked.decided_by = by
        locked.save(update_fields=["proposed", "decision", "decided_by"])
    return locked


def contest(difference: Difference, *, reason: str, by: User) -> Difference:
    """Keep the ledger as it is, and say why. Raises DecisionRefused."""
    with transaction.atomic():
        locked = _lock_open(difference, by)
        DecisionRefused.if_any("" if reason.strip() else _("Say why the Depositary's table is contested."))
        locked.decision = Difference.Decision.CONTESTED
        locked.reason = reason
        locked.decided_by = by
        locked.save(update_fields=["decision", "reason", "decided_by"])
    return locked


def _lock_open(difference: Difference, by: User) -> Difference:
    locked = Difference.objects.select_for_update().get(pk=difference.pk)
    _check_right(by, "change_difference")
    if locked.decision != Difference.Decision.OPEN:
        raise DecisionRefused(_("This difference is decided already."))
    return locked


def close(comparison: Comparison, *, by: User) -> Comparison:
    """Close a comparison whose differences are all decided: the treaty is as fresh as the table. Raises DecisionRefused."""
    with transaction.atomic():
        locked = Comparison.objects.select_for_update().get(pk=comparison.pk)
        _check_right(by, "close_comparison")
        if locked.closed_at is not None:
            raise DecisionRefused(_("This comparison is closed already."))
        if locked.compared_by_id == by.pk:
            raise DecisionRefused(_("The officer who compared cannot close it: ask a colleague."))
        left = locked.differences.filter(decision=Difference.Decision.OPEN).count()
        if left:
            raise DecisionRefused(_("%d differences are not decided yet.") % left)
        waiting = locked.differences.filter(proposed__confirmed_at__isnull=True, proposed__isnull=False).count()
        if waiting:
            raise DecisionRefused(_("%d proposed acts wait for confirmation in the ledger.") % waiting)
        locked.closed_by = by
        locked.closed_at = timezone.now()
        locked.save(update_fields=["closed_by", "closed_at"])
        treaty = Treaty.objects.select_for_update().get(pk=locked.treaty_id)
        if treaty.last_compared_on is None or treaty.last_compared_on < locked.table_of:
            treaty.last_compared_on = locked.table_of
            treaty.save(update_fields=["last_compared_on"])
    return locked
