"""Latency over time: how long a spike is felt, and whether the bot falls further and further behind.

Both read windows, not single replies: a window has the percentile that a gate names, of the customers who meant to write in
it. The caller chooses the percentile; a window in which customers wrote and nobody was answered is ``math.inf``, one in which
nobody wrote is ``None`` and says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

_RISING_Z = (
    3.0  # three standard errors: one steady trial in about 740 would be called rising if its windows were independent
)
FELT_SHARE = 0.5
"""What latency gains is felt if it is half of what was usual at least."""


@dataclass(frozen=True)
class WindowValue:
    """Seconds since the start of the run, and the latency (or the lag) seen between them in seconds."""

    start_s: float
    end_s: float
    value_s: float | None


def recovery_s(
    windows: Sequence[WindowValue], bar_s: float, spike_end_s: float, *, stays_s: float = 0.0
) -> float | None:
    """Seconds from the end of the spike until latency is within the bar for good.

    0 if it never left the bar after the spike; ``None`` if the windows end before it was back, or before it had
    stayed back for ``stays_s``. The windows are in order of time; those that end before the spike does are ignored.
    """
    after = [(one.end_s, one.value_s) for one in windows if one.end_s > spike_end_s and one.value_s is not None]
    back_s = max((end_s for end_s, value_s in after if value_s > bar_s), default=spike_end_s)
    last_s = max((end_s for end_s, _ in after), default=spike_end_s)
    stayed_s = last_s - back_s
    return back_s - spike_end_s if stayed_s > 0 and stayed_s >= stays_s else None


@dataclass(frozen=True)
class Trend:
    """Where latency goes: seconds gained for each second of the run, the usual latency, and whether it keeps rising."""

    slope: float
    median_s: float
    is_rising: bool


def trend(windows: Sequence[WindowValue]) -> Trend:
    """The trend of latency over time.

    The slope is the median of the slopes between all pairs of windows (P. K. Sen, 1968), which one stall does not move. It counts
    as rising by the test of H. B. Mann (1945) and M. G. Kendall, and only if the gain can be felt. A trial that held
    although its latency was rising was too short: the queue was still filling.
    """
    points = [(_middle(one), one.value_s) for one in windows if one.value_s is not None and math.isfinite(one.value_s)]
    if len(points) < 2:
        return Trend(0.0, points[0][1] if points else 0.0, False)
    pairs = list(combinations(points, 2))
    slope = median((b - a) / (s - r) for (r, a), (s, b) in pairs)
    usual_s = median(value for _, value in points)
    gained_s = slope * (points[-1][0] - points[0][0])
    return Trend(slope, usual_s, _mann_kendall_z(points) > _RISING_Z and gained_s > FELT_SHARE * usual_s)


def _mann_kendall_z(points: Sequence[tuple[float, float]]) -> float:
    count = len(points)
    score = sum((b > a) - (b < a) for (_, a), (_, b) in combinations(points, 2))
    spread = math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    return (score - (score > 0) + (score < 0)) / spread


def _middle(window: WindowValue) -> float:
    return (window.start_s + window.end_s) / 2
