"""Figures as they are read: by table, by window, by gate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from chatdrill.errors import UsageError
from chatdrill_load.figures.cells import Distribution, samples_needed
from chatdrill_load.figures.meter import INTERVAL_S, WINDOWS_MAX, double_counts
from chatdrill_load.figures.packed import VERSION, Count, Key, Latency, Packet, pack, unpack
from chatdrill_load.figures.series import Series, together

PERCENTILES = (50.0, 90.0, 95.0, 99.0, 99.9)
ALL = "*"
_TOGETHER = {"reply": ("reply", "first_reply", "next_reply")}
"""A kind that is others together, so that nobody need take it twice."""


class Reading(Protocol):
    """What a gate needs: the whole run and a single window have it alike. What is ``None`` is not narrowed down."""

    def latency(self, kind: str, *, platform: str | None = None, name: str | None = None) -> Distribution:
        """The latencies of a kind."""

    def counted(self, what: str, *, platform: str | None = None) -> int:
        """How often something was counted."""

    def keys(self) -> Iterable[Key]:
        """Platform, name and kind of all that was measured."""


class Row(NamedTuple):
    """One line of the percentile table, in seconds; ``*`` stands for all platforms or names.

    ``few`` are the percentiles that have too few samples to differ from the maximum: shown, and marked.
    """

    platform: str
    name: str
    kind: str
    samples: int
    mean_s: float
    max_s: float
    percentiles_s: dict[float, float]
    few: tuple[float, ...]


class Window(NamedTuple):
    """What customers who meant to write between ``t_s`` and ``t_s + length_s`` got."""

    t_s: float
    length_s: float
    number: int
    whole: Figures

    def latency(self, kind: str, *, platform: str | None = None, name: str | None = None) -> Distribution:
        """The latencies of a kind in this window."""
        found = (series.slot(self.number) for series in self.whole.series(kind, platform, name))
        return Distribution.of(slot for slot in found if slot is not None)

    def counted(self, what: str, *, platform: str | None = None) -> int:
        """How often something was counted in this window."""
        return sum(windows.get(self.number, 0) for windows in self.whole.counts(what, platform))

    def keys(self) -> Iterable[Key]:
        """Platform, name and kind of all that was measured in the run."""
        return self.whole.keys()


class Figures:
    """The figures of a run, added up from the snapshots of its meters, in whatever order they come."""

    def __init__(self, *, interval_s: float = INTERVAL_S, windows_max: int = WINDOWS_MAX) -> None:
        self._interval_s = interval_s
        self._windows_max = windows_max
        self._doublings = 0
        self._series: dict[Key, Series] = {}
        self._counts: dict[Key, dict[int, int]] = {}

    # ------------------------------------------------------------------------------------------------ adding up

    def merge(self, data: bytes) -> None:
        """Add a snapshot of a meter or of other figures; exact.

        Raises ``UsageError`` for bytes that are no figures, have another version or windows of another length.
        """
        packet = unpack(data)
        if packet.interval_s != self._interval_s:
            raise UsageError(f"figures by {packet.interval_s:g} s cannot be added to figures by {self._interval_s:g} s")
        self._double(packet.doublings - self._doublings)
        by = self._doublings - packet.doublings
        for latency in packet.latencies:
            series = self._series_of(latency.key)
            for window, slot in latency.slots.items():
                series.add(window >> by, slot)
        for count in packet.counts:
            self._add_counts(count, by)
        while self._windows() > self._windows_max:
            self._double(1)

    def _series_of(self, key: Key) -> Series:
        if key not in self._series:
            self._series[key] = Series()
        return self._series[key]

    def _add_counts(self, count: Count, by: int) -> None:
        mine = self._counts.setdefault(count.key, {})
        for window, n in count.windows.items():
            mine[window >> by] = mine.get(window >> by, 0) + n

    def _double(self, by: int) -> None:
        if by <= 0:
            return
        self._doublings += by
        for series in self._series.values():
            series.double(by)
        for windows in self._counts.values():
            double_counts(windows, by)

    def _windows(self) -> int:
        lasts = [max(series.windows(), default=-1) for series in self._series.values()]
        lasts += [max(windows, default=-1) for windows in self._counts.values()]
        return max(lasts, default=-1) + 1

    def snapshot(self) -> bytes:
        """All of it, for ``merge``; it stays here, too."""
        latencies = [Latency(key, dict(series.slots())) for key, series in self._series.items()]
        counts = [Count(key, windows) for key, windows in self._counts.items()]
        return pack(Packet(VERSION, self._interval_s, self._doublings, latencies, counts))

    # -------------------------------------------------------------------------------------------------- reading

    def series(self, kind: str, platform: str | None = None, name: str | None = None) -> Iterator[Series]:
        """The series of a kind, of all platforms and names unless they are given."""
        for (its_platform, its_name, its_kind), series in self._series.items():
            if (
                its_kind in _TOGETHER.get(kind, (kind,))
                and platform in (None, its_platform)
                and name in (None, its_name)
            ):
                yield series

    def counts(self, what: str, platform: str | None = None) -> Iterator[dict[int, int]]:
        """The counts of something by the number of the window, of all details."""
        for (its_platform, its_what, _), windows in self._counts.items():
            if its_what == what and platform in (None, its_platform):
                yield windows

    def keys(self) -> Iterable[Key]:
        """Platform, name and kind of all that was measured."""
        return self._series.keys()

    def latency(self, kind: str, *, platform: str | None = None, name: str | None = None) -> Distribution:
        """The latencies of a kind."""
        return together(list(self.series(kind, platform, name))).distribution()

    def histogram(self, kind: str, *, platform: str | None = None, name: str | None = None) -> Any:
        """The same as an ``HdrHistogram`` of the library ``hdrhistogram``, in microseconds: to export and to draw, not to change."""
        return together(list(self.series(kind, platform, name))).histogram

    def counted(self, what: str, *, platform: str | None = None) -> int:
        """How often something was counted."""
        return sum(sum(windows.values()) for windows in self.counts(what, platform))

    def details(self, what: str, *, platform: str | None = None) -> dict[str, int]:
        """How often something was counted, by its detail: failures by kind."""
        found: dict[str, int] = {}
        for (its_platform, its_what, detail), windows in sorted(self._counts.items()):
            if its_what == what and platform in (None, its_platform):
                found[detail] = found.get(detail, 0) + sum(windows.values())
        return found

    def windows(self) -> list[Window]:
        """All windows from moment 0 to the last in which there is anything, the empty ones too."""
        length_s = self._interval_s * float(1 << self._doublings)
        return [Window(number * length_s, length_s, number, self) for number in range(self._windows())]

    def rows(self) -> list[Row]:
        """The percentile table: a row for each key, and sums (``*``) where there are several, by kind."""
        groups: dict[Key, list[Series]] = {}
        for (platform, name, kind), series in self._series.items():
            for key in ((kind, platform, name), (kind, platform, ALL), (kind, ALL, ALL)):
                groups.setdefault(key, []).append(series)
        return [
            _row(key, together(members).distribution())
            for key, members in sorted(groups.items())
            if ALL not in key or _says_more(key, len(members), groups)
        ]


def _says_more(key: Key, members: int, groups: dict[Key, list[Series]]) -> bool:
    """A sum of one says nothing new, and neither does a sum over platforms where there is only one."""
    kind, platform, _ = key
    inside = max((len(its) for (k, p, n), its in groups.items() if k == kind and p != ALL and n == ALL), default=0)
    return members > 1 and (platform != ALL or members > inside)


def _row(key: Key, found: Distribution) -> Row:
    kind, platform, name = key
    return Row(
        platform,
        name,
        kind,
        found.samples,
        found.mean_s,
        found.max_s,
        {percent: found.percentile_s(percent) for percent in PERCENTILES},
        tuple(percent for percent in PERCENTILES if found.samples < samples_needed(percent)),
    )
