"""Where figures are taken: an append in the hot path, everything else in batches.

    meter = Meter()
    record = meter.latency("telegram", "asks for the price", "first_reply")
    count = meter.counter("telegram", "answered")
    record(meant_s, took_s)        # under 0.1 µs beyond the call; half a microsecond later, in a batch
    count(meant_s)
    packet = meter.snapshot()      # what was taken since the last one; for Figures.merge

Moments are seconds from the start of the run, on the same clock in every worker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from chatdrill_load.figures.cells import HIGHEST_US, Slot, cells_of
from chatdrill_load.figures.packed import VERSION, Count, Key, Latency, Packet, Slots, pack

FOLD_AT = 2048
"""So many latencies of one key are folded at once; that takes about a millisecond, in which nothing else goes on."""

INTERVAL_S = 5.0
WINDOWS_MAX = 240
"""A run of 20 minutes in windows of 5 s; after that windows are twice as long, and so on: a soak of days stays bounded."""

Record = Callable[[float, float], None]
CountAt = Callable[..., None]


class Meter:
    """Takes latencies and counts, by windows of ``interval_s`` seconds; ``window_s`` is how long a window is now. It is not safe between
    threads."""

    def __init__(self, *, interval_s: float = INTERVAL_S, windows_max: int = WINDOWS_MAX) -> None:
        self.window_s = interval_s
        self._interval_s = interval_s
        self._windows_max = windows_max
        self._from_s = 0.0
        self._doublings = 0
        self._waiting: dict[Key, list[float]] = {}
        self._records: dict[Key, Record] = {}
        self._counters: dict[Key, CountAt] = {}
        self._slots: dict[Key, Slots] = {}
        self._counts: dict[Key, dict[int, int]] = {}

    def begin_anew(self, from_s: float) -> None:
        """Forget what was taken. From now on time is counted from this moment, and what was before it does not count."""
        for waiting in self._waiting.values():
            waiting.clear()
        self._from_s = from_s
        self._empty()

    def latency(self, platform: str, name: str, kind: str) -> Record:
        """The function ``record(meant_s, took_s)`` for one key; keep it.

        ``meant_s`` is the moment from which the latency counts and by which it gets into its window.
        """
        key = platform, name, kind
        if key not in self._records:
            self._records[key] = self._recorder(key)
        return self._records[key]

    def _recorder(self, key: Key) -> Record:
        waiting = self._waiting[key] = []
        append = waiting.append
        most = 2 * FOLD_AT
        fold = self._fold

        def record(meant_s: float, took_s: float) -> None:
            if meant_s >= self._from_s:
                append(meant_s - self._from_s)
                append(took_s)
                if len(waiting) >= most:
                    fold(key, waiting)

        return record

    def counter(self, platform: str, what: str, detail: str = "") -> CountAt:
        """The function ``count(t_s, n=1)`` for one key; keep it."""
        key = platform, what, detail
        if key not in self._counters:
            self._counters[key] = self._counter(key)
        return self._counters[key]

    def _counter(self, key: Key) -> CountAt:
        windows = self._counts[key] = {}

        def count(t_s: float, n: int = 1) -> None:
            if t_s >= self._from_s:
                window = int((t_s - self._from_s) / self.window_s)
                windows[window] = windows.get(window, 0) + n
                if len(windows) > self._windows_max:
                    self._double()

        return count

    def fold(self) -> None:
        """Put what waits into its cells."""
        for key, waiting in self._waiting.items():
            if waiting:
                self._fold(key, waiting)

    def snapshot(self) -> bytes:
        """What was taken since the last snapshot; the meter is empty again.

        Raises ``ValueError`` for a latency below 0 or one that is no number: whoever took it has a bug.
        """
        self.fold()
        latencies = [Latency(key, slots) for key, slots in self._slots.items()]
        counts = [Count(key, windows) for key, windows in self._counts.items() if windows]
        packed = pack(Packet(VERSION, self._interval_s, self._doublings, latencies, counts))
        self._empty()
        return packed

    def _empty(self) -> None:
        self._slots = {}
        for windows in self._counts.values():
            windows.clear()
        self._doublings, self.window_s = 0, self._interval_s

    def _fold(self, key: Key, waiting: list[float]) -> None:
        taken = waiting.copy()
        waiting.clear()
        slots = self._slots.setdefault(key, {})
        fold_into(slots, taken, self.window_s)
        while len(slots) > self._windows_max:
            self._double()

    def _double(self) -> None:
        self._doublings += 1
        self.window_s *= 2
        for slots in self._slots.values():
            double_slots(slots)
        for windows in self._counts.values():
            double_counts(windows)


def fold_into(slots: Slots, taken: list[float], window_s: float) -> None:
    """Put latencies (moment, length, moment, length, ...; in seconds) into the slots of their windows."""
    moments, lengths = taken[::2], taken[1::2]
    first, last = _window(min(moments), window_s), _window(max(moments), window_s)
    if first == last:  # nearly always: a batch is full long before a window is over
        return _fill(slots.setdefault(first, Slot()), lengths)
    parts: dict[int, list[float]] = {}
    for moment_s, length_s in zip(moments, lengths, strict=True):
        parts.setdefault(_window(moment_s, window_s), []).append(length_s)
    for window, part in parts.items():
        _fill(slots.setdefault(window, Slot()), part)
    return None


def _window(t_s: float, window_s: float) -> int:
    return int(t_s / window_s) if t_s > 0 else 0


def _fill(slot: Slot, lengths: list[float]) -> None:
    if min(lengths) < 0:
        raise ValueError(f"a latency of {min(lengths)} s: it ended before it began")
    all_us = [int(length_s * 1e6 + 0.5) for length_s in lengths]
    slot.sum_us += sum(all_us)
    longest_us = max(all_us)
    slot.max_us = max(slot.max_us, longest_us)
    if longest_us > HIGHEST_US:
        all_us = [min(us, HIGHEST_US) for us in all_us]
    cells = slot.cells
    for cell, count in Counter(cells_of(all_us)).items():
        cells[cell] = cells.get(cell, 0) + count


def double_slots(slots: Slots, by: int = 1) -> None:
    """Make windows twice as long, ``by`` times; in place."""
    for window in sorted(slots):
        slot = slots.pop(window)
        mine = slots.setdefault(window >> by, slot)
        if mine is not slot:
            mine.add(slot)


def double_counts(windows: dict[int, int], by: int = 1) -> None:
    """The same for counts."""
    for window in sorted(windows):
        count = windows.pop(window)
        windows[window >> by] = windows.get(window >> by, 0) + count
