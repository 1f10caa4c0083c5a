"""Listening on an address, and taking in all who knock at once.

uvloop takes in one connection in each turn of its loop. Many bots open a connection for each call, and a turn in which thousands of customers
are played takes milliseconds: a hundred such calls would wait for each other.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Protocol

from chatdrill.clock import real_later

_BACKLOG = 1024
_PAUSE_S = 1.0  # where there are no more file descriptors

Factory = Callable[[], asyncio.Protocol]


class Listening(Protocol):
    """Sockets that listen."""

    @property
    def sockets(self) -> Sequence[Any]:
        """Each knows its address by ``getsockname``."""

    def close(self) -> None:
        """Listen no more."""


async def listen(factory: Factory, host: str, port: int) -> Listening:
    """Have ``factory`` make a protocol for whoever connects. Raises ``OSError``."""
    loop = asyncio.get_running_loop()
    if not type(loop).__module__.startswith("uvloop"):  # asyncio's own takes in all
        return await loop.create_server(factory, host, port, backlog=_BACKLOG)
    wanted = await loop.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return _Doorstep(factory, dict.fromkeys((family, address) for family, _, _, _, address in wanted))


class _Doorstep:
    """Listens on these addresses."""

    def __init__(self, factory: Factory, addresses: Iterable[tuple[int, Any]]) -> None:
        self._factory = factory
        self._loop = asyncio.get_running_loop()
        self._entering: set[asyncio.Task[Any]] = set()
        self.sockets: list[socket.socket] = []
        try:
            for family, address in addresses:
                self._bind(family, address)
        except BaseException:
            self.close()
            raise

    def _bind(self, family: int, address: Any) -> None:
        sock = socket.socket(family, socket.SOCK_STREAM)
        self.sockets.append(sock)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        sock.listen(_BACKLOG)
        sock.setblocking(False)
        self._attend(sock)

    def _attend(self, sock: socket.socket) -> None:
        if sock in self.sockets:
            self._loop.add_reader(sock, self._take_in, sock)

    def _take_in(self, sock: socket.socket) -> None:
        for _ in range(_BACKLOG):
            try:
                connection, _ = sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:  # as asyncio does: whoever knocks waits until there are files again
                self._loop.remove_reader(sock)
                what = "no more connections can be taken in for a moment"
                self._loop.call_exception_handler({"message": what, "exception": error})
                real_later(_PAUSE_S, partial(self._attend, sock))
                return
            entering = self._loop.create_task(self._enter(connection))
            self._entering.add(entering)
            entering.add_done_callback(self._entering.discard)

    async def _enter(self, connection: socket.socket) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._loop.connect_accepted_socket(self._factory, connection)
        except OSError:
            connection.close()  # gone again

    def close(self) -> None:
        """Listen no more."""
        sockets, self.sockets = self.sockets, []
        for sock in sockets:
            self._loop.remove_reader(sock)
            sock.close()
