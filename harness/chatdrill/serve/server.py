"""An HTTP/1.1 server: a listening socket, its connections, and the clock that ends those which take too long."""

from __future__ import annotations

import asyncio

from chatdrill.clock import real_later, real_monotonic
from chatdrill.clock.real import Cancellable
from chatdrill.serve.connection import Connection, Service


class Server:
    """Listens on one address."""

    def __init__(self, service: Service) -> None:
        self.port = 0
        self._service = service
        self._listening: asyncio.Server | None = None
        self._sweeper: Cancellable | None = None

    async def listen(self, host: str, port: int) -> None:
        """Bind; raises ``OSError``."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(lambda: Connection(self._service), host, port, backlog=1024)
        self.port = self._listening.sockets[0].getsockname()[1]
        self._sweep()

    def _sweep(self) -> None:
        """Close what is over its time: one timer for all connections, so that a request costs none."""
        now = real_monotonic()
        for connection in tuple(self._service.connections):
            if connection.deadline < now:
                connection.expire()
        bounds = self._service.bounds
        pause = min(bounds.idle_s, bounds.request_s, bounds.drain_s) / 4
        self._sweeper = real_later(pause, self._sweep)

    async def close(self, *, grace_s: float) -> None:
        """Stop listening, let answers under way leave for at most ``grace_s``, then cut."""
        if self._listening is not None:
            self._listening.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
        for connection in tuple(self._service.connections):
            connection.finish()
        waited = 0.0
        while self._service.connections and waited < grace_s:
            await asyncio.sleep(0.005)
            waited += 0.005
        for connection in tuple(self._service.connections):
            connection.cut()
