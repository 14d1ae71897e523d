"""Versions of a statement, from its history, and what changed between them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from news.models import Statement


@dataclass(frozen=True)
class Revision:
    """A version of a statement: who saved it, when, and what they changed."""

    version: int
    at: datetime
    by: str
    changes: list[tuple[str, str, str]]


def revisions(statement: Statement) -> list[Revision]:
    """All versions, newest first, each with the fields that it changed: name, before, after."""
    records = list(statement.history.select_related("history_user").order_by("history_date", "history_id"))
    found = [Revision(r.version, r.history_date, str(r.history_user or "–"), []) for r in records[:1]]
    for before, after in pairwise(records):
        changes = [
            (str(Statement._meta.get_field(c.field).verbose_name), str(c.old), str(c.new))  # type: ignore[union-attr]
            for c in after.diff_against(before, excluded_fields=["version", "updated_at"]).changes
        ]
        if changes:
            found.append(Revision(after.version, after.history_date, str(after.history_user or "–"), changes))
    return found[::-1]


def changed_since(statement: Statement, version: int) -> list[str]:
    """What was changed in a statement since a version of it, in sentences; the newest last."""
    since = statement.history.filter(version__gte=version).select_related("history_user")
    records = list(since.order_by("history_date", "history_id"))
    found = []
    for before, after in pairwise(records):
        for change in after.diff_against(before, excluded_fields=["version", "updated_at"]).changes:
            label = Statement._meta.get_field(change.field).verbose_name  # type: ignore[union-attr]
            found.append(
                _("%(who)s changed '%(field)s' from '%(old)s' to '%(new)s'.")
                % {
                    "who": after.history_user or _("Somebody"),
                    "field": label,
                    "old": _short(change.old),
                    "new": _short(change.new),
                }
            )
    return found


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]} …"
