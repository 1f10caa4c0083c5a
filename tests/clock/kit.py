"""A loop whose time jumps, played on for the length of one coroutine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chatdrill.clock import Stall
from chatdrill.clock.exact import ExactLoop

START = 1_772_442_000.0  # 2026-03-02T09:00:00Z
DAY = 86_400.0


@dataclass
class Drilled:
    """What a coroutine returned, what the loop's time was in the end, and what stalled it."""

    result: Any
    time: float
    stalls: list[Stall] = field(default_factory=list)


def drill(main: Callable[[], Awaitable[Any]], *, start: float | None = START, held_max_s: float = 10.0) -> Drilled:
    """Run ``main`` on an exact loop while somebody plays; ``start`` is drill time at its beginning."""
    stalls: list[Stall] = []
    times: list[float] = []

    def make() -> ExactLoop:
        loop = ExactLoop(held_max_s=held_max_s)
        loop.stalled = stalls.append
        if start is not None:
            loop.show(start)
        return loop

    async def play() -> Any:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, ExactLoop)
        with loop.running():
            try:
                return await main()
            finally:
                times.append(loop.time())
                await _cut(loop)

    with asyncio.Runner(loop_factory=make) as runner:
        result = runner.run(play())
    return Drilled(result, times[0], stalls)


async def _cut(loop: ExactLoop) -> None:
    """A test may leave connections behind."""
    await asyncio.sleep(0)
    for transport in tuple(loop._transports.values()):  # type: ignore[attr-defined]
        transport.abort()
    for _ in range(3):
        await asyncio.sleep(0)


def now() -> float:
    """The time of the running loop."""
    return asyncio.get_running_loop().time()


@contextlib.contextmanager
def foreign_server(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Another program, as far as the loop can see: ``serve`` gets each connection, in a thread. Gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection = listening.accept()[0]
                    threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
