"""What a drawing is made of: panels below each other on one axis. Positions are percent of a panel, from its upper left corner, so
that it fits any screen; words stand beside the lines as text of the page, and keep their size."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from chatdrill_reports.html.axis import Axis, Tick, decimal_step

_TOP, _BOTTOM = 4.0, 100.0
_LOGARITHMIC_ABOVE = 20.0  # a highest value so many times the lowest leaves nothing to see of it on a linear axis
_LOWEST_S = 0.0001
_HEADROOM = 1.08
_LABELS_APART = 6.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A stroke: an SVG path and the class that says how it looks."""

    path: str
    look: str


@dataclass(frozen=True)
class Box:
    """A rectangle; ``words`` are shown where a reader points at it."""

    x: float
    y: float
    width: float
    height: float
    look: str
    words: str = ""


@dataclass(frozen=True)
class Label:
    """Words at a place in a panel."""

    x: float
    y: float
    words: str
    look: str


@dataclass(frozen=True)
class Panel:
    """A drawing with a scale at its left; the first of ``ticks`` is the lowest."""

    title: str
    height_px: int
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...] = ()
    boxes: tuple[Box, ...] = ()
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Plot:
    """Panels on one axis. ``legend`` are looks and their words, ``bands`` stretches marked in all panels, ``said`` is the drawing for
    those who do not see it."""

    title: str
    panels: tuple[Panel, ...]
    axis: tuple[Tick, ...]
    said: str
    legend: tuple[tuple[str, str], ...] = ()
    bands: tuple[Box, ...] = ()
    note: str = ""
    axis_title: str = ""
    hits: tuple[Box, ...] = field(default=())


def latency_axis(values: Iterable[float], *, logarithmic: bool | None = None) -> Axis:
    """An upright axis of seconds for these values: logarithmic where they lie far apart."""
    known = [max(value, _LOWEST_S) for value in values] or [_LOWEST_S, 1.0]
    low, high = min(known), max(known) * _HEADROOM
    far = high / low > _LOGARITHMIC_ABOVE if logarithmic is None else logarithmic
    return Axis(low, max(high, low * 10 if far else high), logarithmic=far, first=_BOTTOM, last=_TOP, fine=True)


def count_steps(high: float, about: int) -> tuple[list[float], float]:
    """Round values of an axis that counts from 0, and the value at its end."""
    top = max(high, 1e-9) * _HEADROOM
    step = decimal_step(top / about)
    return [step * number for number in range(int(top / step + 1e-9) + 1)], top


def count_ticks(high: float, about: int = 3) -> tuple[list[Tick], float]:
    """Ticks of an upright axis that counts from 0, and the value at its upper end."""
    values, top = count_steps(high, about)
    return [Tick(height(value, top), f"{value:,g}") for value in values], top


def height(value: float, top: float) -> float:
    """The position of a value on an upright axis from 0 to ``top``."""
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(1.0, max(0.0, value / top)), 2)


def strokes(points: Sequence[Point | None]) -> str:
    """A path through points, interrupted where one is missing; a lone point is a dot."""
    return "".join(map(_stroke, _runs(points)))


def _stroke(run: list[Point]) -> str:
    (x, y), *rest = run
    return f"M{x:g} {y:g}" + ("".join(f"L{x:g} {y:g}" for x, y in rest) or "h0")


def _runs(points: Sequence[Point | None]) -> Iterator[list[Point]]:
    run: list[Point] = []
    for point in (*points, None):
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []


def dots(points: Iterable[Point | None]) -> str:
    """A path that is a dot at each point."""
    return "".join(f"M{x:g} {y:g}h0" for x, y in filter(None, points))


def area(points: Sequence[Point | None]) -> str:
    """A path that is filled down to the bottom."""
    return "".join(f"{_stroke(run)}L{run[-1][0]:g} {_BOTTOM:g}L{run[0][0]:g} {_BOTTOM:g}Z" for run in _runs(points))


def bar(x: float, width: float, y: float, look: str) -> Box:
    """A bar that stands on the bottom."""
    return Box(round(x, 3), y, round(width, 3), round(_BOTTOM - y, 2), look)


def apart(labels: Sequence[Label]) -> tuple[Label, ...]:
    """The labels, moved down where one would lie on another."""
    placed: list[Label] = []
    for label in sorted(labels, key=lambda one: one.y):
        lowest = placed[-1].y + _LABELS_APART if placed else -math.inf
        placed.append(Label(label.x, max(label.y, lowest), label.words, label.look))
    return tuple(placed)
