"""Days in words, the month in the genitive and the year with its noun, kept on one line."""

from config.kit.formats.en.formats import DATE_INPUT_FORMATS, DATETIME_INPUT_FORMATS

__all__ = ["DATETIME_INPUT_FORMATS", "DATE_INPUT_FORMATS"]

DATE_FORMAT = "j\u00a0E\u00a0Y\u00a0года"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j\u00a0E\u00a0Y\u00a0года, H:i"
YEAR_MONTH_FORMAT = "F\u00a0Y\u00a0года"
MONTH_DAY_FORMAT = "j\u00a0E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
NUMBER_GROUPING = 3
