"""TLS connections of an exact loop to other programs: what counts as an answer is what comes out of them.

A server sends more than answers: session tickets, for one, follow the handshake, when a request may be under way already.
"""

from __future__ import annotations

import asyncio
from typing import Any

from chatdrill.clock.outside import Outside


class WatchedTls(asyncio.sslproto.SSLProtocol):  # type: ignore[name-defined,misc]
    """asyncio's TLS, which says when data came out of it."""

    def __init__(self, outside: Outside, *args: Any, **options: Any) -> None:
        self._outside = outside
        super().__init__(*args, **options)

    def _on_handshake_complete(self, handshake_exc: BaseException | None) -> None:
        super()._on_handshake_complete(handshake_exc)
        if handshake_exc is None:
            watch(self._outside, self)


def watch(outside: Outside, tls: Any) -> None:
    """Look into a connection of asyncio's TLS whose handshake is over."""
    if tls._sslobj is None or tls._transport is None or isinstance(tls._sslobj, _Telling):
        return
    outside.closed(tls._transport)  # its end of the handshake has no answer
    tls._transport.answers_itself = False
    tls._sslobj = _Telling(tls._sslobj, outside, tls._transport)


class _Telling:
    """An ``ssl.SSLObject`` that tells of what is read from it."""

    def __init__(self, inner: Any, outside: Outside, transport: Any) -> None:
        self._inner = inner
        self._outside = outside
        self._transport = transport

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def read(self, *args: Any) -> Any:
        """What it says in clear, or how many bytes of it."""
        got = self._inner.read(*args)
        if got:
            self._outside.heard(self._transport)
        return got
