"""Judging between other things: a conversation of forty turns takes milliseconds to judge, and who writes meanwhile would wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Generator

from chatdrill.clock import real_monotonic
from chatdrill_load.messages import Ended

Bits = Generator[None, None, Ended]
"""A judging that stops after each bit of work."""

_SLICE_S = 0.0003
"""Bits are done for so long, one at least, before others have their turn: each turn of the loop has its own price."""


class Verdicts:
    """Does what it is given bit by bit as long as ``work`` runs, first come first served. In each turn of the loop there is a slice of
    ``slice_s`` seconds for each that waits: a busy crowd does not pile them up, whose records would have left the processor's caches
    when they are looked at. ``finish`` does at once whatever is left."""

    def __init__(self, slice_s: float = _SLICE_S) -> None:
        self._slice_s = slice_s
        self._waiting: deque[tuple[Bits, Callable[[Ended], None]]] = deque()
        self._some = asyncio.Event()

    def give(self, judging: Bits, done: Callable[[Ended], None]) -> None:
        """Do the first bit now and the others in their time, and tell ``done`` what came of it."""
        if _step(judging, done):
            self._waiting.append((judging, done))
            self._some.set()

    def finish(self) -> None:
        """Do all that is left."""
        while self._waiting:
            self._do_a_slice()

    async def work(self) -> None:
        """Work until cancelled."""
        while True:
            await self._some.wait()
            for _ in range(len(self._waiting)):
                if self._waiting:
                    self._do_a_slice()
            if not self._waiting:
                self._some.clear()
            await asyncio.sleep(0)

    def _do_a_slice(self) -> None:
        judging, done = self._waiting.popleft()
        until = real_monotonic() + self._slice_s
        while _step(judging, done):
            if real_monotonic() >= until:
                self._waiting.appendleft((judging, done))
                return


def _step(judging: Bits, done: Callable[[Ended], None]) -> bool:
    """Do the next bit; false if that was the last one."""
    try:
        next(judging)
    except StopIteration as over:
        done(over.value)
        return False
    return True
