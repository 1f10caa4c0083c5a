"""pywa, unmodified, between a stage and a loopback server of its own.

pywa always calls ``https://graph.facebook.com``. Its documented ``session`` argument takes an ``httpx.Client``, and a
mount of that client leads the vendor's address to the fake; nothing of pywa is replaced. Webhooks enter through the
three methods that pywa offers to servers it does not know.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pywa import WhatsApp, types, utils

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Sent
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder, Took
from chatdrill_fakes.platforms.whatsapp import platform

ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", phone="+48 601 234 567", locale="pl_PL")
T = TypeVar("T")


class ToFake(httpx.HTTPTransport):
    """Sends a request for the vendor's host to the fake, path and all."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self._root = httpx.URL(root)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = self._root.raw_path.rstrip(b"/") + request.url.raw_path
        request.url = self._root.copy_with(raw_path=path)
        request.headers["Host"] = self._root.netloc.decode()
        return super().handle_request(request)


class Bot:
    """A pywa client with a server; what its handlers see waits in ``seen``, refusals of its own check in ``refused``."""

    def __init__(self, environment: dict[str, str], *, app_secret: str | None = None) -> None:
        root = environment["WHATSAPP_API_ROOT"]
        self.wa = WhatsApp(
            phone_id=environment["WHATSAPP_PHONE_NUMBER_ID"],
            waba_id=environment["WHATSAPP_BUSINESS_ACCOUNT_ID"],
            token=environment["WHATSAPP_TOKEN"],
            app_id=environment["WHATSAPP_APP_ID"],
            app_secret=app_secret or environment["WHATSAPP_APP_SECRET"],
            verify_token=environment["WHATSAPP_VERIFY_TOKEN"],
            session=httpx.Client(mounts={"https://graph.facebook.com": ToFake(root)}),
            validate_updates=True,
        )
        self.seen: queue.Queue[Any] = queue.Queue()
        self.refused: queue.Queue[int] = queue.Queue()
        self._listen()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def _listen(self) -> None:
        wa = self.wa
        for listen in (
            wa.on_message, wa.on_callback_button, wa.on_callback_selection, wa.on_message_status, wa.on_flow_completion,
            wa.on_phone_number_change, wa.on_identity_change, wa.on_edited_message, wa.on_deleted_message,
            wa.on_outgoing_message, wa.on_template_status_update, wa.on_user_marketing_preferences,
            wa.on_call_permission_update,
        ):  # fmt: skip
            listen(lambda _wa, update: self.seen.put(update))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
        self.wa.api._session.close()


def _handler(bot: Bot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            body, status = bot.wa.webhook_challenge_handler(query[utils.HUB_VT][0], query[utils.HUB_CH][0])
            self._answer(body or "", status)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            refusal = bot.wa.webhook_update_validator(body, self.headers[utils.HUB_SIG])
            if refusal:
                bot.refused.put(refusal[1])
            self._answer(*(refusal or bot.wa.webhook_update_handler(body)))

        def _answer(self, body: str, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


class Rehearsal:
    """The stage with one customer, and a bot whose calls run beside the stage's loop."""

    def __init__(self, stage: Stage, recorder: Recorder, settings: dict[str, str]) -> None:
        self.stage, self.recorder = stage, recorder
        self.channel = stage.add(platform, settings)
        self.bots: list[Bot] = []
        self.to = ""

    def bot(self, **options: Any) -> Bot:
        bot = Bot(self.stage.environment(), **options)
        self.bots.append(bot)
        return bot

    async def open(self) -> None:
        await self.stage.open()
        self.to = self.stage.join("whatsapp", ANNA, case="case", conv="case/anna")

    async def close(self) -> None:
        await self.stage.close()
        for bot in self.bots:
            await asyncio.to_thread(bot.close)

    def act(self, act: Act) -> tuple[str, ...]:
        return self.stage.act("whatsapp", self.to, act).ids

    async def hears(self, bot: Bot, kind: type[T]) -> T:
        """The next update of a kind that reaches a handler; receipts on the way are skipped."""
        while True:
            update = await asyncio.to_thread(bot.seen.get, True, 5)
            if isinstance(update, kind):
                return update

    async def does(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        return await asyncio.to_thread(call, *args, **options)

    @property
    def sent(self) -> list[tuple[Any, ...]]:
        """The parts of the bot's messages so far."""
        took = [each.effect for each in self.recorder.records if isinstance(each, Took)]
        return [effect.message.parts for effect in took if isinstance(effect, Sent)]


@pytest.fixture
def settings() -> dict[str, str]:
    return {}


@pytest.fixture
async def rehearsal(settings: dict[str, str]) -> AsyncIterator[Rehearsal]:
    clock = WallClock()
    recorder = Recorder(clock)
    stage = Stage(clock=clock, seed=Seed(7), recorder=recorder, listen=ListenOptions(port=0))
    made = Rehearsal(stage, recorder, settings)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def bot(rehearsal: Rehearsal) -> Bot:
    bot = rehearsal.bot()
    rehearsal.stage.set_webhook("whatsapp", bot.url)
    return bot


__all__ = ["Bot", "Rehearsal", "types"]
