"""Time as an object that is passed: the only module that reads a clock.

*Drill time* is what the customers' phones and the payloads show, in Unix seconds (UTC). *Real time* is what the
machine spends. A wall clock runs the first ``speed`` times as fast as the second. A conversation may be ahead of the
clock (a scripted pause was skipped, or its scenario starts on another day): that is a plain number of seconds that
travels with the conversation, see ``chatdrill.wire.state.Chat.ahead_s``.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    """What everything that needs the time takes as an argument."""

    @property
    def is_virtual(self) -> bool:
        """True where time jumps instead of passing."""

    @property
    def speed(self) -> float:
        """Drill seconds that pass in one real second."""

    def now(self) -> float:
        """Drill time, Unix seconds."""

    def monotonic(self) -> float:
        """Real seconds since an arbitrary point; for measuring how long a bot took."""

    async def sleep(self, drill_s: float) -> None:
        """Wait for ``drill_s`` seconds of drill time."""

    def call_later(self, drill_s: float, work: Callable[[], None]) -> object:
        """Do some work ``drill_s`` seconds of drill time from now; cheaper than a task that sleeps."""


class WallClock:
    """A clock that passes: at the machine's pace (``speed`` 1) or a multiple of it."""

    is_virtual = False

    def __init__(self, *, speed: float = 1.0, start: float | None = None) -> None:
        if not speed > 0:
            raise ValueError(f"speed must be positive, not {speed}")
        self._speed = float(speed)
        self._real_start = time.monotonic()
        self._start = time.time() if start is None else start

    @property
    def speed(self) -> float:
        return self._speed

    def now(self) -> float:
        return self._start + (time.monotonic() - self._real_start) * self._speed

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, drill_s: float) -> None:
        await asyncio.sleep(max(0.0, drill_s) / self._speed)

    def call_later(self, drill_s: float, work: Callable[[], None]) -> object:
        return asyncio.get_running_loop().call_later(max(0.0, drill_s) / self._speed, work)


def iso(at: float) -> str:
    """Drill time as ISO 8601 with seconds, in UTC: ``2026-11-22T09:15:00Z``."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
