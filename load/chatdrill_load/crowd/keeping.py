"""What a crowd writes down: whole conversations, each in one piece of the trace, so that one of many is found at once.

A conversation that failed is kept at once, and so is one of so many. The slowest of the run are kept too: which ones these are is known
only at its end, so a few wait in memory, and every now and then those that are among the slowest by then are written.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path

import msgspec

from chatdrill.trace import Record, RunBegan
from chatdrill_load.messages import SLOWEST, Place, Slow

_EVERY_S = 5.0  # a bot that falls behind all the time would have nearly all of its conversations written
_encode_lines = msgspec.json.Encoder().encode_lines


class Keeping:
    """The trace of a crowd. ``run`` is its first record. A disk that takes no more ends the writing, not the run: ``take_lost`` says so,
    and what is on the disk stays readable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run: RunBegan | None = None
        self._file: FileIO | None = None
        self._end = 0
        self._is_full = False
        self._lost: list[str] = []
        self._slowest: list[tuple[float, str, Sequence[Record], Place | None]] = []
        self._told: set[str] = set()
        self._looked_t = -_EVERY_S

    def keep(self, records: Sequence[Record]) -> Place | None:
        """Write a conversation down and return where it stands; ``None`` where the disk does not take it."""
        if self._is_full:
            return None
        try:
            if self._file is None:
                self._file = self._open()
            return self._append(self._file, _encode_lines(records))
        except OSError as error:
            self._is_full = True
            self._lost.append(f"{self.path} could not be written any more: {error.strerror}")
            return None

    def _open(self) -> FileIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("wb", buffering=0)
        self._append(file, _encode_lines([] if self.run is None else [self.run]))
        return file

    def _append(self, file: FileIO, data: bytes) -> Place:
        """All of it or nothing: half a record would spoil the whole trace."""
        begins, left = self._end, memoryview(data)
        try:
            while left:
                left = left[file.write(left) :]  # a disk that is nearly full takes a part of it
        except OSError:
            with suppress(OSError):
                file.truncate(begins)
            raise
        self._end += len(data)
        return begins, len(data)

    def offer(self, case: str, seconds: float, records: Sequence[Record], place: Place | None) -> None:
        """A conversation is over whose slowest answer took so long. ``place``: where it stands, if it is kept already."""
        if not seconds:
            return  # nobody was answered in it
        if len(self._slowest) < SLOWEST:
            heapq.heappush(self._slowest, (seconds, case, records, place))
        elif seconds > self._slowest[0][0]:
            heapq.heapreplace(self._slowest, (seconds, case, records, place))

    def take_slow(self, t: float, *, at_last: bool = False) -> list[Slow]:
        """Write the slowest down, once in a few seconds of ``t``; returns those that were not told yet."""
        if not self._slowest or (t - self._looked_t < _EVERY_S and not at_last):
            return []
        self._looked_t = t
        fresh = []
        for number, (seconds, case, records, place) in enumerate(self._slowest):
            if case not in self._told:
                kept = place or self.keep(records)
                self._slowest[number] = seconds, case, (), kept
                fresh.append(Slow(case, seconds, str(self.path), kept))
        self._told = {case for _, case, _, _ in self._slowest}
        return fresh

    def take_lost(self) -> list[str]:
        """What could not be written since the last time, in sentences."""
        taken, self._lost = self._lost, []
        return taken

    def close(self) -> None:
        """Close the trace."""
        if self._file is not None:
            self._file.close()
