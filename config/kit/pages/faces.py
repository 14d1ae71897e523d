"""Letters of pictures: the fonts that we ship, in all languages of the site.

A browser finds letters on its reader's system; a picture is drawn here, on a machine that may have none. Latin and Cyrillic are
drawn with the fonts of the pages. Arabic and Chinese have files of their own in `letters`, which no page loads: the letters of the
Arabic language, and the 3,755 signs of the first level of GB 2312 with the few others that our texts have.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.translation import get_language
from PIL import ImageDraw, ImageFont, features

from config.kit.formats.languages import ENGLISH, direction_of

LETTERS = Path(__file__).parent / "letters"
ARABIC, CHINESE = "noto-sans-arabic", "noto-sans-cjk-sc"
SUBSETS = ("latin", "latin-ext", "cyrillic")
"""The files of the fonts of our pages."""
_IN_NO_FONT = "\U0010ffff"
_SIGN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_BEFORE, _AFTER = r"[《（「『“]", r"[，。、；：？！）》」』”]"
_PIECE = re.compile(
    rf"\s*{_BEFORE}*(?:{_SIGN}|(?:(?!{_SIGN}|{_BEFORE}|{_AFTER})\S)+|(?={_AFTER})){_AFTER}*|\s*{_BEFORE}+"
)
"""What stays on one line: a word, or a Chinese sign, with the marks that stand around it."""


def joins_letters() -> bool:
    """Whether the letters of Arabic can be joined here. Pillow asks the system's libfribidi."""
    return bool(features.check("raqm")) and bool(features.check("fribidi"))


def is_from_right() -> bool:
    """Whether pictures in the language of the page begin on the right."""
    return direction_of(get_language() or ENGLISH) == "rtl"


def has_arabic(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


@cache
def _of_pages(family: str, subset: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(finders.find(f"fonts/{family}-{subset}-wght-normal.woff2")), size)
    font.set_variation_by_axes([weight])
    return font


@cache
def _of_pictures(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(LETTERS / f"{name}.woff2"), size)


class Face:
    """A family in one size and weight, whose letters are spread over several files."""

    def __init__(self, family: str, size: int, weight: int) -> None:
        self.fonts = [*(_of_pages(family, subset, size, weight) for subset in SUBSETS), _of_pictures(CHINESE, size)]
        self.arabic = _of_pictures(ARABIC, size)
        self.size = size

    def covers(self, text: str) -> bool:
        """Whether all letters of a text can be drawn."""
        if has_arabic(text):
            return joins_letters() and all(_has(self.arabic, letter) for letter in set(text))
        return all(self._font_of(letter) for letter in set(text))

    def getlength(self, text: str) -> float:
        """In pixels."""
        return sum(
            font.getlength(run, direction="rtl" if font is self.arabic else None) for font, run in self._runs(text)
        )

    def draw(self, draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, fill: str) -> None:
        """Write a text that begins at a place, counted from the side on which the language of the page begins."""
        x, y = place
        self.draw_at(draw, (draw.im.size[0] - x - self.getlength(text) if is_from_right() else x, y), text, fill)

    def draw_at(self, draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, fill: str) -> None:
        """Write a text whose left end is at a place, whatever its language."""
        x, y = place
        for font, run in self._runs(text):
            direction = "rtl" if font is self.arabic else None
            base = (x, y + self.fonts[0].getmetrics()[0])
            draw.text(base, run, font=font, fill=fill, anchor="ls", direction=direction)
            x += font.getlength(run, direction=direction)

    def _runs(self, text: str) -> Sequence[tuple[ImageFont.FreeTypeFont, str]]:
        """The text in pieces, each with the file that draws it. One with Arabic is one piece: its parts change places."""
        if has_arabic(text) and joins_letters():
            return [(self.arabic, text)]
        return [
            (font, "".join(run)) for font, run in groupby(text, lambda letter: self._font_of(letter) or self.fonts[0])
        ]

    def _font_of(self, letter: str) -> ImageFont.FreeTypeFont | None:
        """The file that has a letter; None where all would draw an empty box."""
        return next((font for font in self.fonts if _has(font, letter)), None)


def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    # What only orders or joins others is not drawn.
    is_unseen = letter.isspace() or unicodedata.category(letter) == "Cf"
    return is_unseen or bytes(font.getmask(letter)) != bytes(font.getmask(_IN_NO_FONT))


def lines_of(text: str, face: Face, width: int, most: int) -> list[str]:
    """The text broken at its words, or between Chinese signs; what does not fit ends in an ellipsis."""
    lines = [""]
    for piece in _PIECE.findall(" ".join(text.split())):
        longer = f"{lines[-1]}{piece}".strip()
        if face.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(piece.strip())
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    return lines
