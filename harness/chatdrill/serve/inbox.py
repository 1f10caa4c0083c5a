"""What sockets bring, stamped as it comes and dealt with one piece at a time.

When much comes at once (a bot that froze goes on), the last of it waits until everything before it is dealt with. That is our time and
not the bot's, so all of it is stamped first.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

_SMALL_BYTES = 16 * 1024
"""What is greater is a part of an upload: it is dealt with at once, so that no more of it is held than the sockets do."""


class Receiver(Protocol):
    """One end of a connection."""

    def receive(self, data: bytes, came_at: float) -> None:
        """Deal with what came in at ``came_at``, by the clock of the inbox."""


class Inbox:
    """The first piece of each turn of the loop is dealt with at once; of the others one in each of the turns that follow, in which
    the sockets are looked at again. ``now`` is a monotonic clock in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._waiting: deque[tuple[Receiver, bytes, float]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._had_one = False

    def take(self, receiver: Receiver, data: bytes) -> None:
        """Take in what a socket has brought."""
        came_at = self._now()
        if self._had_one and len(data) < _SMALL_BYTES:
            self._waiting.append((receiver, data, came_at))
            return
        if self._had_one:
            self.flush(receiver)
        else:
            self._had_one = True
            self._loop = self._loop or asyncio.get_running_loop()
            self._loop.call_soon(self._next)
        receiver.receive(data, came_at)

    def flush(self, receiver: Receiver) -> None:
        """Deal with what waits from one connection: it ends, or much more comes."""
        own = [item for item in self._waiting if item[0] is receiver]
        if own:
            self._waiting = deque(item for item in self._waiting if item[0] is not receiver)
            for _, data, came_at in own:
                receiver.receive(data, came_at)

    def _next(self) -> None:
        if not self._waiting:
            self._had_one = False
            return
        assert self._loop is not None
        self._loop.call_soon(self._next)
        receiver, data, came_at = self._waiting.popleft()
        receiver.receive(data, came_at)
