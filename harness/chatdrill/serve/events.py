"""The trace as server-sent events."""

from __future__ import annotations

import asyncio

import msgspec

from chatdrill.clock import real_later
from chatdrill.clock.real import Cancellable
from chatdrill.trace import Record, Recorder
from chatdrill.wire.http import Headers

_BUFFER_MAX_BYTES = 4 * 1024 * 1024
_KEEP_ALIVE_S = 15.0


class TraceStream:
    """One client that watches. ``after`` is the number of the last record it knows; ``None`` begins with the next one.

    A client that reads too slowly is cut off: its browser comes back with ``Last-Event-ID`` and gets what it missed.
    """

    headers: Headers = (("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"))

    def __init__(self, recorder: Recorder, *, after: int | None) -> None:
        self._recorder = recorder
        self._after = after
        self._transport: asyncio.Transport | None = None
        self._timer: Cancellable | None = None

    def opened(self, transport: asyncio.Transport) -> None:
        """Send what the client missed, then every record as it is made."""
        self._transport = transport
        transport.set_write_buffer_limits(high=_BUFFER_MAX_BYTES)
        if self._after is not None:
            transport.write(b"".join(_event(record) for record in self._recorder.records[self._after + 1 :]))
        self._recorder.listeners.append(self._tell)
        self._keep_alive()

    def closed(self) -> None:
        """The client went away."""
        self._transport = None
        if self._tell in self._recorder.listeners:
            self._recorder.listeners.remove(self._tell)
        if self._timer is not None:
            self._timer.cancel()

    def _tell(self, record: Record) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > _BUFFER_MAX_BYTES:
            self._transport.abort()
            return
        self._transport.write(_event(record))

    def _keep_alive(self) -> None:
        """A comment now and then, so that a connection which died is noticed."""
        if self._transport is not None:
            self._transport.write(b":\n\n")
            self._timer = real_later(_KEEP_ALIVE_S, self._keep_alive)


def _event(record: Record) -> bytes:
    return b"id: %d\ndata: %b\n\n" % (record.n, msgspec.json.encode(record))
