"""The knee of a latency curve: the rate beyond which a little more load costs a lot more time.

The method is Kneedle (V. Satopää, J. Albrecht, D. Irwin, B. Raghavan, "Finding a 'Kneedle' in a Haystack: Detecting Knee
Points in System Behavior", ICDCS Workshops 2011). Both axes are scaled to 0..1. A curve of latency over rate rises and
bends upwards, so it lies below the diagonal; its knee is where it lies furthest below. A local maximum of that
distance counts once the distance has fallen from it by ``sensitivity`` mean steps, so that a ripple is no knee.

The paper smooths with a spline first. Here a rate that was tried several times is averaged instead: the points are few, and
a spline through a cliff rings on both sides of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

SENSITIVITY = 1.0
"""The paper's own value for data that are complete before they are judged."""

_POINTS_MIN = 4  # three points have one inner point, and that bends wherever it lies


@dataclass(frozen=True)
class Knee:
    """Where the curve bends: customers a second, and the latency there in seconds."""

    rate_per_s: float
    latency_s: float


def knee(points: Iterable[tuple[float, float]], *, sensitivity: float = SENSITIVITY) -> Knee | None:
    """The first knee of ``(rate, latency)`` points in any order; ``None`` for a line, a flat curve or too few points."""
    curve = _averaged(points)
    if len(curve) < _POINTS_MIN:
        return None
    rates, latencies = [rate for rate, _ in curve], [latency for _, latency in curve]
    if max(latencies) == min(latencies):
        return None
    below = [x - y for x, y in zip(_scaled(rates), _scaled(latencies), strict=True)]
    found = _first_peak(below, sensitivity / (len(curve) - 1))
    return None if found is None else Knee(*curve[found])


def _averaged(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    seen: dict[float, list[float]] = {}
    for rate, latency in points:
        seen.setdefault(rate, []).append(latency)
    return [(rate, fmean(latencies)) for rate, latencies in sorted(seen.items())]


def _scaled(values: Sequence[float]) -> list[float]:
    least, span = min(values), max(values) - min(values)
    return [(value - least) / span for value in values]


def _first_peak(heights: Sequence[float], drop: float) -> int | None:
    """The first local maximum after which the curve falls by ``drop`` before it rises to another."""
    peak: int | None = None
    for index in range(1, len(heights)):
        last = index == len(heights) - 1
        if not last and heights[index - 1] < heights[index] >= heights[index + 1]:
            peak = index
        if peak is not None and heights[peak] - heights[index] > drop:
            return peak
    return None
