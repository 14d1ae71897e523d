"""Days in words, in the language of the page."""

from datetime import date

from django.utils.dateformat import format as formatted
from django.utils.formats import date_format
from django.utils.translation import get_language

ARABIC_MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيه",
    "تموز/يوليه",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)
"""Each month by both its names, as United Nations documents have them: readers of Syria know one, those of Egypt the other."""


def written(day: date, form: str = "DATE_FORMAT") -> str:
    """A day as the language writes it: 1 March 1999, 1er mars 1999.

    Args: form: the name of a format, which each language has in `config.kit.formats`.
    """
    words = date_format(day, form)
    language = get_language()
    if language == "ar":
        return words.replace(formatted(day, "F"), ARABIC_MONTHS[day.month - 1])
    if language == "ru" and form == "YEAR_MONTH_FORMAT":
        return words.lower()
    # No format of Django's knows the French ordinal.
    is_french_first = language == "fr" and day.day == 1 and words.startswith("1\u00a0")
    return f"1er{words[1:]}" if is_french_first else words
