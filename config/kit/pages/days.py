"""Days in words, in the language of the page."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language


def written(day: date, form: str = "DATE_FORMAT") -> str:
    """A day as the language writes it: 1 March 1999, 1er mars 1999.

    Args: form: the name of a format, which each language has in `config.kit.formats`.
    """
    words = date_format(day, form)
    # No format of Django's knows the French ordinal.
    is_french_first = get_language() == "fr" and day.day == 1 and words.startswith("1\u00a0")
    return f"1er{words[1:]}" if is_french_first else words
