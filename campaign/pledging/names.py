"""Names as people give them, fit to be shown beside others. Plain functions."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 80
# Joiners belong to names in Persian, Hindi and other scripts; everything else of their kind changes how a page reads.
_JOINERS = "\u200c\u200d"
_ADDRESS = re.compile(r"://|\bwww\.|@|[^\W\d_]{2,}\.[a-z]{2,}(?![^\W\d_])|\.[a-z]{2,}/", re.IGNORECASE)
_MARKS_IN_A_ROW = 4


def clean_name(text: str) -> str:
    """A name in one spelling (NFC, single spaces). Raises ValidationError with a sentence that says what to change."""
    name = " ".join(unicodedata.normalize("NFC", text).split(" ")).strip()
    name = re.sub(r" {2,}", " ", name)
    if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp") and c not in _JOINERS for c in name):
        raise ValidationError(
            _("A name cannot contain control characters or marks that turn the direction of writing.")
        )
    if not any(unicodedata.category(c).startswith("L") for c in name):
        raise ValidationError(_("Give a name with at least one letter."))
    if len(name) > LONGEST:
        raise ValidationError(_("Give a name of at most %(n)s characters.") % {"n": LONGEST})
    if _ADDRESS.search(name):
        raise ValidationError(_("A name cannot contain a web or e-mail address. After a full stop write a space."))
    if any(c in "<>{}[]\\|" for c in name):
        raise ValidationError(_("A name cannot contain brackets or bars."))
    if re.search(rf"(?:(?!\s)[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]){{{_MARKS_IN_A_ROW},}}", name):
        raise ValidationError(_("A name cannot pile up marks on a letter."))
    return name
