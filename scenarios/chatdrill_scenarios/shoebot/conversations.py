"""One line per conversation: bursts are merged, order is kept, and no customer waits for another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from .model import URGENT, Event

log = logging.getLogger("shoebot")

# However long somebody goes on typing, the first fragment gets its answer within this many quiet periods.
PATIENCE = 4

Handler = Callable[[list[Event]], Awaitable[None]]


class Conversations:
    def __init__(self, handle: Handler, debounce_s: float) -> None:
        self._handle = handle
        self._debounce_s = debounce_s
        self._lines: dict[str, asyncio.Queue[Event]] = {}
        self._workers: set[asyncio.Task[None]] = set()

    def put(self, event: Event) -> None:
        """Queues the event; never waits, as the platform is waiting for its acknowledgement."""
        line = self._lines.get(event.conversation)
        if line is not None:
            line.put_nowait(event)
            return
        line = self._lines[event.conversation] = asyncio.Queue()
        line.put_nowait(event)
        worker = asyncio.create_task(self._work(event.conversation, line))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def idle(self) -> None:
        """Returns when every open burst has been answered."""
        while self._workers:
            await asyncio.wait(self._workers)

    async def drain(self, timeout_s: float) -> None:
        """Lets the open bursts be answered, but not for ever."""
        if not self._workers:
            return
        _, late = await asyncio.wait(self._workers, timeout=timeout_s)
        for worker in late:
            worker.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, conversation: str, line: asyncio.Queue[Event]) -> None:
        try:
            while not line.empty():
                burst = await self._collect(line)
                try:
                    await self._handle(burst)
                except Exception:  # a defect in one turn must not end the conversation
                    log.exception("a turn failed")
        finally:
            # Nothing is awaited between the last look into the line and this, so no event is lost.
            del self._lines[conversation]

    async def _collect(self, line: asyncio.Queue[Event]) -> list[Event]:
        """The fragments of one thought; a press or a command is a whole thought."""
        now = asyncio.get_running_loop().time
        burst = [line.get_nowait()]
        deadline = now() + PATIENCE * self._debounce_s
        while burst[-1].kind not in URGENT:
            quiet_s = min(self._debounce_s, deadline - now())
            try:
                async with asyncio.timeout(max(quiet_s, 0)):
                    burst.append(await line.get())
            except TimeoutError:
                break
        return burst
