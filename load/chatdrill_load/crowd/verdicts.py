"""Judging between other things: a conversation of forty turns takes milliseconds to judge, and who writes meanwhile would wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Generator

from chatdrill_load.messages import Ended

Bits = Generator[None, None, Ended]
"""A judging that stops after each bit of work."""

_CATCH_UP = 16
"""For so many conversations that wait, one more bit is done in each turn of the loop: a busy crowd does not pile them up."""


class Verdicts:
    """Does what it is given bit by bit, in between, first come first served. ``open`` first, ``close`` last; ``finish`` does at once
    whatever is left."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Bits, Callable[[Ended], None]]] = deque()
        self._some = asyncio.Event()
        self._working: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to work."""
        self._working = asyncio.create_task(self._work())

    def give(self, judging: Bits, done: Callable[[Ended], None]) -> None:
        """Do the first bit now and the others in their time, and tell ``done`` what came of it."""
        if _step(judging, done):
            self._waiting.append((judging, done))
            self._some.set()

    def finish(self) -> None:
        """Do all that is left."""
        while self._waiting:
            self._do_a_bit()

    def close(self) -> None:
        """Do all that is left, and stop."""
        if self._working is not None:
            self._working.cancel()
        self.finish()

    async def _work(self) -> None:
        while True:
            await self._some.wait()
            for _ in range(1 + len(self._waiting) // _CATCH_UP):
                if self._waiting:
                    self._do_a_bit()
            if not self._waiting:
                self._some.clear()
            await asyncio.sleep(0)

    def _do_a_bit(self) -> None:
        if not _step(*self._waiting[0]):
            self._waiting.popleft()


def _step(judging: Bits, done: Callable[[Ended], None]) -> bool:
    """Do the next bit; false if that was the last one."""
    try:
        next(judging)
    except StopIteration as over:
        done(over.value)
        return False
    return True
