"""The change feed: everything that became public, was corrected or was withdrawn, in order, each once, for mirrors.

It is computed from the rows themselves, so a scheduled text appears at its moment without any process. Changes are ordered by
moment. Those younger than `CONSISTENCY_DELAY` wait, so that a transaction that commits late is not skipped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet

from campaign.models import CampaignAction, Commitment
from news.models import Correction, Statement
from treaties.models import Declaration, TreatyAction

CONSISTENCY_DELAY = timedelta(seconds=2)
_SALT = "news.changes"


@dataclass(frozen=True, order=True)
class Change:
    """One change of one thing. Changes are ordered by moment, then by source and number."""

    at: datetime
    source: int
    number: int
    change: str
    kind: str
    key: str


@dataclass(frozen=True)
class ChangeSource:
    """One source of changes: its rows, the field of their moment, the field of the thing's key."""

    change: str
    kind: str
    rows: QuerySet
    moment: str
    key: str


def _sources(now: datetime) -> list[ChangeSource]:
    acts = TreatyAction.objects.filter(confirmed_at__isnull=False)
    statements = Statement.objects.public(now)
    corrections = Correction.objects.filter(statement__in=statements)
    return [
        ChangeSource("published", "treaty_action", acts.filter(replaces__isnull=True), "confirmed_at", "pk"),
        ChangeSource("corrected", "treaty_action", acts.filter(replaces__isnull=False), "confirmed_at", "pk"),
        ChangeSource("published", "statement", statements, "publish_at", "slug"),
        ChangeSource("corrected", "statement", corrections, "made_at", "statement__slug"),
        ChangeSource("withdrawn", "statement", statements.filter(withdrawn_at__isnull=False), "withdrawn_at", "slug"),
        *(
            ChangeSource(change, kind, history.filter(history_type=sign), "history_date", "slug")
            for kind, history in (
                ("campaign_action", CampaignAction.history.filter(is_held=False)),
                ("commitment", Commitment.history.all()),
            )
            for change, sign in (("published", "+"), ("corrected", "~"))
        ),
        *(
            ChangeSource(change, "declaration", versions.filter(history_type=sign), "history_date", "id")
            for versions, change, sign in (
                (Declaration.history.filter(taken_out_because=""), "published", "+"),
                (Declaration.history.filter(taken_out_because=""), "corrected", "~"),
                (Declaration.history.exclude(taken_out_because=""), "withdrawn", "~"),
            )
        ),
    ]


def changes(after: Change | None, now: datetime, most: int) -> list[Change]:
    """The next changes after one. One query a source, for any number of rows."""
    found: list[Change] = []
    for place, source in enumerate(_sources(now)):
        rows = source.rows.filter(**{f"{source.moment}__lte": now - CONSISTENCY_DELAY})
        if after is not None:
            later = Q(**{f"{source.moment}__gt": after.at})
            if place > after.source:
                later |= Q(**{source.moment: after.at})
            elif place == after.source:
                later |= Q(**{source.moment: after.at, f"{_number(source)}__gt": after.number})
            rows = rows.filter(later)
        rows = rows.order_by(source.moment, _number(source)).values_list(source.moment, F(_number(source)), source.key)[
            :most
        ]
        found += [Change(at, place, number, source.change, source.kind, str(key)) for at, number, key in rows]
    return list(islice(sorted(found), most))


def waiting(now: datetime) -> list[datetime]:
    """The moments at which the changes that are younger than `CONSISTENCY_DELAY` enter the feed. One query."""
    first, *others = [
        source.rows.filter(**{f"{source.moment}__gt": now - CONSISTENCY_DELAY, f"{source.moment}__lte": now})
        .order_by()
        .values_list(source.moment)
        for source in _sources(now)
    ]
    return [moment + CONSISTENCY_DELAY for (moment,) in first.union(*others, all=True)]


def _number(source: ChangeSource) -> str:
    return "history_id" if source.moment == "history_date" else "pk"


def cursor_after(change: Change) -> str:
    """The cursor that goes on after a change. It carries no time of its making: the same answer has the same tag."""
    return signing.Signer(salt=_SALT).sign_object([change.at.isoformat(), change.source, change.number])


def read_cursor(text: str) -> Change:
    """The change that a cursor stands for. Raises ValueError for a cursor that this site did not make.

    Mirrors may still keep cursors of version 0.1.0, which had the time of their making as a third part.
    """
    try:
        if text.count(":") == 2:
            at, source, number = signing.loads(text, salt=_SALT)
        else:
            at, source, number = signing.Signer(salt=_SALT).unsign_object(text)
        return Change(datetime.fromisoformat(at).astimezone(UTC), source, number, "", "", "")
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValueError("not a cursor of this site") from error


def addresses(found: Iterable[Change], absolute: Any) -> list[dict[str, Any]]:
    """The changes as the API shows them, with the address of each thing."""
    paths = {
        "treaty_action": "treaty-actions",
        "statement": "statements",
        "campaign_action": "campaign-actions",
        "declaration": "declarations",
    }
    return [
        {
            "at": change.at,
            "change": change.change,
            "kind": change.kind,
            "key": change.key,
            "url": absolute(f"/api/v1/{paths.get(change.kind, 'commitments')}/{change.key}/"),
        }
        for change in found
    ]
