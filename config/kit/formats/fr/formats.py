"""Days in words, the parts kept on one line. The first of a month is `1er`: see `config.kit.formats.days`."""

from config.kit.formats.en.formats import DATE_INPUT_FORMATS, DATETIME_INPUT_FORMATS

__all__ = ["DATETIME_INPUT_FORMATS", "DATE_INPUT_FORMATS"]

DATE_FORMAT = "j\u00a0F\u00a0Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j\u00a0F\u00a0Y, H:i"
YEAR_MONTH_FORMAT = "F\u00a0Y"
MONTH_DAY_FORMAT = "j\u00a0F"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y, H:i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
NUMBER_GROUPING = 3
