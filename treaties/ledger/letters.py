"""The letters by which the Depositary's tables tell the act behind a day: `8 Sep 1998 a`. Plain functions.

Source: the explanatory note of Multilateral Treaties Deposited with the Secretary-General. A day without a letter is a signature
or a ratification, as its column says.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from config.kit.incoming.days import read_day
from treaties.law.rules import ActionKind

LETTERS = {
    "a": ActionKind.ACCESSION,
    "A": ActionKind.ACCEPTANCE,
    "AA": ActionKind.APPROVAL,
    "d": ActionKind.SUCCESSION,
}
_LETTERED = re.compile(r"(.*\d{4})\s+(a|A|AA|d)")


class WrongLetter(ValueError):
    """The letter and the column tell two acts; the message says which."""


def day_of_act(text: str, action: str) -> date:
    """The day of a cell, with a letter behind it or not. Raises ValueError for no day, WrongLetter for another act's letter."""
    match = _LETTERED.fullmatch(text.strip())
    if match is None:
        return read_day(text)
    if LETTERS[match[2]] != action:
        raise WrongLetter(
            _("the letter %(letter)s of %(value)s stands for %(act)s, and the table says %(action)s.")
            % {"letter": match[2], "value": text, "act": LETTERS[match[2]].value, "action": action}
        )
    return read_day(match[1])
