"""The way to the fakes for programs whose address of the vendor is fixed: an HTTPS proxy that routes by the vendor's host.

A program that is told ``HTTPS_PROXY`` and trusts the certificates of a throw-away authority calls ``https://api.vendor.example``
and reaches the fake. Nothing leaves the machine: hosts that no fake stands for are refused.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

from chatdrill.errors import UsageError
from chatdrill.serve.answers import Answer, Bounds, Complain, Handler
from chatdrill.serve.connection import Connection, Service
from chatdrill.serve.heads import Heads
from chatdrill.serve.inbox import Inbox
from chatdrill.wire import HttpRequest

_HEAD_MAX_BYTES = 16 * 1024
_ENDS_HEAD = b"\r\n\r\n"
_HANDSHAKE_S = 10.0
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_CA_FILE = "chatdrill-ca.pem"
_TRUSTED_BY = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE")


class Authority:
    """A certificate authority that lives as long as a run. Its certificate is written to ``folder``.

    Raises ``UsageError`` where the library that makes certificates is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import trustme
        except ImportError as error:
            raise UsageError(
                "the redirect makes certificates with trustme; install it with: pip install 'chatdrill[redirect]'"
            ) from error
        self._authority = trustme.CA(organization_name="chatdrill, for one run")
        self._contexts: dict[str, ssl.SSLContext] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / _CA_FILE
        self._authority.cert_pem.write_to_path(str(self.path))

    def context(self, host: str) -> ssl.SSLContext:
        """What a server needs to be taken for ``host``."""
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._authority.issue_cert(host).configure_cert(context)
            self._contexts[host] = context
        return self._contexts[host]


class Redirect:
    """The proxy. ``handler`` answers the requests, whose URL is absolute; ``knows`` says for which hosts there is a fake."""

    def __init__(
        self,
        handler: Handler,
        knows: Callable[[str], bool],
        authority: Authority,
        *,
        heads: Heads,
        bounds: Bounds,
        complain: Complain,
        inbox: Inbox,
    ) -> None:
        self.knows = knows
        self.authority = authority
        self.complain = complain
        self.plain = Service(handler, heads, bounds, complain, inbox=inbox)
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def listen(self, host: str) -> None:
        """Listen on any free port."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Door(self), host, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def environment(self, host: str) -> dict[str, str]:
        """The variables that send a program's HTTPS calls here, and make it trust what it finds."""
        url = f"http://{host}:{self.port}"
        proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), url)
        own = dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost,::1")
        return {**proxies, **own, **dict.fromkeys(_TRUSTED_BY, str(self.authority.path))}

    def close(self) -> None:
        """Stop."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        for connection in tuple(self.plain.connections):
            connection.cut()

    def secure(self, transport: asyncio.Transport, host: str) -> None:
        """Speak TLS on a connection, as ``host``."""
        task = asyncio.get_running_loop().create_task(self._secure(transport, host))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _secure(self, transport: asyncio.Transport, host: str) -> None:
        def answer(request: HttpRequest) -> Answer | Awaitable[Answer]:
            url = request.url if "://" in request.url else f"https://{host}{request.url}"
            return self._handler(HttpRequest(request.method, url, request.headers, request.body, request.came_at))

        # The connections of all hosts are counted together, so that closing ends them all.
        service = Service(
            answer, self.plain.heads, self.plain.bounds, self.complain, self.plain.connections, self.plain.inbox
        )
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
            self.complain(f"no TLS with whoever calls {host}: {error}; does it trust {self.authority.path.name}?")
            transport.abort()
            return
        early.hand_over(Connection(service), cast(asyncio.Transport, secured))


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


class _Door(asyncio.Protocol):
    """A connection whose first line says whether it is a tunnel (``CONNECT``) or an ordinary request to a proxy."""

    def __init__(self, redirect: Redirect) -> None:
        self._redirect = redirect
        self._transport: Any = None
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._head += data
        if self._head[: len(b"CONNECT ")] != b"CONNECT "[: len(self._head)]:
            self._hand_over()
        elif _ENDS_HEAD in self._head:
            self._tunnel(self._head.split(b" ", 2)[1].decode("latin-1"))
        elif len(self._head) > _HEAD_MAX_BYTES:
            self._transport.abort()

    def _hand_over(self) -> None:
        connection = Connection(self._redirect.plain)
        self._transport.set_protocol(connection)
        connection.connection_made(self._transport)
        connection.data_received(self._head)

    def _tunnel(self, target: str) -> None:
        host = target.rpartition(":")[0].strip("[]").lower()
        if not self._redirect.knows(host):
            self._redirect.complain(f"the program wants to reach {host}, for which there is no fake here")
            self._transport.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self._transport.close()
            return
        self._transport.write(_ESTABLISHED)
        self._redirect.secure(self._transport, host)
