"""What a number of tries says about the next: rates, how sure they are, and how likely several good ones in a row. Pure numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb, sqrt
from typing import NamedTuple

CONFIDENCE = 0.95
_Z = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution: 2.5 % lie beyond either end of the interval."""


class Interval(NamedTuple):
    """From ``low`` to ``high``, both shares."""

    low: float
    high: float


def wilson(passes: int, tries: int) -> Interval:
    """Wilson's score interval of a rate, at ``CONFIDENCE``; everything is possible where nothing was tried.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212. Unlike the
    usual interval it is right for few tries and near 0 and 1.
    """
    if not tries:
        return Interval(0.0, 1.0)
    rate, weight = passes / tries, _Z * _Z / tries
    middle = (rate + weight / 2) / (1 + weight)
    half = _Z / (1 + weight) * sqrt(rate * (1 - rate) / tries + weight / (4 * tries))
    return Interval(max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half)))


def pass_power(passes: int, tries: int, row: int) -> float:
    """pass^k: the chance that ``row`` tries in a row all pass, without bias: the share of all choices of so many tries in which each
    passed. ``row`` is at most ``tries``.

    Yao et al., "tau-bench" (2024), arXiv 2406.12045. The rate to the power of k would be too high.
    """
    return comb(passes, row) / comb(tries, row)


def pass_powers(passes: int, tries: int, most: int) -> tuple[float, ...]:
    """pass^1, pass^2 ... as far as ``most`` and the tries go."""
    return tuple(pass_power(passes, tries, row) for row in range(1, min(tries, most) + 1))


def mean_powers(powers: Iterable[Sequence[float]]) -> tuple[float, ...]:
    """The mean of pass^1, pass^2 ... over several cases, as far as all of them go; those that were not tried do not count."""
    tried = [power for power in powers if power]
    return tuple(sum(column) / len(tried) for column in zip(*tried, strict=False))
