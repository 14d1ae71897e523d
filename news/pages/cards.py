"""The picture of a statement that other sites show when it is shared: drawn from its words, 1200 by 630 (Open Graph)."""

from functools import cache
from io import BytesIO

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from news.models import Statement

SIZE = (1200, 630)
PAPER, INK, SOFT, ACCENT = "#fdfdfb", "#12202e", "#45556a", "#00507f"
MARGIN = 80
# The fonts that we ship draw Latin and Cyrillic; a title in another script is left to the page itself.
_SCRIPTS = [("latin", range(0x0250)), ("cyrillic", range(0x0400, 0x0530))]
_PUNCTUATION = frozenset("‘’“”–—…")


@cache
def _font(family: str, subset: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    path = finders.find(f"fonts/{family}-{subset}-wght-normal.woff2")
    font = ImageFont.truetype(str(path), size)
    font.set_variation_by_axes([weight])
    return font


def _subset(text: str) -> str | None:
    """The font file that covers every letter of a text."""
    for name, letters in _SCRIPTS:
        covered = set(letters) | set(range(0x80))
        if all(ord(c) in covered or c in _PUNCTUATION for c in text):
            return name
    return None


def lines_of(text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
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


def card(statement: Statement) -> bytes:
    """The picture as PNG. It shows only what the page shows."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 14), fill=ACCENT)
    small = _font("source-sans-3", "latin", 34, 600)
    kicker = " · ".join(part for part in (statement.symbol, f"{statement.dated_on:%d %B %Y}".lstrip("0")) if part)
    draw.text((MARGIN, 70), kicker, font=small, fill=SOFT)
    subset = _subset(statement.title)
    if subset:
        serif = _font("source-serif-4", subset, 64, 600)
        for n, line in enumerate(lines_of(statement.title, serif, SIZE[0] - 2 * MARGIN, 5)):
            draw.text((MARGIN, 140 + n * 80), line, font=serif, fill=INK)
    draw.text((MARGIN, SIZE[1] - 90), "Minefree", font=_font("source-serif-4", "latin", 40, 700), fill=ACCENT)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
