"""The change feed: everything that became public, was corrected or was withdrawn, in order, each once, for mirrors.

It is computed from the rows themselves, so a scheduled text appears at its moment without any process. Changes are ordered by
moment. Those younger than `CONSISTENCY_DELAY` wait, so that a transaction that commits late is not skipped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.core import signing
from django.db.models import Case, F, Q, QuerySet, Value, When

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
    """The place of its kind among all that can be told: part of every cursor, so it stays what it is."""
    number: int
    change: str
    kind: str
    key: str


@dataclass(frozen=True)
class ChangeSource:
    """Rows that tell changes of a kind of thing: the fields of the moment and of its key, and which row tells which change."""

    kind: str
    rows: QuerySet
    moment: str
    key: str
    told: Mapping[str, Q]

    @property
    def number(self) -> str:
        """The field that tells apart rows of the same moment."""
        return "history_id" if self.moment == "history_date" else "pk"


def _sources(now: datetime) -> list[ChangeSource]:
    acts = TreatyAction.objects.filter(confirmed_at__isnull=False)
    statements = Statement.objects.public(now)
    corrections = Correction.objects.filter(statement__in=statements)
    by_sign = {"published": Q(history_type="+"), "corrected": Q(history_type="~")}
    stands = Q(taken_out_because="")
    of_declarations = {name: sign & stands for name, sign in by_sign.items()} | {
        "withdrawn": Q(history_type="~") & ~stands
    }
    actions = CampaignAction.history.filter(is_held=False)
    by_replacing = {"published": Q(replaces__isnull=True), "corrected": Q(replaces__isnull=False)}
    return [
        ChangeSource("treaty_action", acts, "confirmed_at", "pk", by_replacing),
        ChangeSource("statement", statements, "publish_at", "slug", {"published": Q()}),
        ChangeSource("statement", corrections, "made_at", "statement__slug", {"corrected": Q()}),
        ChangeSource(
            "statement",
            statements.filter(withdrawn_at__isnull=False),
            "withdrawn_at",
            "slug",
            {"withdrawn": Q()},
        ),
        ChangeSource("campaign_action", actions, "history_date", "slug", by_sign),
        ChangeSource("commitment", Commitment.history.all(), "history_date", "slug", by_sign),
        ChangeSource("declaration", Declaration.history.all(), "history_date", "id", of_declarations),
    ]


def changes(after: Change | None, now: datetime, most: int) -> list[Change]:
    """The next changes after one. One query a source, for any number of rows."""
    found: list[Change] = []
    place = 0
    for source in _sources(now):
        names = dict(enumerate(source.told, place))
        place += len(names)
        rows = source.rows.filter(**{f"{source.moment}__lte": now - CONSISTENCY_DELAY})
        if len(names) == 1:
            rows = rows.annotate(place_of_change=Value(next(iter(names))))
        else:
            is_told = Case(*[When(source.told[name], then=Value(n)) for n, name in names.items()])
            rows = rows.annotate(place_of_change=is_told).filter(place_of_change__isnull=False)
        if after is not None:
            at_once = Q(place_of_change__gt=after.source) | Q(
                place_of_change=after.source, **{f"{source.number}__gt": after.number}
            )
            rows = rows.filter(Q(**{f"{source.moment}__gt": after.at}) | Q(**{source.moment: after.at}) & at_once)
        among = ["place_of_change"] if len(names) > 1 else []
        rows = rows.order_by(source.moment, *among, source.number)
        values = rows.values_list(source.moment, "place_of_change", F(source.number), source.key)[:most]
        found += [Change(at, n, number, names[n], source.kind, str(key)) for at, n, number, key in values]
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
