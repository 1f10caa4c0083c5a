"""An HTTP/1.1 server: a listening socket, its connections, and the clock that ends those which take too long."""

from __future__ import annotations

import asyncio
import errno

from chatdrill.clock import real_later, real_monotonic
from chatdrill.clock.real import Cancellable
from chatdrill.errors import PortTaken, UsageError
from chatdrill.serve.accepting import Listening, listen
from chatdrill.serve.connection import Connection, Service

_PORT_MAX = 65_535


class Sweeper:
    """Closes connections that are over their time: one timer for all of them, so that a request costs none."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._next: Cancellable | None = None

    def start(self) -> None:
        """Sweep from now on, on the running loop."""
        now = real_monotonic()
        for connection in tuple(self._service.connections):
            if connection.deadline < now:
                connection.expire()
        bounds = self._service.bounds
        self._next = real_later(min(bounds.idle_s, bounds.request_s, bounds.drain_s) / 4, self.start)

    def stop(self) -> None:
        """No more."""
        if self._next is not None:
            self._next.cancel()


class Server:
    """Listens on one address."""

    def __init__(self, service: Service) -> None:
        self.port = 0
        self._service = service
        self._listening: Listening | None = None
        self._sweeper = Sweeper(service)

    async def listen(self, host: str, port: int, option: str = "--port") -> None:
        """Bind; raises ``PortTaken`` and ``UsageError``, naming the ``option`` that said where."""
        if not 0 <= port <= _PORT_MAX:
            raise UsageError(f"{port} is not a port; ports are 0 (any free one) to {_PORT_MAX}")
        try:
            self._listening = await listen(lambda: Connection(self._service), host, port)
        except OSError as error:
            raise not_bound(error, host, port, option) from error
        self.port = self._listening.sockets[0].getsockname()[1]
        self._sweeper.start()

    async def close(self, *, grace_s: float) -> None:
        """Stop listening, let answers under way leave for at most ``grace_s``, then cut."""
        if self._listening is not None:
            self._listening.close()
        self._sweeper.stop()
        for connection in tuple(self._service.connections):
            connection.finish()
        waited = 0.0
        while self._service.connections and waited < grace_s:
            await asyncio.sleep(0.005)
            waited += 0.005
        for connection in tuple(self._service.connections):
            connection.cut()


def not_bound(error: OSError, host: str, port: int, option: str) -> UsageError:
    """What to tell whoever chose this port, by ``option``."""
    if error.errno == errno.EADDRINUSE:
        return PortTaken(
            f"port {port} on {host} is taken by another program (another chatdrill?); "
            f"stop it, or choose another with {option} (0 takes any free one)"
        )
    if error.errno == errno.EACCES:
        return UsageError(f"port {port} needs more rights than this user has; choose one above 1023 with {option}")
    return UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}")
