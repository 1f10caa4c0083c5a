"""A pooled HTTP/1.1 client on asyncio protocols, made for many small requests to one bot.

``Client.start`` takes a callback and costs no task; ``Client.send`` is the same to await. It follows no redirects and
decodes no contents: what came is what the caller gets. Connections are kept alive and used last-in first-out.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import httptools

from chatdrill.serve.heads import BadUrl, Target, is_loopback, request_bytes, target_of
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse

CONNECT_S = 10.0
CONNECTIONS_MAX = 512  # to one origin
ANSWER_MAX_BYTES = 16 * 1024 * 1024
TOO_LONG = "the answer is longer than"
_HEAD_MAX_BYTES = 256 * 1024
_FRESH_S = 0.2  # a connection idle for longer is asked whether the other side has closed it


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a request ended. ``took_s`` counts from just before it was written (from the start, if it never was)."""

    answer: HttpResponse | HttpFailure
    took_s: float
    note: str | None = None


Done = Callable[[Outcome], None]


class Errand:
    """A request on its way; ``done`` is called exactly once, unless it is cancelled."""

    __slots__ = (
        "_client",
        "answer_max_bytes",
        "began",
        "data",
        "done",
        "link",
        "method",
        "note",
        "over",
        "timeout_s",
        "timer",
    )

    def __init__(self, client: Client, data: bytes, method: str, timeout_s: float, max_bytes: int, done: Done) -> None:
        self._client = client
        self.data = data
        self.method = method
        self.timeout_s = timeout_s
        self.answer_max_bytes = max_bytes
        self.done = done
        self.note: str | None = None
        self.link: _Link | None = None
        self.over = False
        self.began = client.now()
        self.timer = asyncio.get_running_loop().call_later(timeout_s, self._expire)
        client.errands.add(self)

    def end(self, answer: HttpResponse | HttpFailure) -> None:
        """Report the answer."""
        if not self.over:
            self._stop()
            self.done(Outcome(answer, self._client.now() - self.began, self.note))

    def cancel(self) -> None:
        """Forget the request; nothing is reported."""
        if not self.over:
            self._stop()
            self._cut()

    def _expire(self) -> None:
        self.end(HttpFailure("timeout", f"no answer within {self.timeout_s:g} s"))
        self._cut()

    def _stop(self) -> None:
        self.over = True
        self.timer.cancel()
        self._client.errands.discard(self)

    def _cut(self) -> None:
        if self.link is not None:
            self.link.cut()


class Client:
    """All connections of one process to bots and their media. ``now`` is a monotonic clock in seconds."""

    def __init__(self, now: Callable[[], float], *, connections_max: int = CONNECTIONS_MAX) -> None:
        self.now = now
        self.connections_max = connections_max
        self.errands: set[Errand] = set()
        self._pools: dict[tuple[str, str, int], _Pool] = {}

    def start(
        self, request: HttpRequest, timeout_s: float, done: Done, *, answer_max_bytes: int = ANSWER_MAX_BYTES
    ) -> Errand:
        """Send a request and call ``done`` when it is over: never before this method has returned."""
        try:
            target = target_of(request.url)
        except BadUrl as error:
            errand = Errand(self, b"", request.method, timeout_s, answer_max_bytes, done)
            asyncio.get_running_loop().call_soon(errand.end, HttpFailure("refused", str(error)))
            return errand
        data = request_bytes(request, target)
        errand = Errand(self, data, request.method, timeout_s, answer_max_bytes, done)
        self._pool(target).submit(errand)
        return errand

    async def send(
        self, request: HttpRequest, timeout_s: float, *, answer_max_bytes: int = ANSWER_MAX_BYTES
    ) -> HttpResponse | HttpFailure:
        """The answer to a request, or how it failed; never raises for anything the other side does."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        errand = self.start(request, timeout_s, future.set_result, answer_max_bytes=answer_max_bytes)
        try:
            return (await future).answer
        finally:
            errand.cancel()

    def _pool(self, target: Target) -> _Pool:
        pool = self._pools.get(target.origin)
        if pool is None:
            pool = self._pools[target.origin] = _Pool(self, target)
        return pool

    def close(self) -> None:
        """Cut every connection; requests under way fail as reset."""
        for errand in tuple(self.errands):
            errand.end(HttpFailure("reset", "chatdrill closed the connection"))
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()


class _Pool:
    """The connections to one origin."""

    def __init__(self, client: Client, target: Target) -> None:
        self.now = client.now
        self._target = target
        self._max = client.connections_max
        self._idle: dict[_Link, None] = {}
        self._links: set[_Link] = set()
        self._dialling: set[asyncio.Task[None]] = set()
        self._waiting: deque[Errand] = deque()

    def submit(self, errand: Errand) -> None:
        """Give the errand to a connection: an idle one, a new one, or the next that gets free."""
        link = self._take_idle()
        if link is not None:
            link.carry(errand)
        elif len(self._links) + len(self._dialling) < self._max:
            self.dial(errand)
        else:
            self._waiting.append(errand)

    def _take_idle(self) -> _Link | None:
        while self._idle:
            link, _ = self._idle.popitem()
            if link.usable():
                return link
            link.cut()
        return None

    def dial(self, errand: Errand) -> None:
        """Open a connection for the errand."""
        task = asyncio.get_running_loop().create_task(self._dial(errand))
        self._dialling.add(task)
        task.add_done_callback(self._dialling.discard)

    async def _dial(self, errand: Errand) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(min(CONNECT_S, errand.timeout_s)):
                _, link = await loop.create_connection(
                    lambda: _Link(self),
                    self._target.host,
                    self._target.port,
                    ssl=_tls(is_loopback(self._target.host)) if self._target.scheme == "https" else None,
                )
        except TimeoutError:
            self._failed(errand, HttpFailure("timeout", f"no connection to {self._target.host_header}"))
        except (OSError, ValueError) as error:
            self._failed(errand, HttpFailure("refused", _why_refused(error, self._target)))
        else:
            if errand.over:
                self.free(link)
            else:
                link.carry(errand)

    def _failed(self, errand: Errand, failure: HttpFailure) -> None:
        errand.end(failure)
        self._next_waiting()

    def _next_waiting(self) -> None:
        while self._waiting:
            errand = self._waiting.popleft()
            if not errand.over:
                asyncio.get_running_loop().call_soon(self.submit, errand)
                return

    def opened(self, link: _Link) -> None:
        """A connection stands."""
        self._links.add(link)

    def free(self, link: _Link) -> None:
        """A connection has nothing to do."""
        self._idle[link] = None
        if self._waiting:
            self._next_waiting()

    def lost(self, link: _Link) -> None:
        """A connection is gone."""
        self._idle.pop(link, None)
        self._links.discard(link)
        self._next_waiting()

    def close(self) -> None:
        """Cut everything."""
        for task in tuple(self._dialling):
            task.cancel()
        for link in tuple(self._links):
            link.cut()


class _Link(asyncio.Protocol):
    """One connection to the other side; carries one errand at a time."""

    def __init__(self, pool: _Pool) -> None:
        self._pool = pool
        self._transport: asyncio.Transport | None = None
        self._parser: Any = None
        self._errand: Errand | None = None
        self._carried = 0
        self._idle_since = 0.0
        self._begin()

    def _begin(self) -> None:
        self._headers: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._received = 0
        self._body_bytes = 0
        self._status = 0
        self._in_body = False
        self._complete = False
        self._until_close = True
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
        if self._too_long():
            return
        if self._complete:
            self._finish()

    def _too_long(self) -> bool:
        errand = self._errand
        if not self._in_body and self._received > _HEAD_MAX_BYTES:
            self._fail("garbage", f"the head of the answer is longer than {_HEAD_MAX_BYTES} bytes")
        elif errand is not None and self._body_bytes > errand.answer_max_bytes:
            self._fail("garbage", f"{TOO_LONG} {errand.answer_max_bytes} bytes")
        else:
            return False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = self._parser = None
        self._pool.lost(self)
        errand = self._errand
        if errand is None:
            return
        if self._in_body and self._until_close and exc is None:
            self._finish()
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
        if name.lower() in (b"content-length", b"transfer-encoding"):
            self._until_close = False
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))

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

    def _finish(self) -> None:
        errand, self._errand = self._errand, None
        answer = HttpResponse(self._status, tuple(self._headers), b"".join(self._body))
        if self._keep and not self._surplus and self._transport is not None:
            self._idle_since = self._pool.now()
            self._pool.free(self)
        else:
            self.cut()
        if errand is not None:
            errand.end(answer)

    def _fail(self, kind: str, detail: str) -> None:
        errand = self._errand
        self.cut()
        if errand is not None:
            errand.end(HttpFailure(kind, detail))


def _readable(transport: asyncio.Transport) -> bool:
    sock = transport.get_extra_info("socket")
    poll = select.poll()
    poll.register(sock.fileno(), select.POLLIN | select.POLLHUP)
    return bool(poll.poll(0))


@lru_cache
def _tls(near: bool) -> ssl.SSLContext:
    """A site on this machine may have a certificate of its own making."""
    context = ssl.create_default_context()
    if near:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _why_refused(error: Exception, target: Target) -> str:
    if isinstance(error, ssl.SSLError):
        return f"no TLS connection to {target.host_header}: {error.reason or error}"
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens on {target.host_header}"
    return f"no connection to {target.host_header}: {getattr(error, 'strerror', None) or error}"
