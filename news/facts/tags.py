"""Tags in a text: figures that the site computes from the ledger. Plain functions.

{{ parties on 2025-06-16 }}                      the parties to the Mine Ban Convention on that day
{{ parties today }}                              on the day of reading
{{ arms-trade-treaty parties on 2025-06-16 }}    of another treaty, by its address
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_INSIDE = re.compile(r"\s*(?:([a-z0-9-]+)\s+)?([a-z_]+)\s+(?:on\s+(\d{4}-\d{2}-\d{2})|today)\s*")
COUNTS = ("signatories", "parties", "in_force", "not_parties", "withdrawing", "withdrawn", "never_joined")


YEARS = range(1000, 3000)
"""The years of which the site has pages."""


class BadTag(ValueError):
    """A tag that cannot be read; the argument is the tag as it was written."""


@dataclass(frozen=True)
class Tag:
    """A figure that a text asks for. `treaty` is None for the main treaty, `on` None for the day of reading."""

    treaty: str | None
    count: str
    on: date | None

    def __str__(self) -> str:
        """As an editor writes it."""
        day = f"on {self.on.isoformat()}" if self.on else "today"
        return " ".join(["{{", *([self.treaty] if self.treaty else []), self.count, day, "}}"])


def tags_of(text: str) -> list[Tag]:
    """The tags of a text, in order, each once. Raises BadTag for the first that cannot be read."""
    return list(dict.fromkeys(_read(match) for match in _TAG.finditer(text)))


def _read(match: re.Match[str]) -> Tag:
    inside = _INSIDE.fullmatch(match.group(1))
    if inside is None or inside.group(2) not in COUNTS:
        raise BadTag(match.group())
    treaty, count, day = inside.groups()
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise BadTag(match.group()) from error
    if on is not None and on.year not in YEARS:
        raise BadTag(match.group())
    return Tag(treaty, count, on)


_LINK_OR_CODE = re.compile(r"\[(?:\{\{.*?\}\}|[^\[\]])*\](?=[(\[])|(`+)(?:.|\n)*?\1", re.DOTALL)
"""The words of a link in Markdown, and code: a link inside would break the one and show its marks in the other."""


def replace_tags(text: str, links: Mapping[Tag, str], numbers: Mapping[Tag, str] | None = None) -> str:
    """The text with each tag replaced by the link to its proof; by the number alone, if given, inside a link or code."""
    plain = [match.span() for match in _LINK_OR_CODE.finditer(text)]

    def words(match: re.Match[str]) -> str:
        inside = any(start <= match.start() and match.end() <= end for start, end in plain)
        return (numbers if inside and numbers is not None else links)[_read(match)]

    return _TAG.sub(words, text)


def without_numbers(text: str, mark: str) -> str:
    """The text with a mark in the place of each tag, whatever is in it."""
    return _TAG.sub(mark, text)
