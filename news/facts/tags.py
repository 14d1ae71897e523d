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


class BadTag(ValueError):
    """A tag that cannot be read; the argument is the tag as it was written."""


@dataclass(frozen=True)
class Tag:
    """A figure that a text asks for. `treaty` is None for the main treaty, `on` None for the day of reading."""

    treaty: str | None
    count: str
    on: date | None


def tags_of(text: str) -> list[Tag]:
    """The tags of a text, in order, each once. Raises BadTag for the first that cannot be read."""
    return list(dict.fromkeys(_read(match) for match in _TAG.finditer(text)))


def _read(match: re.Match[str]) -> Tag:
    inside = _INSIDE.fullmatch(match.group(1))
    if inside is None or inside.group(2) not in COUNTS:
        raise BadTag(match.group())
    treaty, count, day = inside.groups()
    try:
        return Tag(treaty, count, date.fromisoformat(day) if day else None)
    except ValueError as error:
        raise BadTag(match.group()) from error


def replace_tags(text: str, words: Mapping[Tag, str]) -> str:
    """The text with each tag replaced by its words."""
    return _TAG.sub(lambda match: words[_read(match)], text)
