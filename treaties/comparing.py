"""Laying the ledger beside the Depositary's table: each difference is accepted into a proposed act or contested.

The table is CSV in UTF-8 with the columns `iso3`, `action` and `date` (YYYY-MM-DD), one row an act. Nothing of it enters
the ledger but by its door, and nothing counts before a second officer confirms it.
"""

import csv
import io
from collections import defaultdict
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from treaties import ledger
from treaties.models import ActionChoices, Comparison, Difference, State, TreatyAction

COLUMNS = ("iso3", "action", "date")
LARGEST_TABLE = 1_000_000
"""Bytes."""

Act = tuple[str, str, date]


class TableError(ValueError):
    """The table cannot be read; each message begins with its line."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


def read_table(content: bytes) -> list[Act]:
    """The acts of a table, checked: known States and acts, days of the calendar, no act twice."""
    if len(content) > LARGEST_TABLE:
        raise TableError([_("The table is larger than %d bytes.") % LARGEST_TABLE])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError([_("The table is not in UTF-8.")]) from error
    rows = csv.DictReader(io.StringIO(text))
    missing = [c for c in COLUMNS if c not in (rows.fieldnames or [])]
    if missing:
        raise TableError([_("The table lacks the columns: %s.") % ", ".join(missing)])
    states = set(State.objects.values_list("pk", flat=True))
    wrong, acts = [], []
    for row in rows:
        line = rows.line_num
        iso3, action = (row["iso3"] or "").strip().upper(), (row["action"] or "").strip()
        if iso3 not in states:
            wrong.append(_("%(line)s: unknown State %(value)s.") % {"line": line, "value": iso3})
        if action not in ActionChoices.values:
            wrong.append(_("%(line)s: unknown act %(value)s.") % {"line": line, "value": action})
        try:
            acts.append((iso3, action, date.fromisoformat((row["date"] or "").strip())))
        except ValueError:
            wrong.append(_("%(line)s: %(value)s is not a date (YYYY-MM-DD).") % {"line": line, "value": row["date"]})
    if len(set(acts)) != len(acts):
        wrong.append(_("The table has an act twice."))
    if wrong:
        raise TableError(wrong)
    return acts


def compare(comparison: Comparison, acts: list[Act], *, by: User) -> Comparison:
    """Keep a comparison with all its differences. Nothing is written to the ledger."""
    theirs: dict[tuple[str, str], list[date]] = defaultdict(list)
    for iso3, action, day in acts:
        theirs[iso3, action].append(day)
    ours: dict[tuple[str, str], list[TreatyAction]] = defaultdict(list)
    for row in TreatyAction.objects.of(comparison.treaty).current().order_by("deposited_on"):
        ours[row.state_id, row.action].append(row)
    with transaction.atomic():
        comparison.compared_by = by
        comparison.rows = len(acts)
        comparison.save()
        for key in sorted(theirs.keys() | ours.keys()):
            for found in _differences(sorted(theirs[key]), ours[key]):
                found.comparison = comparison
                found.state_id, found.action = key
                found.save()
    return comparison


def _differences(theirs: list[date], ours: list[TreatyAction]) -> list[Difference]:
    """Acts of one State and kind: those without their like, paired in order where both sides have some."""
    same = {row.deposited_on for row in ours} & set(theirs)
    only_theirs = [day for day in theirs if day not in same]
    only_ours = [row for row in ours if row.deposited_on not in same]
    found = []
    while only_theirs and only_ours:
        row = only_ours.pop(0)
        found.append(
            Difference(kind=Difference.Kind.OTHER_DAY, theirs=only_theirs.pop(0), ours=row.deposited_on, our_row=row)
        )
    found += [Difference(kind=Difference.Kind.MISSING_HERE, theirs=day) for day in only_theirs]
    found += [Difference(kind=Difference.Kind.MISSING_THERE, ours=r.deposited_on, our_row=r) for r in only_ours]
    return found


class DecisionRefused(Exception):
    """A decision that cannot be; the message is a sentence for the officer."""


def accept(difference: Difference, *, by: User) -> Difference:
    """Propose the Depositary's act to the ledger. It counts once another officer confirms it there."""
    with transaction.atomic():
        locked = _open(difference)
        if locked.theirs is None:
            raise DecisionRefused(
                _("The Depositary's table lacks this act: the ledger forgets nothing. Contest it, or replace our row.")
            )
        source = locked.comparison.source_url
        act = TreatyAction(
            treaty=locked.comparison.treaty,
            state=locked.state,
            action=locked.action,
            deposited_on=locked.theirs,
            source_url=source,
        )
        try:
            if locked.our_row is None:
                locked.proposed = ledger.record(act, by=by)
            else:
                reason = _("The Depositary's table of %(day)s gives %(theirs)s.") % {
                    "day": locked.comparison.table_of.isoformat(),
                    "theirs": locked.theirs.isoformat(),
                }
                locked.proposed = ledger.replace(locked.our_row, act, by=by, reason=reason)
        except ledger.LedgerError as refusal:
            raise DecisionRefused(str(refusal)) from refusal
        except ValidationError as refusal:
            raise DecisionRefused(" ".join(refusal.messages)) from refusal
        locked.decision = Difference.Decision.ACCEPTED
        locked.decided_by = by
        locked.save()
    return locked


def contest(difference: Difference, *, reason: str, by: User) -> Difference:
    """Keep to the ledger, and say why."""
    if not reason.strip():
        raise DecisionRefused(_("Say why the Depositary's table is contested."))
    with transaction.atomic():
        locked = _open(difference)
        locked.decision = Difference.Decision.CONTESTED
        locked.reason = reason
        locked.decided_by = by
        locked.save()
    return locked


def _open(difference: Difference) -> Difference:
    locked = Difference.objects.select_for_update().get(pk=difference.pk)
    if locked.decision != Difference.Decision.OPEN:
        raise DecisionRefused(_("This difference is decided already."))
    return locked


def close(comparison: Comparison, *, by: User) -> Comparison:
    """Close a comparison whose differences are all decided: the treaty is as fresh as the table."""
    with transaction.atomic():
        locked = Comparison.objects.select_for_update().get(pk=comparison.pk)
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
        locked.save()
        treaty = locked.treaty
        if treaty.last_compared_on is None or treaty.last_compared_on < locked.table_of:
            treaty.last_compared_on = locked.table_of
            treaty.save()
    return locked
