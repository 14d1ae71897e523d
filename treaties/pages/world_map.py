"""The map of the world: the shape of every State, coloured by its status. The shapes are made by data/make_world.mjs."""

import json
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
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *lines, "</svg>", ""])


def _outline(of: Mapping[str, Any]) -> str:
    path = f'<path d="{of["d"]}"/>' if of["d"] else ""
    return path + ('<circle cx="{}" cy="{}" r="3"/>'.format(*of["dot"]) if of["dot"] else "")


OUTSIDE = "outside"
"""How a State is marked that does not belong to the group asked for."""


def world_map(board: Board, members: Collection[str] | None = None) -> WorldMap:
    """The map of a treaty on a day. Args: members: the States that are shown with their status; all, if none is given."""
    return draw(_mark(line, members) for line in board.lines)


def _mark(line: Line, members: Collection[str] | None) -> Mark:
    if members is not None and line.state.pk not in members:
        return Mark(line.state, OUTSIDE, _("not in the group chosen"), then=line.then)
    return Mark(line.state, line.status, statuses_in_words(line.by_record), is_open=line.is_open, then=line.then)
