"""viberbot, unmodified, between a stage and a loopback server of its own.

viberbot always calls ``https://chatapi.viber.com``, so its HTTPS calls go through the redirect to the stage. It has no server:
webhooks enter through the two methods that it offers, the check of the signature and the parser.
"""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import AsyncIterator, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("viberbot", reason="viberbot is not installed")
pytest.importorskip("trustme", reason="trustme is not installed")

from viberbot import Api
from viberbot.api.bot_configuration import BotConfiguration
from viberbot.api.messages.message import Message

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Sent
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Called, Recorder, Took
from chatdrill_fakes.platforms.viber import platform

OLENA = Customer(key="olena", first_name="Olena", last_name="K.", phone="+380501112233", locale="uk_UA")
T = TypeVar("T")


class Bot:
    """A viberbot client with a server. What it parses waits in ``seen``; ``welcome`` is its answer to openings."""

    def __init__(self, environment: dict[str, str], token: str | None = None) -> None:
        name, token = environment["VIBER_BOT_NAME"], token or environment["VIBER_TOKEN"]
        self.api = Api(BotConfiguration(name=name, avatar="https://acme.test/a.jpg", auth_token=token))
        self.seen: queue.Queue[Any] = queue.Queue()
        self.refused: queue.Queue[bytes] = queue.Queue()
        self.welcome: Message | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/viber"

    def take(self, body: bytes, signature: str) -> tuple[int, bytes]:
        if not self.api.verify_signature(body, signature):
            self.refused.put(body)
            return 403, b""
        seen = self.api.parse_request(body)
        self.seen.put(seen)
        if seen.event_type == "conversation_started" and self.welcome is not None:
            return 200, json.dumps({**self.welcome.to_dict(), "sender": {"name": self.api.name}}).encode()
        return 200, b""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _handler(bot: Bot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = bot.take(body, self.headers.get("X-Viber-Content-Signature"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


class Rehearsal:
    """The stage with one customer, and a bot whose calls run beside the stage's loop."""

    def __init__(self, stage: Stage, recorder: Recorder) -> None:
        self.stage, self.recorder = stage, recorder
        self.channel = stage.add(platform)
        self.bots: list[Bot] = []
        self.to = ""

    def bot(self, token: str | None = None) -> Bot:
        bot = Bot(self.stage.environment(), token)
        self.bots.append(bot)
        return bot

    async def open(self) -> None:
        await self.stage.open()
        self.to = self.stage.join("viber", OLENA, case="case", conv="case/olena")

    async def close(self) -> None:
        await self.stage.close()
        for bot in self.bots:
            await asyncio.to_thread(bot.close)

    def act(self, act: Act) -> tuple[str, ...]:
        return self.stage.act("viber", self.to, act).ids

    async def hears(self, bot: Bot, event: str) -> Any:
        """The next callback of a kind; receipts on the way are skipped."""
        while True:
            seen = await asyncio.to_thread(bot.seen.get, True, 5)
            if seen.event_type == event:
                return seen

    async def does(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        return await asyncio.to_thread(call, *args, **options)

    async def shown(self, count: int = 1) -> list[tuple[Any, ...]]:
        """The parts of the bot's messages, once there are so many."""
        async with asyncio.timeout(5):
            while len(self._sent) < count:
                await asyncio.sleep(0.01)
        return self._sent

    @property
    def _sent(self) -> list[tuple[Any, ...]]:
        took = [each.effect for each in self.recorder.records if isinstance(each, Took)]
        return [effect.message.parts for effect in took if isinstance(effect, Sent)]

    @property
    def calls(self) -> list[tuple[str, bool]]:
        return [(one.method, one.ok) for one in self.recorder.records if isinstance(one, Called)]


@pytest.fixture
async def rehearsal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rehearsal]:
    clock = WallClock()
    recorder = Recorder(clock)
    listen = ListenOptions(port=0, redirect=tmp_path)
    made = Rehearsal(Stage(clock=clock, seed=Seed(7), recorder=recorder, listen=listen), recorder)
    await made.open()
    for name, value in made.stage.environment().items():
        monkeypatch.setenv(name, value)
    yield made
    await made.close()


@pytest.fixture
async def bot(rehearsal: Rehearsal) -> Bot:
    """A bot that has set its webhook."""
    bot = rehearsal.bot()
    await rehearsal.does(bot.api.set_webhook, bot.url)
    await rehearsal.hears(bot, "webhook")
    return bot


__all__ = ["Bot", "Rehearsal"]
