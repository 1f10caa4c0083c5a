"""One connection of an HTTP/1.1 client: writes a request, reads the answer, and says how that failed."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable
from typing import Any, Protocol, cast

import httptools

from chatdrill.serve.errands import Errand
from chatdrill.serve.heads import header_text
from chatdrill.serve.inbox import Inbox, Receiver
from chatdrill.wire import HttpFailure, HttpResponse

TOO_LONG = "the answer is longer than"
_HEAD_MAX_BYTES = 256 * 1024
_FRESH_S = 0.2  # a connection idle for longer is asked whether the other side has closed it


class Pool(Protocol):
    """The connections to one origin, of which a link is one."""

    inbox: Inbox

    @property
    def now(self) -> Callable[[], float]:
        """Real seconds since an arbitrary point."""

    def dial(self, errand: Errand) -> None:
        """Open a connection for the errand."""

    def opened(self, link: Link) -> None:
        """A connection stands."""

    def free(self, link: Link) -> None:
        """A connection has nothing to do."""

    def lost(self, link: Link) -> None:
        """A connection is gone."""


class Link(asyncio.Protocol, Receiver):
    """One connection to the other side; carries one errand at a time."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._transport: asyncio.Transport | None = None
        self._parser: Any = None
        self._errand: Errand | None = None
        self._carried = 0
        self._idle_since = 0.0
        self._came_at = 0.0
        self._begin()

    def _begin(self) -> None:
        self._headers: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._received = 0
        self._body_bytes = 0
        self._status = 0
        self._in_body = False
        self._complete = False
        self._surplus = False
        self._keep = False

    # ------------------------------------------------------------------------------------------- from the pool

    def usable(self) -> bool:
        """False for a connection that the other side has closed while it was idle."""
        if self._transport is None or self._transport.is_closing():
            return False
        if self._pool.now() - self._idle_since < _FRESH_S:
            return True
        return not _readable(self._transport)

    def carry(self, errand: Errand) -> None:
        """Write the request."""
        assert self._transport is not None
        self._begin()
        self._errand = errand
        self._carried += 1
        errand.link = self
        errand.began = self._pool.now()
        self._transport.write(errand.data)

    def cut(self) -> None:
        """Close now."""
        self._errand = None
        if self._transport is not None:
            self._transport.abort()

    # -------------------------------------------------------------------------------------- from the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._parser = httptools.HttpResponseParser(self)
        self._pool.opened(self)

    def data_received(self, data: bytes) -> None:
        self._pool.inbox.take(self, data)

    def eof_received(self) -> None:
        self._pool.inbox.flush(self)

    def receive(self, data: bytes, came_at: float) -> None:
        """Read a part of an answer."""
        if self._transport is None:  # cut while this waited
            return
        if self._errand is None:  # nobody asked
            self.cut()
            return
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self._complete:
                self._fail("garbage", f"the answer is not HTTP/1.1: {error or type(error).__name__}")
                return
            self._surplus = True
        self._came_at = came_at
        self._too_long()

    def react(self) -> None:
        """Report the answer, once it is whole."""
        if self._complete and self._errand is not None:
            self._finish(self._came_at)

    def _too_long(self) -> None:
        errand = self._errand
        if not self._in_body and self._received > _HEAD_MAX_BYTES:
            self._fail("garbage", f"the head of the answer is longer than {_HEAD_MAX_BYTES} bytes")
        elif errand is not None and self._body_bytes > errand.answer_max_bytes:
            self._fail("garbage", f"{TOO_LONG} {errand.answer_max_bytes} bytes")

    def connection_lost(self, exc: Exception | None) -> None:
        self._pool.inbox.flush(self)
        self._transport = self._parser = None
        self._pool.lost(self)
        errand = self._errand
        if errand is None:
            return
        if self._in_body and exc is None and not _says_where_it_ends(self._headers):
            self._finish(self._pool.now())
        elif not self._received and self._carried > 1 and errand.note is None:
            errand.note = "sent again on a fresh connection: the kept-alive one was closed without an answer"
            self._pool.dial(errand)
        else:
            self._fail("reset", self._how_lost(exc))

    def _how_lost(self, exc: Exception | None) -> str:
        reason = f" ({exc})" if exc is not None else ""
        if not self._received:
            return f"the connection was closed without an answer{reason}"
        return f"the connection was closed in the middle of the answer{reason}"

    # ----------------------------------------------------------------------------------------- from the parser

    def on_message_begin(self) -> None:
        if self._complete:
            self._surplus = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._surplus:
            return
        self._headers.append(header_text(name, value))

    def on_headers_complete(self) -> None:
        if self._surplus:
            return
        self._status = self._parser.get_status_code()
        self._in_body = self._status >= 200
        if self._in_body and self._errand is not None and self._errand.method == "HEAD":
            self._complete = self._surplus = True  # the parser waits for a body that never comes: use it no more

    def on_body(self, part: bytes) -> None:
        if not self._surplus:
            self._body_bytes += len(part)
            self._body.append(part)

    def on_message_complete(self) -> None:
        if self._surplus:
            return
        if self._in_body:
            self._complete = True
            self._keep = self._parser.should_keep_alive()  # the parser knows it only here
        else:  # 1xx: the answer proper follows
            self._headers = []

    # --------------------------------------------------------------------------------------------------- ends

    def _finish(self, came_at: float) -> None:
        errand, self._errand = self._errand, None
        answer = HttpResponse(self._status, tuple(self._headers), b"".join(self._body))
        if self._keep and not self._surplus and self._transport is not None:
            self._idle_since = self._pool.now()
            self._pool.free(self)
        else:
            self.cut()
        if errand is not None:
            errand.end(answer, came_at)

    def _fail(self, kind: str, detail: str) -> None:
        errand = self._errand
        self.cut()
        if errand is not None:
            errand.end(HttpFailure(kind, detail))


def _says_where_it_ends(headers: list[tuple[str, str]]) -> bool:
    return any(name.lower() in ("content-length", "transfer-encoding") for name, _ in headers)


def _readable(transport: asyncio.Transport) -> bool:
    sock = transport.get_extra_info("socket")
    poll = select.poll()
    poll.register(sock.fileno(), select.POLLIN | select.POLLHUP)
    return bool(poll.poll(0))
