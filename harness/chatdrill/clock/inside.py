"""Connections that never leave the process: a client and a server of one loop, with no socket between them.

So there are no bytes on the way that the loop does not know of, and a bot in this process sees the same order of events in
every run. Whatever else connects to a port of ours (a thread, another program) comes in through its socket as always.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

_HIGH_BYTES = 64 * 1024
_LOCALHOST = ("127.0.0.1", "::1")
_REACHED_BY = {
    "127.0.0.1": _LOCALHOST[:1],
    "0.0.0.0": _LOCALHOST[:1],
    "::1": _LOCALHOST[1:],
    "::": _LOCALHOST[1:],
}
"""Addresses that a server is bound to, and those that a client reaches it by. asyncio binds IPv6 for IPv6 only."""
_CLIENT_PORTS = range(49_152, 65_536)

Factory = Callable[[], Any]


class Switchboard:
    """Which ports belong to servers of this loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._factories: dict[tuple[str, int], tuple[asyncio.AbstractServer, Factory]] = {}
        self._promised: WeakKeyDictionary[socket.socket, Any] = WeakKeyDictionary()
        self._client_ports = itertools.cycle(_CLIENT_PORTS)

    def listens(self, server: Any, factory: Factory) -> None:
        """A server of this loop has bound its ports."""
        for sock in server.sockets:
            if sock.family in (socket.AF_INET, socket.AF_INET6):
                host, port = sock.getsockname()[:2]
                for address in _REACHED_BY.get(host, ()):
                    self._factories[address, port] = server, factory

    def _find(self, host: object, port: object) -> tuple[str, Factory] | None:
        """The address at which a server of ours answers whoever connects to ``host``, and what makes its protocol."""
        for address in _LOCALHOST if host == "localhost" else _REACHED_BY.get(str(host), ()):
            server, factory = self._factories.get((address, port), (None, None))  # type: ignore[arg-type]
            if server is not None and factory is not None and server.is_serving():
                return address, factory
        return None

    def connects(self, sock: socket.socket, address: Any) -> bool:
        """True if a socket which is to connect to one of our ports need not: its connection will be made inside."""
        if sock.type != socket.SOCK_STREAM or not isinstance(address, tuple) or self._find(*address[:2]) is None:
            return False
        self._promised[sock] = address
        return True

    def promised(self, sock: socket.socket) -> Any:
        """The address that a socket was to connect to and did not; from here on it is the caller's to do so."""
        return self._promised.pop(sock, None)

    def line(self, host: object, port: object, sock: socket.socket | None) -> Line | None:
        """A line to a server of this loop, if that is where somebody connects to."""
        if sock is not None:
            address = self.promised(sock)
            if address is None:
                return None
            host, port = address[:2]
        found = self._find(host, port)
        if found is None:
            return None
        names = (found[0], next(self._client_ports)), (found[0], int(str(port)))
        return Line(self._loop, found[1], names, sock)


class Line:
    """A connection to be. ``names`` are the addresses of the client's end and the server's."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, factory: Factory, names: tuple[Any, Any], sock: socket.socket | None
    ) -> None:
        self._loop = loop
        self._factory = factory
        self._names = names
        self._sock = sock

    async def open(self, client_factory: Factory) -> tuple[asyncio.Transport, Any]:
        """Join a new client's protocol to a new server's."""
        client, server = client_factory(), self._factory()
        near = InsideTransport(self._loop, client, self._names, self._sock)
        far = InsideTransport(self._loop, server, self._names[::-1], None)
        near.peer, far.peer = far, near
        server.connection_made(far)
        client.connection_made(near)
        try:
            await asyncio.sleep(0)
        except BaseException:
            near.abort()
            raise
        return near, client


class QuietSocket:
    """What a program finds that asks a connection for its socket: options are taken, and it can be asked whether something
    came in, as clients do that want to know if a connection still stands."""

    type = socket.SOCK_STREAM
    proto = socket.IPPROTO_TCP

    def __init__(self, names: tuple[Any, Any], has_news: Callable[[], bool]) -> None:
        self._names = names
        self._has_news = has_news
        self.family = socket.AF_INET6 if ":" in names[0][0] else socket.AF_INET

    def fileno(self) -> int:
        """A file that is readable if something came in."""
        return _news_file() if self._has_news() else _quiet_file()

    def setsockopt(self, *_args: Any) -> None:
        """Options of a socket mean nothing here."""

    def getsockopt(self, *_args: Any) -> int:
        """Every option is 0."""
        return 0

    def getsockname(self) -> Any:
        """The own address."""
        return self._names[0]

    def getpeername(self) -> Any:
        """The other side's address."""
        return self._names[1]


@lru_cache(maxsize=1)
def _quiet_pipe() -> tuple[int, int]:
    return os.pipe()


def _quiet_file() -> int:
    """A file that is never readable."""
    return _quiet_pipe()[0]


@lru_cache(maxsize=1)
def _news_file() -> int:
    """A file that is always readable, because it has ended."""
    reading, writing = os.pipe()
    os.close(writing)
    return reading


class InsideTransport(asyncio.Transport):
    """One end of a connection inside the process. What is written arrives in the next turn of the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: Any, names: tuple[Any, Any], sock: Any) -> None:
        quiet = QuietSocket(names, lambda: self._ended or self._closing or bool(self._inbox))
        super().__init__({"sockname": names[0], "peername": names[1], "socket": quiet})
        self._loop = loop
        self._protocol = protocol
        self._kept = sock  # closed with the connection, as its owner expects
        self._inbox: list[bytes] = []
        self._inbox_bytes = 0
        self._woken = False
        self._reading = True
        self._ended = False
        self._eof_sent = False
        self._eof_seen = False
        self._closing = False
        self._full = False
        self.peer: InsideTransport | None = None

    # ------------------------------------------------------------------------------------------------ sending

    def write(self, data: Any) -> None:
        if self._eof_sent:
            raise RuntimeError("cannot write after write_eof()")
        if self._closing or self.peer is None or not data:
            return
        peer = self.peer
        if peer._closing:
            self._reset()  # nobody is there any more
            return
        peer._inbox.append(bytes(data))
        peer._inbox_bytes += len(data)
        peer._wake()
        if peer._inbox_bytes > _HIGH_BYTES and not self._full:
            self._full = True
            self._protocol.pause_writing()

    def writelines(self, list_of_data: Any) -> None:
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        if not self._eof_sent and not self._closing:
            self._eof_sent = True
            self._say_end()

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return 0 if self.peer is None else self.peer._inbox_bytes

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """The other end's box is bounded by its reader; there is nothing to set."""

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return 0, _HIGH_BYTES

    # ----------------------------------------------------------------------------------------------- receiving

    def _wake(self) -> None:
        if not self._woken:
            self._woken = True
            self._loop.call_soon(self._deliver)

    def _deliver(self) -> None:
        self._woken = False
        if not self._reading or self._protocol is None:
            return
        if self._inbox:
            data = self._inbox[0] if len(self._inbox) == 1 else b"".join(self._inbox)
            self._inbox, self._inbox_bytes = [], 0
            if not self._closing:
                self._hand_over(data)
            self._let_write()
        if self._ended and not self._eof_seen and not self._inbox:
            self._eof_seen = True
            if self._closing or not self._protocol.eof_received():
                self.close()

    def _hand_over(self, data: bytes) -> None:
        if isinstance(self._protocol, asyncio.BufferedProtocol):
            while data:
                room = memoryview(self._protocol.get_buffer(len(data)))
                count = min(len(room), len(data))
                room[:count] = data[:count]
                self._protocol.buffer_updated(count)
                data = data[count:]
        else:
            self._protocol.data_received(data)

    def _let_write(self) -> None:
        peer = self.peer
        if peer is not None and peer._full:
            peer._full = False
            peer._protocol.resume_writing()

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        self._reading = True
        self._wake()

    def is_reading(self) -> bool:
        return self._reading and not self._closing

    # ------------------------------------------------------------------------------------------------ closing

    def get_protocol(self) -> Any:
        return self._protocol

    def set_protocol(self, protocol: Any) -> None:
        self._protocol = protocol

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._say_end()
            if self._inbox and self.peer is not None:
                self.peer._reset()  # as the machine does if something was never read
            self._loop.call_soon(self._lost, None)

    def _say_end(self) -> None:
        """The other end reads what is left, then the end."""
        if self.peer is not None and not self.peer._ended:
            self.peer._ended = True
            self.peer._wake()

    def abort(self) -> None:
        if not self._closing:
            self._closing = True
            self._loop.call_soon(self._lost, None)
            if self.peer is not None:
                self.peer._reset()

    def _reset(self) -> None:
        if not self._closing:
            self._closing = True
            self._loop.call_soon(self._lost, ConnectionResetError("connection reset by the other side"))

    def _lost(self, error: Exception | None) -> None:
        protocol, self._protocol = self._protocol, _Gone()
        self.peer = None
        if self._kept is not None:
            self._kept.close()
        protocol.connection_lost(error)


class _Gone(asyncio.Protocol):
    """Whoever still talks to a connection that is over."""
