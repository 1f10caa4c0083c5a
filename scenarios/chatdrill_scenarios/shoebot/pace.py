"""Few calls a second, the urgent ones first."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from heapq import heappop, heappush
from itertools import count

# True in a task that only makes sure of something: nobody waits for what it calls.
unhurried: ContextVar[bool] = ContextVar("unhurried", default=False)


class Pace:
    """Lets one call pass every so many seconds; an unhurried one lets all others go first."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._free_at = 0.0
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self) -> None:
        """Returns when the caller may call."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (unhurried.get(), next(self._numbers), turn))
        if self._timer is None:
            self._let_pass()
        await turn

    def _let_pass(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        if loop.time() >= self._free_at:
            while self._waiting:
                *_, turn = heappop(self._waiting)
                if not turn.done():  # nobody gave up meanwhile
                    turn.set_result(None)
                    self._free_at = loop.time() + self._every_s
                    break
        if self._waiting:
            self._timer = loop.call_at(self._free_at, self._let_pass)
