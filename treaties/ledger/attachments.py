"""What hangs on a row of the ledger follows its replacement: the declarations lodged with the act, and its notifications."""

from collections.abc import Iterable
from typing import Any

from treaties.models import Declaration, DepositaryNotification, TreatyAction

FOLLOWED = "The row of the ledger that it hangs on was replaced"
"""The reason in the history of what followed a row."""


def follow(rows: Iterable[TreatyAction], reason: str = FOLLOWED) -> bool:
    """Move to each confirmed row what hung on the row that it replaces. Returns whether anything did: it is to be sealed anew.

    A row that takes another out is no act: what was lodged with that stands by itself from then on, and its notification stays with
    the row that it told of.
    """
    by_replaced: dict[int | None, TreatyAction] = {row.replaces_id: row for row in rows if row.replaces_id}
    if not by_replaced:
        return False
    has_moved = False
    declaration: Any
    notification: Any
    for declaration in Declaration.objects.filter(with_action__in=by_replaced):
        row = by_replaced[declaration.with_action_id]
        declaration.with_action = None if row.is_annulment else row
        declaration._change_reason = reason
        declaration.save(update_fields=["with_action"])
        has_moved = True
    for notification in DepositaryNotification.objects.filter(act__in=by_replaced):
        row = by_replaced[notification.act_id]
        if not row.is_annulment:
            notification.act = row
            notification._change_reason = reason
            notification.save(update_fields=["act"])
            has_moved = True
    return has_moved
