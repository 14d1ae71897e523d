"""Generations: how often what the site shows has been changed. A kept answer is good for as long as its generation stands.

Every table that an answer may be made from belongs to one scope (an app, or a part of it), which the app's configuration or the
model names as `generation`. Triggers of the database count each transaction that writes to such a table, whoever writes, in that
same transaction: see `config.kit.migrations._generations`. Tables that no scope names are private, and no answer that reads one
is kept.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache, lru_cache
from threading import Lock
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db import connection, connections, models
from django.db.models import Value as DBValue
from django.db.models.functions import Concat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.kit.extension_points import ExtensionPoint
from config.kit.models.fields import ENGLISH, LineField

Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)
COUNTED = "minefree.counted_"
"""How the settings of a transaction on PostgreSQL begin by which it knows that it was counted; the scope follows."""
PRIVATE = ""
"""The scope of tables that no public answer is made from."""
TRANSLATIONS = "translations"
"""The scope of editors' translations: whatever is made in another language than English may have words of them in it."""

due_moments: ExtensionPoint[Callable[[datetime], Iterable[datetime | None]]] = ExtensionPoint()
"""Functions that give the moments around now at which answers change without any write: the last one before, the next one after."""


@cache
def scopes() -> dict[str, str]:
    """The scope of every table of the project's models, by the table's name."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        owner = model._meta.auto_created or model
        of_app = getattr(model._meta.app_config, "generation", PRIVATE)
        found[model._meta.db_table] = getattr(owner, "generation", of_app)
    return found


def tables_of_scopes() -> dict[str, list[str]]:
    """The tables of every scope."""
    found: dict[str, list[str]] = {}
    for table, scope in sorted(scopes().items()):
        if scope:
            found.setdefault(scope, []).append(table)
    return found


@lru_cache(maxsize=512)
def scopes_in(sql: str) -> frozenset[str]:
    """The scopes of the tables that a statement names; with PRIVATE where it names a private one."""
    known = scopes()
    return frozenset(known[word] for word in set(re.findall(r"\w+", sql)) if word in known)


_reading: ContextVar[set[str] | None] = ContextVar("reading", default=None)


def note_reading(*found: str) -> None:
    """Tell that the answer which is being made rests on scopes, where what was read before is used again."""
    if (reading := _reading.get()) is not None:
        reading.update(found)


@contextmanager
def noted_reading() -> Iterator[set[str]]:
    """The scopes that are read within the block, by this thread."""
    reading: set[str] = set()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        reading.update(scopes_in(str(sql)))
        return execute(sql, params, many, context)

    token = _reading.set(reading)
    try:
        with ExitStack() as noting:
            for each in connections.all():
                noting.enter_context(each.execute_wrapper(note))
            yield reading
    finally:
        _reading.reset(token)


_answering: ContextVar["Standing | None"] = ContextVar("answering", default=None)


@contextmanager
def answering(standing: "Standing | None") -> Iterator[None]:
    """Make a public answer by what stands: what was computed before and still holds is not computed again.

    With None nothing is remembered: for what writes, since it may be rolled back.
    """
    token = _answering.set(standing)
    try:
        yield
    finally:
        _answering.reset(token)


def standing_of_answer() -> "Standing | None":
    """By what the answer is made that is being made; None where nothing is remembered for it."""
    return _answering.get()


def answer_anew() -> None:
    """Compute all of the answer that is being made: something has changed since it was begun."""
    _answering.set(None)


class Remembered(Generic[Value]):
    """What was computed from the tables of some scopes, for public answers, as long as their generations stand.

    It belongs to this process and holds the things that were asked for last. Nobody may change what it gives.
    """

    def __init__(self, *scopes: str, most: int) -> None:
        self.scopes, self.most = scopes, most
        self._found: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    @property
    def is_remembering(self) -> bool:
        """Whether what is computed now is kept: only within `answering`."""
        return _answering.get() is not None

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value of a key. Computed where it is not remembered, and always outside of `answering`."""
        return self.get_many([key], lambda _missing: {key: compute()})[key]

    def get_many(self, keys: Iterable[Key], compute: Callable[[list[Key]], Mapping[Key, Value]]) -> dict[Key, Value]:
        """The value of each key. Those that are not remembered are computed together."""
        wanted = list(keys)
        standing = _answering.get()
        if standing is None:
            return dict(compute(wanted)) if wanted else {}
        # What is computed may have words in it, and translations of editors' texts.
        language = get_language()
        scopes = self.scopes if language in (None, ENGLISH) else (*self.scopes, TRANSLATIONS)
        tokens = (language, *(standing.tokens.get(scope) for scope in scopes))
        found: dict[Key, Value] = {}
        with self._lock:
            for key in wanted:
                if (tokens, key) in self._found:
                    self._found.move_to_end((tokens, key))
                    found[key] = self._found[tokens, key]
        if found:
            note_reading(*scopes)
        missing = [key for key in wanted if key not in found]
        computed = dict(compute(missing)) if missing else {}
        with self._lock:
            for key, value in computed.items():
                self._found[tokens, key] = value
            while len(self._found) > self.most:
                self._found.popitem(last=False)
        return found | computed


@dataclass(frozen=True)
class Standing:
    """What stands at a moment: the generation of every scope, and until when it stands if nobody writes."""

    tokens: Mapping[str, str]
    """Of each scope, a word that is another one after every change."""
    moved: Mapping[str, datetime]
    """When each scope was last written to."""
    since: datetime
    """The last moment at which something changed by the clock alone: a text that became public, the beginning of the day."""
    until: datetime
    """The next one."""

    def word(self, among: Iterable[str]) -> str:
        """A word that is another one whenever an answer that rests on these scopes may be another one."""
        parts = [self.tokens.get(scope, "") for scope in sorted(among)]
        return hashlib.sha256(" ".join([*parts, self.until.isoformat()]).encode()).hexdigest()[:16]

    def changed_at(self, among: Iterable[str]) -> datetime:
        """The last moment at which an answer that rests on these scopes may have changed."""
        return max([self.since, *(self.moved[scope] for scope in among if scope in self.moved)])


Counted = dict[str, list[tuple[int, int, datetime]]]
"""By scope, the rows that count it: key, number, moment."""


def _tokens(rows: Counted) -> dict[str, str]:
    return {scope: repr(counted) for scope, counted in rows.items()}


class GenerationQuerySet(models.QuerySet["Generation"]):
    def tokens(self) -> dict[str, str]:
        """The generation of every scope, as `Standing.tokens`. One query."""
        return _tokens(self._counted())

    def _counted(self) -> Counted:
        rows: Counted = {}
        found: Any = self.order_by("pk")
        if connection.in_atomic_block and connection.vendor == "postgresql":
            # A transaction counts once. One that reads what it has written counts what it writes from here on, too.
            name = Concat(DBValue(COUNTED), "scope", output_field=models.TextField())
            found = found.annotate(
                anew=models.Func(
                    name, DBValue(""), DBValue(True), function="set_config", output_field=models.TextField()
                )
            ).filter(anew="")
        for scope, *counted in found.values_list("scope", "pk", "number", "moved_at"):
            rows.setdefault(scope, []).append(tuple(counted))
        return rows

    def standing(self, now: datetime) -> Standing:
        """What stands now. One query; a few more the first time after each change."""
        rows = self._counted()
        tokens = _tokens(rows)
        moved = {scope: max(at for _pk, _number, at in counted) for scope, counted in rows.items()}
        since, until = _dues.around(now, tokens)
        return Standing(tokens, moved, since, until)


class _Dues:
    """The moments around now, asked anew after each change and each time that one has come. One for a process."""

    def __init__(self) -> None:
        self._known: tuple[Mapping[str, str], datetime, datetime] | None = None

    def around(self, now: datetime, tokens: Mapping[str, str]) -> tuple[datetime, datetime]:
        known = self._known
        if known is not None and known[0] == tokens and known[1] <= now < known[2]:
            return known[1:]
        midnight = datetime.combine(now.date(), time(), UTC)
        moments = [midnight, midnight + timedelta(days=1), *(m for find in due_moments for m in find(now) if m)]
        since, until = max(m for m in moments if m <= now), min(m for m in moments if m > now)
        self._known = (tokens, since, until)
        return since, until


_dues = _Dues()


class Generation(models.Model):
    """How many transactions have written to the tables of a scope. Those that write at once each count in a row of their own."""

    scope = LineField(_("scope"), max_length=20, db_index=True)
    number = models.PositiveBigIntegerField(_("number"), default=0)
    moved_at = models.DateTimeField(_("moved at"))

    objects = GenerationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("generation")
        verbose_name_plural = _("generations")

    def __str__(self) -> str:
        return f"{self.scope} {self.number}"
