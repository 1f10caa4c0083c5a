"""The latencies of one key over the whole run: an HdrHistogram, and the windows of which it is the sum."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from hdrh.histogram import HdrHistogram

from chatdrill_load.figures.cells import DIGITS, HIGHEST_US, LOWEST_US, Distribution, Packed, Slot, ceiling_us, cells_of
from chatdrill_load.figures.meter import double_slots

_OPEN_MAX = 8  # windows that still change often are dictionaries; late latencies to older ones unpack them


class Series:
    """Adds slots up. ``histogram`` is the library's own and may be encoded, exported and added to others."""

    def __init__(self) -> None:
        self.histogram: Any = HdrHistogram(LOWEST_US, HIGHEST_US, DIGITS, b64_wrap=True)
        self._counts = _view(self.histogram)
        self._open: dict[int, Slot] = {}
        self._closed: dict[int, Packed] = {}
        self.sum_us = 0
        self.max_us = 0

    def add(self, window: int, slot: Slot) -> None:
        """Take in what happened in a window."""
        self._add_to_histogram(slot.cells)
        self.sum_us += slot.sum_us
        self.max_us = max(self.max_us, slot.max_us)
        self._slot(window).add(slot)
        if len(self._open) > _OPEN_MAX:
            self._close(min(self._open))

    def add_all(self, other: Series) -> None:
        """Take in the whole of another series, without its windows."""
        least_us = min(self.histogram.min_value, other.histogram.min_value)
        self.histogram.add(other.histogram)
        self.histogram.min_value = least_us  # the library takes 0 for the minimum of a histogram that was empty
        self.sum_us += other.sum_us
        self.max_us = max(self.max_us, other.max_us)

    def _add_to_histogram(self, cells: dict[int, int]) -> None:
        """The library records one value at a time, which takes ten times as long as adding counts to its cells."""
        counts = self._counts
        for cell, count in cells.items():
            counts[cell] += count
        known = self.histogram
        known.total_count += sum(cells.values())
        known.min_value = min(known.min_value, ceiling_us(min(cells)))
        known.max_value = max(known.max_value, ceiling_us(max(cells)))

    def _slot(self, window: int) -> Slot:
        if window not in self._open:
            packed = self._closed.pop(window, None)
            self._open[window] = Slot() if packed is None else packed.slot()
        return self._open[window]

    def _close(self, window: int) -> None:
        self._closed[window] = Packed(self._open.pop(window))

    def windows(self) -> list[int]:
        """The numbers of the windows in which there is anything."""
        return [*self._closed, *self._open]

    def slot(self, window: int) -> Slot | None:
        """What happened in a window."""
        if window in self._closed:
            return self._closed[window].slot()
        return self._open.get(window)

    def slots(self) -> Iterator[tuple[int, Slot]]:
        """All windows in which there is anything."""
        for window, packed in self._closed.items():
            yield window, packed.slot()
        yield from self._open.items()

    def double(self, by: int) -> None:
        """Make windows twice as long, ``by`` times."""
        slots = dict(self.slots())
        self._closed, self._open = {}, slots
        double_slots(slots, by)
        for window in sorted(slots)[:-_OPEN_MAX]:
            self._close(window)

    def distribution(self) -> Distribution:
        """The distribution of all latencies."""
        [top] = cells_of([min(self.max_us, HIGHEST_US)])
        counts = self._counts[: top + 1].tolist()
        cells = [cell for cell, count in enumerate(counts) if count]
        return Distribution(cells, [counts[cell] for cell in cells], sum_us=self.sum_us, max_us=self.max_us)


def together(members: list[Series]) -> Series:
    """The sum of several series, without their windows."""
    if len(members) == 1:
        return members[0]
    whole = Series()
    for series in members:
        whole.add_all(series)
    return whole


def _view(histogram: Any) -> Any:
    """The library's counts as a view that Python indexes fast; a ctypes array takes three times as long."""
    assert ctypes.sizeof(histogram.counts) == 8 * histogram.counts_len
    return memoryview(histogram.counts).cast("B").cast("Q")
