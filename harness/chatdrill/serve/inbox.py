"""What sockets bring, stamped as it comes and dealt with in small batches.

When much comes at once (a bot that froze goes on), the last of it waits until everything before it is dealt with. That is our time and
not the bot's, so all of it is stamped first.

A batch is dealt with in stages: all of it is read, then all of it acted upon, then all of it answered. A stage is code that the processor
has at hand after the first piece, which makes a message cheaper by a sixth where many come.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence

_SMALL_BYTES = 16 * 1024
"""What is greater is a part of an upload: it is dealt with at once, so that no more of it is held than the sockets do."""

_BATCH = 64  # pieces: a few milliseconds of work, after which the sockets are looked at again


class Receiver(ABC):
    """One end of a connection."""

    @abstractmethod
    def receive(self, data: bytes, came_at: float) -> None:
        """Read what came in at ``came_at``, by the clock of the inbox."""

    def react(self) -> None:  # noqa: B027  not every end has three stages
        """Do what follows from what was read."""

    def reply(self) -> None:  # noqa: B027
        """Send what there is to say to it."""


Piece = tuple[Receiver, bytes, float]


class Inbox:
    """What came waits until the loop has seen all the sockets that it found ready; a batch is dealt with in each turn that follows, and in
    between the sockets are looked at again. ``now`` is a monotonic clock in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._waiting: deque[Piece] = deque()

    def take(self, receiver: Receiver, data: bytes) -> None:
        """Take in what a socket has brought."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._go_on)
        self._waiting.append((receiver, data, self._now()))
        if len(data) >= _SMALL_BYTES:
            self.flush(receiver)

    def flush(self, receiver: Receiver) -> None:
        """Deal with what waits from one connection: it ends, or much more comes."""
        own = [piece for piece in self._waiting if piece[0] is receiver]
        if own:
            self._waiting = deque(piece for piece in self._waiting if piece[0] is not receiver)
            _deal_with(own)

    def _go_on(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
        try:
            _deal_with(batch)
        finally:
            if self._waiting:
                asyncio.get_running_loop().call_soon(self._go_on)


def _deal_with(pieces: Sequence[Piece]) -> None:
    """Take pieces through the stages. What fails with one of them is told to the loop and keeps no other one up."""
    for stage in _STAGES:
        for piece in pieces:
            try:
                stage(piece)
            except Exception as error:  # noqa: BLE001
                _tell(error)


def _read(piece: Piece) -> None:
    receiver, data, came_at = piece
    receiver.receive(data, came_at)


def _act(piece: Piece) -> None:
    piece[0].react()


def _answer(piece: Piece) -> None:
    piece[0].reply()


_STAGES = (_read, _act, _answer)


def _tell(error: Exception) -> None:
    what = "dealing with what a socket has brought failed"
    asyncio.get_running_loop().call_exception_handler({"message": what, "exception": error})
