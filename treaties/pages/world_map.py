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

    @property
    def is_hatched(self) -> bool:
        """Its colour is a pattern of the page, which an outline from another file cannot have."""
        return self.mark.is_open or self.mark.kind == rules.Status.WITHDRAWING


@dataclass(frozen=True)
class WorldMap:
    width: int
    height: int
    territories: str
    shapes: Sequence[Shape]

    @property
    def has_open(self) -> bool:
        """Whether the status of some State is open."""
        return any(shape.mark.is_open for shape in self.shapes)


@cache
def _world() -> dict[str, Any]:
    world: dict[str, Any] = json.loads(WORLD.read_text(encoding="utf-8"))
    return world


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
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg"><g id="world">', *lines, "</g></svg>", ""])


def _outline(of: Mapping[str, Any]) -> str:
    path = f'<path d="{of["d"]}"/>' if of["d"] else ""
    return path + ('<circle cx="{}" cy="{}" r="3"/>'.format(*of["dot"]) if of["dot"] else "")


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
    rings = [[(float(x), float(y)) for x, y in _POINT.findall(ring)] for ring in _RING.findall(drawn["d"])]
    boxes = [_box(ring) for ring in rings if ring] or [(*drawn["dot"], *drawn["dot"])]
    left, top, right, bottom = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    width = max(NARROWEST, 2.2 * (right - left), 3.3 * (bottom - top))
    width = min(width, _world()["width"])
    height = width * 2 / 3
    return Surroundings((left + right - width) / 2, (top + bottom - height) / 2, width, height)


def _box(ring: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    return min(x for x, _y in ring), min(y for _x, y in ring), max(x for x, _y in ring), max(y for _x, y in ring)


OUTSIDE = "outside"
"""How a State is marked that does not belong to the group asked for."""


def world_map(board: Board, members: Collection[str] | None = None) -> WorldMap:
    """The map of a treaty on a day. Args: members: the States that are shown with their status; all, if none is given."""
    return draw(_mark(line, members) for line in board.lines)


def _mark(line: Line, members: Collection[str] | None) -> Mark:
    if members is not None and line.state.pk not in members:
        return Mark(line.state, OUTSIDE, _("not in the group chosen"), then=line.then)
    return Mark(line.state, line.status, statuses_in_words(line.by_record), is_open=line.is_open, then=line.then)
