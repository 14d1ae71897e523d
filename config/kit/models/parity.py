"""The parity board: for each text that editors write, in which languages it is, which are behind its original, and since when.

It is kept as long as nothing is written to the texts or to their translations.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import models

from config.kit.extension_points import ExtensionPoint
from config.kit.models.generations import PRIVATE, TRANSLATIONS, Remembered, scopes
from config.kit.models.translations import (
    LANGUAGES,
    Behind,
    TranslatedKind,
    Translation,
    once,
    standings,
    translated_kinds,
)


class TextState(models.TextChoices):
    """Where a text stands in a language."""

    CURRENT = "current", "Current"
    BEHIND = "behind", "Behind its original"
    MISSING = "missing", "Missing"


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One text of one public thing in one language."""

    kind: str
    key: str
    field: str
    language: str
    """Its code among the languages of the site."""
    state: TextState
    changes_behind: int
    """How often the original has changed since it was translated."""
    since: datetime | None
    """When the original first changed; None where it is not known, or has not."""
    translated_at: datetime | None
    """When the translation was last changed; None where it is missing, or comes with the code."""


@dataclass(frozen=True)
class BoardKind:
    """Things whose texts are on the board."""

    kind: str
    model: type[models.Model]
    """Whose table tells when the board is to be read anew."""
    lines: Callable[[Sequence[Translation]], Iterable[BoardLine]]
    """All lines, from all translations of editors."""
    named: Callable[[Sequence[str]], Mapping[str, tuple[str, str]]]
    """Of things, by their keys, the name and the address of the page, in the language of the page."""
    texts: Callable[[Sequence[str]], Mapping[tuple[str, str, str], str]] = lambda keys: {}
    """Of things, by key, field and language, the translated text. Empty where a translation is a thing of its own."""


more_kinds: ExtensionPoint[Callable[[], BoardKind]] = ExtensionPoint()
"""Kinds whose translations are rows of their own, as those of statements."""


def board_kinds() -> dict[str, BoardKind]:
    """All kinds of the board, by the words for them, in the order in which it shows them."""
    found = [_of_editors(kind) for kind in translated_kinds().values()]
    return {each.kind: each for each in [*found, *(make() for make in more_kinds)]}


def line_of(
    kind: str, key: str, field: str, language: str, *, text: str, behind: Behind | None, translated_at: datetime | None
) -> BoardLine:
    """The line of a text in a language. Args: text: empty where it is missing; behind: where its original has changed."""
    state = TextState.MISSING if not text else TextState.BEHIND if behind else TextState.CURRENT
    changes, since = (behind.changes, behind.since) if text and behind else (0, None)
    return BoardLine(kind, key, field, language, state, changes, since, translated_at)


def _of_editors(kind: TranslatedKind) -> BoardKind:
    return BoardKind(
        kind.kind,
        kind.model,
        lambda translations: _lines_of(kind, translations),
        lambda keys: {str(row.pk): (str(row), kind.page(row)) for row in kind.rows().filter(pk__in=keys)},
        lambda keys: {
            (key, each.field.name, each.language): each.text
            for key, found in standings(kind, list(kind.rows().filter(pk__in=keys))).items()
            for each in found
        },
    )


def _lines_of(kind: TranslatedKind, translations: Sequence[Translation]) -> Iterator[BoardLine]:
    fields = ["pk", *kind.known_by, *(field.name for field in kind.fields)]
    rows = list(kind.rows().select_related(None).only(*fields).order_by("pk"))
    for key, found in standings(kind, rows, translations).items():
        for each in found:
            yield line_of(
                kind.kind,
                key,
                each.field.name,
                each.language,
                text=each.text,
                behind=each.behind,
                translated_at=each.translated_at,
            )


@cache
def _kept() -> Remembered[list[BoardLine]]:
    of_tables = {scopes()[kind.model._meta.db_table] for kind in board_kinds().values()}
    return Remembered(TRANSLATIONS, *sorted(of_tables - {PRIVATE}), most=len(LANGUAGES) + 1)


def board() -> list[BoardLine]:
    """All lines, kind by kind, thing by thing. A query or two for each kind the first time after each change."""
    found = once(_kept(), "board", _read)
    return found if found is not None else _read()


def _read() -> list[BoardLine]:
    translations = list(Translation.objects.all())
    return [line for kind in board_kinds().values() for line in kind.lines(translations)]


def lines_that(
    *, kinds: Sequence[str] = (), languages: Sequence[str] = (), states: Sequence[str] = ()
) -> list[BoardLine]:
    """The lines of kinds, in languages, in states; of all where none is named."""
    return [
        line
        for line in board()
        if (not kinds or line.kind in kinds)
        and (not languages or line.language in languages)
        and (not states or line.state in states)
    ]


def names_of(lines: Iterable[BoardLine]) -> dict[tuple[str, str], tuple[str, str]]:
    """The name and the address of the things of lines, by kind and key. A query for each kind among them."""
    keys: dict[str, dict[str, None]] = {}
    for line in lines:
        keys.setdefault(line.kind, {})[line.key] = None
    kinds = board_kinds()
    return {(kind, key): told for kind, some in keys.items() for key, told in kinds[kind].named(list(some)).items()}


def translations_of(lines: Iterable[BoardLine]) -> dict[BoardLine, str]:
    """The translated texts of lines; those that are missing, or things of their own, are left out. Three queries for each kind."""
    of_kinds: dict[str, list[BoardLine]] = {}
    for line in lines:
        of_kinds.setdefault(line.kind, []).append(line)
    kinds = board_kinds()
    found: dict[BoardLine, str] = {}
    for kind, some in of_kinds.items():
        texts = kinds[kind].texts(list(dict.fromkeys(line.key for line in some)))
        found |= {line: text for line in some if (text := texts.get((line.key, line.field, line.language)))}
    return found


@dataclass(frozen=True)
class Tally:
    """How many texts of a kind stand how in a language."""

    language: str
    texts: int
    current: int
    behind: int

    @property
    def missing(self) -> int:
        return self.texts - self.current - self.behind


def tallies() -> dict[str, list[Tally]]:
    """For each kind, and for all of them under an empty word, the tally of each language. Kinds without texts are left out."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for line in board():
        counts[line.kind, line.language, line.state] += 1
        counts["", line.language, line.state] += 1
    found = {
        kind: [
            Tally(
                language,
                sum(counts[kind, language, state] for state in TextState),
                counts[kind, language, TextState.CURRENT],
                counts[kind, language, TextState.BEHIND],
            )
            for language, _name in LANGUAGES
        ]
        for kind in (*board_kinds(), "")
    }
    return {kind: row for kind, row in found.items() if row[0].texts}
