"""A rate that changes over time, in straight pieces: how many customers it means until a moment, and when each of them comes.

The number of customers until ``t`` is the integral of the rate. Within a piece that is a parabola, so that the moment of
customer ``k`` has a closed form. Each moment is computed from its own ``k``: nothing is added up from arrival to arrival, and
the ten-millionth is as exact as the first.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple


class Piece(NamedTuple):
    """From ``start_s`` on, for ``length_s`` seconds, the rate goes straight from ``rate`` to ``end_rate`` (per second).

    A piece without an end keeps its rate.
    """

    start_s: float
    length_s: float
    rate: float
    end_rate: float

    @property
    def slope(self) -> float:
        """By how much the rate grows, per second and second."""
        return (self.end_rate - self.rate) / self.length_s

    @property
    def total(self) -> float:
        """How many customers come in the whole piece."""
        if math.isinf(self.length_s):
            return math.inf if self.rate else 0.0
        return (self.rate + self.end_rate) / 2 * self.length_s

    def so_far(self, elapsed_s: float) -> float:
        """How many customers have come ``elapsed_s`` seconds after the start."""
        return (self.rate + self.slope * elapsed_s / 2) * elapsed_s

    def elapsed_s(self, count: float) -> float:
        """When so many customers have come, in seconds after the start: the root of ``count`` that does not cancel out."""
        if not count:
            return 0.0
        root = math.sqrt(max(0.0, self.rate * self.rate + 2 * self.slope * count))
        return min(2 * count / (self.rate + root), self.length_s)


class Fall(NamedTuple):
    """At ``ends_s`` the rate falls to what it was before ``begins_s``, or lower, and changes again at ``next_s``. Where it never was so low
    before, ``begins_s`` is 0."""

    begins_s: float
    ends_s: float
    next_s: float


Straight = tuple[float, float, float]
"""Length in seconds, rate at the start, rate at the end."""


class Curve:
    """Pieces one after the other; they may be endless, and are made when they are needed. After the last, nobody comes."""

    def __init__(self, straights: Iterable[Straight]) -> None:
        self._more = iter(straights)
        self._pieces: list[Piece] = []
        self._ends_s: list[float] = [0.0]
        self._totals: list[float] = [0.0]
        """How many customers come before each piece, and before the one that is not made yet."""

    def rate_at(self, t_s: float) -> float:
        """The rate at a moment, per second; where it jumps, the rate after the jump."""
        index = self._index(t_s)
        if t_s < 0 or index >= len(self._pieces):
            return 0.0
        piece = self._pieces[index]
        return piece.rate + piece.slope * (t_s - piece.start_s)

    def count_until(self, t_s: float) -> float:
        """How many customers come until a moment: the integral of the rate."""
        index = self._index(max(0.0, t_s))
        if t_s <= 0 or index >= len(self._pieces):
            return self._totals[index]
        return self._totals[index] + self._pieces[index].so_far(t_s - self._pieces[index].start_s)

    def times(self, levels: Iterable[float]) -> Iterator[float]:
        """The moments at which so many customers have come, for ascending ``levels``."""
        index = -1
        end = 0.0
        for level in levels:
            while level >= end:
                index += 1
                if index >= len(self._pieces) and not self._make():
                    return
                piece, begin, end = self._pieces[index], self._totals[index], self._totals[index + 1]
            yield piece.start_s + piece.elapsed_s(level - begin)

    def falls(self, until_s: float) -> list[Fall]:
        """Where the rate falls from one moment to the next, until then."""
        self._index(until_s)
        pairs = enumerate(pairwise(piece for piece in self._pieces if piece.start_s < until_s))
        return [self._fall(number, after) for number, (one, after) in pairs if after.rate < one.end_rate]

    def _fall(self, number: int, after: Piece) -> Fall:
        above = takewhile(
            lambda piece: max(piece.rate, piece.end_rate) > after.rate, reversed(self._pieces[: number + 1])
        )
        return Fall(min(piece.start_s for piece in above), after.start_s, after.start_s + after.length_s)

    def _index(self, t_s: float) -> int:
        """The number of the piece at a moment; that of the piece after the last, if all are over."""
        while self._ends_s[-1] <= t_s and self._make():
            pass
        return max(0, bisect_right(self._ends_s, t_s) - 1)

    def _make(self) -> bool:
        straight = next(self._more, None)
        if straight is None:
            return False
        piece = Piece(self._ends_s[-1], *straight)
        self._pieces.append(piece)
        self._ends_s.append(piece.start_s + piece.length_s)
        self._totals.append(self._totals[-1] + piece.total)
        return True


def constant(rate: float) -> Iterator[Straight]:
    """One rate for ever."""
    yield math.inf, rate, rate


def ramp(rate: float, end_rate: float, over_s: float) -> Iterator[Straight]:
    """From one rate to another, which then stays."""
    yield over_s, rate, end_rate
    yield math.inf, end_rate, end_rate


def steps(rate: float, by: float, every_s: float, most: float = math.inf) -> Iterator[Straight]:
    """A rate that grows in steps, up to ``most``."""
    number = 0
    while (now := rate + number * by) < most:
        yield every_s, now, now
        number += 1
    yield math.inf, most, most


class Spike(NamedTuple):
    """Another rate for some time."""

    at_s: float
    rate: float
    for_s: float


def spikes(rate: float, those: Iterable[Spike]) -> Iterator[Straight]:
    """A rate with spikes, which are in order and do not overlap."""
    now_s = 0.0
    for spike in those:
        if spike.at_s > now_s:
            yield spike.at_s - now_s, rate, rate
        yield spike.for_s, spike.rate, spike.rate
        now_s = spike.at_s + spike.for_s
    yield math.inf, rate, rate


def counted(times_s: Sequence[float], width_s: float) -> Iterator[Straight]:
    """The rate of recorded, ascending moments, by bins of one width: each has as many customers as were recorded in it."""
    bins = max(1, math.ceil(times_s[-1] / width_s))
    begun = 0
    for number in range(1, bins + 1):
        ended = len(times_s) if number == bins else bisect_left(times_s, number * width_s)
        rate = (ended - begun) / width_s
        yield width_s, rate, rate
        begun = ended
