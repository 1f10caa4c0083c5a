"""What the figures of a run say that nobody counted: how sure a percentile is, and how many conversations were going on."""

from __future__ import annotations

import math
from collections.abc import Sequence

from chatdrill_load.figures import Distribution, Reading, Row, Window
from chatdrill_load.figures.reading import ALL

WINDOWS_MIN = 5
"""With fewer intervals, how much they differ from each other says nothing."""

_PORTIONS = 40


def between(figures: Reading, windows: Sequence[Window], row: Row) -> dict[float, tuple[float, float | None]]:
    """Bounds in seconds between which each percentile of a row lies, 19 times out of 20; the upper one is ``None`` where it lies
    beyond the samples that there are.

    They are order statistics around the percentile (R. S. Woodruff, 1952). Customers who come at the same time get slow answers
    together, so how far is told by the intervals of the run, as a sample of clusters (W. G. Cochran, Sampling Techniques, 1977,
    chapter 9), and never less than single samples would say. Load that rises during the run makes the bounds wider, not narrower.
    """
    platform, name = (None if one == ALL else one for one in (row.platform, row.name))
    parts = [part for one in windows if (part := one.latency(row.kind, platform=platform, name=name)).samples]
    if len(parts) < WINDOWS_MIN:
        return {}
    whole = figures.latency(row.kind, platform=platform, name=name)
    return {percent: _bounds(whole, parts, percent, value_s) for percent, value_s in row.percentiles_s.items()}


def _bounds(
    whole: Distribution, parts: Sequence[Distribution], percent: float, value_s: float
) -> tuple[float, float | None]:
    share = 1 - percent / 100
    single = share * (1 - share) / whole.samples
    # Many samples may be equal to the percentile: whether they count as slow must not decide how sure it is.
    spread = max(_spread_of(whole, parts, value_s, or_equal=or_equal) for or_equal in (True, False))
    variance = max(single, spread * len(parts) / (len(parts) - 1))
    reach = 100 * _student(len(parts) - 1) * math.sqrt(variance)
    low, high = percent - reach, percent + reach
    return (
        whole.percentile_s(low) if low > 0 else 0.0,
        whole.percentile_s(high) if high < 100 * (1 - 1 / whole.samples) else None,
    )


def _spread_of(whole: Distribution, parts: Sequence[Distribution], value_s: float, *, or_equal: bool) -> float:
    """How much the shares of slow samples differ among the intervals: the variance of a ratio, less the correction for few of them."""
    slow = [(part.samples - part.within(value_s, or_equal=or_equal), part.samples) for part in parts]
    mean = sum(count for count, _ in slow) / whole.samples
    return sum((count - mean * samples) ** 2 for count, samples in slow) / whole.samples**2


def _student(freedom: int) -> float:
    """The two-sided 95 % point of Student's t; the first terms of Cornish and Fisher's expansion are within 1 % from 4 degrees on."""
    return 1.960 + 2.372 / freedom + 2.823 / freedom**2


def open_on_average(windows: Sequence[Window]) -> list[float]:
    """How many conversations were going on, on average over each window: each window's conversations, begun evenly in it, as long
    as they took. Exact but for that evenness, on however many machines they were played."""
    sums = [0.0] * len(windows)
    for window in windows:
        found = window.latency("conversation")
        for portion in range(_PORTIONS if found.samples else 0):
            took_s = found.percentile_s(100 * (portion + 0.5) / _PORTIONS)
            _spread(sums, window.number, found.samples / _PORTIONS, took_s / window.length_s)
    return sums


def _spread(sums: list[float], first: int, count: float, took: float) -> None:
    """Add ``count`` conversations that began in the window ``first`` and took so many windows."""
    for number in range(first, min(len(sums), first + math.ceil(took) + 1)):
        later = number - first
        sums[number] += count * (_filled(later + 1, took) - 2 * _filled(later, took) + _filled(later - 1, took))


def _filled(x: float, took: float) -> float:
    """The integral from 0 to x of how much of a conversation lies within so much time of its beginning."""
    if x <= 0:
        return 0.0
    return x * x / 2 if x <= took else took * (x - took / 2)
