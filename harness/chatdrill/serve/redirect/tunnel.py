"""Two connections made one: what comes in at either goes out at the other, whatever it is."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from chatdrill.clock import real_monotonic

_ANSWERS_WITHIN_S = 30.0
"""Real seconds for which somebody outside who was told something may still owe an answer."""


class Ends:
    """One tunnel. ``told_at`` is when the bot spoke last (monotonic real seconds), as long as nobody has answered."""

    def __init__(self, near: asyncio.Transport) -> None:
        self.near = End(self)
        self.far = End(self)
        self.near.transport = near
        self.told_at: float | None = None
        self.is_over = False

    @property
    def is_waiting(self) -> bool:
        """True while the bot waits for an answer from the other side."""
        return self.told_at is not None and real_monotonic() - self.told_at < _ANSWERS_WITHIN_S

    def open(self, early: bytes) -> None:
        """Both ends stand; ``early`` is what the bot has said already."""
        near = self.near.transport
        near.set_protocol(self.near)
        if early:
            self.near.data_received(early)
        near.resume_reading()
        self.far.transport.resume_reading()

    def close(self) -> None:
        """Cut both ends."""
        for end in (self.near, self.far):
            if end.transport is not None:
                end.transport.abort()


class End(asyncio.Protocol):
    """One end: it reads no faster than the other can write."""

    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self._has_ended = False
        self.transport: Any = None

    @property
    def _other(self) -> End:
        return self._ends.far if self is self._ends.near else self._ends.near

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.pause_reading()  # a server that speaks first must not be heard before the proxy has answered

    def data_received(self, data: bytes) -> None:
        self._ends.told_at = real_monotonic() if self is self._ends.near else None
        self._other.transport.write(data)

    def eof_received(self) -> bool:
        self._has_ended = True
        if self._other._has_ended or not self._other.transport.can_write_eof():
            return False
        self._other.transport.write_eof()
        return True

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002  gone is gone
        self._ends.told_at, self._ends.is_over = None, True
        self._other.transport.close()

    def pause_writing(self) -> None:
        self._other.transport.pause_reading()

    def resume_writing(self) -> None:
        self._other.transport.resume_reading()
