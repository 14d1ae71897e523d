"""The chart of the parties over time as a PNG: the same lines as the SVG, for programs that take no SVG."""

import re
from io import BytesIO

from PIL import Image, ImageColor, ImageDraw

from config.kit.pages.faces import Face
from treaties.pages.charts import Chart
from treaties.pages.world_map import PRINTED

SCALE = 2
"""Pixels for a unit of the chart."""
HEAD, FOOT = 90, 60


def corners(line: str) -> list[tuple[float, float]]:
    """The corners of a step line, from the words of its path: M, H and V alone."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    for command, words in re.findall(r"([MHV])([\d. -]+)", line):
        given = [float(word) for word in words.split()]
        match command:
            case "M":
                x, y = given
            case "H":
                (x,) = given
            case "V":
                (y,) = given
        found.append((x, y))
    return found


def chart_picture(chart: Chart, title: str, value: str, unit: str, foot: str) -> bytes:
    """The chart as PNG, with a title above and a line below.

    Args: value: the number on the last day in words; unit: what is counted.
    """
    image = Image.new("RGB", (chart.width * SCALE, chart.height * SCALE + HEAD + FOOT), PRINTED["paper"])
    draw = ImageDraw.Draw(image)
    small, strong = Face("source-sans-3", 24, 400), Face("source-sans-3", 32, 600)

    def at(x: float, y: float) -> tuple[float, float]:
        return x * SCALE, y * SCALE + HEAD

    def words(face: Face, x: float, y: float, text: str, colour: str, anchor: float = 0) -> None:
        """Write a text whose middle line is at a height; anchor is the part of its length that stands before the place."""
        left, middle = at(x, y)
        face.draw_at(draw, (left - face.getlength(text) * anchor, middle - 18), text, PRINTED[colour])

    Face("source-sans-3", 36, 600).draw(draw, (20, 24), title, PRINTED["ink"])
    for tick in chart.y_ticks:
        draw.line([at(chart.left, tick.at), at(chart.right, tick.at)], fill=PRINTED["paper-sunk"], width=2)
        words(small, chart.left - 6, tick.at, tick.label, "ink-soft", 1)
    for tick in chart.x_ticks:
        words(small, tick.at, chart.height - 10, tick.label, "ink-soft", 0.5)
    words(small, chart.left, chart.top - 10, unit, "ink-soft")
    line = [at(x, y) for x, y in corners(chart.line)]
    below = Image.new("RGB", image.size, ImageColor.getrgb(PRINTED["party"]))
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).polygon([*line, at(chart.end_x, chart.bottom), at(chart.left, chart.bottom)], fill=26)
    image.paste(below, (0, 0), mask)
    for number, mark in enumerate(chart.marks, 1):
        draw.line([at(mark.at, chart.top), at(mark.at, chart.bottom)], fill=PRINTED["ink-soft"], width=2)
        right = mark.at >= chart.width / 4
        words(small, mark.at + (-5 if right else 5), chart.bottom - 26 * number, mark.label, "ink", 1 if right else 0)
    draw.line(line, fill=PRINTED["party"], width=6, joint="curve")
    x, y = at(chart.end_x, chart.end_y)
    draw.ellipse([x - 10, y - 10, x + 10, y + 10], fill=PRINTED["party"])
    words(strong, chart.end_x + 10, chart.end_y, value, "party")
    small.draw(draw, (20, chart.height * SCALE + HEAD + 10), foot, PRINTED["ink-soft"])
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
