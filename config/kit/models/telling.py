"""Telling changes: what is public now is compared with what was told last, and each difference becomes one `PublicChange`.

Each app registers the kinds of things that it makes public. One teller works at a time, so that the order of numbers is the order
of commits: a mark that is committed late is told late, with a higher number. It works after each commit that leaves a mark, every
minute, and whenever the feed is read, so that nothing waits for a process that was killed.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone, translation

from config.kit.migrations._marks import Marked
from config.kit.models.generations import answer_anew
from config.kit.models.public_changes import ROWS_AT_ONCE, ChangeMark, PublicChange
from config.kit.models.translations import Translation, read_originals

MARKS_AT_ONCE = 1000
_LOCK = 2_025_1207
"""The advisory lock of PostgreSQL that the teller holds; SQLite has one writer at a time anyway."""

TRANSLATION = "translation"
Contents = dict[str, Any]
Change = PublicChange.Change


@dataclass(frozen=True)
class PublicKind:
    """Things of a kind that the site makes public: which rows are public at a moment, and what is told of each."""

    kind: str
    model: type[models.Model]
    fields: tuple[str | tuple[str, str | Callable[[Any], Any]], ...]
    """What is told of a row: a field, or a name with the path of an attribute or a function of the row."""
    path: Callable[[Any], str]
    """The address of the thing: in the API where it has one, else its page."""
    rows: Callable[[datetime], models.QuerySet]
    """The rows that are public at a moment, with what the fields need."""
    key: str = "pk"
    name: Callable[[Any], str] = str
    name_field: str = ""
    """A field that is the name of the thing: it is renamed where this changes."""
    versions_of: str = ""
    """The field with the row that a row takes the place of, where corrections are rows of their own."""
    languages: str = ""
    """A field with the languages of its translations: what only adds one was translated."""
    prepare: Callable[[Sequence[Any]], None] = lambda rows: None
    """Reads for rows together what the functions above need of each."""
    first: PublicChange.Change = PublicChange.Change.PUBLISHED
    """What is told of a row that becomes public."""
    is_withdrawn: Callable[[Any], bool] = lambda row: False
    due: Callable[[list[str], datetime], Mapping[str, datetime]] = lambda rows, now: {}
    """Of rows, the moment at which each becomes another one by the clock alone."""

    def contents(self, row: Any) -> Contents:
        """What is told of a row, as JSON has it."""
        found = {}
        for each in self.fields:
            name, source = each if isinstance(each, tuple) else (each, each)
            found[name] = source(row) if callable(source) else attrgetter(source)(row)
        plain: Contents = json.loads(json.dumps({k: _plain(v) for k, v in found.items()}, cls=DjangoJSONEncoder))
        return plain


@dataclass(frozen=True)
class PartOfOthers:
    """Rows that are told as parts of things of another kind, which the database cannot name by a column."""

    kind: str
    model: type[models.Model]
    of: str
    """The kind of the things."""
    owners: Callable[[list[str]], Iterable[str]]
    """The keys of the things that rows are part of."""


def _plain(value: Any) -> Any:
    if isinstance(value, models.Manager):
        return sorted((_plain(each) for each in value.all()), key=str)
    if isinstance(value, models.Model):
        if hasattr(value, "iso3"):
            return {"iso3": value.pk, "name": str(value)}
        return getattr(value, "slug", value.pk)
    return value


_kinds: dict[str, PublicKind] = {}
_parts: dict[str, PartOfOthers] = {}
_marked: list[Marked] = []


def kinds() -> Mapping[str, PublicKind]:
    """The kinds of things that are told, by their names."""
    return _kinds


def kind_choices() -> list[tuple[str, str]]:
    """The kinds as choices of a field."""
    return [(name, name) for name in sorted(_kinds)]


def register(
    *told: PublicKind,
    marked: Iterable[Marked],
    parts: Iterable[type[models.Model]] = (),
    parts_of_others: Iterable[PartOfOthers] = (),
) -> None:
    """Tell what changes of these kinds.

    Args:
        marked: the tables whose rows the database marks when they are written; migrations make its triggers.
        parts: models whose rows are told as parts of these kinds.
        parts_of_others: the same, where no column of theirs names the thing.
    """
    _marked.extend(each for each in marked if each not in _marked)
    _kinds.update({kind.kind: kind for kind in told})
    _parts.update({part.kind: part for part in parts_of_others})
    for model in [*(kind.model for kind in told), *parts, *(part.model for part in parts_of_others)]:
        name = f"telling.{model._meta.label}"
        for signal in (post_save, post_delete):
            signal.connect(_tell_after_commit, sender=model, dispatch_uid=name)
        for links in model._meta.many_to_many:
            m2m_changed.connect(_tell_after_commit, sender=getattr(model, links.name).through, dispatch_uid=name)


def _tell_after_commit(sender: object, using: str = "default", raw: bool = False, **kwargs: Any) -> None:
    """Have the changes of this transaction told once it is committed. Others tell them where this process is killed before."""
    waiting = transaction.get_connection(using).run_on_commit
    if not any(function is tell for _savepoints, function, *_rest in waiting):
        transaction.on_commit(tell, using=using, robust=True)


def register_translations() -> None:
    """Have the translations of what is public told."""
    told = PublicKind(
        TRANSLATION,
        Translation,
        ("kind", "row", "language", "texts"),
        Translation.page,
        lambda now: Translation.objects.public(),
        key="address",
        prepare=read_originals,
        first=Change.TRANSLATED,
        languages="texts",
    )
    register(told, marked=[Marked("kit_translation", TRANSLATION)])


def tell(now: datetime | None = None) -> int:
    """Tell all that is marked and due; how many changes were told."""
    now = now or timezone.now()
    told = 0
    while ChangeMark.objects.due(now).exists():
        answer_anew()  # from here on no replica is read, and nothing that was remembered before
        with transaction.atomic(), translation.override("en"):
            _lock()
            told += _tell_some(now)
    return told


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@dataclass
class _Marked:
    """The rows of marks, by kind, in the order of their first marks."""

    rows: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, kind: str, row: str, place: int) -> None:
        self.rows[kind].setdefault(row, place)


def _tell_some(now: datetime) -> int:
    marks = list(ChangeMark.objects.due(now).order_by("pk")[:MARKS_AT_ONCE])
    marked = _Marked()
    parts: dict[str, dict[str, int]] = defaultdict(dict)
    for mark in marks:
        if mark.kind in _parts:
            parts[mark.kind].setdefault(mark.row, mark.pk)
        else:
            marked.add(mark.kind, mark.row, mark.pk)
    for kind, rows in parts.items():
        for row in _parts[kind].owners(list(rows)):
            marked.add(_parts[kind].of, row, min(rows.values()))
    found: list[tuple[int, PublicChange]] = []
    later: list[ChangeMark] = []
    for kind, places in marked.rows.items():
        found += _differences(_kinds[kind], places, now)
        moments = _kinds[kind].due(list(places), now)
        later += [ChangeMark(kind=kind, row=row, due_at=moment) for row, moment in moments.items()]
    found.sort(key=lambda each: each[0])
    PublicChange.objects.bulk_create((change for _place, change in found), batch_size=200)
    for change in (change for _place, change in found if change.change in PublicChange.ENDS):
        _forget(change)
    later += _marks_of_translations([change for _place, change in found])
    ChangeMark.objects.bulk_create(later, batch_size=200)
    for begin in range(0, len(marks), ROWS_AT_ONCE):
        ChangeMark.objects.filter(pk__in=[mark.pk for mark in marks[begin : begin + ROWS_AT_ONCE]]).delete()
    return len(found)


def _marks_of_translations(changes: Sequence[PublicChange]) -> Iterator[ChangeMark]:
    """Marks of the translations of what comes and goes: they come and go with it."""
    moved: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if change.change in (Change.PUBLISHED, *PublicChange.ENDS) and change.kind != TRANSLATION:
            moved[change.kind].append(change.row)
    for kind, rows in moved.items():
        for begin in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[begin : begin + ROWS_AT_ONCE]
            found = Translation.objects.shown_with(kind, some)
            yield from (ChangeMark(kind=TRANSLATION, row=str(pk)) for pk in found.values_list("pk", flat=True))


def _forget(end: PublicChange) -> None:
    """Repeat nothing of what is public no more: the feed keeps that it was, not what it said."""
    earlier = PublicChange.objects.filter(kind=end.kind, row=end.row, pk__lt=end.pk)
    earlier.update(before=None, after=None, name="")


def _differences(kind: PublicKind, places: Mapping[str, int], now: datetime) -> Iterator[tuple[int, PublicChange]]:
    """What is to be told of rows: the place of its mark, and the change."""
    rows = sorted(places)
    public: dict[str, Any] = {}
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        some = kind.rows(now).filter(pk__in=rows[begin : begin + ROWS_AT_ONCE])
        public |= {str(row.pk): row for row in some}
    kind.prepare(list(public.values()))
    last = PublicChange.objects.last_of(kind.kind, rows)
    gone = [row for row in last if row not in public and last[row].change not in PublicChange.ENDS]
    there = {str(pk) for pk in kind.model._default_manager.filter(pk__in=gone).values_list("pk", flat=True)}
    base = getattr(kind.model, "everything", None)
    if base is not None:
        there |= {str(pk) for pk in base.filter(pk__in=gone).values_list("pk", flat=True)}
    for row in gone:
        before = last[row]
        end = Change.WITHDRAWN if row in there else Change.DELETED
        yield (
            places[row],
            PublicChange(at=now, change=end, kind=kind.kind, row=row, key=before.key, path=before.path),
        )
    for key, row in public.items():
        for change in _changes_of(kind, key, row, last.get(key), now):
            yield places[key], change


def _changes_of(
    kind: PublicKind, row_key: str, row: Any, last: PublicChange | None, now: datetime
) -> Iterator[PublicChange]:
    is_withdrawn = kind.is_withdrawn(row)
    after = kind.contents(row)
    told = partial(
        PublicChange,
        at=now,
        kind=kind.kind,
        row=row_key,
        key=str(getattr(row, kind.key)),
        path=kind.path(row),
        name=kind.name(row)[:300],
    )
    if last is None or last.change in PublicChange.ENDS:
        if last is not None and is_withdrawn:
            return
        replaced = getattr(row, kind.versions_of) if kind.versions_of else None
        if replaced is not None:
            yield told(change=Change.CORRECTED, before=kind.contents(replaced), after=after)
        else:
            yield told(change=kind.first, after=None if is_withdrawn else after)
    if is_withdrawn:
        yield told(change=Change.WITHDRAWN, before=None, after=after)
        return
    if last is None or last.change in PublicChange.ENDS or last.after == after:
        return
    before = last.after or {}
    differs = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    change = Change.CORRECTED
    if last.key != str(getattr(row, kind.key)) or kind.name_field in differs:
        change = Change.RENAMED
    elif differs == {kind.languages} and len(after[kind.languages]) > len(before.get(kind.languages) or ()):
        change = Change.TRANSLATED
    yield told(change=change, before=last.after, after=after)


def marked_tables() -> Sequence[Marked]:
    """The tables that are to have triggers which mark what is written."""
    return _marked
