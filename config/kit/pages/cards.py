"""The picture of a page that other sites show when it is shared: drawn from its words, 1200 by 630 (Open Graph)."""

from collections.abc import Callable, Sequence
from functools import cache, wraps
from io import BytesIO
from itertools import groupby
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from PIL import Image, ImageDraw, ImageFont

from config.kit.formats.languages import ENGLISH

SIZE = (1200, 630)
PAPER, INK, SOFT, ACCENT = "#fdfdfb", "#12202e", "#45556a", "#00507f"
MARGIN = 80
SUBSETS = ("latin", "latin-ext", "cyrillic")
"""The files of the fonts that we ship. A title with a letter that is in none is left to the page itself."""
_IN_NO_FONT = "\U0010ffff"


WITHOUT_LETTERS = frozenset({"ar", "zh-hans"})
"""The languages whose letters the fonts that we ship do not have: their readers' own systems have them, a picture has not."""
View = Callable[..., HttpResponse]


def in_letters_that_we_have(view: View) -> View:
    """Draw a picture in English where it could not be drawn in the language of the address."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if get_language() not in WITHOUT_LETTERS:
            return view(request, *args, **kwargs)
        with override(ENGLISH):
            response = view(request, *args, **kwargs)
        response["Content-Language"] = ENGLISH
        return response

    return answer


@cache
def _font(family: str, subset: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    path = finders.find(f"fonts/{family}-{subset}-wght-normal.woff2")
    font = ImageFont.truetype(str(path), size)
    font.set_variation_by_axes([weight])
    return font


class Face:
    """A family in one size and weight, whose letters are spread over several files."""

    def __init__(self, family: str, size: int, weight: int) -> None:
        self.fonts = [_font(family, subset, size, weight) for subset in SUBSETS]

    def font_of(self, letter: str) -> ImageFont.FreeTypeFont | None:
        """The file that has a letter; None where all would draw an empty box."""
        if letter.isspace():
            return self.fonts[0]
        return next((f for f in self.fonts if bytes(f.getmask(letter)) != bytes(f.getmask(_IN_NO_FONT))), None)

    def covers(self, text: str) -> bool:
        return all(self.font_of(letter) for letter in set(text))

    def runs(self, text: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """The text in pieces, each with the file that draws it."""
        return [(font, "".join(run)) for font, run in groupby(text, lambda c: self.font_of(c) or self.fonts[0])]

    def getlength(self, text: str) -> float:
        return sum(font.getlength(run) for font, run in self.runs(text))

    def draw(self, draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, fill: str) -> None:
        x, y = place
        for font, run in self.runs(text):
            draw.text((x, y + self.fonts[0].getmetrics()[0]), run, font=font, fill=fill, anchor="ls")
            x += font.getlength(run)


def lines_of(text: str, font: Face, width: int, most: int) -> list[str]:
    """The text broken at its words; what does not fit ends in an ellipsis."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    return lines


FIGURE_WIDTH = 340


def card(kicker: str, title: str, figures: Sequence[tuple[str, str]] = ()) -> bytes:
    """The picture of a page as PNG. It shows only what the page shows.

    Args: kicker: a small line above the title; figures: up to three numbers in words, each with what it counts.
    """
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 14), fill=ACCENT)
    Face("source-sans-3", 34, 600).draw(draw, (MARGIN, 70), kicker, SOFT)
    serif = Face("source-serif-4", 64, 600)
    if serif.covers(title):
        for n, line in enumerate(lines_of(title, serif, SIZE[0] - 2 * MARGIN, 3 if figures else 5)):
            serif.draw(draw, (MARGIN, 140 + n * 80), line, INK)
    number, label = Face("source-serif-4", 56, 700), Face("source-sans-3", 30, 500)
    for n, (figure, counted) in enumerate(figures):
        number.draw(draw, (MARGIN + n * FIGURE_WIDTH, 400), figure, ACCENT)
        label.draw(draw, (MARGIN + n * FIGURE_WIDTH, 470), counted, SOFT)
    Face("source-serif-4", 40, 700).draw(draw, (MARGIN, SIZE[1] - 90), "Minefree", ACCENT)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def card_answer(kicker: str, title: str, figures: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """The picture as an answer."""
    return HttpResponse(card(kicker, title, figures), content_type="image/png")
