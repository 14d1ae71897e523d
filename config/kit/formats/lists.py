"""Things of a list, one behind the other, as the language of the page puts them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def listed(words: Iterable[object]) -> str:
    """A, B, C."""
    return pgettext("between the things of a list", ", ").join(str(word) for word in words)


def one_or_other(words: Iterable[object]) -> str:
    """Things of which one is so: A, B or C."""
    *others, last = [str(word) for word in words]
    return _("%(others)s or %(last)s") % {"others": listed(others), "last": last} if others else last
