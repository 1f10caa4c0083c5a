"""What a handler of requests is asked and may answer, and what a client may cost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import msgspec

from chatdrill.wire import Data, HttpRequest, HttpResponse
from chatdrill.wire.http import Headers


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a client may cost. Times in real seconds.

    ``url_max_bytes`` leaves room for a text of 4,096 characters in a query string; ``drain_*`` bound what is read and
    thrown away after a refusal, so that a client that is still sending sees the answer instead of a reset.
    """

    url_max_bytes: int = 64 * 1024
    head_max_bytes: int = 64 * 1024
    body_max_bytes: int = 64 * 1024 * 1024
    idle_s: float = 300.0
    request_s: float = 60.0
    drain_s: float = 10.0
    drain_max_bytes: int = 512 * 1024 * 1024


class Stream(Protocol):
    """An answer without an end: ``opened`` gets the transport after the head was written."""

    headers: Headers

    def opened(self, transport: asyncio.Transport) -> None:
        """Begin to write."""

    def closed(self) -> None:
        """The client went away, or the server closes."""


class Line(Protocol):
    """An open WebSocket."""

    def say(self, data: Data) -> None:
        """Send one message; nothing happens once the socket is closing."""

    def close(self, code: int, reason: str = "") -> None:
        """Say that it is over, and end it when the client has said so too, or after a while."""


@runtime_checkable
class Dialogue(Protocol):
    """An answer that makes a WebSocket of the connection. ``protocol`` is the subprotocol, ``ping_s`` real seconds between pings.

    ``opened`` is called once, unless the request was no valid handshake; ``closed`` is called once in any case.
    """

    protocol: str | None
    ping_s: float

    def opened(self, line: Line) -> None:
        """The handshake was answered."""

    def heard(self, data: Data) -> None:
        """The client has sent a whole message."""

    def closed(self, code: int) -> None:
        """It is over, with this closing code (1006: without one)."""


class Attended(Protocol):
    """A connection that the server looks after: it calls ``expire`` when ``deadline`` (monotonic) is over."""

    deadline: float

    def expire(self) -> None:
        """The time is over."""

    def finish(self) -> None:
        """Close after what is under way."""

    def cut(self) -> None:
        """Close now."""


class HangUp:
    """An answer that never comes: the connection is closed, by a TCP reset or in order. ``begun``: half of this one comes."""

    def __init__(self, *, reset: bool, begun: HttpResponse | None = None) -> None:
        self.reset = reset
        self.begun = begun


Answer = HttpResponse | Stream | HangUp | Dialogue
Handler = Callable[[HttpRequest], Answer | Awaitable[Answer]]
Complain = Callable[[str], None]


class Turn(msgspec.Struct):
    """A request and, when it is known, its answer."""

    request: HttpRequest
    keep: bool
    old: bool
    answer: Answer | None = None
    task: asyncio.Future[Answer] | None = None


class Refused(Exception):
    """A request that is not worth reading on."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def unreadable(error: Exception, data: bytes) -> str:
    """What is wrong with bytes that are no request."""
    if data[:2] == b"\x16\x03":
        return "not HTTP but a TLS greeting: the fakes speak plain http:// here"
    return f"not HTTP/1.1: {error}"
