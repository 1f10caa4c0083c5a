"""Drill time for a bot that asks for it, and what such a bot says of its own work.

A bot in another process may read the time here instead of from its machine, wait here until a moment has come, and say
that it is at work, so that time does not jump meanwhile. ``docs/how-to/drill-time.md`` has helpers for Python and Node.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable

from chatdrill.clock import Clock, JumpingLoop, iso, real_monotonic
from chatdrill.errors import UsageError
from chatdrill.wire import HttpResponse, json_response

LEASE_MAX_S = 60.0
_WAIT_MAX_S = 366 * 86_400.0


class Timekeeper:
    """Answers questions about the time. Drill time in Unix seconds, leases in real seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._work: dict[int, float] = {}

    def tell(self) -> HttpResponse:
        """What time it is."""
        now = self._clock.now()
        return json_response(
            {"now": now, "iso": iso(now), "virtual": self._clock.is_virtual, "speed": self._clock.speed}
        )

    def tell_at(self, until: float) -> HttpResponse | Awaitable[HttpResponse]:
        """The same, once it is ``until``: whoever waits here has set a timer, and time jumps no further than to that."""
        left_s = until - self._clock.now()
        if left_s > _WAIT_MAX_S:
            raise UsageError(f"until {iso(until)} it is more than a year; wait in steps")
        return self.tell() if left_s <= 0 else self._wait(left_s)

    async def _wait(self, left_s: float) -> HttpResponse:
        await self._clock.sleep(left_s)
        return self.tell()

    def jump(self, seconds: float) -> Awaitable[HttpResponse]:
        """Move time on by hand; raises ``UsageError`` where it cannot jump. What is due on the way happens at its moment."""
        loop = asyncio.get_running_loop()
        if not isinstance(loop, JumpingLoop):
            raise UsageError("time passes here and does not jump; start chatdrill with --clock virtual")
        if seconds > _WAIT_MAX_S:
            raise UsageError(f"jump_s is {seconds:g}, more than a year; jump in steps")
        return self._play_on(loop, seconds)

    async def _play_on(self, loop: JumpingLoop, seconds: float) -> HttpResponse:
        with loop.running():
            return await self._wait(seconds)

    # ---------------------------------------------------------------------------------------------------- work

    def begin(self, lease_s: float) -> tuple[int, float]:
        """The bot is at work; returns the number to end it by, and the real seconds for which it counts at most.

        Raises ``UsageError`` for no time at all.
        """
        if not lease_s > 0:
            raise UsageError(f"for_s must be positive, not {lease_s:g}")
        number, granted_s = next(self._numbers), min(lease_s, LEASE_MAX_S)
        self._work[number] = real_monotonic() + granted_s
        return number, granted_s

    def end(self, number: int) -> bool:
        """That work is done; false if nobody knows of it any more."""
        return self._work.pop(number, None) is not None

    def work_declared(self) -> bool:
        """True while some declared work is under way."""
        now = real_monotonic()
        for number, ends in tuple(self._work.items()):
            if ends < now:
                del self._work[number]
        return bool(self._work)
