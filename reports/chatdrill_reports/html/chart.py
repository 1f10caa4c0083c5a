"""The geometry of the latency chart: one strip for each platform, one dot for each answer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatdrill.checks.results import Latency, Statistic
from chatdrill.trace.transcript.phrases import platform_title, seconds
from chatdrill_reports.html.axis import Axis, Tick, words
from chatdrill_reports.words import counted

_LEFT, _RIGHT = 1.5, 96.0
_DOTS_MAX = 300
_BINS = 120
_LOGARITHMIC_ABOVE = 40.0  # a slowest answer so many times the typical one leaves nothing to see on a linear axis
_TOO_SMALL = 1e-6  # of the whole: what is less lies at the edge
_OFFSETS_PX = (0.0, -3.5, 3.5, -7.0, 7.0, -10.5, 10.5)
ROW_PX, CLOSE_PX = 62, 48
_ROOMY_UP_TO = 5


@dataclass(frozen=True)
class Dot:
    """One answer: where it lies, and pixels above or below the middle of the strip."""

    x: float
    dy: float
    late: bool


def _path(dots: Iterable[Dot], middle: float, spread: float) -> str:
    """Dots as one path: a page of thousands of elements would be slow."""
    return "".join(f"M{dot.x:g} {middle + dot.dy * spread:g}h0" for dot in dots)


@dataclass(frozen=True)
class Strip:
    """One platform's answers. ``shown`` dots stand for ``samples``, evenly picked where there are too many."""

    title: str
    samples: int
    shown: int
    dots: tuple[Dot, ...]
    marks: tuple[Tick, ...]

    def path(self, middle: float, *, late: bool, close: bool = False) -> str:
        """The dots of those that were late, or of the others, around ``middle``, as an SVG path; its width is 100."""
        return _path((dot for dot in self.dots if dot.late == late), middle, 0.6 if close else 1.0)


@dataclass(frozen=True)
class Chart:
    """One kind of response time on all platforms; ``clock`` says by what it was counted, if not by all the time."""

    name: str
    clock: str
    strips: tuple[Strip, ...]
    axis: tuple[Tick, ...]
    promised: Tick | None
    logarithmic: bool
    left: float = _LEFT
    right: float = _RIGHT

    @property
    def height(self) -> int:
        """Pixels."""
        return len(self.strips) * self.row_px + 34

    @property
    def row_px(self) -> int:
        """Pixels of a strip; many of them stand closer."""
        return CLOSE_PX if self.is_close else ROW_PX

    @property
    def middle(self) -> int:
        """Pixels from the top of a strip to its line."""
        return self.row_px - self.reach - (9 if self.is_close else 7)

    @property
    def reach(self) -> int:
        """Pixels of a mark above and below the line."""
        return 8 if self.is_close else 13

    @property
    def is_close(self) -> bool:
        """True where strips stand close."""
        return len(self.strips) > _ROOMY_UP_TO


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
    promised = Tick(axis.x(limit_s), f"promised within {words(limit_s)}") if limit_s else None
    return Chart(name, clock, strips, axis.ticks(), promised, axis.logarithmic)


def _axis(values: Sequence[float], limit_s: float) -> Axis:
    high = max([*values, limit_s, 0.01]) * 1.02
    typical = max(values[len(values) // 2], 0.001)
    measurable = [value for value in values if value >= max(0.001, high * _TOO_SMALL)]
    low = measurable[0] if measurable else high / 10
    logarithmic = bool(measurable) and high / typical > _LOGARITHMIC_ABOVE
    clips = len(measurable) < len(values)
    return Axis(low, high, logarithmic=logarithmic, first=_LEFT, last=_RIGHT, clips=clips)


def _strip(
    platform: str, values: list[float], statistics: dict[str, Statistic], axis: Axis, limit_s: float | None
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


def _dots(values: list[float], axis: Axis, limit_s: float) -> list[Dot]:
    """Answers that took about as long are stacked around the middle, so that none hides another."""
    stacked: dict[int, int] = {}
    dots = []
    for value in values:
        x = axis.x(value)
        place = int(x / 100 * _BINS)
        nth = stacked[place] = stacked.get(place, 0) + 1
        dots.append(Dot(x, _OFFSETS_PX[(nth - 1) % len(_OFFSETS_PX)], value > limit_s))
    return dots
