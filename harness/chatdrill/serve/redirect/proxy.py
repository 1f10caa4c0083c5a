"""The proxy and the entrance: who comes in is led to the fakes, through a tunnel, or away."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from chatdrill.clock import real_later, real_monotonic
from chatdrill.clock.real import Cancellable
from chatdrill.serve.accepting import Listening, listen
from chatdrill.serve.answers import Answer, Bounds, Complain, Handler
from chatdrill.serve.connection import Connection, Service
from chatdrill.serve.heads import Heads, host_of
from chatdrill.serve.inbox import Inbox
from chatdrill.serve.redirect.authority import Authority
from chatdrill.serve.redirect.borders import Borders
from chatdrill.serve.redirect.door import Door, at_origin
from chatdrill.serve.redirect.tunnel import Ends
from chatdrill.serve.server import Sweeper
from chatdrill.wire import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from chatdrill.preload import Detour

_HANDSHAKE_S = 10.0
_CONNECT_S = 10.0
_PLAIN_PORT = 80
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_WHY = b"Forbidden by chatdrill: no fake of this host; --allow lets it through"
"""Many clients show no more than this line of a proxy's answer."""
_OWN = "127.0.0.1,localhost,::1"


class Redirect:
    """``handler`` answers the requests, whose URL is absolute; ``borders`` says who may go where; ``fakes`` are the hosts that
    fakes stand for, as they declare them."""

    def __init__(
        self,
        handler: Handler,
        borders: Borders,
        authority: Authority,
        *,
        fakes: Sequence[str],
        heads: Heads,
        bounds: Bounds,
        complain: Complain,
        inbox: Inbox,
    ) -> None:
        self.borders = borders
        self.authority = authority
        self._fakes = tuple(fakes)
        self._complain = complain
        self._handler = handler
        self._plain = Service(self._answer_plain, heads, bounds, complain, inbox=inbox)
        self._sweeper = Sweeper(self._plain)
        self._doors: dict[Door, Cancellable] = {}
        self._servers: list[Listening] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._tunnels: set[Ends] = set()
        self._greeting: WeakKeyDictionary[Any, float] = WeakKeyDictionary()  # since when (real), by TLS object
        self._is_trusted = False  # somebody has spoken TLS with us
        self.port = self.entrance = 0

    async def listen(self, host: str) -> None:
        """Listen on any free ports: ``port`` is the proxy's, ``entrance`` speaks TLS at once."""
        loop = asyncio.get_running_loop()
        secure = self.authority.many_faced(self._is_greeted)
        proxy = await listen(lambda: Door(self), host, 0)
        entrance = await loop.create_server(lambda: _Entered(self), host, 0, ssl=secure)
        self._servers = [proxy, entrance]
        self._sweeper.start()
        self.port, self.entrance = (server.sockets[0].getsockname()[1] for server in self._servers)

    def environment(self, host: str) -> dict[str, str]:
        """The variables that send a program's calls here, and make it trust what it finds."""
        names = [name for kind in ("HTTPS", "HTTP", "ALL") for name in (f"{kind}_PROXY", f"{kind}_PROXY".lower())]
        proxies = dict.fromkeys(names, f"http://{_bracketed(host)}:{self.port}")
        own = dict.fromkeys(("NO_PROXY", "no_proxy"), _OWN)
        return {**proxies, **own, "NODE_USE_ENV_PROXY": "1", **self.authority.environment}

    def detour(self, host: str) -> Detour:
        """The same for programs that ask for no proxy."""
        from chatdrill.preload import Detour  # not for every run

        return Detour(
            host=host,
            proxy=self.port,
            entrance=self.entrance,
            fakes=self._fakes,
            opened=tuple(sorted(self.borders.opened)),
            authority=str(self.authority.path),
        )

    @property
    def is_waiting(self) -> bool:
        """True while something is under way that only real time ends: a greeting, an answer from outside."""
        since = real_monotonic() - _HANDSHAKE_S
        greeting = any(began > since for began in tuple(self._greeting.values()))
        return greeting or bool(self._tasks) or any(tunnel.is_waiting for tunnel in self._tunnels)

    def close(self) -> None:
        """Stop."""
        self._sweeper.stop()
        for server in self._servers:
            server.close()
        for door in tuple(self._doors):
            door.expire()
        for task in self._tasks:
            task.cancel()
        for tunnel in self._tunnels:
            tunnel.close()
        for connection in tuple(self._plain.connections):
            connection.cut()

    # ------------------------------------------------------------------------------------------- what the door finds

    def came(self, door: Door) -> None:
        """Whoever comes must say in time what he wants."""
        self._doors[door] = real_later(self._plain.bounds.request_s, door.expire)

    def went(self, door: Door) -> None:
        """He has said it, or is gone."""
        waiting = self._doors.pop(door, None)
        if waiting is not None:
            waiting.cancel()

    def tunnel(self, transport: Any, host: str, port: int, early: bytes) -> None:
        """``CONNECT``: to a fake, through, or nowhere."""
        if self.borders.knows(host) and port == _PLAIN_PORT:
            transport.write(_ESTABLISHED)
            self.serve(transport, early)
        elif self.borders.knows(host):
            if early:
                self._complain(f"a program that calls {host} greeted before the proxy had answered")
                transport.abort()
                return
            transport.write(_ESTABLISHED)
            self._begin(self._secure(transport, host))
        elif self.borders.is_open(host, _caller(transport)):
            self._begin(self._through(transport, host, port, _ESTABLISHED, early))
        else:
            self._say(transport, self.borders.bar(host, port))

    def forward(self, transport: Any, host: str, port: int, head: bytes) -> None:
        """A request with a whole URL, as programs send it to a proxy; some do so for ``https`` too."""
        if self.borders.knows(host):
            self.serve(transport, head)
        elif self.borders.is_open(host, _caller(transport)):
            self._begin(self._through(transport, host, port, b"", at_origin(head)))
        else:
            self._say(transport, self.borders.bar(host, port))

    def serve(self, transport: Any, data: bytes) -> None:
        """A request as a server gets it, for the host in it."""
        connection = Connection(self._plain)
        transport.set_protocol(connection)
        connection.connection_made(transport)
        if data:
            connection.data_received(data)
        transport.resume_reading()

    def turn_away(self, transport: Any) -> None:
        """No head of a request, or none that ends."""
        self._say(transport, HttpResponse(400, (), b"chatdrill: this is an HTTP proxy\n"))

    def _say(self, transport: Any, answer: HttpResponse) -> None:
        transport.write(self._plain.heads.answer(answer, keep=False).replace(b"Forbidden", _WHY, 1))
        transport.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _through(self, transport: Any, host: str, port: int, welcome: bytes, early: bytes) -> None:
        ends = Ends(transport)
        try:
            async with asyncio.timeout(_CONNECT_S):
                await asyncio.get_running_loop().create_connection(lambda: ends.far, host, port)
        except (OSError, TimeoutError) as error:
            words = f"chatdrill: no connection to {host}:{port}: {error or 'it did not answer'}\n"
            self._say(transport, HttpResponse(502, (), words.encode()))
            return
        self._tunnels = {*(tunnel for tunnel in self._tunnels if not tunnel.is_over), ends}
        transport.write(welcome)
        ends.open(early)

    # --------------------------------------------------------------------------------------------------- answering

    def _answer_plain(self, request: HttpRequest) -> Answer | Awaitable[Answer]:
        """A request without TLS. A connection may carry several, so each is looked at."""
        host = host_of(urlsplit(request.url).netloc if "://" in request.url else request.header("host") or "")
        return self._handler(request) if self.borders.knows(host) else self.borders.bar(host, _PLAIN_PORT)

    def entered(self, secured: Any) -> Service:
        """Somebody has been greeted; returns what answers him."""
        self._greeting.pop(secured, None)
        self._is_trusted = True
        return self.service_of(self.authority.host_of(secured.context))

    def service_of(self, host: str) -> Service:
        """What answers on a connection that was secured as ``host``."""

        def answer(request: HttpRequest) -> Answer | Awaitable[Answer]:
            url = request.url if "://" in request.url else f"https://{host}{request.url}"
            return self._handler(HttpRequest(request.method, url, request.headers, request.body, request.came_at))

        plain = self._plain  # the connections of all hosts are counted together, so that closing ends them all
        return Service(answer, plain.heads, plain.bounds, self._complain, plain.connections, plain.inbox)

    def _is_greeted(self, connection: Any, host: str | None) -> bool:
        if host is not None and self.borders.knows(host):
            self._greeting[connection] = real_monotonic()
            return True
        if host is None:
            self._complain("a program speaks TLS without saying with whom")
        else:
            self.borders.bar(host, 443)
        return False

    async def _secure(self, transport: asyncio.Transport, host: str) -> None:
        early = _Early()
        loop = asyncio.get_running_loop()
        try:
            secured = await loop.start_tls(
                transport,
                early,
                self.authority.context(host),
                server_side=True,
                ssl_handshake_timeout=_HANDSHAKE_S,
            )
        except (OSError, ssl.SSLError, TimeoutError) as error:
            if isinstance(error, ConnectionError) and self._is_trusted:  # it went away, as a bot that is stopped does
                return
            self._complain(f"no TLS with whoever calls {host}: {error}; does it trust {self.authority.path.name}?")
            transport.abort()
            return
        self._is_trusted = True
        early.hand_over(Connection(self.service_of(host)), cast(asyncio.Transport, secured))


class _Early(asyncio.Protocol):
    """Keeps what comes over TLS in the moment before anybody can be told of the connection."""

    def __init__(self) -> None:
        self._data = b""
        self._is_lost = False

    def data_received(self, data: bytes) -> None:
        self._data += data

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002  gone is gone
        self._is_lost = True

    def hand_over(self, connection: Connection, transport: asyncio.Transport) -> None:
        """From here on it is the connection's."""
        if self._is_lost:
            return
        transport.set_protocol(connection)
        connection.connection_made(transport)
        if self._data:
            connection.data_received(self._data)


class _Entered(asyncio.Protocol):
    """A connection that was secured before its first byte: whom its caller greeted, it is."""

    def __init__(self, redirect: Redirect) -> None:
        self._redirect = redirect

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        connection = Connection(self._redirect.entered(transport.get_extra_info("ssl_object")))
        cast(asyncio.Transport, transport).set_protocol(connection)
        connection.connection_made(transport)


def _caller(transport: Any) -> str:
    """The address of who is at the other end."""
    return str((transport.get_extra_info("peername") or ("",))[0])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
