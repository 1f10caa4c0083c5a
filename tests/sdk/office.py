"""A bot's place of work for the tests with plain httpx: a desk on a stage with real sockets, and a receiver of webhooks.

The clock stands still, so that dates are known and a rate is exhausted by as many calls as the desk declares.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from chatdrill.model import Agent, AgentAct
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder
from chatdrill.wire import Desk
from serve.toy_clock import ToyClock
from serve.toys import http_answer, until

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
BOB = Agent(key="bob", first_name="Bob", last_name="Lis", team="orders", capacity=1)
EVA = Agent(key="eva", first_name="Eva", last_name="Maj", team="returns", capacity=1)


@dataclass(frozen=True)
class Hooked:
    """A webhook as it came; names of headers are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """The bot's server: serves ``files`` by path, and takes webhooks with 200, but the next ``refusals`` with 503."""

    def __init__(self) -> None:
        self.heard: list[Hooked] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.refusals = 0
        self.root = ""
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.root = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._connections:
            writer.transport.abort()
        await asyncio.gather(*filter(None, self._connections.values()))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections[writer] = asyncio.current_task()
        try:
            while True:
                first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                pairs = (line.partition(":") for line in lines if line)
                headers = {name.lower(): value.strip() for name, _, value in pairs}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                writer.write(self._answer(first.split()[0], first.split()[1], headers, body))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
        if method == "GET":
            kind, content = self.files.get(path, ("text/plain", b""))
            return http_answer(200 if path in self.files else 404, content, f"Content-Type: {kind}")
        self.heard.append(Hooked(path, headers, body))
        is_refused, self.refusals = self.refusals > 0, max(0, self.refusals - 1)
        return http_answer(503 if is_refused else 200)


class Workplace:
    """The desk ``name`` on a stage, with two agents. ``api`` is the bot's client, ``base`` where the desk lies."""

    def __init__(self, desk: Desk[Any], **settings: str) -> None:
        self.desk = desk
        self.receiver = Receiver()
        self.clock = ToyClock()
        self.recorder = Recorder(self.clock)
        self.stage = Stage(clock=self.clock, seed=Seed(7), recorder=self.recorder, listen=ListenOptions(port=0))
        self.office = self.stage.add_desk(desk, settings)
        self.api = httpx.AsyncClient(timeout=10)
        self.base = ""

    async def open(self) -> None:
        await self.receiver.open()
        for agent in (BOB, EVA):
            self.desk.hire(self.office.state, agent)
        await self.stage.open()
        self.base = f"{self.stage.base_url}/{self.desk.name}"

    async def close(self) -> None:
        await self.api.aclose()
        await self.stage.close()
        await self.receiver.close()

    @property
    def environment(self) -> dict[str, str]:
        return self.stage.environment()

    async def agent(self, act: str | dict[str, Any] | None = None, *, as_: str = "bob", **more: str) -> Any:
        """An agent acts through the agents' door of the control API."""
        body = {"agent": as_, **({"act": act} if act is not None else {}), **more}
        answer = await self.api.post(f"{self.stage.base_url}/_chatdrill/agent", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(self, ticket: str, act: AgentAct) -> None:
        """An agent does what needs bytes, or the desk what it had planned."""
        self.stage.bureau.act(self.desk.name, ticket, act)

    async def ticket(self) -> Any:
        """The newest ticket, as the control API shows it."""
        state = (await self.api.get(f"{self.stage.base_url}/_chatdrill/state")).json()
        return state["desks"][self.desk.name]["tickets"][-1]

    async def hooks(self, count: int) -> list[Hooked]:
        """The next ``count`` webhooks; more than that must not have come."""
        await until(lambda: len(self.receiver.heard) >= count and not len(self.office.state.outbox))
        heard, self.receiver.heard = self.receiver.heard, []
        assert len(heard) == count, [one.body for one in heard]
        return heard
