"""How sure one can be that something has changed. Pure numbers; each method has its source."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan, exp, log, pi, sqrt
from statistics import fmean, median, stdev
from typing import NamedTuple

SURE = 0.95
_ENDS = round(2 / (1 - SURE))
"""Beyond each end of an interval lies one in so many."""
FALSE_SHARE = 0.05
"""The share of what is called slower that may be so by chance."""


class Middle(NamedTuple):
    """A median with its interval at ``SURE``."""

    value: float
    low: float
    high: float


def median_interval(values: Sequence[float]) -> Middle | None:
    """The median, and between which two of the values that of the whole lies at ``SURE``; ``None`` for fewer than six values, which say
    too little.

    The interval of the sign test, by order statistics: it assumes nothing of how values are distributed (Conover, Practical
    Nonparametric Statistics, 3rd ed., 3.2).
    """
    ordered, count = sorted(values), len(values)
    choices, below, left_out = 1, 0, -1  # whole numbers: the shares of many values are too small for floats
    while (below + choices) * _ENDS <= 2**count:
        below += choices
        left_out += 1
        choices = choices * (count - left_out) // (left_out + 1)
    return None if left_out < 0 else Middle(median(ordered), ordered[left_out], ordered[count - 1 - left_out])


class Forecast(NamedTuple):
    """What earlier values let one expect of the next, all above zero: the usual one, ``low`` to ``high`` at ``SURE`` (the upper end is
    that of a one-sided bound), and how likely the one that came, or a higher one, was (``chance``)."""

    usual: float
    low: float
    high: float
    chance: float


def forecast(earlier: Sequence[float], now: float, *, least: float, spread: float) -> Forecast | None:
    """How a value compares with at least four earlier ones: the prediction interval of a normal distribution of logarithms, since times
    vary by factors (Hahn and Meeker, Statistical Intervals, 4.7). ``None`` for fewer.

    Values below ``least`` count as ``least``; a relative ``spread`` is assumed even where the earlier values are more alike.
    """
    if len(earlier) < EARLIER_MIN:
        return None
    logs = [log(max(value, least)) for value in earlier]
    middle, freedom = fmean(logs), len(logs) - 1
    error = max(stdev(logs), log(1 + spread)) * sqrt(1 + 1 / len(logs))
    reach = error * _quantile(freedom)
    chance = student_tail((log(max(now, least)) - middle) / error, freedom)
    return Forecast(exp(middle), exp(middle - reach), exp(middle + reach), chance)


EARLIER_MIN = 4


def student_tail(t: float, freedom: int) -> float:
    """The chance that Student's t with so many degrees of freedom exceeds ``t``: the finite series of Abramowitz and Stegun, 26.7.3
    and 26.7.4."""
    angle = atan(abs(t) / sqrt(freedom))
    cos2 = 1 / (1 + t * t / freedom)
    sine = sqrt(1 - cos2)
    odd = freedom % 2
    term = sqrt(cos2) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(1, (freedom - 1) // 2 if odd else freedom // 2):
        term *= cos2 * (2 * step / (2 * step + 1) if odd else (2 * step - 1) / (2 * step))
        total += term
    inside = 2 / pi * (angle + sine * total) if odd else sine * total
    return (1 - inside) / 2 if t >= 0 else (1 + inside) / 2


def _quantile(freedom: int) -> float:
    """What t exceeds with a chance of 1 - ``SURE``."""
    low, high = 0.0, 1000.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_tail(middle, freedom) > 1 - SURE else (low, middle)
    return high


def discoveries(chances: Sequence[float]) -> list[bool]:
    """Which of many chances are small enough, if of those at most ``FALSE_SHARE`` shall be so by chance: Benjamini and Hochberg, JRSS B
    57 (1995), 289-300."""
    ordered = sorted(chances)
    ranks = [rank for rank, chance in enumerate(ordered, start=1) if chance <= FALSE_SHARE * rank / len(ordered)]
    bound = ordered[ranks[-1] - 1] if ranks else -1.0
    return [chance <= bound for chance in chances]
