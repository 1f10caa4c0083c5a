"""The clocks: one that passes, one that jumps."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable
from typing import Protocol

from chatdrill.clock.jumping import RESOLUTION_S, JumpingLoop
from chatdrill.clock.real import real_monotonic, real_now


class Clock(Protocol):
    """What everything that needs the time takes as an argument."""

    @property
    def is_virtual(self) -> bool:
        """True where time jumps instead of passing."""

    @property
    def speed(self) -> float:
        """Drill seconds that pass in one real second."""

    @property
    def begins_at(self) -> float:
        """Drill time at which the first customers may begin."""

    def now(self) -> float:
        """Drill time, Unix seconds."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary point, for measuring how long a bot took: real, or of a virtual clock's time."""

    async def sleep(self, drill_s: float) -> None:
        """Wait for ``drill_s`` seconds of drill time."""

    def call_later(self, drill_s: float, work: Callable[[], None]) -> object:
        """Do some work ``drill_s`` seconds of drill time from now; cheaper than a task that sleeps."""

    def running(self) -> contextlib.AbstractContextManager[None]:
        """While this is entered, somebody plays and a virtual clock may jump; else it stands still."""

    def unattended(self) -> contextlib.AbstractContextManager[None]:
        """While this is entered a bot comes up or goes down, and nobody plays."""


class WallClock:
    """A clock that passes: at the machine's pace (``speed`` 1) or a multiple of it."""

    is_virtual = False

    def __init__(self, *, speed: float = 1.0, start: float | None = None) -> None:
        if not speed > 0:
            raise ValueError(f"speed must be positive, not {speed}")
        self.speed = float(speed)
        self._real_start = real_monotonic()
        self._start = self.begins_at = real_now() if start is None else start

    def now(self) -> float:
        return self._start + (real_monotonic() - self._real_start) * self.speed

    monotonic = staticmethod(real_monotonic)

    async def sleep(self, drill_s: float) -> None:
        if drill_s > RESOLUTION_S:  # as on a clock that jumps
            await asyncio.sleep(drill_s / self.speed)

    def call_later(self, drill_s: float, work: Callable[[], None]) -> object:
        return asyncio.get_running_loop().call_later(max(0.0, drill_s) / self.speed, work)

    def running(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def unattended(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()


class VirtualClock:
    """The time of a loop that jumps. The drill begins at ``start`` (Unix seconds); until then the bot has ``comes_up_s`` to
    come up, from now on."""

    is_virtual = True
    speed = 1.0

    def __init__(self, loop: JumpingLoop, *, start: float, comes_up_s: float = 0.0) -> None:
        self.loop = loop
        self.begins_at = start
        self._start = start - comes_up_s - loop.at

    def now(self) -> float:
        return self._start + self.loop.at

    def monotonic(self) -> float:
        return self.loop.at

    async def sleep(self, drill_s: float) -> None:
        if drill_s > RESOLUTION_S:  # what is due together need not be waited for
            await asyncio.sleep(drill_s)

    def call_later(self, drill_s: float, work: Callable[[], None]) -> object:
        return self.loop.call_later(max(0.0, drill_s), work)

    def running(self) -> contextlib.AbstractContextManager[None]:
        return self.loop.running()

    def unattended(self) -> contextlib.AbstractContextManager[None]:
        return self.loop.unattended()


def iso(at: float) -> str:
    """Drill time as ISO 8601 with seconds, in UTC: ``2026-11-22T09:15:00Z``."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
