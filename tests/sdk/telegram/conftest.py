"""python-telegram-bot, unmodified, on a stage: polling or with its own webhook server.

The SDK's documented ``base_url`` and ``base_file_url`` lead to the fake; nothing of it is replaced.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram.ext import Application, ApplicationBuilder, TypeHandler

from chatdrill.clock import WallClock
from chatdrill.engine.bot import free_port
from chatdrill.model import Act, Customer, Part, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Called, Recorder, Took
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.telegram import platform
from telegram import Update

OLENA = Customer(
    key="olena", first_name="Олена", last_name="Kovalenko", username="olena_k", phone="+380501112233", locale="uk_UA"
)


class Bot:
    """An ``Application`` whose one handler puts every update into ``seen``."""

    def __init__(self, environment: dict[str, str]) -> None:
        root = environment["TELEGRAM_API_ROOT"]
        builder = ApplicationBuilder().token(environment["TELEGRAM_BOT_TOKEN"])
        self.app: Application[Any, Any, Any, Any, Any, Any] = (
            builder.base_url(f"{root}/bot").base_file_url(f"{root}/file/bot").build()
        )
        self.seen: asyncio.Queue[Update] = asyncio.Queue()
        self.app.add_handler(TypeHandler(Update, self._see))
        self.api = self.app.bot

    async def _see(self, update: Update, _context: Any) -> None:
        self.seen.put_nowait(update)

    async def poll(self) -> None:
        await self._begin()
        await self.app.updater.start_polling(timeout=5, allowed_updates=Update.ALL_TYPES)

    async def serve(self, secret: str | None) -> str:
        """Start the SDK's webhook server and let it register itself; returns its address."""
        await self._begin()
        port = free_port()
        url = f"http://127.0.0.1:{port}/hook"
        await self.app.updater.start_webhook(
            listen="127.0.0.1",
            port=port,
            url_path="hook",
            webhook_url=url,
            secret_token=secret,
            allowed_updates=Update.ALL_TYPES,
        )
        return url

    async def _begin(self) -> None:
        await self.app.initialize()
        await self.app.start()

    async def stop(self) -> None:
        if self.app.updater.running:
            await self.app.updater.stop()
        if self.app.running:
            await self.app.stop()
        await self.app.shutdown()


class Rehearsal:
    """The stage with one customer, and the bots that a test starts."""

    def __init__(self) -> None:
        clock = WallClock()
        self.recorder = Recorder(clock)
        self.stage = Stage(clock=clock, seed=Seed(7), recorder=self.recorder, listen=ListenOptions(port=0))
        self.channel = self.stage.add(platform, {"rate_limits": "no"})
        self.bots: list[Bot] = []
        self.to = ""

    async def open(self) -> None:
        await self.stage.open()
        self.to = self.stage.join("telegram", OLENA, case="case", conv="case/olena")

    async def close(self) -> None:
        for bot in self.bots:
            await bot.stop()
        await self.stage.close()

    def bot(self, environment: dict[str, str] | None = None) -> Bot:
        bot = Bot(environment or self.stage.environment())
        self.bots.append(bot)
        return bot

    def act(self, act: Act) -> None:
        self.stage.act("telegram", self.to, act)

    def write(self, *parts: Part | str, **more: Any) -> None:
        said = tuple(Text(text=part) if isinstance(part, str) else part for part in parts)
        self.act(Write(parts=said, **more))

    def file(self, content: bytes, name: str) -> Any:
        return describe(content, self.channel.state.blobs, name=name)

    async def hears(self, bot: Bot) -> Update:
        """The next update that reaches the bot's handler."""
        return await asyncio.wait_for(bot.seen.get(), 5)

    @property
    def sent(self) -> list[Any]:
        """The bot's messages so far, in neutral words."""
        took = [record.effect for record in self.recorder.records if isinstance(record, Took)]
        return [effect.message for effect in took if isinstance(effect, Sent)]

    @property
    def effects(self) -> list[Any]:
        return [record.effect for record in self.recorder.records if isinstance(record, Took)]

    @property
    def calls(self) -> list[Called]:
        return [record for record in self.recorder.records if isinstance(record, Called)]


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    made = Rehearsal()
    await made.open()
    yield made
    await made.close()


@pytest.fixture(params=["polling", "webhook"])
async def bot(request: Any, rehearsal: Rehearsal) -> Bot:
    """A bot that gets its updates one way or the other."""
    found = rehearsal.bot()
    if request.param == "polling":
        await found.poll()
    else:
        await found.serve("s3cr3t_A-1")
    return found


@pytest.fixture
async def talker(rehearsal: Rehearsal) -> Bot:
    """A bot that only calls, and whose customer has started it."""
    found = rehearsal.bot()
    rehearsal.write("hi")
    await found.app.initialize()
    return found
