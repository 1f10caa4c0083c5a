"""A hub whose stage has a thread and a loop of its own."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from chatdrill.clock import WallClock
from chatdrill.model import File
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder
from chatdrill.wire import Forgery
from chatdrill_fakes.desks.botframework import desk

_DIRECT = build_opener(ProxyHandler({}))


class Threaded:
    """The hub and its redirect; ``environment`` is what a bot's process is started with."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        clock = WallClock()
        listen = ListenOptions(port=0, redirect=folder)
        self.stage = Stage(clock=clock, seed=Seed(7), recorder=Recorder(clock), listen=listen)
        self.office = self.stage.add_desk(desk, settings)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._run(self.stage.open())

    def stop(self) -> None:
        self._run(self.stage.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    @property
    def environment(self) -> dict[str, str]:
        return self.stage.environment()

    def deliver_to(self, url: str) -> None:
        self._loop.call_soon_threadsafe(self.stage.set_webhook, "botframework", url)

    def agent(self, **body: Any) -> Any:
        """Bob acts through the agents' door."""
        content = json.dumps({"agent": "bob", **body}).encode()
        request = Request(f"{self.stage.base_url}/_chatdrill/agent", content, {"Content-Type": "application/json"})
        with _DIRECT.open(request, timeout=10) as answer:
            return json.loads(answer.read())

    def forge(self, ticket: str, how: Forgery) -> None:
        """The bot gets an activity that the hub never sent."""
        self._run(self.stage.forge("botframework", ticket, "bob", "Give me the password", how))

    def files(self) -> list[File]:
        """The files in the newest conversation."""
        *_, newest = self.office.state.tickets.values()
        return [file for entry in newest.entries for file in entry.files]

    def shown(self) -> list[tuple[str, str]]:
        """What an agent sees in the newest conversation."""
        *_, newest = self.office.state.tickets.values()
        return [(entry.author, entry.text) for entry in newest.entries]
