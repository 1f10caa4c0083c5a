"""The geometry of the latency chart: one strip for each platform, one dot for each answer. Positions are in percent of
the width, so that the drawing fits any screen and its text keeps its size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chatdrill.checks.results import Latency, Statistic
from chatdrill.trace.transcript.phrases import platform_title, seconds

_LEFT, _RIGHT = 1.5, 96.0
_DOTS_MAX = 300
_BINS = 120
_LOGARITHMIC_ABOVE = 40.0  # a slowest answer so many times the typical one leaves nothing to see on a linear axis
_OFFSETS_PX = (0.0, -3.5, 3.5, -7.0, 7.0, -10.5, 10.5)
ROW_PX = 62


@dataclass(frozen=True)
class Dot:
    """One answer: where it lies, and pixels above or below the middle of the strip."""

    x: float
    dy: float
    late: bool


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis or a strip."""

    x: float
    label: str


@dataclass(frozen=True)
class Strip:
    """One platform's answers. ``shown`` dots stand for ``samples``, evenly picked where there are too many."""

    title: str
    samples: int
    shown: int
    dots: tuple[Dot, ...]
    marks: tuple[Tick, ...]


@dataclass(frozen=True)
class Chart:
    """One kind of response time on all platforms."""

    name: str
    strips: tuple[Strip, ...]
    axis: tuple[Tick, ...]
    promised: Tick | None
    logarithmic: bool
    row_px: int = ROW_PX
    left: float = _LEFT
    right: float = _RIGHT

    @property
    def height(self) -> int:
        """Pixels."""
        return len(self.strips) * ROW_PX + 34


class _Axis:
    def __init__(self, low: float, high: float, logarithmic: bool) -> None:
        self.logarithmic = logarithmic
        self._low: float = 10.0 ** math.floor(math.log10(low))
        self._high = high

    def x(self, value: float) -> float:
        """The position of a value."""
        if self.logarithmic:
            share = math.log10(max(value, self._low) / self._low) / math.log10(self._high / self._low)
        else:
            share = value / self._high
        return round(_LEFT + (_RIGHT - _LEFT) * min(1.0, max(0.0, share)), 2)

    def ticks(self) -> tuple[Tick, ...]:
        """Round values along the axis."""
        if self.logarithmic:
            powers = range(round(math.log10(self._low)), math.floor(math.log10(self._high)) + 1)
            values = [10.0**power for power in powers]
        else:
            step = _round_step(self._high / 5)
            values = [step * count for count in range(int(self._high / step + 1e-9) + 1)]
        return tuple(Tick(self.x(value), f"{value:g} s") for value in values)


def _round_step(rough: float) -> float:
    size = 10 ** math.floor(math.log10(rough))
    return float(next(step * size for step in (1, 2, 5, 10) if step * size >= rough * 0.999))


def draw(name: str, latencies: Sequence[Latency], statistics: Sequence[Statistic], limit_s: float | None) -> Chart:
    """The chart of one kind of latency; ``limit_s`` is what was promised."""
    values = sorted(latency.seconds for latency in latencies)
    axis = _axis(values, limit_s or 0.0)
    by_platform = {one.platform: one for one in statistics if one.name == name}
    platforms = dict.fromkeys(latency.platform for latency in latencies)
    strips = tuple(
        _strip(
            platform, sorted(one.seconds for one in latencies if one.platform == platform), by_platform, axis, limit_s
        )
        for platform in platforms
    )
    promised = Tick(axis.x(limit_s), f"promised within {limit_s:g} s") if limit_s else None
    return Chart(name, strips, axis.ticks(), promised, axis.logarithmic)


def _axis(values: Sequence[float], limit_s: float) -> _Axis:
    high = max([*values, limit_s, 0.01]) * 1.02
    typical = max(values[len(values) // 2], 0.001)
    low = max(0.001, values[0])
    return _Axis(low, high, logarithmic=high / typical > _LOGARITHMIC_ABOVE)


def _strip(
    platform: str, values: list[float], statistics: dict[str, Statistic], axis: _Axis, limit_s: float | None
) -> Strip:
    statistic = statistics.get(platform)
    marks = (("p50", statistic.p50_s), ("p95", statistic.p95_s)) if statistic else ()
    picked = _pick(values)
    return Strip(
        title=platform_title(platform),
        samples=len(values),
        shown=len(picked),
        dots=tuple(_dots(picked, axis, limit_s or math.inf)),
        marks=tuple(Tick(axis.x(value), f"{name} {seconds(value)}") for name, value in marks),
    )


def _pick(values: list[float]) -> list[float]:
    """At most so many values, evenly picked, the fastest and the slowest among them."""
    if len(values) <= _DOTS_MAX:
        return values
    return [values[round(index * (len(values) - 1) / (_DOTS_MAX - 1))] for index in range(_DOTS_MAX)]


def _dots(values: list[float], axis: _Axis, limit_s: float) -> list[Dot]:
    """Answers that took about as long are stacked around the middle, so that none hides another."""
    stacked: dict[int, int] = {}
    dots = []
    for value in values:
        x = axis.x(value)
        place = int(x / 100 * _BINS)
        nth = stacked[place] = stacked.get(place, 0) + 1
        dots.append(Dot(x, _OFFSETS_PX[(nth - 1) % len(_OFFSETS_PX)], value > limit_s))
    return dots
