"""One WebSocket: wsproto reads and writes the frames (RFC 6455), everything around them is here.

It takes the place of the HTTP connection once the handshake is answered. Whatever a client sends ends in a message, a pong or a
closing code, within the bounds of ``Bounds``. No extension is agreed on, so nothing is ever unpacked.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import MutableSet
from typing import Any, cast

from chatdrill.clock import real_monotonic
from chatdrill.serve.answers import Attended, Bounds, Dialogue
from chatdrill.serve.inbox import Inbox, Receiver
from chatdrill.wire import Data, HttpRequest, HttpResponse, json_response

_VERSION = "13"
_KEY_BYTES = 16
_NORMAL, _GOING_AWAY, _TOO_BIG, _NO_CODE = 1000, 1001, 1009, 1005
ABNORMAL = 1006
"""In the place of a closing code where none came (RFC 6455, 7.4.1)."""
_REASON_MAX_BYTES = 123  # what is left of the 125 bytes of a control frame behind the code (RFC 6455, 5.5)


def misfit(request: HttpRequest) -> HttpResponse | None:
    """The refusal of a handshake that is none (RFC 6455, 4.2); ``None`` for a good one."""
    if request.header("sec-websocket-version") != _VERSION:
        headers = (("Sec-WebSocket-Version", _VERSION),)
        return json_response({"error": f"only version {_VERSION} of WebSockets is spoken"}, status=426, headers=headers)
    try:
        key = base64.b64decode(request.header("sec-websocket-key") or "", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        return json_response({"error": "Sec-WebSocket-Key is not 16 bytes in Base64"}, status=400)
    return None


def proof(request: HttpRequest) -> str:
    """What ``Sec-WebSocket-Accept`` has to say to a good handshake."""
    from wsproto.utilities import generate_accept_token

    return generate_accept_token((request.header("sec-websocket-key") or "").encode("latin-1")).decode()


class WebSocket(asyncio.Protocol, Receiver):
    """An open WebSocket, as the protocol of a transport and as the ``Line`` of a dialogue."""

    def __init__(self, dialogue: Dialogue, bounds: Bounds, inbox: Inbox, connections: MutableSet[Attended]) -> None:
        # Most stages never see a WebSocket, so only this one loads the library.
        from wsproto import events
        from wsproto.connection import Connection, ConnectionState, ConnectionType

        self._events = events
        self._states = ConnectionState
        self._frames = Connection(ConnectionType.SERVER)
        self._dialogue = dialogue
        self._bounds = bounds
        self._inbox = inbox
        self._connections = connections
        self._transport: asyncio.Transport | None = None
        self._parts: list[Any] = []
        self._size = 0
        self._code: int | None = None
        self.deadline = 0.0

    # ------------------------------------------------------------------------------------------ the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._connections.add(self)
        self._ping_later()
        self._dialogue.opened(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._inbox.flush(self)
        self._transport = None
        self._connections.discard(self)
        self._dialogue.closed(ABNORMAL if self._code is None else self._code)

    def pause_writing(self) -> None:
        """Read only from a client that also reads."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def eof_received(self) -> None:
        self._inbox.flush(self)

    def data_received(self, data: bytes) -> None:
        self._inbox.take(self, data)

    def receive(self, data: bytes, _came_at: float) -> None:
        """Take in a part of a frame, or several frames."""
        if self._transport is None or self._frames.state not in (self._states.OPEN, self._states.LOCAL_CLOSING):
            return
        self._frames.receive_data(data)
        for event in self._frames.events():
            self._take(event)
            if self._transport is None:
                break

    def _take(self, event: Any) -> None:
        events = self._events
        if isinstance(event, events.Message):
            self._collect(event)
        elif isinstance(event, events.Ping):
            self._write(event.response())
        elif isinstance(event, events.CloseConnection):
            self._end(event)

    def _collect(self, part: Any) -> None:
        if self._frames.state is not self._states.OPEN:  # it may still talk while it reads that it is over
            return
        self._parts.append(part.data)
        self._size += len(part.data)
        if self._size > self._bounds.body_max_bytes:
            self.close(_TOO_BIG, f"a message of more than {self._bounds.body_max_bytes} bytes")
        elif part.message_finished:
            whole: Data = self._parts[0] if len(self._parts) == 1 else type(part.data)().join(self._parts)
            self._parts, self._size = [], 0
            self._dialogue.heard(bytes(whole) if isinstance(whole, bytearray) else whole)

    def _end(self, event: Any) -> None:
        """The client says that it is over, or has answered that; or it broke the protocol, which has a code too."""
        if self._code is None:
            self._code = int(event.code)
        if self._frames.state is not self._states.CLOSED:
            code = _NORMAL if event.code == _NO_CODE else event.code
            self._write(self._events.CloseConnection(code, _short(event.reason or "")))
        if self._transport is not None:
            self._transport.close()

    def _write(self, event: Any) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._frames.send(event))

    # -------------------------------------------------------------------------------------------- the dialogue

    def say(self, data: Data) -> None:
        """Send one message."""
        if self._frames.state is self._states.OPEN:
            events = self._events
            self._write(events.TextMessage(data) if isinstance(data, str) else events.BytesMessage(data))

    def close(self, code: int, reason: str = "") -> None:
        """Say that it is over."""
        if self._frames.state is not self._states.OPEN:
            return
        self._code = code
        self._write(self._events.CloseConnection(code, _short(reason)))
        self.deadline = real_monotonic() + self._bounds.drain_s

    # --------------------------------------------------------------------------------------------- the server

    def _ping_later(self) -> None:
        self.deadline = real_monotonic() + self._dialogue.ping_s

    def expire(self) -> None:
        """It is time for a ping; or the client has not answered that it is over."""
        if self._frames.state is not self._states.OPEN:
            self.cut()
            return
        self._write(self._events.Ping())
        self._ping_later()

    def finish(self) -> None:
        """The server closes."""
        self.close(_GOING_AWAY, "chatdrill closes")

    def cut(self) -> None:
        """Close now."""
        if self._transport is not None:
            self._transport.abort()


def _short(reason: str) -> str:
    return reason.encode("utf-8", "replace")[:_REASON_MAX_BYTES].decode("utf-8", "ignore")
