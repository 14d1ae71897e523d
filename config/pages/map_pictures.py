"""The map as a PNG: the same shapes, colours and hatchings as the SVG, for programs that take no SVG."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from math import cos, pi, sin

from PIL import Image, ImageDraw

from config.kit.pages.faces import Face, is_from_right
from treaties.pages.world_map import HATCHINGS, PRINTED, Hatching, Shape, WorldMap, rings_of

SCALE = 2
"""Pixels for a unit of the map."""
HEAD, FOOT = 90, 120
PLAIN = {"party": "party", "consented": "consented", "signatory": "signatory"}
HATCHED = {hatching.kind: hatching for hatching in HATCHINGS}


def map_picture(drawn: WorldMap, title: str, legend: Sequence[tuple[str, str]], foot: str) -> bytes:
    """The map as PNG, with a title above; below it the kinds of status with their words, and a line.

    Letters that no font of ours has are left out.
    """
    size = drawn.width * SCALE, drawn.height * SCALE
    image = Image.new("RGB", (size[0], size[1] + HEAD + FOOT), PRINTED["paper"])
    world = Image.new("RGB", size, PRINTED["paper"])
    _fill(world, rings_of(drawn.territories), Image.new("RGB", size, PRINTED["paper-sunk"]))
    # The largest first, so that a State inside another one lies on top.
    for shape in sorted(drawn.shapes, key=lambda each: (each.dot is not None, -_extent(each))):
        kind = "open" if shape.mark.is_open else shape.mark.kind
        _fill(world, rings_of(shape.path), _ground(kind, size), shape.dot)
    image.paste(world, (0, HEAD))
    heading, line = Face("source-sans-3", 36, 600), Face("source-sans-3", 22, 400)
    heading.draw(ImageDraw.Draw(image), (20, 24), title, PRINTED["ink"])
    x = 20.0
    for kind, words in legend:
        left = size[0] - x - 28 if is_from_right() else x
        image.paste(_ground(kind, size).crop((0, 0, 28, 28)), (int(left), size[1] + HEAD + 16))
        line.draw(ImageDraw.Draw(image), (x + 38, size[1] + HEAD + 16), words, PRINTED["ink"])
        x += 38 + line.getlength(words) + 32
    line.draw(ImageDraw.Draw(image), (20, size[1] + HEAD + 68), foot, PRINTED["ink-soft"])
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


Ring = list[tuple[float, float]]


def _extent(shape: Shape) -> float:
    """About how much of the map a State takes: the largest rectangle around one of its pieces."""
    return max(
        (
            (max(x for x, _y in ring) - min(x for x, _y in ring))
            * (max(y for _x, y in ring) - min(y for _x, y in ring))
            for ring in rings_of(shape.path)
        ),
        default=0,
    )


def _fill(world: Image.Image, rings: list[Ring], ground: Image.Image, dot: tuple[float, float] | None = None) -> None:
    """Lay a ground into the shape, and an edge of paper around it."""
    scaled = [[(x * SCALE, y * SCALE) for x, y in ring] for ring in rings if len(ring) > 2]
    if dot:
        x, y = (place * SCALE for place in dot)
        scaled.append([(x + 3 * SCALE * cos(turn * pi / 8), y + 3 * SCALE * sin(turn * pi / 8)) for turn in range(16)])
    edge = ImageDraw.Draw(world)
    for ring in scaled:
        # No more than the piece itself is touched: a picture has some two thousand pieces.
        left, top = int(min(x for x, _y in ring)), int(min(y for _x, y in ring))
        right, bottom = int(max(x for x, _y in ring)) + 1, int(max(y for _x, y in ring)) + 1
        mask = Image.new("1", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in ring], fill=1)
        world.paste(ground.crop((left, top, right, bottom)), (left, top), mask)
        edge.line([*ring, ring[0]], fill=PRINTED["paper"], width=1)


@cache
def _ground(kind: str, size: tuple[int, int]) -> Image.Image:
    """The colour of a status over the whole map, hatched where the status is."""
    hatching = HATCHED.get(kind)
    return _hatched(hatching, size) if hatching else Image.new("RGB", size, PRINTED[PLAIN.get(kind, "paper-sunk")])


def _hatched(hatching: Hatching, size: tuple[int, int]) -> Image.Image:
    ground = Image.new("RGB", size, PRINTED[hatching.ground])
    lines = ImageDraw.Draw(ground)
    wide, high = size
    # Lines at 45 degrees lie farther apart along the edge than across.
    step = round(hatching.every * SCALE * 2**0.5)
    for start in range(-high, wide + high, step):
        ends = [(start, high), (start + high, 0)] if hatching.angle < 0 else [(start, 0), (start + high, high)]
        lines.line(ends, fill=PRINTED[hatching.line], width=max(1, round(hatching.width * SCALE)))
    return ground
