"""The first words on a connection to the proxy: a tunnel, a request to a proxy, or one to a server."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Protocol
from urllib.parse import urlsplit

from chatdrill.serve.heads import host_of

_HEAD_MAX_BYTES = 64 * 1024
_ENDS_HEAD = b"\r\n\r\n"
_BETWEEN_PROXIES = re.compile(rb"\r\n(?:proxy-[\w-]+|connection|keep-alive):[^\r\n]*", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


class House(Protocol):
    """What lies behind the door."""

    def tunnel(self, transport: Any, host: str, port: int, early: bytes) -> None:
        """Somebody asked for a tunnel."""

    def forward(self, transport: Any, host: str, port: int, head: bytes) -> None:
        """Somebody sent a proxy a request (``head`` and what followed it), whose URL is whole."""

    def serve(self, transport: Any, data: bytes) -> None:
        """Somebody spoke as with a server."""

    def turn_away(self, transport: Any) -> None:
        """Somebody said nothing that can be understood."""

    def came(self, door: Door) -> None:
        """Somebody stands before the door."""

    def went(self, door: Door) -> None:
        """He does not any more."""


class Door(asyncio.Protocol):
    """Reads the first head on a connection and hands it over."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._transport: Any = None
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._house.came(self)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002  gone is gone
        self._house.went(self)

    def expire(self) -> None:
        """He has not said in time what he wants."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._head += data
        if _ENDS_HEAD in self._head:
            self._transport.pause_reading()  # nothing may come before it is settled whose it is
            self._house.went(self)
            self._hand_over()
        elif len(self._head) > _HEAD_MAX_BYTES:
            self._house.went(self)
            self._house.turn_away(self._transport)

    def _hand_over(self) -> None:
        head, _, early = self._head.partition(_ENDS_HEAD)
        method, _, rest = head.split(b"\r\n", 1)[0].partition(b" ")
        url = rest.rpartition(b" ")[0].decode("latin-1")
        try:
            if method == b"CONNECT":
                host, port = _target(f"//{url}", 443)
                self._house.tunnel(self._transport, host, port, early)
            elif "://" in url:
                host, port = _target(url, _PORTS.get(urlsplit(url).scheme, 0))
                self._house.forward(self._transport, host, port, _alone(head) + _ENDS_HEAD + early)
            elif not url:
                self._house.turn_away(self._transport)
            else:
                self._house.serve(self._transport, self._head)
        except ValueError:
            self._house.turn_away(self._transport)


def _target(url: str, port: int) -> tuple[str, int]:
    """Host and port; raises ``ValueError``."""
    parts = urlsplit(url)
    if not parts.hostname or not (parts.port or port):
        raise ValueError(url)
    return host_of(parts.hostname.rstrip(".")), parts.port or port


def _alone(head: bytes) -> bytes:
    """The head without what concerns the way to the proxy, and for one request: the next may be for somebody else."""
    return _BETWEEN_PROXIES.sub(b"", head) + b"\r\nConnection: close"


def at_origin(head: bytes) -> bytes:
    """A request to a proxy as its server expects it: without scheme and host."""
    line, _, rest = head.partition(b"\r\n")
    method, url, version = line.split(b" ", 2)
    parts = urlsplit(url.decode("latin-1"))
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}".encode("latin-1")
    return b" ".join((method, path, version)) + b"\r\n" + rest
