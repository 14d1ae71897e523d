"""Days: as people write them in tables, read whole or not at all, and the day of the site."""

import re
from datetime import date, datetime

from django.utils import timezone

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_FULL = "january february march april may june july august september october november december".split()  # noqa: SIM905
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_WRITTEN = re.compile(r"(\d{1,2})[\s.-]+([A-Za-z]+)\.?[\s.-]+(\d{4})")


def read_day(value: object) -> date:
    """The day of a cell: a day or moment of a spreadsheet, YYYY-MM-DD, 8 Sep 1998, 8 September 1998, or 3-VII-1964.

    Raises ValueError for what is no day, and for what could be two (11/05/2026).
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if match := _ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _WRITTEN.fullmatch(text):
        return date(int(match[3]), _month(match[2].casefold(), text), int(match[1]))
    raise ValueError(f"no day: {text}")


def _month(word: str, text: str) -> int:
    for names in (_MONTHS, _FULL, _ROMAN):
        if word in names:
            return names.index(word) + 1
    if word == "sept":
        return 9
    raise ValueError(f"no month: {text}")


def today() -> date:
    """The day of the site, in UTC."""
    return timezone.now().date()
