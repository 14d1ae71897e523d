"""Full-text search across statements, States, campaign actions, commitments, declarations and pages of the site.

Each thing has a row (`SearchDocument`, made in `news.finding.documents`), and an entry in an index of the database: FTS5 on
SQLite, tsvector with GIN on PostgreSQL. The entry has the words of all languages in which the thing stands, so that it is found
in each. Each text is indexed twice, so that both databases find the same:

- as it is, with the stems of its language where the database has them;
- folded by us: without accents and case, Arabic in its light form, Han characters in pairs, since neither database cuts
  Chinese into words.

Texts that are not public are in the index too. The search leaves them out, since what is public depends on the moment.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from threading import local
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from config.kit.extension_points import ExtensionPoint
from config.kit.formats.languages import ENGLISH, language_tag_of
from config.kit.incoming.texts import without_marks
from config.kit.models.generations import Remembered
from news.finding.documents import DAYS, SOURCES, affected_by, days_of, documents_of
from news.models import SearchDocument
from news.models.statements import is_public
from treaties.models import State
from treaties.status.names import names_in_other_languages

INDEX = "news_search_index"
CANDIDATES = 500
"""The number of newest matches that are shown. The search reads no more rows than that, for any words."""
READ_BACK = 20_000
"""The number of newest texts that PostgreSQL reads for the words before it looks the words up."""
RESULTS_A_PAGE = 20
CONFIGURATIONS = {"en": "english", "fr": "french", "es": "spanish", "ru": "russian", "ar": "arabic"}
"""PostgreSQL's configurations. A language without one is searched by folded words alone."""

HAN_SIGNS = "\u3400-\u4dbf\u4e00-\u9fff"
HAN = re.compile(f"[{HAN_SIGNS}]+")
_WORD = re.compile(r"\w+")
_ARABIC_MARKS = re.compile(r"[\u0640\u064b-\u065f\u0670]")
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})


def fold(text: str, *, to_be_found: bool = False) -> str:
    """The words without case, accents, marks without width and variants of Arabic letters; Han characters in overlapping pairs.

    Args: to_be_found: for the index, which holds each Han character alone too, so that one can be asked for.
    """
    text = without_marks(text)
    # The article is cut while it still differs from a root that begins alike (ألغام is mines, not the article and غام).
    plain = " ".join(_bare(word) for word in text.casefold().split())
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(c for c in plain if not unicodedata.combining(c) or "\u0600" <= c <= "\u06ff")
    plain = _ARABIC_MARKS.sub("", plain).translate(_ARABIC)
    plain = HAN.sub(lambda m: f" {' '.join([*_pairs(m.group()), *(m.group() if to_be_found else '')])} ", plain)
    return " ".join(_WORD.findall(plain))


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]


def _bare(word: str) -> str:
    """An Arabic word without its article."""
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


# --- The index -----------------------------------------------------------------------------------------------


def make_index(using: str = DEFAULT_DB_ALIAS, **kwargs: object) -> None:
    """Create the index table where it is missing, after every migration: no model can declare it."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {INDEX} (document_id bigint PRIMARY KEY, vector tsvector NOT NULL)"
            )
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX}_words ON {INDEX} USING gin (vector)")
        else:
            cursor.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5 "
                "(title, body, folded_title, folded_body, tokenize = 'porter unicode61 remove_diacritics 2')"
            )


A_BATCH = 500


more_documents: ExtensionPoint[Callable[[], list[SearchDocument]]] = ExtensionPoint()
"""What else can be found, which changes with a release alone: made with the whole index."""


def index(things: Iterable[Model]) -> None:
    """Index things, replacing their earlier entries."""
    _keep(documents_of(things))


def _keep(fresh: Sequence[SearchDocument]) -> None:
    """Save documents in place of earlier ones, with their entries in the index."""
    with transaction.atomic():
        for kind in {d.kind for d in fresh}:
            _forget(SearchDocument.objects.filter(kind=kind, key__in=[d.key for d in fresh if d.kind == kind]))
        _forget(SearchDocument.objects.filter(statement__in=[d.statement_id for d in fresh if d.statement_id]))
        made = SearchDocument.objects.bulk_create(fresh)
        with connection.cursor() as cursor:
            for document in made:
                cursor.execute(*_insert(document))


def _forget(documents: QuerySet[SearchDocument]) -> None:
    keys = list(documents.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        column = "document_id" if connection.vendor == "postgresql" else "rowid"
        cursor.executemany(f"DELETE FROM {INDEX} WHERE {column} = %s", [[key] for key in keys])
    documents.delete()


def _insert(document: SearchDocument) -> tuple[str, list[str | int]]:
    titles = {document.language: document.title} | document.titles
    bodies = {document.language: document.body} | document.bodies
    title, body = " ".join(titles.values()), " ".join(bodies.values())
    folded = [fold(title, to_be_found=True), fold(body, to_be_found=True)]
    if connection.vendor == "sqlite":
        return (
            f"INSERT INTO {INDEX} (rowid, title, body, folded_title, folded_body) VALUES (%s, %s, %s, %s, %s)",
            [document.pk, title, body, *folded],
        )
    parts = [
        *((_configuration(language), text, "A") for language, text in titles.items()),
        *((_configuration(language), text, "C") for language, text in bodies.items()),
        ("simple", folded[0], "A"),
        ("simple", folded[1], "C"),
    ]
    vectors = " || ".join(["setweight(to_tsvector(%s::regconfig, %s), %s)"] * len(parts))
    return (
        f"INSERT INTO {INDEX} (document_id, vector) VALUES (%s, {vectors})",
        [document.pk, *(value for part in parts for value in part)],
    )


def _configuration(language: str) -> str:
    """PostgreSQL's configuration for texts in a language."""
    return CONFIGURATIONS.get(language.split("-")[0], "simple")


class _Waiting(local):
    """What changed in the transaction under way, by kind; a set, so that what is saved three times is indexed once."""

    def __init__(self) -> None:
        self.keys: set[tuple[type[Model], Any]] = set()


_waiting = _Waiting()
_when_committed: Callable[[Callable[[], None]], None] = transaction.on_commit


def on_saved(sender: object, instance: Model, **kwargs: object) -> None:
    """Index what depends on a thing that was saved, once the transaction is committed (signal handler).

    Bulk writes send no signals: their callers call `index`.
    """
    if kwargs.get("raw") or not str(kwargs.get("action", "post_save")).startswith("post"):
        return
    for model, rows in affected_by(instance):
        _waiting.keys |= {(model, key) for key in rows.values_list("pk", flat=True)}
    # Each time, since a savepoint that is rolled back takes its callbacks along.
    _when_committed(index_what_waits)


def index_what_waits() -> None:
    """Index what has changed since the last time."""
    keys, _waiting.keys = _waiting.keys, set()
    for model, source in SOURCES.items():
        if chosen := [key for kind, key in keys if kind is model]:
            index(source().filter(pk__in=chosen))
            hidden = model._base_manager.filter(pk__in=chosen).exclude(pk__in=source().values("pk"))
            for document in documents_of(hidden):
                _forget(SearchDocument.objects.filter(kind=document.kind, key=document.key))


def reindex() -> int:
    """Rebuild the whole index. Returns the number of documents.

    The newest things come last: a search reads the index from its end. What has no date, as a State, counts as new.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {INDEX}")
        SearchDocument.objects.all().delete()
        things = [(day or date.max, kind, key) for kind in SOURCES for key, day in days_of(kind)]
        things.sort(key=lambda thing: thing[0])
        for first in range(0, len(things), A_BATCH):
            part = things[first : first + A_BATCH]
            for kind in SOURCES:
                if keys := [key for _day, of, key in part if of is kind]:
                    index(SOURCES[kind]().filter(pk__in=keys).order_by(DAYS.get(kind, "pk"), "pk"))
        for make in more_documents:
            _keep(make())
    return SearchDocument.objects.count()


# --- Asking --------------------------------------------------------------------------------------------------


def search(words: str, kinds: Sequence[str] = ()) -> list[SearchDocument]:
    """The public documents that have all the words: see `keys_found` for which and in what order. Three queries."""
    return documents(keys_found(words, kinds))


def keys_found(words: str, kinds: Sequence[str] = ()) -> list[int]:
    """The keys of the public documents that have all the words: all States, and the newest CANDIDATES of everything.

    First those whose title is the words, then those whose title has them, then the others; the newest first in each. The newest
    of all is on the first page, whatever its title. Two queries.
    """
    folded = fold(words).split()
    if not folded:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*matches(words, folded))
        in_title = dict(cursor.fetchall())
    # By their keys: a filter over all that is public would grow with the record.
    states = states_called(folded)
    found = SearchDocument.objects.filter(Q(pk__in=in_title) | Q(kind=SearchDocument.Kind.STATE, key__in=states))
    found = found.filter(Q(statement=None) | is_public(prefix="statement__"))
    if kinds:
        found = found.filter(kind__in=kinds)
    columns = ("pk", "kind", "key", "title", "titles", "dated_on", "language", "statement", "original")
    found = found.annotate(original=Coalesce("statement__translation_of", "statement"))
    rows = list(found.values_list(*columns, named=True))

    def place(row: Any) -> tuple[Any, ...]:
        # Any name of a State is a title of its page; its region is not.
        is_state = row.kind == SearchDocument.Kind.STATE and row.key in states
        has = is_state or in_title.get(row.pk, False)
        # Nothing that is much longer than the words can be the words, and folding costs more than all the rest.
        titles = [title for title in (row.title, *row.titles.values()) if len(title) <= len(words) + 20]
        is_exactly = has and any(fold(title).split() == folded for title in titles)
        return not is_exactly, not has, not is_state, -(row.dated_on.toordinal() if row.dated_on else 0), -row.pk

    places = {row.pk: place(row) for row in rows}
    # A statement is shown once: in the reader's language, else as it was written, else in a language that has the words.
    here = language_tag_of(get_language() or ENGLISH)
    rows.sort(key=lambda row: (row.language != here, row.original != row.statement, places[row.pk]))
    once = {row.original or f"document {row.pk}": row for row in reversed(rows)}
    rows = sorted(once.values(), key=lambda row: places[row.pk])
    newest = max(rows, key=lambda row: (row.dated_on or date.min, row.pk), default=None)
    if newest is not None and rows.index(newest) >= RESULTS_A_PAGE:
        rows.remove(newest)
        rows.insert(RESULTS_A_PAGE - 1, newest)
    return [row.pk for row in rows]


def documents(keys: Sequence[int]) -> list[SearchDocument]:
    """The documents of keys, in their order. One query."""
    found = SearchDocument.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def states_called(folded: Sequence[str]) -> list[str]:
    """The codes of the States one of whose names has all the folded words."""
    names = _folded_names.get((), _read_folded_names)
    return [code for code, each in names.items() if any(name.issuperset(folded) for name in each)]


def _read_folded_names() -> dict[str, list[frozenset[str]]]:
    tongues = names_in_other_languages()
    return {
        state.pk: [
            frozenset(fold(name).split())
            for name in (
                *(state.name, state.common_name, state.formal_name, state.pk),
                *(text for other in state.other_names.all() for text in (other.name, other.formal_name)),
                *tongues.get(state.pk, ()),
            )
        ]
        for state in State.objects.prefetch_related("other_names")
    }


_folded_names: Remembered[dict[str, list[frozenset[str]]]] = Remembered("treaties", most=1)


def matches(words: str, folded: Sequence[str]) -> tuple[str, list[str | int]]:
    """The SQL that finds the newest documents with the words, and whether the title has all of them, with its parameters."""
    if connection.vendor == "sqlite":
        folded_words, plain_words = (
            "(" + " AND ".join(f'"{word}"' for word in words_of) + ")"
            for words_of in (folded, _WORD.findall(words) or folded)
        )
        asked = f"{folded_words} OR {plain_words}"
        # The index is read from its end, so the newest matches are a range of row numbers: nothing else is read.
        newest = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s ORDER BY rowid DESC LIMIT {CANDIDATES}"
        return (
            f"WITH newest AS MATERIALIZED ({newest}), titled AS MATERIALIZED (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s "
            "AND rowid >= (SELECT min(rowid) FROM newest)) "
            "SELECT rowid, rowid IN (SELECT rowid FROM titled) FROM newest",
            [asked, f"{{title folded_title}} : ({asked})"],
        )
    queries = [f"plainto_tsquery('{c}', %s)" for c in dict.fromkeys(CONFIGURATIONS.values())]
    asked = " || ".join([*queries, "plainto_tsquery('simple', %s)"])
    values = [*[words] * len(queries), " ".join(folded)]
    # Words that are in many texts are read back from the end; words that are rare among the newest are looked up. The database
    # would choose by a guess, and a wrong one reads all texts.
    newest = f"SELECT document_id, vector FROM {INDEX} ORDER BY document_id DESC LIMIT {READ_BACK}"
    return (
        f"WITH newest AS MATERIALIZED (SELECT * FROM ({newest}) AS last WHERE vector @@ ({asked}) "
        f"ORDER BY document_id DESC LIMIT {CANDIDATES}), "
        f"enough AS MATERIALIZED (SELECT count(*) >= {CANDIDATES} AS found FROM newest), "
        "chosen AS (SELECT * FROM newest WHERE (SELECT found FROM enough) UNION ALL "
        f"(SELECT document_id, vector FROM {INDEX} WHERE NOT (SELECT found FROM enough) AND vector @@ ({asked}) "
        f"ORDER BY document_id + 0 DESC LIMIT {CANDIDATES})) "
        f"SELECT document_id, ts_filter(vector, '{{a}}') @@ ({asked}) FROM chosen",
        [*values, *values, *values],
    )
