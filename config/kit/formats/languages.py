"""The six languages of the site, and how an address says which of them its page is in.

The first part of an address alone decides: `/ar/states/est/` is in Arabic, `/states/est/` in English. So every cache may keep
every page, whoever asks for it.
"""

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

from babel.core import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language, get_supported_language_variant, gettext, override, pgettext

CODES: frozenset[str] = frozenset(code for code, _name in settings.LANGUAGES)
ENGLISH: str = settings.LANGUAGE_CODE
IN_ENGLISH_ALONE = ("/admin/", "/api/", "/changelog/", "/styleguide/")
"""Below these addresses stands what editors and developers read."""


@dataclass(frozen=True)
class Version:
    """A page in one of the languages."""

    code: str
    tag: str
    """Of BCP 47, as documents carry it: zh-Hans."""
    name: str
    """The language's name in that language itself."""
    direction: str
    address: str
    is_current: bool
    offer: str
    """In that language: read this page in it."""
    refusal: str
    """In that language: no."""

    @property
    def path(self) -> str:
        """The address without what it asks for."""
        return self.address.partition("?")[0]


def language_of(path: str) -> str:
    """The language of a page by the path of its address."""
    first = path[1:].partition("/")[0]
    return first if first in CODES and first != ENGLISH else ENGLISH


def without_language(path: str) -> str:
    """The path that a page has in English."""
    language = language_of(path)
    return path if language == ENGLISH else path[1:].removeprefix(language) or "/"


def in_language(address: str, language: str) -> str:
    """The address, path and query, of the same page in a language."""
    path, mark, query = address.partition("?")
    # Two slashes at the beginning would lead to another site.
    plain = f"/{without_language(path).lstrip('/')}"
    return f"{plain if language == ENGLISH else f'/{language}{plain}'}{mark}{query}"


def language_tag_of(code: str) -> str:
    """The language as a tag of BCP 47, in its usual spelling: zh-Hans."""
    language, _hyphen, script = code.partition("-")
    return f"{language}-{script.title()}" if script else language


_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
_OTHER_SCRIPTS = frozenset({"latn", "cyrl"})


def direction_of(tag: str) -> str:
    """Which way a text in a language is read, for `dir`: rtl or ltr (BCP 47 tag; a Latin or Cyrillic script goes before)."""
    first, *rest = tag.lower().split("-")
    return "rtl" if first in _RIGHT_TO_LEFT and not _OTHER_SCRIPTS & set(rest) else "ltr"


def language_name(tag: str) -> str:
    """The name of a language, in the language of the page; the tag itself where CLDR knows no name for it."""
    here = Locale.parse(get_language() or ENGLISH, sep="-")
    try:
        return Locale.parse(tag, sep="-").get_display_name(here) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def nearest(tag: str) -> str:
    """The language of the site that a tag of BCP 47 asks for: `fr-CH` is served by French. Empty where none does."""
    try:
        return get_supported_language_variant(tag.casefold())
    except (LookupError, ValueError):  # none, or longer than any tag
        return ""


@cache
def _offer_in(code: str) -> tuple[str, str]:
    """How a page is offered in a language, and how that is refused, in the language itself."""
    with override(code):
        return pgettext("each language offers itself", "Read this page in English"), gettext("No, thank you")


def versions_of(address: str) -> list[Version]:
    """A page in each of the languages, with whatever its address asks for; nothing where it is in English alone."""
    if address.startswith(IN_ENGLISH_ALONE):
        return []
    return [
        Version(
            code,
            language_tag_of(code),
            name,
            direction_of(code),
            in_language(address, code),
            code == get_language(),
            *_offer_in(code),
        )
        for code, name in settings.LANGUAGES
    ]


def isolated(text: str) -> str:
    """A text that stands in a sentence and may be of another direction. For sentences that are no mark-up (UAX 9, 2.4)."""
    return f"\u2068{text}\u2069" if direction_of(get_language() or ENGLISH) == "rtl" else text


_english_is_shown: ContextVar[bool] = ContextVar("english_is_shown", default=False)


def begin_answer() -> None:
    """Forget what the last answer of this thread showed."""
    _english_is_shown.set(False)


def note_english() -> None:
    """Tell that the answer which is being made shows a text in English for want of a translation."""
    _english_is_shown.set(True)


def english_was_shown() -> bool:
    """Whether the answer that is being made has shown such a text."""
    return _english_is_shown.get()


def made_in(language: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts of an answer that is made while it is sent, each made in a language."""
    remaining = iter(parts)
    while True:
        with override(language):
            part = next(remaining, None)
        if part is None:
            return
        yield part
