"""A plan of arrivals, and the moments it means."""

from __future__ import annotations

import itertools
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from chatdrill.seeds import Stream
from chatdrill_load.arrivals.curve import Curve, Fall

_HALF = 0.5  # customer k comes when k + 1/2 are due, so that the number until any moment is the integral, rounded


@dataclass(frozen=True)
class Arrivals:
    """When customers come. ``text`` is the plan as it was written.

    ``recorded`` are the moments of a recorded plan that is replayed as it is; all other plans go by their ``curve``. ``has_spikes``: the plan
    was written with spikes.
    """

    text: str
    words: str
    curve: Curve
    is_poisson: bool = False
    recorded: array[float] | None = None
    has_spikes: bool = False

    def times(
        self, chance: Stream, *, share: tuple[int, int] = (0, 1), until_s: float | None = None
    ) -> Iterator[float]:
        """The moments in seconds from the start, ascending, those before ``until_s``; endless where the plan is.

        ``share`` is ``(index, count)``: of ``count`` workers that have the same plan and streams of the same seed, this one
        gets every ``count``-th arrival, and together they have each arrival once. Without ``poisson`` nothing is drawn.
        Raises ``ValueError`` for an index that is none of ``range(count)``.
        """
        index, count = share
        if not 0 <= index < count:
            raise ValueError(f"there is no share {index} of {count}; shares count from 0")
        found = self._times(chance, index, count)
        return found if until_s is None else itertools.takewhile(lambda time_s: time_s < until_s, found)

    def _times(self, chance: Stream, index: int, count: int) -> Iterator[float]:
        if self.recorded is not None:
            return iter(self.recorded[index::count])
        if self.is_poisson:
            return _ascending(self.curve.times(itertools.islice(_unit_poisson(chance), index, None, count)))
        return _ascending(self.curve.times(itertools.count(index + _HALF, count)))

    def rate_at(self, t_s: float) -> float:
        """Customers per second at a moment; of a recorded plan, the mean of the time around it."""
        return self.curve.rate_at(t_s)

    def count_until(self, t_s: float) -> float:
        """How many customers are expected until a moment (and exactly how many, of a recorded plan)."""
        if self.recorded is not None:
            return float(bisect_right(self.recorded, t_s))
        return self.curve.count_until(t_s)

    def falls(self, until_s: float) -> list[Fall]:
        """The ends of the spikes until a moment. The rate of a recording goes up and down all the time, and has none."""
        return self.curve.falls(until_s) if self.has_spikes else []

    def plain(self) -> str:
        """The plan in words."""
        return f"{self.words}, at random moments (Poisson)" if self.is_poisson else self.words


def _unit_poisson(chance: Stream) -> Iterator[float]:
    """A Poisson process of rate 1; the plan's curve turns it into one of its own rate."""
    level = 0.0
    while True:
        level += chance.expovariate(1.0)
        yield level


def _ascending(times: Iterator[float]) -> Iterator[float]:
    """Two arrivals within the last bit of a number may come out in the wrong order."""
    last = 0.0
    for time_s in times:
        last = max(last, time_s)
        yield last
