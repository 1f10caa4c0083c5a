"""A site's chat whose stage has a thread and a loop of its own, and a bot of the SDK on a server in the test's."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Effect, Message, Sent
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Called, Recorder, Took
from chatdrill_fakes.platforms.webchat import platform

ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", locale="de_DE")


class Threaded:
    """The Connector and its redirect; ``environment`` is what a bot's process is started with."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        clock = WallClock()
        self.recorder = Recorder(clock)
        listen = ListenOptions(port=0, redirect=folder)
        self.stage = Stage(clock=clock, seed=Seed(7), recorder=self.recorder, listen=listen)
        self.state = self.stage.add(platform, settings).state
        self.calls: list[Called] = []
        self.effects: list[Effect] = []
        self.recorder.listen(Called, self.calls.append)
        self.recorder.listen(Took, lambda took: self.effects.append(took.effect))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self.run(self.stage.open())
        self.to = self.run(self._join())

    async def _join(self) -> str:
        return self.stage.join("webchat", ANNA, case="sdk", conv="anna")

    def stop(self) -> None:
        self.run(self.stage.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    @property
    def environment(self) -> dict[str, str]:
        return self.stage.environment()

    def deliver_to(self, url: str) -> None:
        self._loop.call_soon_threadsafe(self.stage.set_webhook, "webchat", url)

    def act(self, act: Act) -> None:
        """Anna does something."""

        async def there() -> None:
            self.stage.act("webchat", self.to, act)

        self.run(there())

    def said(self) -> list[Message]:
        """The bot's messages."""
        return [effect.message for effect in self.effects if isinstance(effect, Sent)]
