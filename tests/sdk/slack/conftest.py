"""slack_sdk and slack_bolt, unmodified, before a stage: over HTTP with a loopback server, and in Socket Mode."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import pytest

pytest.importorskip("slack_bolt", reason="slack_bolt is not installed")

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Effect, Message, Sent
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Attempt, Called, Recorder, Took, Trouble
from chatdrill_fakes.platforms.slack import platform

ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", username="anna_n", email="anna@example.org")
T = TypeVar("T")


class Bot:
    """A Bolt app. What its listeners saw waits in ``seen``."""

    def __init__(self, environment: dict[str, str], **options: Any) -> None:
        self.client = WebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_ROOT"])
        secret = options.pop("signing_secret", environment["SLACK_SIGNING_SECRET"])
        self.app = App(client=self.client, signing_secret=secret, **options)
        self.seen: queue.Queue[Any] = queue.Queue()
        self._app_token = environment["SLACK_APP_TOKEN"]
        self._socket: SocketModeHandler | None = None
        self._server: ThreadingHTTPServer | None = None

    def listen(self) -> str:
        """Serve; the address for Slack's settings."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.app))
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def connect(self) -> None:
        """Open a WebSocket."""
        self._socket = SocketModeHandler(self.app, self._app_token, web_client=self.client, ping_interval=1)
        self._socket.connect()

    def expect_end(self) -> None:
        """The stage closes the WebSocket first: the client holds its own end for three seconds."""
        if self._socket is not None:
            self._socket.client.auto_reconnect_enabled = False

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._socket is not None:
            self._socket.disconnect()


def _handler(app: App) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = app.dispatch(
                BoltRequest(body=body, headers={name: [value] for name, value in self.headers.items()})
            )
            content = (answer.body or "").encode()
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                for value in values:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


class Rehearsal:
    """A stage with one customer; the bot's calls run beside its loop."""

    def __init__(self, stage: Stage, recorder: Recorder, settings: dict[str, str]) -> None:
        self.stage, self.recorder = stage, recorder
        self.channel = stage.add(platform, settings)
        self.bots: list[Bot] = []
        self.to = ""

    async def bot(self, **options: Any) -> Bot:
        bot = await self.does(lambda: Bot(self.stage.environment(), **options))
        self.bots.append(bot)
        return bot

    async def over_http(self, bot: Bot) -> None:
        """Name its address, as an owner does: Slack asks it first."""
        self.stage.set_webhook("slack", await self.does(bot.listen))
        await self.stage.check_webhook("slack")

    async def over_socket(self, bot: Bot) -> None:
        await self.does(bot.connect)
        await self.until(lambda: self.channel.state.webhook_url is not None)

    async def open(self) -> None:
        await self.stage.open()
        self.to = self.stage.join("slack", ANNA, case="case", conv="case/anna")

    async def close(self) -> None:
        for bot in self.bots:
            bot.expect_end()
        await self.stage.close()
        for bot in self.bots:
            await asyncio.to_thread(bot.close)

    def act(self, act: Act) -> tuple[str, ...]:
        return self.stage.act("slack", self.to, act).ids

    async def sees(self, bot: Bot) -> Any:
        return await asyncio.to_thread(bot.seen.get, True, 5)

    async def does(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        return await asyncio.to_thread(call, *args, **options)

    async def until(self, true: Callable[[], Any]) -> None:
        async with asyncio.timeout(5):
            while not true():
                await asyncio.sleep(0.01)

    async def shown(self, count: int = 1) -> list[Message]:
        """The bot's messages, once there are so many."""
        await self.until(lambda: len(self._sent) >= count)
        return self._sent

    @property
    def _sent(self) -> list[Message]:
        return [effect.message for effect in self.effects if isinstance(effect, Sent)]

    @property
    def effects(self) -> list[Effect]:
        return [each.effect for each in self.recorder.records if isinstance(each, Took)]

    @property
    def calls(self) -> list[tuple[str, bool]]:
        return [(one.method, one.ok) for one in self.recorder.records if isinstance(one, Called)]

    @property
    def attempts(self) -> list[Attempt]:
        return [one for one in self.recorder.records if isinstance(one, Attempt)]

    @property
    def trouble(self) -> list[str]:
        return [one.what for one in self.recorder.records if isinstance(one, Trouble)]


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    return getattr(request, "param", {})


@pytest.fixture
async def rehearsal(settings: dict[str, str]) -> AsyncIterator[Rehearsal]:
    clock = WallClock()
    recorder = Recorder(clock)
    made = Rehearsal(
        Stage(clock=clock, seed=Seed(7), recorder=recorder, listen=ListenOptions(port=0)), recorder, settings
    )
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def bot(rehearsal: Rehearsal) -> Bot:
    return await rehearsal.bot()


__all__ = ["Bot", "Rehearsal"]
