"""A form is saved as ever, on trial: if it changed something public it is rolled back, and what it did becomes a proposal."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from config.kit.models.proposals import Proposal
from config.kit.models.row_versions import Related
from config.kit.proposals.snapshots import Snapshot, differences, model_of, snapshot


class Trial:
    """What is saved between the beginning and the end of a trial stays only if the public sees nothing of it."""

    def __init__(self, row: Model | None, related: Iterable[Related] = ()) -> None:
        """Begin, within the caller's transaction. Args: row: what is to be changed; None for something new."""
        self._related = tuple(related)
        self._before: Snapshot = snapshot(row, self._related)
        self._savepoint = transaction.savepoint()

    def end(self, row: Model, *, by: User) -> Proposal | None:
        """End: keep what was saved, or roll it back and propose it. Returns the proposal, if there is one."""
        after = snapshot(row, self._related)
        changes = differences(self._before, after)
        keys = [(change["model"], change["key"]) for change in changes]
        entries = [entry for key in keys for entry in (self._before.get(key), after.get(key)) if entry]
        if not any(entry.is_public for entry in entries):
            transaction.savepoint_commit(self._savepoint)
            return None
        title, meta = str(row)[:250], row._meta
        is_new = not self._before
        transaction.savepoint_rollback(self._savepoint)
        proposal = Proposal(
            title=title,
            model=meta.label_lower,
            key="" if is_new else str(row.pk),
            permission=f"{meta.app_label}.{'add' if is_new else 'change'}_{meta.model_name}",
            changes=changes,
            made_by=by,
        )
        proposal._history_user = by  # type: ignore[attr-defined]
        proposal.save()
        return proposal


def permissions_for(changes: Iterable[dict[str, Any]]) -> set[str]:
    """The permissions that it takes to make changes."""
    found = set()
    for change in changes:
        meta = model_of(change)._meta
        verb = "add" if change["before"] is None else "delete" if change["after"] is None else "change"
        found.add(f"{meta.app_label}.{verb}_{meta.model_name}")
    return found
