"""What a handler of requests is asked and may answer, and what a client may cost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from chatdrill.wire import HttpRequest, HttpResponse
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


class HangUp:
    """An answer that never comes: the connection is closed, by a TCP reset or in order. ``begun``: half of this one comes."""

    def __init__(self, *, reset: bool, begun: HttpResponse | None = None) -> None:
        self.reset = reset
        self.begun = begun


Answer = HttpResponse | Stream | HangUp
Handler = Callable[[HttpRequest], Answer | Awaitable[Answer]]
Complain = Callable[[str], None]


class Refused(Exception):
    """A request that is not worth reading on."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
