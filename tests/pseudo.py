"""A language that no one speaks, to find what was not marked for translation.

Every marked text stands between ⟦ and ⟧. What stands outside of them on a page was written there for English readers alone.
"""

import functools
import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

from django.utils.translation import trans_real

SPOKEN_AS = "es"
"""The language in whose place it is served."""
_READ_ALOUD = {"alt", "title", "placeholder", "aria-label", "content", "label"}
_NOT_READ = {"script", "style", "code", "pre"}


class Pseudo(trans_real.DjangoTranslation):
    """Gives each text as it was marked, between brackets."""

    def gettext(self, message: str) -> str:
        # Django puts the context of a message before it.
        return f"⟦{message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]}⟧" if message else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def spoken(monkeypatch) -> Iterator[None]:
    """Serve it under the prefix of `SPOKEN_AS`."""
    real = trans_real.translation
    pseudo = Pseudo(SPOKEN_AS)
    with monkeypatch.context() as patched:
        patched.setattr(trans_real, "translation", lambda language: pseudo if language == SPOKEN_AS else real(language))
        patched.setattr(trans_real, "_active", trans_real.Local())
        forget_words()
        yield
    # Only when it is no longer spoken: what is kept from here on is right.
    forget_words()


def forget_words() -> None:
    """Empty what functions keep of earlier calls, by language: another language stands in its place now."""
    for kept in [each for each in gc.get_objects() if type(each) is functools._lru_cache_wrapper]:
        if (kept.__module__ or "").startswith(("config.", "treaties.", "campaign.", "news.")):
            kept.cache_clear()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = 0
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        for name in _READ_ALOUD & names.keys():
            if name != "content" or names.get("name") == "description" or "og:" in (names.get("property") or ""):
                self._read(names[name] or "", alone=True)
        if tag not in ("meta", "link", "img", "input", "br", "hr", "use", "rect", "path", "line", "circle"):
            # A text with a language of its own is not the page's: it is data.
            self.open.append((tag, "lang" in names and tag != "html"))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(foreign or tag in _NOT_READ for tag, foreign in self.open):
            self._read(data)

    def _read(self, text, alone=False):
        depth = 0 if alone else self.depth
        outside = []
        for part in re.split(r"([⟦⟧])", text):
            if part == "⟦":
                depth += 1
            elif part == "⟧":
                depth -= 1
            elif depth == 0:
                outside.append(part)
            if part in "⟦⟧":
                outside.append("\0")
        if not alone:
            self.depth = depth
        self.found += [words for piece in "".join(outside).split("\0") if (words := " ".join(piece.split()))]


def words_outside(html: str) -> list[str]:
    """The words of a page that no marked text gave."""
    reader = _Words()
    reader.feed(html)
    return [words for words in reader.found if re.search(r"[A-Za-z]{2}", words)]
