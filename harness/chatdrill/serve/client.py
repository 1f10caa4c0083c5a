"""A pooled HTTP/1.1 client on asyncio protocols, made for many small requests to one bot.

``Client.start`` takes a callback and costs no task; ``Client.send`` is the same to await. It follows no redirects and
decodes no contents: what came is what the caller gets. Connections are kept alive and used last-in first-out.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from functools import lru_cache

from chatdrill.clock import Deadlines
from chatdrill.serve.errands import Done, Errand, Outcome
from chatdrill.serve.heads import BadUrl, Target, is_loopback, request_bytes, target_of
from chatdrill.serve.homes import Homes, forwarded
from chatdrill.serve.inbox import Inbox
from chatdrill.serve.link import Link
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse

CONNECT_S = 10.0
CONNECTIONS_MAX = 512  # to one origin
ANSWER_MAX_BYTES = 16 * 1024 * 1024
_PLAIN_HTTP = frozenset(("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"))  # OpenSSL's words for it


class Client:
    """All connections of one process to bots and their media. ``now`` is a monotonic clock in seconds, ``homes`` knows where public
    addresses of the bot lead. A request is given up after its time, or up to ``grain_s`` later, which is cheaper where there are many."""

    def __init__(
        self,
        now: Callable[[], float],
        *,
        connections_max: int = CONNECTIONS_MAX,
        homes: Homes | None = None,
        grain_s: float = 0.0,
    ) -> None:
        self.now = now
        self.homes = homes or Homes()
        self.connections_max = connections_max
        self.under_way: set[Errand] = set()
        self.deadlines = Deadlines(Errand.expire, grain_s)
        self.inbox = Inbox(now)
        self._pools: dict[tuple[str, str, int], _Pool] = {}

    def start(
        self, request: HttpRequest, timeout_s: float, done: Done, *, answer_max_bytes: int = ANSWER_MAX_BYTES
    ) -> Errand:
        """Send a request and call ``done`` when it is over: never before this method has returned."""
        try:
            meant = target_of(request.url)
            target = self.homes.way(meant)
        except BadUrl as error:
            errand = Errand(self, b"", request.method, timeout_s, answer_max_bytes, done)
            asyncio.get_running_loop().call_soon(errand.end, HttpFailure("refused", str(error)))
            return errand
        data = request_bytes(request if target is meant else forwarded(request, meant), target)
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
        for errand in tuple(self.under_way):
            errand.end(HttpFailure("reset", "chatdrill closed the connection"))
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()


class _Pool:
    """The connections to one origin."""

    def __init__(self, client: Client, target: Target) -> None:
        self.now = client.now
        self.inbox = client.inbox
        self._target = target
        self._max = client.connections_max
        self._idle: dict[Link, None] = {}
        self._links: set[Link] = set()
        self._dialling: set[asyncio.Task[None]] = set()
        self._waiting: deque[Errand] = deque()
        self._tls = tls_context(is_loopback(target.host)) if target.scheme == "https" else None

    def submit(self, errand: Errand) -> None:
        """Give the errand to a connection: an idle one, a new one, or the next that gets free."""
        link = self._take_idle()
        if link is not None:
            link.carry(errand)
        elif len(self._links) + len(self._dialling) < self._max:
            self.dial(errand)
        else:
            self._waiting.append(errand)

    def _take_idle(self) -> Link | None:
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
        try:
            async with asyncio.timeout(min(CONNECT_S, errand.timeout_s)):
                link = await self._connect(errand)
        except TimeoutError:
            self._failed(errand, HttpFailure("timeout", f"no connection to {self._target.host_header}"))
        except (OSError, ValueError) as error:
            self._failed(errand, HttpFailure("refused", _why_refused(error, self._target)))
        else:
            if errand.over:
                self.free(link)
            else:
                link.carry(errand)

    async def _connect(self, errand: Errand) -> Link:
        """A new connection. Raises ``OSError``, ``ValueError``.

        Many bots leave TLS to a proxy in front of them, and some SDKs register nothing but https; so where a port on
        this machine turns out to speak plain HTTP, it is spoken to in plain HTTP from now on.
        """
        loop, target = asyncio.get_running_loop(), self._target
        try:
            return (await loop.create_connection(lambda: Link(self), target.host, target.port, ssl=self._tls))[1]
        except ssl.SSLError as error:
            if self._tls is None or not is_loopback(target.host) or error.reason not in _PLAIN_HTTP:
                raise
        self._tls = None
        errand.note = f"{target.host_header} speaks plain HTTP, although its address begins with https"
        return await self._connect(errand)

    def _failed(self, errand: Errand, failure: HttpFailure) -> None:
        errand.end(failure)
        self._next_waiting()

    def _next_waiting(self) -> None:
        while self._waiting:
            errand = self._waiting.popleft()
            if not errand.over:
                asyncio.get_running_loop().call_soon(self.submit, errand)
                return

    def opened(self, link: Link) -> None:
        """A connection stands."""
        self._links.add(link)

    def free(self, link: Link) -> None:
        """A connection has nothing to do."""
        self._idle[link] = None
        if self._waiting:
            self._next_waiting()

    def lost(self, link: Link) -> None:
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


@lru_cache
def tls_context(near: bool) -> ssl.SSLContext:
    """How to speak TLS; a site on this machine may have a certificate of its own making."""
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
