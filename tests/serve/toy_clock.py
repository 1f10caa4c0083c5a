"""A clock that moves when told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class ToyClock:
    """Stands still; ``pass_time`` moves it and ends the sleeps that are over."""

    is_virtual = False
    speed = 1.0

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self._now = start
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self.slept: list[float] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() if asyncio._get_running_loop() else 0.0

    async def sleep(self, drill_s: float) -> None:
        self.slept.append(drill_s)
        if drill_s <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + drill_s, future))
        await future

    def call_later(self, drill_s: float, work: Callable[[], None]) -> object:
        async def wait() -> None:
            await self.sleep(drill_s)
            work()

        task = asyncio.get_running_loop().create_task(wait())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def pass_time(self, seconds: float) -> None:
        self._now += seconds
        due = [sleeper for sleeper in self._sleepers if sleeper[0] <= self._now]
        self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > self._now]
        for _, future in due:
            if not future.done():
                future.set_result(None)
