"""twilio-python, unmodified, between a stage and a loopback server of its own.

The client always calls ``https://api.twilio.com``, so its calls go through the redirect to the stage. Webhooks enter through the SDK's
``RequestValidator``; answers are made with its ``MessagingResponse``.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import pytest

pytest.importorskip("twilio.rest", reason="twilio is not installed")
pytest.importorskip("trustme", reason="trustme is not installed")

from twilio.request_validator import RequestValidator
from twilio.rest import Client

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Sent
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Attempt, Called, Recorder, Took
from chatdrill_fakes.platforms.twilio import platform

ANNA = Customer(key="anna", first_name="Anna", last_name="Smith", phone="+12025550147")
T = TypeVar("T")


class Bot:
    """A client with a server. What the validator believes waits in ``seen``; ``answer`` is what the next webhooks are told,
    ``documents`` what those of a call are, by path."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.client = Client(environment["TWILIO_ACCOUNT_SID"], environment["TWILIO_AUTH_TOKEN"])
        self.validator = RequestValidator(environment["TWILIO_AUTH_TOKEN"])
        self.number = environment["TWILIO_PHONE_NUMBER"]
        self.seen: queue.Queue[Any] = queue.Queue()
        self.refused = 0
        self.answer = b""
        self.documents: dict[str, str] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.root = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, path: str, body: bytes, signature: str) -> tuple[int, bytes]:
        is_json = "bodySHA256" in path
        fields = body.decode() if is_json else dict(parse_qsl(body.decode(), keep_blank_values=True))
        if not self.validator.validate(self.root + path, fields, signature):
            self.refused += 1
            return 403, b""
        self.seen.put((urlsplit(path).path, fields))
        document = self.documents.get(urlsplit(path).path)
        if document is not None:
            return 200, document.encode()
        return 200, self.answer if path.startswith("/sms") else b""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _handler(bot: Bot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = bot.take(self.path, body, self.headers.get("X-Twilio-Signature"))
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
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
        self.to = ""

    def act(self, act: Act) -> None:
        self.stage.act("twilio", self.to, act)

    async def hears(self, bot: Bot, path: str) -> Any:
        """The next believed webhook at a path."""
        while True:
            at, fields = await asyncio.to_thread(bot.seen.get, True, 5)
            if at == path:
                return fields

    async def does(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        return await asyncio.to_thread(call, *args, **options)

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not done():
                await asyncio.sleep(0.01)

    @property
    def texts(self) -> list[str]:
        took = [each.effect for each in self.recorder.records if isinstance(each, Took)]
        return [effect.message.text for effect in took if isinstance(effect, Sent) and effect.message.author == "bot"]

    @property
    def calls(self) -> list[tuple[str, bool]]:
        return [(one.method, one.ok) for one in self.recorder.records if isinstance(one, Called)]

    @property
    def attempts(self) -> list[bool]:
        return [one.ok for one in self.recorder.records if isinstance(one, Attempt)]


@pytest.fixture
async def rehearsal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rehearsal]:
    clock = WallClock()
    recorder = Recorder(clock)
    listen = ListenOptions(port=0, redirect=tmp_path)
    made = Rehearsal(Stage(clock=clock, seed=Seed(7), recorder=recorder, listen=listen), recorder)
    await made.stage.open()
    made.to = made.stage.join("twilio", ANNA, case="case", conv="case/anna")
    for name, value in made.stage.environment().items():
        monkeypatch.setenv(name, value)
    yield made
    await made.stage.close()


@pytest.fixture
async def bot(rehearsal: Rehearsal) -> AsyncIterator[Bot]:
    """A bot whose webhook is set."""
    bot = Bot(rehearsal.stage.environment())
    rehearsal.stage.set_webhook("twilio", f"{bot.root}/sms?tenant=7")
    yield bot
    await asyncio.to_thread(bot.close)


__all__ = ["Bot", "Rehearsal"]
