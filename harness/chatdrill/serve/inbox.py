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

_TOGETHER_S = 20e-6  # a loop looks at the sockets that it found ready one right after the other
_SLICE_S = 0.001


class Receiver(Protocol):
    """One end of a connection."""

    def receive(self, data: bytes, came_at: float) -> None:
        """Deal with what came in at ``came_at``, by the clock of the inbox."""


class Inbox:
    """What comes alone is dealt with at once. Of what comes together with other things the first piece is; the others wait for the turns of
    the loop that follow, a millisecond of work in each, and in between the sockets are looked at again. ``now`` is a monotonic clock
    in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._waiting: deque[tuple[Receiver, bytes, float]] = deque()
        self._ended_at = 0.0

    def take(self, receiver: Receiver, data: bytes) -> None:
        """Take in what a socket has brought."""
        came_at = self._now()
        if self._waiting or came_at - self._ended_at < _TOGETHER_S:
            if len(data) < _SMALL_BYTES:
                if not self._waiting:
                    asyncio.get_running_loop().call_soon(self._go_on)
                self._waiting.append((receiver, data, came_at))
                return
            self.flush(receiver)
        receiver.receive(data, came_at)
        self._ended_at = self._now()

    def flush(self, receiver: Receiver) -> None:
        """Deal with what waits from one connection: it ends, or much more comes."""
        own = [item for item in self._waiting if item[0] is receiver]
        if own:
            self._waiting = deque(item for item in self._waiting if item[0] is not receiver)
            for _, data, came_at in own:
                receiver.receive(data, came_at)

    def _go_on(self) -> None:
        until = self._now() + _SLICE_S
        try:
            while self._waiting:
                receiver, data, came_at = self._waiting.popleft()
                receiver.receive(data, came_at)
                if self._now() >= until:
                    break
        finally:
            if self._waiting:
                asyncio.get_running_loop().call_soon(self._go_on)
