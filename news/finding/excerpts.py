"""What a search shows of what it found: the title, and where the words are, each in the language that serves the reader best."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from config.kit.formats.languages import ENGLISH, in_language, language_tag_of
from news.finding.search import HAN, HAN_SIGNS, fold
from news.models import SearchDocument

AROUND = 140
"""Characters of a snippet on each side of the word."""


@dataclass(frozen=True)
class Found:
    """A thing as a search shows it, with the languages (BCP 47) of its title and its excerpt."""

    document: SearchDocument
    url: str
    title: SafeString
    title_language: str
    excerpt: SafeString
    excerpt_language: str


def excerpts(documents: Iterable[SearchDocument], words: str) -> list[Found]:
    """Each document with the words marked in its title and in a snippet of its text.

    The title is in the language of the page, where the document has one. The snippet is of the first text that has one of the
    words: in the language of the page, in the document's own, in another; where none has, the beginning of the first.
    """
    language = get_language() or ENGLISH
    wanted = set(fold(words).split())
    return [_found(document, language, wanted) for document in documents]


def _found(document: SearchDocument, language: str, wanted: set[str]) -> Found:
    title, title_language = document.title_in(language)
    excerpt, excerpt_language = _snippet(document.bodies_for(language), wanted)
    return Found(
        document,
        in_language(document.url, language),
        _marked(title, wanted),
        language_tag_of(title_language),
        _marked(excerpt, wanted),
        language_tag_of(excerpt_language),
    )


def _is_wanted(word: str, wanted: set[str]) -> bool:
    """Whether it is one of the words asked for, or begins like one: stemmers of both databases change only the end."""
    folded = fold(word).split()
    return any(o == a or (len(a) > 4 and o[: len(a) - 2] == a[: len(a) - 2]) for o in folded for a in wanted)


def _places(text: str, wanted: set[str]) -> Iterator[tuple[int, int]]:
    """Where a text has words that are wanted. Chinese has no spaces: there it is the signs themselves."""
    signs = [re.escape(word) for word in sorted(wanted, key=len, reverse=True) if HAN.fullmatch(word)]
    for match in re.finditer("|".join([*signs, rf"[^\W{HAN_SIGNS}]+"]), text):
        if match.group() in wanted or _is_wanted(match.group(), wanted):
            yield match.span()


def _snippet(texts: Mapping[str, str], wanted: set[str]) -> tuple[str, str]:
    """What stands around the first word that is wanted, with its language."""
    for language, text in texts.items():
        for begin, finish in _places(text, wanted):
            # No word is cut in two, where there are spaces.
            start = max(text.find(" ", max(begin - AROUND, 0), begin), begin - AROUND) if begin > AROUND else 0
            end = finish + AROUND
            if end < len(text) and " " in text[finish:end]:
                end = text.rindex(" ", finish, end)
            return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}", language
    language, text = next(iter(texts.items()))
    return text[: 2 * AROUND] + (" …" if len(text) > 2 * AROUND else ""), language


def _marked(text: str, wanted: set[str]) -> SafeString:
    parts, last = [], 0
    for start, end in _places(text, wanted):
        parts += [escape(text[last:start]), f"<mark>{escape(text[start:end])}</mark>"]
        last = end
    return mark_safe("".join([*parts, escape(text[last:])]))  # noqa: S308 - every part is escaped
