"""The geometry of drawings: numbers in, coordinates out. The templates draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Point = tuple[date, tuple[int, int]]
"""A day with the least and the most that the number can be from then on."""
LEFT, RIGHT, TOP, BOTTOM = 40, 96, 16, 28


@dataclass(frozen=True)
class Tick:
    at: float
    label: str
    is_minor: bool = False


@dataclass(frozen=True)
class Chart:
    """A step line of a number over time, in the units of the drawing's view box."""

    width: int
    height: int
    line: str
    area: str
    band: str
    """What lies between the least and the most; empty where the number is known on all days."""
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    end_x: float
    end_y: float
    end_value: tuple[int, int]
    """The least and the most that the number can be on the last day."""
    marks: list[Tick]
    """Days that matter, with their words."""
    left: int = LEFT

    @property
    def top(self) -> int:
        return TOP

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def bottom(self) -> int:
        return self.height - BOTTOM


MOST_POINTS = 400
"""As many days of change as the width of a drawing can show."""


def thinned(points: Sequence[Point], most: int = MOST_POINTS) -> list[Point]:
    """The points as they are, or the last one of each of equal spans of time where there are more than can be drawn."""
    if len(points) <= most:
        return list(points)
    first, last = points[0][0], points[-1][0]
    span = max((last - first).days, 1)
    by_span = {(day - first).days * (most - 2) // span: (day, value) for day, value in points[1:]}
    return [points[0], *by_span.values()]


def step_chart(
    points: Sequence[Point],
    *,
    last: date,
    ceiling: int,
    y_values: Sequence[int],
    floor: int = 0,
    marks: Sequence[tuple[date, str]] = (),
    width: int = 760,
    height: int = 320,
) -> Chart:
    """Draw a number that holds from one day of change to the next. The points ascend; the line runs on to the last day.

    Each point is a day with the least and the most that the number can be. The line is that of the least, the band is between.
    Args: floor: the number at the bottom of the drawing; marks: days to be marked, with words.
    """
    first = points[0][0]
    span = max((last - first).days, 1)
    wide, high = width - LEFT - RIGHT, height - TOP - BOTTOM

    def x(day: date) -> float:
        return round(LEFT + wide * (day - first).days / span, 1)

    def y(value: int) -> float:
        return round(TOP + high * (1 - (value - floor) / (ceiling - floor)), 1)

    line = _steps(
        f"M{x(first)} {y(points[0][1][0])}", [(x(day), y(least)) for day, (least, _most) in points[1:]], x(last)
    )
    band = "".join(
        f"M{x(day)} {y(least)}V{y(most)}H{x(until)}V{y(least)}Z"
        for (day, (least, most)), until in zip(points, [*(day for day, _ in points[1:]), last], strict=True)
        if least != most and until > day
    )
    years = range(first.year + 1, last.year + 1)
    every = next(step for step in (1, 5, 10, 25, 50, 100, 250, 500, 1000) if len(years) / step <= 9)
    x_ticks = [
        Tick(x(date(year, 1, 1)), str(year), is_minor=year % (2 * every) != 0)
        for year in years
        if year % every == 0 and date(year, 1, 1) >= first
    ]
    return Chart(
        width=width,
        height=height,
        line=line,
        band=band,
        area=f"{line}V{y(floor)}H{x(first)}Z",
        marks=[Tick(x(day), words) for day, words in marks if first <= day <= last],
        x_ticks=x_ticks,
        y_ticks=[Tick(y(value), str(value)) for value in y_values],
        end_x=x(last),
        end_y=y(points[-1][1][0]),
        end_value=points[-1][1],
    )


def _steps(start: str, corners: Sequence[tuple[float, float]], end: float) -> str:
    """A line that goes on level to each corner and up or down there."""
    return "".join([start, *(f"H{x}V{y}" for x, y in corners), f"H{end}"])
