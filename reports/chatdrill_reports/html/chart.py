"""The geometry of the latency chart: one strip for each platform, one dot for each answer. Positions are in percent of
the width, so that the drawing fits any screen and its text keeps its size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chatdrill.checks.results import Latency, Statistic
from chatdrill.trace.transcript.phrases import length, platform_title, seconds
from chatdrill_reports.words import counted

_LEFT, _RIGHT = 1.5, 96.0
_DOTS_MAX = 300
_BINS = 120
_LOGARITHMIC_ABOVE = 40.0  # a slowest answer so many times the typical one leaves nothing to see on a linear axis
_TOO_SMALL = 1e-6  # of the whole: what is less lies at the edge
_TICKS_MAX = 8
_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
_LONG_STEPS = (
    *(15.0, 30.0),
    *(_MINUTE * count for count in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * count for count in (1, 2, 3, 6, 12)),
)
_LADDER = (_MINUTE, 10 * _MINUTE, _HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 30 * _DAY, 365 * _DAY)
_DECIMAL_UP_TO = 100.0
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
    """One kind of response time on all platforms; ``clock`` says by what it was counted, if not by all the time."""

    name: str
    clock: str
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
    """``clips`` if there are values below its lower end, which are drawn there."""

    def __init__(self, low: float, high: float, logarithmic: bool, clips: bool) -> None:
        self.logarithmic = logarithmic
        self._low: float = 10.0 ** math.floor(math.log10(low))
        self._high = high
        self._clips = clips and logarithmic

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
            values = _ladder(self._low, self._high)
        else:
            step = _round_step(self._high / 5)
            values = [step * count for count in range(int(self._high / step + 1e-9) + 1)]
        labels = [_words(value) for value in values]
        labels[:1] = [f"≤ {label}" if self._clips else label for label in labels[:1]]
        return tuple(Tick(self.x(value), label) for value, label in zip(values, labels, strict=True))


def _ladder(low: float, high: float) -> list[float]:
    """Powers of ten as long as seconds are counted, then minutes, hours, days; no more than there is room for."""
    powers = range(round(math.log10(low)), math.floor(math.log10(min(high, _DECIMAL_UP_TO))) + 1)
    values = [10.0**power for power in powers]
    if high >= _DECIMAL_UP_TO:
        values = [value for value in (*values[:-1], *_LADDER) if low <= value <= high]
    return values[:: math.ceil(len(values) / _TICKS_MAX)]


def _round_step(rough: float) -> float:
    """A step as clocks and calendars have them, at least so long."""
    if rough > _LONG_STEPS[-1]:
        return _DAY * _decimal_step(rough / _DAY)
    if rough > _LONG_STEPS[0]:
        return next(step for step in _LONG_STEPS if step >= rough)
    return _decimal_step(rough)


def _words(value: float) -> str:
    """A round value: ``0.5 s``, ``2m``, ``6h``, ``3d``."""
    if value < _MINUTE:
        return f"{value:g} s"
    return length(value) if value % _DAY else f"{value / _DAY:g}d"


def _decimal_step(rough: float) -> float:
    size = 10 ** math.floor(math.log10(rough))
    return float(next(step * size for step in (1, 2, 5, 10) if step * size >= rough * 0.999))


def draw(name: str, latencies: Sequence[Latency], statistics: Sequence[Statistic], limit_s: float | None) -> Chart:
    """The chart of one kind of latency by one clock; ``limit_s`` is what was promised."""
    values = sorted(latency.seconds for latency in latencies)
    clock = next(map(counted, latencies), "")
    axis = _axis(values, limit_s or 0.0)
    by_platform = {one.platform: one for one in statistics if one.name == name and counted(one) == clock}
    platforms = dict.fromkeys(latency.platform for latency in latencies)
    strips = tuple(
        _strip(
            platform, sorted(one.seconds for one in latencies if one.platform == platform), by_platform, axis, limit_s
        )
        for platform in platforms
    )
    promised = Tick(axis.x(limit_s), f"promised within {_words(limit_s)}") if limit_s else None
    return Chart(name, clock, strips, axis.ticks(), promised, axis.logarithmic)


def _axis(values: Sequence[float], limit_s: float) -> _Axis:
    high = max([*values, limit_s, 0.01]) * 1.02
    typical = max(values[len(values) // 2], 0.001)
    measurable = [value for value in values if value >= max(0.001, high * _TOO_SMALL)]
    low = measurable[0] if measurable else high / 10
    logarithmic = bool(measurable) and high / typical > _LOGARITHMIC_ABOVE
    return _Axis(low, high, logarithmic, clips=len(measurable) < len(values))


def _strip(
    platform: str, values: list[float], statistics: dict[str, Statistic], axis: _Axis, limit_s: float | None
) -> Strip:
    statistic = statistics.get(platform)
    marks = (("p50", statistic.p50_s), ("p95", statistic.p95_s)) if statistic else ()
    days = statistic is None or statistic.calendar is None
    picked = _pick(values)
    return Strip(
        title=platform_title(platform),
        samples=len(values),
        shown=len(picked),
        dots=tuple(_dots(picked, axis, limit_s or math.inf)),
        marks=tuple(Tick(axis.x(value), f"{name} {seconds(value, days=days)}") for name, value in marks),
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
