"""A bot on the vendor's SDK as it is published: its hosts are fixed, and it is given a proxy and an authority, as behind a firewall."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("linebot", reason="line-bot-sdk is not installed")

from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, MessagingApiBlob
from linebot.v3.oauth import ApiClient as OAuthClient
from linebot.v3.oauth import ChannelAccessToken
from linebot.v3.oauth import Configuration as OAuthConfiguration
from linebot.v3.webhook import WebhookParser

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Sent
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Called, Recorder, Took
from chatdrill_fakes.platforms.line import platform

OLENA = Customer(key="olena", first_name="Olena", last_name="K.", phone="+380501112233", locale="uk_UA")
T = TypeVar("T")


class Bot:
    """The SDK's client and parser with a server. What it parses waits in ``seen``, what it refuses in ``refused``."""

    def __init__(self, environment: dict[str, str], secret: str = "") -> None:
        proxy, authority = environment["HTTPS_PROXY"], environment["SSL_CERT_FILE"]

        def behind(made: Any) -> Any:
            made.proxy, made.ssl_ca_cert = proxy, authority
            return made

        client = ApiClient(behind(Configuration(access_token=environment["LINE_CHANNEL_ACCESS_TOKEN"])))
        self.api, self.blobs = MessagingApi(client), MessagingApiBlob(client)
        self.tokens = ChannelAccessToken(OAuthClient(behind(OAuthConfiguration())))
        self.parser = WebhookParser(secret or environment["LINE_CHANNEL_SECRET"])
        self.seen: queue.Queue[Any] = queue.Queue()
        self.refused: queue.Queue[str] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/line"

    def take(self, body: str, signature: str) -> int:
        try:
            events = self.parser.parse(body, signature)
        except InvalidSignatureError:
            self.refused.put(body)
            return 400
        for event in events:
            self.seen.put(event)
        return 200

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _handler(bot: Bot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(bot.take(body, self.headers.get("X-Line-Signature", "")))
            self.send_header("Content-Length", "0")
            self.end_headers()

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

    def bot(self, secret: str = "") -> Bot:
        bot = Bot(self.stage.environment(), secret)
        self.bots.append(bot)
        self.stage.set_webhook("line", bot.url)
        return bot

    async def open(self) -> None:
        await self.stage.open()
        self.to = self.stage.join("line", OLENA, case="case", conv="case/olena")

    async def close(self) -> None:
        await self.stage.close()
        for bot in self.bots:
            await asyncio.to_thread(bot.close)

    def act(self, act: Act) -> tuple[str, ...]:
        return self.stage.act("line", self.to, act).ids

    async def hears(self, bot: Bot) -> Any:
        return await asyncio.to_thread(bot.seen.get, True, 5)

    async def does(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        return await asyncio.to_thread(call, *args, **options)

    @property
    def shown(self) -> list[tuple[Any, ...]]:
        """The parts of the bot's messages."""
        took = [each.effect for each in self.recorder.records if isinstance(each, Took)]
        return [effect.message.parts for effect in took if isinstance(effect, Sent)]

    @property
    def calls(self) -> list[tuple[str, bool]]:
        return [(one.method, one.ok) for one in self.recorder.records if isinstance(one, Called)]


@pytest.fixture
async def rehearsal(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    clock = WallClock()
    recorder = Recorder(clock)
    listen = ListenOptions(port=0, redirect=tmp_path)
    made = Rehearsal(Stage(clock=clock, seed=Seed(7), recorder=recorder, listen=listen), recorder)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def bot(rehearsal: Rehearsal) -> Bot:
    return rehearsal.bot()


__all__ = ["Bot", "Rehearsal"]
