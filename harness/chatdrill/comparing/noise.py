"""Which changes of response times are more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

_FLOOR_S = {True: 0.05, False: 0.25}
"""Seconds that nobody notices: in virtual time, in which only the bot's own pauses count, and in real time, where machines differ."""
_RATIO = 1.5
_DEVIATIONS = 3.0
_OF_NORMAL = 1.4826  # makes the median absolute deviation that of a normal distribution
_ENOUGH = 8
"""Fewer pairs than this say nothing about how much times scatter."""


def threshold_s(pairs: Sequence[tuple[float, float]], *, drill: bool) -> float:
    """From how many seconds on a change counts: three robust standard deviations of all the changes, and never less than a floor."""
    floor = _FLOOR_S[drill]
    if len(pairs) < _ENOUGH:
        return floor
    changes = [after - before for before, after in pairs]
    middle = median(changes)
    deviation = median(abs(change - middle) for change in changes)
    return max(floor, _DEVIATIONS * _OF_NORMAL * deviation)


def is_beyond(before: float, after: float, least_s: float) -> bool:
    """True for a change of at least ``least_s`` seconds that is also more than half as much again."""
    low, high = sorted((max(before, 0.0), max(after, 0.0)))
    return high - low > least_s and high > low * _RATIO
