"""The cells of an HdrHistogram, and distributions made of them.

A latency in whole microseconds falls into one of 28,672 cells: those below 2,048 µs have a cell each, above that every
doubling has 1,024 of them, so that a cell is at most 0.1 % wide (three significant digits). The numbering is that of
HdrHistogram (``get_counts_array_index``), hence the cells of a window are added to a histogram as they are.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import accumulate
from operator import ge, gt

import msgspec

LOWEST_US = 1
HIGHEST_US = 24 * 3600 * 1_000_000
DIGITS = 3

_HALF_BITS = 10  # 2,048 sub-buckets keep three digits apart; a further doubling adds the upper half of them
_FINE_US = 2 << _HALF_BITS
_HALF = 1 << _HALF_BITS
_SHIFT_BITS = _HALF_BITS + 1


def cells_of(values_us: Iterable[int]) -> list[int]:
    """The numbers of the cells of latencies in microseconds, 0 or more each; the same as HdrHistogram's indexes."""
    # Written out because it stands in the only loop that runs for every latency: a call each would double its time.
    return [
        us if us < _FINE_US else ((shift := us.bit_length() - _SHIFT_BITS) << _HALF_BITS) + (us >> shift)
        for us in values_us
    ]


def ceiling_us(cell: int) -> int:
    """The greatest latency of a cell, in microseconds."""
    if cell < _FINE_US:
        return cell
    shift = (cell >> _HALF_BITS) - 1
    return (((cell & (_HALF - 1)) + _HALF + 1) << shift) - 1


class Slot(msgspec.Struct, array_like=True):
    """The latencies of one window: exact sum and maximum in microseconds, and how many lie in each cell."""

    sum_us: int = 0
    max_us: int = 0
    cells: dict[int, int] = {}

    def add(self, other: Slot) -> None:
        """Take in another slot."""
        self.sum_us += other.sum_us
        self.max_us = max(self.max_us, other.max_us)
        mine = self.cells
        for cell, count in other.cells.items():
            mine[cell] = mine.get(cell, 0) + count


class Packed:
    """A slot that seldom changes any more, in a tenth of the memory: two arrays instead of a dictionary."""

    __slots__ = ("_cells", "_counts", "max_us", "sum_us")

    def __init__(self, slot: Slot) -> None:
        order = sorted(slot.cells)
        self._cells = array("H", order)
        self._counts = array("Q", map(slot.cells.__getitem__, order))
        self.sum_us, self.max_us = slot.sum_us, slot.max_us

    def slot(self) -> Slot:
        """The slot as it was."""
        return Slot(self.sum_us, self.max_us, dict(zip(self._cells, self._counts, strict=True)))


class Distribution:
    """How long something took: a fixed set of latencies, to be asked for percentiles. All figures are in seconds.

    A percentile is by nearest rank and at most 0.1 % above the truth, never below it: a gate that passes has passed.
    Mean and maximum are exact.
    """

    def __init__(self, cells: Sequence[int], counts: Iterable[int], *, sum_us: int, max_us: int) -> None:
        self._cells = cells
        self._running = list(accumulate(counts))
        self._sum_us = sum_us
        self._max_us = max_us
        self.samples = self._running[-1] if self._running else 0
        """How many latencies there are."""

    @classmethod
    def of(cls, slots: Iterable[Slot]) -> Distribution:
        """The distribution of all latencies of some slots."""
        whole = Slot()
        for slot in slots:
            whole.add(slot)
        order = sorted(whole.cells)
        return cls(order, map(whole.cells.__getitem__, order), sum_us=whole.sum_us, max_us=whole.max_us)

    @property
    def max_s(self) -> float:
        """The longest; 0 where there is none."""
        return self._max_us / 1e6

    @property
    def mean_s(self) -> float:
        """The mean; 0 where there is none."""
        return self._sum_us / 1e6 / self.samples if self.samples else 0.0

    def percentile_s(self, percent: float) -> float:
        """The smallest latency that ``percent`` % of the samples do not exceed; 0 where there is none."""
        if not self.samples:
            return 0.0
        rank = min(max(1, math.ceil(round(self.samples * percent / 100, 9))), self.samples)
        return min(ceiling_us(self._cells[bisect_left(self._running, rank)]), self._max_us) / 1e6

    def within(self, bound_s: float, *, or_equal: bool = True) -> int:
        """How many latencies certainly keep a bound (or stay below it)."""
        # Compared in seconds, as whoever compares a percentile with a bound does: 5.1 s are not quite 5,100,000 µs.
        keeps = partial(ge if or_equal else gt, bound_s)
        if keeps(self._max_us / 1e6):
            return self.samples
        kept = bisect_left(self._cells, True, key=lambda cell: not keeps(ceiling_us(cell) / 1e6))
        return self._running[kept - 1] if kept else 0


def samples_needed(percent: float) -> int:
    """How many samples a percentile needs at least: with fewer, the nearest rank is that of the maximum."""
    return math.ceil(round(100 / (100 - percent), 9)) if percent < 100 else 1
