"""WebSockets as values: what a fake says about those that a bot has opened. Nothing here opens one."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from chatdrill.wire.http import HttpRequest, HttpResponse

Data = str | bytes
"""One message: text or binary."""


@dataclass(frozen=True)
class Accept:
    """The answer to a handshake (``wants_socket``): the WebSocket is open.

    ``socket`` is the fake's own name for it, never given twice; ``says`` are the first messages that go over it, ``protocol`` is the
    one subprotocol that was chosen of those the bot offered. A ping goes out every ``ping_s`` real seconds. ``close`` is the code with
    which the socket is closed again right behind its first messages.
    """

    socket: str
    says: tuple[Data, ...] = ()
    protocol: str | None = None
    ping_s: float = 10.0
    close: int | None = None


@dataclass(frozen=True)
class Push:
    """Something for an open socket: a message that nobody acknowledges, or the code with which it is closed, or first one and
    then the other. One that is not open any more is not missed."""

    socket: str
    data: Data | None = None
    close: int | None = None


class SocketMessage(HttpRequest, frozen=True, dict=True, kw_only=True):
    """A webhook that goes over a socket: ``body`` is the text of one message, ``url`` says where it went.

    ``awaits`` is what the bot's answer is known by (``Heard.answers``); without it whatever was written counts as taken. ``close``
    is the code with which the socket is closed behind it.
    """

    socket: str
    awaits: str = ""
    close: int | None = None


class Heard(msgspec.Struct, frozen=True):
    """What a message of the bot's means.

    ``answers`` are what it acknowledges, each by the word that a ``SocketMessage`` awaits, as an answer to a webhook. ``pushes`` is
    what is said at once. ``trouble`` is a sentence about what the bot has got wrong.
    """

    answers: tuple[tuple[str, HttpResponse], ...] = ()
    pushes: tuple[Push, ...] = ()
    trouble: str | None = None


def wants_socket(request: HttpRequest) -> bool:
    """True for the handshake of a WebSocket (RFC 6455, 4.1)."""
    return request.method == "GET" and (request.header("upgrade") or "").lower() == "websocket"
