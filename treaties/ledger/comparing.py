"""Compares the ledger with the Depositary's table: an officer accepts each difference or contests it.

The table is the page of the UN Treaty Collection as it was saved, or its XML (see `treaties.ledger.depositary`), or CSV or XLSX
with the columns `iso3`, `action` and `date`, one row an act (see `config.kit.incoming.tables`).
Accepting a difference records a proposed act, which counts once a second officer confirms it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.incoming.tables import TableError, read_rows
from config.kit.models.row_versions import Part, check_seen, fingerprint, parts_of
from config.kit.services import Refused
from treaties.ledger.chain import lock_ledger
from treaties.ledger.checks import act_family
from treaties.ledger.depositary import StatusTable, is_page, read_page
from treaties.ledger.letters import WrongLetter, day_of_act
from treaties.ledger.recording import LedgerError, record, replace
from treaties.ledger.sealing import seal
from treaties.models import ActionChoices, Comparison, Difference, State, Treaty, TreatyAction
from treaties.models.states import name_key

COLUMNS = ("iso3", "action", "date")
FIRST_YEAR = 1945
"""The Depositary, the United Nations, has recorded no act before."""

Act = tuple[str, str, date]
_KEPT = ("stated_effective_on", "stated_effective_reason", "note")
"""What a row that replaces another one keeps of it."""


def read_status(content: bytes, treaty: Treaty | None = None) -> StatusTable:
    """What a page, an XML file or a table says. Raises TableError for what cannot be read, and for a page of another treaty."""
    if not is_page(content):
        return StatusTable(None, "", read_table(content))
    found = read_page(content)
    if treaty is not None and found.reference and found.reference != treaty.reference:
        message = _("This is the page of %(theirs)s; the %(treaty)s is %(ours)s.")
        raise TableError([message % {"theirs": found.reference, "treaty": treaty, "ours": treaty.reference}])
    return found


def read_table(content: bytes) -> list[Act]:
    """The acts of a table. Raises TableError for unknown States and acts, impossible days, and an act that comes twice."""
    codes = State.objects.codes_by_key()
    today = timezone.now().date()
    wrong: list[str] = []
    acts: dict[Act, int] = {}
    for row in read_rows(content, COLUMNS):
        named, action, given = row.cells["iso3"], row.cells["action"].casefold(), row.cells["date"]
        iso3 = codes.get(name_key(named), "")
        place = {"line": row.line}
        if not iso3:
            wrong.append(_("%(line)s: unknown State %(value)s.") % {**place, "value": named})
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
    with transaction.atomic():
        _check_right(by, "add_comparison")
        comparison.compared_by = by
        comparison.rows = len(acts)
        comparison.save()
        for difference in differences(comparison.treaty, acts, comparison.table_of):
            difference.comparison = comparison
            difference.save()
    return comparison


def differences(treaty: Treaty, acts: Iterable[Act], as_at: date | None) -> list[Difference]:
    """What differs between a table of a day and the ledger, unsaved, by State and act. Later acts of the ledger are left out.

    An act is the same if State, kind and day are. What is left of a State is paired: acts of consent on one day, then acts of one
    kind in the order of their days.
    """
    rows = TreatyAction.objects.of(treaty).current().select_related("state").order_by("deposited_on", "pk")
    if as_at is not None:
        rows = rows.filter(deposited_on__lte=as_at)
    theirs = Counter(acts)
    ours: list[TreatyAction] = []
    for row in rows:
        act = (row.state_id, row.action, row.deposited_on)
        if theirs[act]:
            theirs[act] -= 1
        else:
            ours.append(row)
    left = sorted(theirs.elements(), key=lambda act: (act[0], act[2], act[1]))
    found: list[Difference] = []
    for is_pair, kind in (
        (lambda act, row: act[2] == row.deposited_on, Difference.Kind.OTHER_ACT),
        (lambda act, row: act[1] == row.action, Difference.Kind.OTHER_DAY),
        (lambda act, row: True, Difference.Kind.OTHER_ACT),
    ):
        for act in list(left):
            family = act_family(act[1])
            pair = next(
                (r for r in ours if r.state_id == act[0] and act_family(r.action) == family and is_pair(act, r)), None
            )
            if pair is not None:
                left.remove(act)
                ours.remove(pair)
                found.append(_difference(kind, act, pair))
    found += [_difference(Difference.Kind.MISSING_HERE, act, None) for act in left]
    found += [
        Difference(
            kind=Difference.Kind.MISSING_THERE,
            state_id=row.state_id,
            action=row.action,
            ledger_date=row.deposited_on,
            our_row=row,
        )
        for row in ours
    ]
    return sorted(found, key=lambda d: (d.state_id, d.action, d.depositary_date or date.max))


def _difference(kind: Difference.Kind, act: Act, row: TreatyAction | None) -> Difference:
    iso3, action, day = act
    return Difference(
        kind=kind,
        state_id=iso3,
        action=action,
        depositary_date=day,
        ledger_date=row.deposited_on if row else None,
        our_row=row,
    )


def accept(difference: Difference, *, by: User) -> Difference:
    """Propose to the ledger what the Depositary's table says: its act, or to take out ours, which it lacks.

    It counts once another officer confirms it. Raises DecisionRefused.
    """
    with transaction.atomic():
        locked = _lock_open(difference, by)
        act = TreatyAction(
            treaty=locked.comparison.treaty,
            state=locked.state,
            action=locked.action,
            source_url=locked.comparison.source_url,
        )
        day = locked.comparison.table_of.isoformat()
        old = locked.our_row
        if locked.depositary_date is not None:
            act.deposited_on = locked.depositary_date
        try:
            if old is None:
                locked.proposed = record(act, by=by)
            elif locked.depositary_date is None:
                for kept in (*_KEPT, "deposited_on", "not_before", "interval_source"):
                    setattr(act, kept, getattr(old, kept))
                act.is_annulment = True
                reason = _("The Depositary's table of %(day)s lacks it.") % {"day": day}
                locked.proposed = replace(old, act, by=by, reason=reason)
            else:
                for kept in _KEPT:
                    setattr(act, kept, getattr(old, kept))
                theirs = locked.depositary_date.isoformat()
                reason = _("The Depositary's table of %(day)s gives %(theirs)s.") % {"day": day, "theirs": theirs}
                locked.proposed = replace(old, act, by=by, reason=reason)
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


def contents_of(comparison: Comparison) -> list[Part]:
    """What the officer who closes a comparison is shown: the table that was compared, and each difference with its decision."""
    parts = parts_of(comparison)
    for difference in comparison.differences.select_related("state", "comparison").order_by("pk"):
        parts += [(f"{difference}: {name}", value) for name, value in parts_of(difference)]
    return parts


def close(comparison: Comparison, *, by: User, seen: str | None = None) -> Comparison:
    """Close a comparison whose differences are all decided: the treaty is as fresh as the table.

    Args: seen: the fingerprint of `contents_of` as it was shown; that of `comparison` if not given.
    Raises DecisionRefused, also for who compared or decided; NotWhatWasSeen where it is another than was shown.
    """
    seen = fingerprint(contents_of(comparison)) if seen is None else seen
    with transaction.atomic():
        lock_ledger()
        locked = Comparison.objects.select_for_update().get(pk=comparison.pk)
        _check_right(by, "close_comparison")
        if locked.closed_at is not None:
            raise DecisionRefused(_("This comparison is closed already."))
        if locked.compared_by_id == by.pk:
            raise DecisionRefused(_("The officer who compared cannot close it: ask a colleague."))
        if locked.differences.filter(decided_by=by).exists():
            raise DecisionRefused(_("You decided on a difference of it yourself: ask a colleague."))
        left = locked.differences.filter(decision=Difference.Decision.OPEN).count()
        if left:
            raise DecisionRefused(_("%d differences are not decided yet.") % left)
        waiting = locked.differences.filter(proposed__confirmed_at__isnull=True, proposed__isnull=False).count()
        if waiting:
            raise DecisionRefused(_("%d proposed acts wait for confirmation in the ledger.") % waiting)
        check_seen(seen, contents_of(locked))
        locked.closed_by = by
        locked.closed_at = timezone.now()
        locked.save(update_fields=["closed_by", "closed_at"])
        treaty = Treaty.objects.select_for_update().get(pk=locked.treaty_id)
        if treaty.last_compared_on is None or treaty.last_compared_on < locked.table_of:
            treaty.last_compared_on = locked.table_of
            treaty.compared_differences = locked.differences.count()
            treaty.compared_contested = locked.differences.filter(decision=Difference.Decision.CONTESTED).count()
            treaty._history_user = by  # type: ignore[attr-defined]
            treaty.save(update_fields=["last_compared_on", "compared_differences", "compared_contested"])
            seal(Treaty, recorded_by=locked.compared_by_id)
    return locked
