"""Axes: where a value lies, and which round values are written beside it. Positions are in percent, so that a drawing fits any
screen and its text keeps its size."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from chatdrill.trace.transcript.phrases import length

_TICKS_MAX = 8
_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
_LONG_STEPS = (
    *(15.0, 30.0),
    *(_MINUTE * count for count in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * count for count in (1, 2, 3, 6, 12)),
)
_LADDER = (_MINUTE, 10 * _MINUTE, _HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 30 * _DAY, 365 * _DAY)
_DECIMAL_UP_TO = 100.0
_PARTS = (1, 2, 5)


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis or a strip."""

    x: float
    label: str


class Axis:
    """An axis of seconds that runs from ``first`` to ``last`` percent of the drawing; from 0 to ``high`` if it is not ``logarithmic``.
    ``clips`` if there are values below its lower end, which are drawn there. ``fine``: a logarithmic axis begins at 1, 2 or 5 times a
    power of ten rather than at the power, and has ticks at those where there is room."""

    def __init__(
        self,
        low: float,
        high: float,
        *,
        logarithmic: bool,
        first: float,
        last: float,
        clips: bool = False,
        fine: bool = False,
    ) -> None:
        self.logarithmic = logarithmic
        power: float = 10.0 ** math.floor(math.log10(low))
        self._low = max(power * part for part in _PARTS if power * part <= low * 1.001) if fine else power
        self._high = high
        self._first, self._last = first, last
        self._clips = clips and logarithmic
        self._fine = fine

    def x(self, value: float) -> float:
        """The position of a value."""
        if self.logarithmic:
            share = math.log10(max(value, self._low) / self._low) / math.log10(self._high / self._low)
        else:
            share = value / self._high
        return round(self._first + (self._last - self._first) * min(1.0, max(0.0, share)), 2)

    def ticks(self, about: int = 5, *, say: Callable[[float], str] | None = None) -> tuple[Tick, ...]:
        """Round values along the axis, about so many of them; ``say`` puts one into words."""
        if self.logarithmic:
            values = _fine_ladder(self._low, self._high) if self._fine else _ladder(self._low, self._high)
        else:
            step = round_step(self._high / about)
            values = [step * count for count in range(int(self._high / step + 1e-9) + 1)]
        labels = [(say or words)(value) for value in values]
        labels[:1] = [f"≤ {label}" if self._clips else label for label in labels[:1]]
        return tuple(Tick(self.x(value), label) for value, label in zip(values, labels, strict=True))


def _ladder(low: float, high: float) -> list[float]:
    """Powers of ten as long as seconds are counted, then minutes, hours, days; no more than there is room for."""
    powers = range(round(math.log10(low)), math.floor(math.log10(min(high, _DECIMAL_UP_TO))) + 1)
    values = [10.0**power for power in powers]
    if high >= _DECIMAL_UP_TO:
        values = [value for value in (*values[:-1], *_LADDER) if low <= value <= high]
    return values[:: math.ceil(len(values) / _TICKS_MAX)]


def _fine_ladder(low: float, high: float) -> list[float]:
    """The same, with 2 and 5 times the powers where that is not too much."""
    if high >= _DECIMAL_UP_TO:
        return [value for value in _ladder(10.0 ** math.floor(math.log10(low)), high) if value >= low]
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    for parts in (_PARTS, _PARTS[:1]):
        values = [10.0**power * part for power in powers for part in parts if low * 0.999 <= 10.0**power * part <= high]
        if len(values) <= _TICKS_MAX:
            break
    return values


def round_step(rough: float) -> float:
    """A step as clocks and calendars have them, at least so long."""
    if rough > _LONG_STEPS[-1]:
        return _DAY * decimal_step(rough / _DAY)
    if rough > _LONG_STEPS[0]:
        return next(step for step in _LONG_STEPS if step >= rough)
    return decimal_step(rough)


def words(value: float) -> str:
    """A round value: ``0.5 s``, ``2m``, ``6h``, ``3d``."""
    if value < _MINUTE:
        return f"{value:g} s"
    return length(value) if value % _DAY else f"{value / _DAY:g}d"


def decimal_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at least so much."""
    size = 10 ** math.floor(math.log10(rough))
    return float(next(step * size for step in (1, 2, 5, 10) if step * size >= rough * 0.999))
