"""Names as people give them, fit to be shown beside others. Plain functions."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.kit.incoming.texts import clean_line

LONGEST = 80
# Joiners belong to names in Persian, Hindi and other scripts, the vowel separator to Mongolian ones. Other marks without width
# are left out; those that turn the direction of what follows would change how the whole page reads.
_JOINERS = "\u200c\u200d\u180e"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WITHOUT_WIDTH = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2060-\u2064\ufeff]")
_ADDRESS = re.compile(r"://|\bwww\.|@|\.[a-z]{2,}/", re.IGNORECASE)
_DOTTED = re.compile(r"(?=\b(?P<before>[^\W\d_]{2,})\.(?P<after>[a-z]{2,})(?![^\W\d_]))", re.IGNORECASE)
_SHORT_FORMS = """
    abd abp bp br bro capt col cpt dipl dr dra drs eng fr ft gen hj hon ing ir jr kh lic lt ma mag mbah md mgr mlle mme mo moh mohd
    mr mrs ms msgr mt muh ny ph phil prof rev sgt sh sr sra srta st sta ste sto
"""
SHORT_FORMS = frozenset(_SHORT_FORMS.split())
"""Short forms that stand before a full stop in names, in many countries without a space after it (Md.Rahman, Ma.Teresa)."""
_COMMON_DOMAINS = """
    app biz co com dev edu gov icu info int io link me mil net online org ru shop site top tv uk us xyz
"""
COMMON_DOMAINS = frozenset(_COMMON_DOMAINS.split())
_MARKS_IN_A_ROW = 4


def clean_name(text: str) -> str:
    """A name in one spelling, as it will be shown. Raises ValidationError with a sentence that says what to change."""
    name = _WITHOUT_WIDTH.sub("", clean_line(text))
    name = re.sub(r"\s+", " ", name).strip()
    unfit = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
    if _TURNING.search(name) or any(unicodedata.category(c) in unfit and c not in _JOINERS for c in name):
        raise ValidationError(
            _("A name cannot contain marks that turn the direction of writing, or characters without a shape.")
        )
    if not any(unicodedata.category(c).startswith("L") for c in name):
        raise ValidationError(_("Give a name with at least one letter."))
    if len(name) > LONGEST:
        raise ValidationError(_("Give a name of at most %(n)s characters.") % {"n": LONGEST})
    if _names_an_address(name):
        raise ValidationError(_("A name cannot contain a web or e-mail address. After a full stop write a space."))
    if any(c in "<>{}[]\\|" for c in name):
        raise ValidationError(_("A name cannot contain brackets or bars."))
    if re.search(rf"(?:(?!\s)[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]){{{_MARKS_IN_A_ROW},}}", name):
        raise ValidationError(_("A name cannot pile up marks on a letter."))
    return name


def _names_an_address(name: str) -> bool:
    """Two words joined by a full stop are an address, unless the first is a short form and the second no common domain."""
    return bool(_ADDRESS.search(name)) or any(
        pair["before"].casefold() not in SHORT_FORMS or pair["after"].casefold() in COMMON_DOMAINS
        for pair in _DOTTED.finditer(name)
    )
