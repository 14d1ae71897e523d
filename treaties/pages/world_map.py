"""The map of the world: the shape of every State, coloured by its status. The shapes are made by data/make_world.mjs."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from treaties.law import rules
from treaties.models import State
from treaties.status.boards import Board, Line
from treaties.status.sentences import statuses_in_words

WORLD = Path(__file__).resolve().parents[1] / "data" / "world.json"


@dataclass(frozen=True)
class Surroundings:
    """The part of the map around a State, for a small map."""

    x: float
    y: float
    width: float
    height: float

    @property
    def view_box(self) -> str:
        return f"{self.x:.1f} {self.y:.1f} {self.width:.1f} {self.height:.1f}"


EUROPE = Surroundings(405, 22, 135, 90)
"""The part of the map that is drawn a second time, larger."""


@dataclass(frozen=True)
class Mark:
    """How a State is marked: the CSS class of its colour, and its label. What is open is hatched."""

    state: State
    kind: str
    label: str
    is_open: bool = False
    then: str = ""
    """How to name the State, where its name was another one on the day."""

    @property
    def named(self) -> str:
        return self.then or self.state.name

    def __str__(self) -> str:
        return f"{self.named}: {self.label}"


@dataclass(frozen=True)
class Shape:
    """A State on the map; small ones are a dot as well."""

    mark: Mark
    path: str
    dot: tuple[float, float] | None


@dataclass(frozen=True)
class WorldMap:
    width: int
    height: int
    territories: str
    shapes: Sequence[Shape]

    @property
    def in_europe(self) -> list[Shape]:
        """The States of which something is seen in the inset, where most States that leave are, and all are small."""
        return [shape for shape in self.shapes if shape.mark.state.pk in _codes_within(EUROPE)]

    @property
    def exceptions(self) -> list[tuple[str, list[Shape]]]:
        """Who is not a party, by name, for readers of a small map: each status with its States."""
        found: dict[str, list[Shape]] = {}
        for shape in sorted(self.shapes, key=lambda each: each.mark.state.sort_name):
            if shape.mark.kind not in (rules.Status.PARTY, OUTSIDE):
                found.setdefault(shape.mark.label, []).append(shape)
        return sorted(found.items())

    @property
    def inset(self) -> Surroundings:
        return EUROPE

    @property
    def has_open(self) -> bool:
        """Whether the status of some State is open."""
        return any(shape.mark.is_open for shape in self.shapes)


@cache
def _world() -> dict[str, Any]:
    world: dict[str, Any] = json.loads(WORLD.read_text(encoding="utf-8"))
    return world


PRINTED = {
    "paper": "#fdfdfb",
    "paper-sunk": "#f1f3f4",
    "ink": "#14202e",
    "ink-soft": "#47566a",
    "party": "#0b5fa5",
    "consented": "#5aa5dc",
    "signatory": "#d7eaf8",
    "withdrawing": "#b86a00",
    "withdrawing-2": "#ffd27a",
    "withdrawn": "#c4331a",
    "withdrawn-2": "#f6c3b8",
    "not-party": "#78828c",
    "not-party-fill": "#c9ced3",
}
"""The colours of the light scheme, for drawings that no style sheet reaches; a test compares them with the style sheet."""


@dataclass(frozen=True)
class Hatching:
    """How the States of a status are hatched, so that no status is told by its colour alone."""

    kind: str
    ground: str
    line: str
    """The colours, by their names among the printed ones."""
    every: float
    width: float
    angle: int

    def as_pattern(self, colours: Mapping[str, str]) -> str:
        """The pattern with its colours in it. Pages have the same patterns with classes instead: `map_patterns.html`."""
        return (
            f'<pattern id="h-{self.kind}" width="{self.every}" height="{self.every}" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate({self.angle})"><rect width="{self.every}" height="{self.every}" '
            f'fill="{colours[self.ground]}"/><rect width="{self.width}" height="{self.every}" '
            f'fill="{colours[self.line]}"/></pattern>'
        )


HATCHINGS = (
    Hatching("withdrawing", "withdrawing-2", "withdrawing", every=4, width=2, angle=45),
    Hatching("withdrawn", "withdrawn", "withdrawn-2", every=3.4, width=0.8, angle=-45),
    Hatching("not_party", "not-party-fill", "not-party", every=5, width=0.7, angle=45),
    Hatching("open", "consented", "not-party-fill", every=5, width=2, angle=-45),
)


def draw(marks: Iterable[Mark]) -> WorldMap:
    """The map with each State marked, but for one that it has no shape of. Dots are drawn last, so that no neighbour hides them."""
    world = _world()
    shapes = [
        Shape(mark, drawn["d"], tuple(drawn["dot"]) if drawn["dot"] else None)
        for mark in marks
        if (drawn := world["states"].get(mark.state.pk))
    ]
    return WorldMap(
        world["width"], world["height"], world["territories"], sorted(shapes, key=lambda shape: shape.dot is not None)
    )


def outlines() -> str:
    """The outline of every State as one SVG, from which pages draw: the file `img/world.svg` of the static files.

    It never changes with the record, so a browser keeps it, and a page has only what it says of each State.
    """
    world = _world()
    drawn = {"territories": {"d": world["territories"], "dot": None}} | world["states"]
    lines = [f'<g id="{key}">{_outline(of)}</g>' for key, of in drawn.items()]
    hatched = "".join(hatching.as_pattern(PRINTED) for hatching in HATCHINGS)
    return "\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg"><defs>{hatched}</defs><g id="world">', *lines, "</g></svg>", ""]
    )


def _outline(of: Mapping[str, Any]) -> str:
    path = f'<path d="{of["d"]}"/>' if of["d"] else ""
    return path + ('<circle cx="{}" cy="{}" r="3"/>'.format(*of["dot"]) if of["dot"] else "")


NARROWEST = 90
"""The width of the smallest part of the map that is shown, in units of the map: about Central Europe."""
_RING = re.compile(r"[^Mz]+", re.IGNORECASE)
_POINT = re.compile(r"(-?[\d.]+),(-?[\d.]+)")


@cache
def surroundings(iso3: str) -> Surroundings | None:
    """The part of the map around the largest piece of a State's land, 3 to 2; None for a State that the map has no shape of."""
    drawn = _world()["states"].get(iso3)
    if drawn is None:
        return None
    left, top, right, bottom = max(_boxes(drawn), key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    width = max(NARROWEST, 2.2 * (right - left), 3.3 * (bottom - top))
    width = min(width, _world()["width"])
    height = width * 2 / 3
    return Surroundings((left + right - width) / 2, (top + bottom - height) / 2, width, height)


Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in units of the map."""


def rings_of(path: str) -> list[list[tuple[float, float]]]:
    """The points of each piece of a path, in units of the map."""
    rings = [[(float(x), float(y)) for x, y in _POINT.findall(ring)] for ring in _RING.findall(path)]
    return [ring for ring in rings if ring]


def _boxes(drawn: Mapping[str, Any]) -> list[Box]:
    """Around each piece of a State's land; around its dot, where it has no land that can be seen."""
    return [_box(ring) for ring in rings_of(drawn["d"])] or [(*drawn["dot"], *drawn["dot"])]


def _box(ring: Sequence[tuple[float, float]]) -> Box:
    return min(x for x, _y in ring), min(y for _x, y in ring), max(x for x, _y in ring), max(y for _x, y in ring)


@cache
def _codes_within(part: Surroundings) -> frozenset[str]:
    """The States of which something is seen in a part of the map."""
    right, bottom = part.x + part.width, part.y + part.height
    return frozenset(
        iso3
        for iso3, drawn in _world()["states"].items()
        if any(b[0] < right and b[2] > part.x and b[1] < bottom and b[3] > part.y for b in _boxes(drawn))
    )


OUTSIDE = "outside"
"""How a State is marked that does not belong to the group asked for."""


def world_map(board: Board, members: Collection[str] | None = None) -> WorldMap:
    """The map of a treaty on a day. Args: members: the States that are shown with their status; all, if none is given."""
    return draw(_mark(line, members) for line in board.lines)


def _mark(line: Line, members: Collection[str] | None) -> Mark:
    if members is not None and line.state.pk not in members:
        return Mark(line.state, OUTSIDE, _("not among the States chosen"), then=line.then)
    return Mark(line.state, line.status, statuses_in_words(line.by_record), is_open=line.is_open, then=line.then)
