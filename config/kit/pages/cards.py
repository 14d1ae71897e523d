"""The picture of a page that other sites show when it is shared: drawn from its words, 1200 by 630 (Open Graph)."""

from collections.abc import Callable, Sequence
from functools import wraps
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from PIL import Image, ImageDraw

from config.kit.formats.languages import ENGLISH
from config.kit.pages.faces import Face, is_from_right, joins_letters, lines_of

SIZE = (1200, 630)
PAPER, INK, SOFT, ACCENT = "#fdfdfb", "#12202e", "#45556a", "#00507f"
MARGIN, GAP = 80, 24
TITLE_SIZES = (64, 54, 46)
"""A title is as large as it can be without being cut off; the longest end in an ellipsis."""
View = Callable[..., HttpResponse]


def in_letters_that_we_have(view: View) -> View:
    """Draw a picture in English where the letters of the language of the address cannot be drawn on this machine."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_from_right() or joins_letters():
            return view(request, *args, **kwargs)
        with override(ENGLISH):
            response = view(request, *args, **kwargs)
        response["Content-Language"] = ENGLISH
        return response

    return answer


def card(kicker: str, title: str, figures: Sequence[tuple[str, str]] = ()) -> bytes:
    """The picture of a page as PNG. It shows only what the page shows.

    Args: kicker: a small line above the title; figures: up to three numbers in words, each with what it counts.
    """
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 14), fill=ACCENT)
    Face("source-sans-3", 34, 600).draw(draw, (MARGIN, 70), kicker, SOFT)
    width, room = SIZE[0] - 2 * MARGIN, 240 if figures else 400
    for size in TITLE_SIZES:
        serif, high = Face("source-serif-4", size, 600), size * 5 // 4
        if len(lines_of(title, serif, width, 99)) * high <= room:
            break
    if serif.covers(title):
        for n, line in enumerate(lines_of(title, serif, width, room // high)):
            serif.draw(draw, (MARGIN, 140 + n * high), line, INK)
    number, label = Face("source-serif-4", 56, 700), Face("source-sans-3", 30, 500)
    column = (SIZE[0] - 2 * MARGIN) // max(2, len(figures))
    for n, (figure, counted) in enumerate(figures):
        number.draw(draw, (MARGIN + n * column, 396), figure, ACCENT)
        for below, line in enumerate(lines_of(counted, label, column - GAP, 2)):
            label.draw(draw, (MARGIN + n * column, 464 + below * 34), line, SOFT)
    Face("source-serif-4", 40, 700).draw(draw, (MARGIN, SIZE[1] - 90), "Minefree", ACCENT)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def card_answer(kicker: str, title: str, figures: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """The picture as an answer."""
    return HttpResponse(card(kicker, title, figures), content_type="image/png")
