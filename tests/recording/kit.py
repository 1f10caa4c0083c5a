"""Servers on this machine, and a recorder between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chatdrill.clock import WallClock
from chatdrill.model import Customer
from chatdrill.recording import Relay, Scribe, Ways
from chatdrill.run.registry import load_platform
from chatdrill.serve.answers import Bounds
from chatdrill.serve.client import Client
from chatdrill.serve.connection import Service
from chatdrill.serve.heads import Heads
from chatdrill.serve.server import Server
from chatdrill.trace import Recorder
from chatdrill.wire import HttpRequest, HttpResponse

ANNA = Customer(key="anna", first_name="Anna", phone="+4915155501234")


class Place:
    """Servers on this machine that close themselves, and a client."""

    def __init__(self) -> None:
        self.clock = WallClock()
        self.client = Client(self.clock.monotonic)
        self.complaints: list[str] = []
        self._servers: list[Server] = []

    async def serve(self, handler: Any) -> str:
        server = Server(Service(handler, Heads(self.clock.now), Bounds(), self.complaints.append))
        await server.listen("127.0.0.1", 0)
        self._servers.append(server)
        return f"http://127.0.0.1:{server.port}"

    async def relay(self, **ways: Ways) -> tuple[str, Recorder]:
        base, scribe = await self.recording(None, **ways)
        return base, scribe.recorder

    async def recording(self, path: Path | None, **ways: Ways) -> tuple[str, Scribe]:
        """A recorder that writes to ``path``."""
        recorder = Recorder(self.clock, path=path)
        scribe = Scribe(recorder, self.clock, [load_platform(name) for name in ways], {})
        relay = Relay(ways, scribe, self.clock.monotonic, self.complaints.append)
        return await self.serve(relay), scribe

    async def ask(self, method: str, url: str, headers: Any = (), body: bytes = b"") -> HttpResponse:
        answer = await self.client.send(HttpRequest(method, url, tuple(headers), body), 5.0)
        assert isinstance(answer, HttpResponse)
        return answer

    async def close(self) -> None:
        self.client.close()
        for server in self._servers:
            await server.close(grace_s=0.0)
