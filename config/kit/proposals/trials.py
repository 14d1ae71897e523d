"""A form is saved as ever, on trial: if it changed something public it is rolled back, and what it did becomes a proposal."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from config.kit.models.proposals import Proposal
from config.kit.models.row_versions import Related
from config.kit.proposals.guards import guard_of
from config.kit.proposals.snapshots import Snapshot, differences, manager_of, model_of, snapshot


class Trial:
    """What is saved between the beginning and the end of a trial stays only if the public sees nothing of it."""

    def __init__(self, row: Model | None, related: Iterable[Related] = ()) -> None:
        """Begin, within the caller's transaction. Args: row: what is to be changed; None for something new."""
        self._related = tuple(related)
        self._before: Snapshot = snapshot(row, self._related)
        self._savepoint = transaction.savepoint()

    def end(self, row: Model, *, by: User, urgency: str = "") -> Proposal | None:
        """End: keep what was saved, or roll it back and propose it. Returns the proposal, if there is one.

        Args: urgency: why it cannot wait, where it is kept at once and only to be seen by a second person afterwards.
        """
        after = snapshot(row, self._related)
        changes = differences(self._before, after)
        if not changes:
            # Saved as it was: no version of it is kept, which mirrors and feeds would take for a correction.
            transaction.savepoint_rollback(self._savepoint)
            return None
        keys = [(change["model"], change["key"]) for change in changes]
        entries = [entry for key in keys for entry in (self._before.get(key), after.get(key)) if entry]
        if not any(entry.is_public for entry in entries):
            transaction.savepoint_commit(self._savepoint)
            return None
        title, is_new = str(row)[:250], not self._before
        if urgency:
            transaction.savepoint_commit(self._savepoint)
        else:
            transaction.savepoint_rollback(self._savepoint)
        proposal = Proposal(
            title=title,
            model=row._meta.label_lower,
            key="" if is_new and not urgency else str(row.pk),
            permission=permission_for(type(row), "add" if is_new else "change", row),
            changes=changes,
            decision=Proposal.Decision.URGENT if urgency else Proposal.Decision.OPEN,
            urgency=urgency,
            made_by=by,
        )
        proposal._history_user = by  # type: ignore[attr-defined]
        proposal.save()
        return proposal


def permissions_for(changes: Iterable[dict[str, Any]]) -> set[str]:
    """The permissions that it takes to make changes."""
    return {
        permission_for(model_of(change), "add" if change["before"] is None else "change", row_of(change))
        for change in changes
    }


def row_of(change: dict[str, Any]) -> Model | None:
    """The row that a change is of, as it is or would be at first; None where it is gone."""
    model = model_of(change)
    if change["before"] is None:
        plain = {f.name for f in model._meta.concrete_fields if not f.is_relation}
        return model(**{name: value for name, value in change["after"].items() if name in plain})
    row: Model | None = manager_of(model).filter(pk=change["key"]).first()
    return row


def permission_for(model: type[Model], verb: str, row: Model | None = None) -> str:
    """The permission that it takes to add or change rows of a model, or one of them."""
    guard = guard_of(model)
    if guard is not None:
        permission = (guard.permission_of(row) if row is not None else "") or guard.permission
        if permission:
            return permission
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
