"""The map of the world: the shape of every State, coloured by its status. The shapes are made by data/make_world.mjs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from treaties.status import Board, Line

WORLD = Path(__file__).parent / "data" / "world.json"


@dataclass(frozen=True)
class Shape:
    """A State on the map; small ones are a dot as well."""

    line: Line
    path: str
    dot: tuple[float, float] | None


@dataclass(frozen=True)
class WorldMap:
    width: int
    height: int
    territories: str
    shapes: Sequence[Shape]


@cache
def _world() -> dict[str, Any]:
    world: dict[str, Any] = json.loads(WORLD.read_text(encoding="utf-8"))
    return world


def world_map(board: Board) -> WorldMap:
    """The map of a treaty on a day. Dots are drawn last, so that no neighbour hides them."""
    world = _world()
    shapes = [
        Shape(line, own["d"], tuple(own["dot"]) if own["dot"] else None)
        for line in board.lines
        if (own := world["states"][line.state.pk])
    ]
    return WorldMap(
        world["width"], world["height"], world["territories"], sorted(shapes, key=lambda shape: shape.dot is not None)
    )
