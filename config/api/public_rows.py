"""The public rows as the database has them, to the last column: a project without any loads them and answers the same.

The tables of a snapshot are for reading: they hold what is computed, and not all that it is computed from. This file holds the
rows themselves, with their keys, moments and hashes, one in each line of JSON. Of people it holds nothing: officers whose numbers
are in the record's chain are numbers here, too, other editors are one of two who have no name, and pledges are counts. Pictures
are files, and are not in it.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, Field, Model, OuterRef, QuerySet
from django.utils import timezone

from campaign.models import (
    Campaign,
    CampaignAction,
    Commitment,
    DayTally,
    Endorsement,
    FollowUp,
    HumanitarianFigure,
    Invalidation,
    Pillar,
    Position,
    StateTally,
)
from campaign.pledging.backing import SMALLEST_GROUP
from config.kit.api.exports import in_parts
from config.kit.models import LoadedRow, Translation
from config.kit.models.public_changes import PublicChange
from config.kit.models.telling import tell
from news.finding.search import reindex
from news.models import (
    Correction,
    Edition,
    Figure,
    OldSlug,
    Photo,
    Quotation,
    Speaker,
    SpeakerRole,
    Statement,
    Video,
)
from news.newsroom.published_versions import public_numbers
from treaties.models import (
    ArmedConflictHold,
    Article,
    Comparison,
    Declaration,
    DepositaryNotification,
    Difference,
    Extension,
    GroupMembership,
    LedgerHead,
    LedgerSequence,
    Obligation,
    SealedVersion,
    State,
    StateName,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)

FILE = "rows.jsonl.gz"
FORMAT = "minefree-rows/1"
AT_ONCE = 400
FIRST_EDITOR, SECOND_EDITOR = -1, -2
"""In place of an editor's number: who wrote a row, and who approved, checked or closed it."""
SECONDS = {"approved_by", "checked_by", "verified_by", "closed_by", "confirmed_by", "reinstated_by"}
LOADED = "Loaded from a snapshot"
"""The reason in the history of what an editor wrote."""
Values = dict[str, Any]


class NotLoadable(Exception):
    """Why the rows cannot be loaded, and what to do."""


@dataclass(frozen=True)
class PublicRows:
    """The rows of a model that are public.

    Attributes:
        rows: which are; those that name a row which is not public are left out.
        versions: of the history of these rows, the versions that have been public; without it, the last one of each.
        in_chain: the record's chain tells the numbers of its officers.
        with_gone: the versions of rows that are gone were public, too.
        without: a row without those of its texts and names that are not public.
    """

    model: type[Model]
    rows: Callable[[datetime], QuerySet] | None = None
    versions: Callable[[QuerySet], QuerySet] | None = None
    in_chain: bool = False
    with_gone: bool = False
    without: Callable[[Values], Values] = lambda values: values


def _all(history: QuerySet) -> QuerySet:
    return history


def _without_review(act: Values) -> Values:
    return act | {"review": "", "review_text": "", "reviewed_by_id": None, "reviewed_at": None}


def _without_desk(text: Values) -> Values:
    return text | {"reviewer_id": None, "published_by_id": None, "approved_contents": "", "emergency_reason": ""}


def _by_day(tally: Values) -> Values:
    """A day of the account without the moment at which somebody moved it."""
    return tally | {"moved_at": f"{tally['day']}T00:00:00+00:00"}


def _texts_that_can_be_read(history: QuerySet) -> QuerySet:
    """The versions of a statement that are today's text, or that can be read as an edition."""
    now = timezone.now()
    public = history.filter(history_id__in=list(public_numbers()), id__in=Statement.objects.public(now).values("pk"))
    same = {"title": OuterRef("title"), "body": OuterRef("body")}
    return public.filter(
        Exists(Edition.objects.filter(statement=OuterRef("id"), **same))
        | Exists(Statement.objects.filter(pk=OuterRef("id"), **same))
    )


def _sealed(model: type[Model]) -> PublicRows:
    """Rows of the record, which are public in all their versions; those that were taken out, too."""
    return PublicRows(model, lambda now: model._base_manager.all(), _all, in_chain=True, with_gone=True)


def _confirmed(model: type[TreatyAction] | type[ArmedConflictHold]) -> PublicRows:
    """Acts and holds that a second officer has confirmed."""
    return PublicRows(model, lambda now: model.objects.confirmed(), in_chain=True, without=_without_review)


PUBLIC = [
    *map(_sealed, (State, StateName, GroupMembership, Treaty, Article)),
    _confirmed(TreatyAction),
    _confirmed(ArmedConflictHold),
    *map(_sealed, (WithdrawalStep, Obligation, Extension, Declaration, DepositaryNotification)),
    PublicRows(Comparison, lambda now: Comparison.objects.filter(closed_at__isnull=False)),
    PublicRows(
        Difference,
        lambda now: Difference.objects.filter(
            comparison__closed_at__isnull=False, decision=Difference.Decision.CONTESTED
        ),
    ),
    *(PublicRows(model) for model in (LedgerHead, LedgerSequence, SealedVersion)),
    *(PublicRows(model, versions=_all) for model in (Campaign, Pillar)),
    PublicRows(
        CampaignAction, lambda now: CampaignAction.objects.public(), lambda history: history.filter(is_held=False)
    ),
    PublicRows(Commitment, versions=_all),
    PublicRows(FollowUp, lambda now: FollowUp.objects.public(), without=lambda values: values | {"check_reason": ""}),
    *(PublicRows(model, versions=_all) for model in (Position, HumanitarianFigure)),
    PublicRows(Endorsement, lambda now: Endorsement.objects.verified()),
    PublicRows(DayTally, without=_by_day),
    PublicRows(Invalidation),
    PublicRows(Photo, lambda now: Photo.objects.filter(statements__in=Statement.objects.public(now)).distinct()),
    PublicRows(Speaker, lambda now: Speaker.objects.filter(statements__in=Statement.objects.public(now)).distinct()),
    PublicRows(SpeakerRole),
    PublicRows(
        Statement,
        lambda now: Statement.objects.public(now),
        _texts_that_can_be_read,
        without=_without_desk,
    ),
    *(PublicRows(model) for model in (Correction, Edition, Figure, Quotation, Video)),
    PublicRows(OldSlug),
    PublicRows(Translation, lambda now: Translation.objects.public()),
    *(PublicRows(model) for model in (PublicChange, LoadedRow)),
]
"""In the order in which they name each other. Pledges by State are counts, written apart."""


# --- Written -------------------------------------------------------------------------------------------------


def write(path: Path, now: datetime, head: str) -> None:
    """Write all public rows as they stand, with the line of the record that they belong to."""
    with gzip.GzipFile(path, "wb", mtime=0) as packed:

        def line(value: Mapping[str, Any]) -> None:
            packed.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

        line({"format": FORMAT, "made_at": now.isoformat(), "record": head})
        for model, values in public_rows(now):
            line({"model": model._meta.label_lower, "row": values})


def public_rows(now: datetime) -> Iterator[tuple[type[Model], Values]]:
    """Every public row, after those that it names."""
    known: dict[type[Model], set[Any]] = defaultdict(set)
    for public in PUBLIC:
        for values in _rows_of(public, now, known):
            known[public.model].add(values[_key(public.model)])
            yield public.model, values
        yield from _links(public.model, known)
        yield from _versions(public, known)
    yield from ((StateTally, values) for values in _tallies())


def _key(model: type[Model]) -> str:
    return model._meta.pk.attname


def _rows_of(public: PublicRows, now: datetime, known: Mapping[Any, set[Any]]) -> Iterator[Values]:
    model = public.model
    found = public.rows(now) if public.rows else model._default_manager.all()
    ordered = found.order_by(_key(model))
    linked = [
        (field, known[field.related_model])
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model not in (get_user_model(), model)
    ]
    for values in _plain_rows(ordered, public):
        absent = [field for field, keys in linked if values[field.attname] not in {None} | keys]
        if all(field.null for field in absent):
            yield values | {field.attname: None for field in absent}


def _plain_rows(rows: QuerySet, public: PublicRows) -> Iterator[Values]:
    fields = rows.model._meta.concrete_fields
    names = [field.attname for field in fields]
    for row in rows.values_list(*names).iterator(chunk_size=AT_ONCE):
        values = public.without({f.attname: _plain(f, value, public) for f, value in zip(fields, row, strict=True)})
        if values.get("history_user_id"):
            values["history_change_reason"] = LOADED
        yield values


def _plain(field: Field, value: Any, public: PublicRows) -> Any:
    """A value as JSON has it; moments to the microsecond, since hashes rest on them."""
    if value is not None and field.is_relation and field.related_model is get_user_model() and not public.in_chain:
        return SECOND_EDITOR if field.name in SECONDS else FIRST_EDITOR
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)


def _links(model: type[Model], known: Mapping[type[Model], set[Any]]) -> Iterator[tuple[type[Model], Values]]:
    """The links of rows to many others."""
    for many in model._meta.many_to_many:
        through: Any = getattr(model, many.name).through
        ours, theirs = many.m2m_column_name(), many.m2m_reverse_name()
        for values in _plain_rows(through._default_manager.order_by("pk"), PublicRows(through)):
            if values[ours] in known[model] and values[theirs] in known[many.related_model]:
                yield through, values


def _versions(public: PublicRows, known: Mapping[type[Model], set[Any]]) -> Iterator[tuple[type[Model], Values]]:
    """The versions of rows, with the links that they had."""
    history: Any = getattr(public.model, "history", None)
    if history is None:
        return
    key = _key(public.model)
    found = history.order_by("history_id")
    last = dict(found.values_list(key, "history_id"))
    wanted = set(public.versions(found).values_list("history_id", flat=True)) if public.versions else set()
    shown = {number for row, number in last.items() if row in known[public.model]}
    kept = set()
    for values in _plain_rows(found, public):
        number = values["history_id"]
        if number in shown or (number in wanted and (public.with_gone or values[key] in known[public.model])):
            kept.add(number)
            yield history.model, values
    for links in history.model._history_m2m_fields or ():
        of_version: Any = history.model._meta.app_config.get_model(f"Historical{links.remote_field.through.__name__}")
        for values in _plain_rows(of_version._default_manager.order_by("pk"), PublicRows(of_version)):
            if values["history_id"] in kept:
                yield of_version, values


def _tallies() -> Iterator[Values]:
    """The pledges that count, by State; a State with a few is counted with those who named none."""
    others: dict[int, list[int]] = {}
    rows = StateTally.objects.order_by("pk").values_list("pk", "campaign", "state", "counted", "demonstration")
    number = 0
    for number, campaign, state, counted, demonstration in rows:
        if state is not None and counted >= SMALLEST_GROUP:
            yield _tally(number, campaign, state, counted, demonstration)
        else:
            sums = others.setdefault(campaign, [0, 0])
            sums[0] += counted
            sums[1] += demonstration
    for place, (campaign, (counted, demonstration)) in enumerate(others.items(), 1):
        yield _tally(number + place, campaign, None, counted, demonstration)


def _tally(number: int, campaign: int, state: str | None, counted: int, demonstration: int) -> Values:
    return {
        "id": number,
        "campaign_id": campaign,
        "state_id": state,
        "counted": counted,
        "demonstration": demonstration,
    }


# --- Loaded --------------------------------------------------------------------------------------------------


def load(path: Path) -> int:
    """Load the rows of a snapshot into a project that has none. Returns their number.

    Raises NotLoadable where the file is another, where its rows do not fit this release, or where the project has rows.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as packed, transaction.atomic():
            number = _load_lines(path, (json.loads(line) for line in packed))
    except (OSError, EOFError, ValueError, KeyError, TypeError, ValidationError, DatabaseError) as error:
        raise NotLoadable(f"{path} is damaged: {error!r}. Fetch it again.") from error
    tell()
    reindex()
    return number


def _load_lines(path: Path, lines: Iterator[Values]) -> int:
    if next(lines, {}).get("format") != FORMAT:
        raise NotLoadable(f"{path} is no file of public rows ({FORMAT}).")
    _refuse_unless_empty()
    accounts = _Accounts()
    number = 0
    for name, of_model in groupby(lines, key=lambda entry: entry["model"]):
        number += _insert(_model_of(name), (entry["row"] for entry in of_model), accounts)
    _go_on_counting()
    return number


def _refuse_unless_empty() -> None:
    filled = [public.model for public in PUBLIC if public.model._base_manager.exists()]
    if [model for model in filled if model is not LedgerSequence]:
        names = ", ".join(str(model._meta.verbose_name_plural) for model in filled)
        raise NotLoadable(
            f"There are rows already: {names}. Load a snapshot into a new database, after `migrate` alone."
        )
    LedgerSequence.objects.filter(last_sequence=0).delete()


def _model_of(name: str) -> type[Model]:
    try:
        found = apps.get_model(name)
    except (LookupError, ValueError):
        found = None
    if found is None or found not in loadable():
        raise NotLoadable(f"{name!r} is no table of this release. Load the snapshot with the release that wrote it.")
    return found


def loadable() -> set[type[Model]]:
    """The models of which a snapshot may have rows: no file can bring accounts, rights or anything else."""
    found: set[Any] = {StateTally}
    for public in PUBLIC:
        found |= {public.model, *(getattr(public.model, m.name).through for m in public.model._meta.many_to_many)}
        history: Any = getattr(public.model, "history", None)
        if history is not None:
            found.add(history.model)
            names = [f"Historical{m.remote_field.through.__name__}" for m in history.model._history_m2m_fields or ()]
            found |= {public.model._meta.app_config.get_model(name) for name in names}
    return found


class _Accounts:
    """Accounts that nobody can use, for the editors of another site."""

    def __init__(self) -> None:
        self.users = get_user_model()._default_manager
        self.theirs = set(self.users.values_list("pk", flat=True))
        self.made: dict[int, int] = {}

    def number_for(self, number: int) -> int:
        if number not in self.made:
            if number in self.theirs:
                raise NotLoadable(
                    f"The record was written by an account with the number {number}, which this project has given to another. "
                    f"Load the snapshot before accounts are made."
                )
            name = {FIRST_EDITOR: "first editor", SECOND_EDITOR: "second editor"}.get(number, f"officer {number}")
            account = self.users.model(username=f"{name} of another site", is_active=False)
            account.set_unusable_password()
            if number > 0:
                account.pk = number
            account.save(force_insert=True)
            self.made[number] = account.pk
        return self.made[number]


def _insert(model: type[Model], rows: Iterable[Values], accounts: _Accounts) -> int:
    """Insert rows as they are: no moment of theirs is set anew, and no history is begun."""
    number = 0
    manager: Any = model._base_manager
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    of_people = [
        name for name, field in by_name.items() if field.is_relation and field.related_model is get_user_model()
    ]
    for part in in_parts(rows, AT_ONCE):
        made = []
        for values in part:
            if unknown := values.keys() - by_name.keys():
                raise NotLoadable(
                    f"{model._meta.label} has no column {', '.join(sorted(unknown))} in this release. "
                    f"Load the snapshot with the release that wrote it."
                )
            values |= {name: accounts.number_for(values[name]) for name in of_people if values.get(name) is not None}
            made.append(model(**{name: by_name[name].to_python(value) for name, value in values.items()}))
        number += len(made)
        fields = list(by_name.values())
        size = connection.ops.bulk_batch_size(fields, made)
        for some in in_parts(made, max(1, min(size, AT_ONCE))):
            manager._insert(some, fields=fields, using=connection.alias, raw=True)
    return number


def _go_on_counting() -> None:
    """Have the database number new rows after those that were loaded."""
    for sql in connection.ops.sequence_reset_sql(no_style(), [*loadable(), get_user_model()]):
        with connection.cursor() as cursor:
            cursor.execute(sql)
