"""Everything that became public, was corrected or was withdrawn, in order, each once: for those who keep a mirror.

Computed from the rows themselves, so that what is scheduled appears at its minute without any work. The order is that of the
moments; what happened less than `SETTLING` ago waits, so that a transaction that ends late is not passed over.
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
from treaties.models import TreatyAction

SETTLING = timedelta(seconds=2)
_SALT = "news.changes"


@dataclass(frozen=True, order=True)
class Change:
    """What happened to one thing. They are ordered by moment, then by kind and number."""

    at: datetime
    part: int
    number: int
    change: str
    kind: str
    key: str


@dataclass(frozen=True)
class Part:
    """One source of changes: rows with their moment, and the key of the thing."""

    change: str
    kind: str
    rows: QuerySet
    moment: str
    key: str


def _parts(now: datetime) -> list[Part]:
    acts = TreatyAction.objects.filter(confirmed_at__isnull=False)
    statements = Statement.objects.public(now)
    corrections = Correction.objects.filter(statement__in=statements)
    return [
        Part("published", "treaty_action", acts.filter(replaces__isnull=True), "confirmed_at", "pk"),
        Part("corrected", "treaty_action", acts.filter(replaces__isnull=False), "confirmed_at", "pk"),
        Part("published", "statement", statements, "publish_at", "slug"),
        Part("corrected", "statement", corrections, "made_at", "statement__slug"),
        Part("withdrawn", "statement", statements.filter(withdrawn_at__isnull=False), "withdrawn_at", "slug"),
        *(
            Part(change, kind, history.filter(history_type=sign), "history_date", "slug")
            for kind, history in (
                ("campaign_action", CampaignAction.history.filter(is_held=False)),
                ("commitment", Commitment.history.all()),
            )
            for change, sign in (("published", "+"), ("corrected", "~"))
        ),
    ]


def changes(after: Change | None, now: datetime, most: int) -> list[Change]:
    """The next changes after one. As many queries as there are sources, however many rows there are."""
    found: list[Change] = []
    for place, part in enumerate(_parts(now)):
        rows = part.rows.filter(**{f"{part.moment}__lte": now - SETTLING})
        if after is not None:
            later = Q(**{f"{part.moment}__gt": after.at})
            if place > after.part:
                later |= Q(**{part.moment: after.at})
            elif place == after.part:
                later |= Q(**{part.moment: after.at, f"{_number(part)}__gt": after.number})
            rows = rows.filter(later)
        rows = rows.order_by(part.moment, _number(part)).values_list(part.moment, F(_number(part)), part.key)[:most]
        found += [Change(at, place, number, part.change, part.kind, str(key)) for at, number, key in rows]
    return list(islice(sorted(found), most))


def _number(part: Part) -> str:
    return "history_id" if part.moment == "history_date" else "pk"


def cursor_after(change: Change) -> str:
    """Where a reader goes on."""
    return signing.dumps([change.at.isoformat(), change.part, change.number], salt=_SALT)


def read_cursor(text: str) -> Change:
    """Raises ValueError for what is no cursor of ours."""
    try:
        at, part, number = signing.loads(text, salt=_SALT)
        return Change(datetime.fromisoformat(at).astimezone(UTC), part, number, "", "", "")
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValueError("no cursor") from error


def addresses(found: Iterable[Change], absolute: Any) -> list[dict[str, Any]]:
    """The changes as the API tells them, with the address of each thing in it."""
    paths = {"treaty_action": "treaty-actions", "statement": "statements", "campaign_action": "campaign-actions"}
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
