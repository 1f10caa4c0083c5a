"""fbmessenger, unmodified, between a stage and a loopback server of its own, for Messenger and Instagram.

fbmessenger always calls ``https://graph.facebook.com``. Its documented ``session`` argument takes a ``requests.Session``,
and an adapter mounted on that session leads the vendor's address to the fake; nothing of fbmessenger is replaced.

fbmessenger 6.0 does not check the signature of webhooks. The server checks it as any bot must, by the function that
another SDK for Meta's webhooks, pywa, offers for the same header. It also uses ``collections.Iterable``, which Python
3.10 took away; a fixture lends it.
"""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit, urlunsplit

import fbmessenger
import requests
from pywa.utils import webhook_updates_validator
from requests.adapters import HTTPAdapter

from chatdrill.clock import WallClock
from chatdrill.model import Act, Activity, Customer, MarkedRead, Sent
from chatdrill.run.registry import load_platform
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder, Took

ANNA = Customer(key="anna", first_name="Anna", last_name="Huber", phone="+436601234567", locale="de_AT")
T = TypeVar("T")


class ToFake(HTTPAdapter):
    """Sends a request for the vendor's host to the fake, path and all."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self._root = urlsplit(root)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        asked = urlsplit(request.url)
        path = self._root.path + asked.path
        request.url = urlunsplit((self._root.scheme, self._root.netloc, path, asked.query, ""))
        return super().send(request, **options)


class Bot(fbmessenger.BaseMessenger):  # type: ignore[misc]
    """A bot as fbmessenger wants one: a method for each kind of event. What they see waits in ``seen``."""

    def __init__(
        self, environment: dict[str, str], name: str, *, app_secret: str | None = None, webhook_secret: str = ""
    ) -> None:
        secret = environment[f"{name}_APP_SECRET"]
        token = environment.get(f"{name}_PAGE_TOKEN") or environment[f"{name}_TOKEN"]
        super().__init__(token, app_secret=app_secret or secret)
        session = requests.Session()
        session.mount("https://graph.facebook.com", ToFake(environment[f"{name}_API_ROOT"]))
        self.client = fbmessenger.MessengerClient(
            self.page_access_token, session=session, app_secret=self.app_secret, api_version="25.0"
        )
        self.webhook_secret = webhook_secret or secret
        self.verify_token = environment[f"{name}_VERIFY_TOKEN"]
        self.seen: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        self.refused: queue.Queue[bytes] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def message(self, message: dict[str, Any]) -> None:
        self.seen.put(("message", message))

    def postback(self, message: dict[str, Any]) -> None:
        self.seen.put(("postback", message))

    def delivery(self, message: dict[str, Any]) -> None:
        self.seen.put(("delivery", message))

    def read(self, message: dict[str, Any]) -> None:
        self.seen.put(("read", message))

    def optin(self, message: dict[str, Any]) -> None:
        self.seen.put(("optin", message))

    def account_linking(self, message: dict[str, Any]) -> None:
        self.seen.put(("account_linking", message))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
        self.client.session.close()


def _handler(bot: Bot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
            trusted = query["hub.verify_token"] == bot.verify_token
            self._answer(200 if trusted else 403, query["hub.challenge"] if trusted else "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not webhook_updates_validator(bot.webhook_secret, body, self.headers["X-Hub-Signature-256"]):
                bot.refused.put(body)
                return self._answer(403, "")
            payload = json.loads(body)
            bot.handle(payload)
            for event in (event for entry in payload["entry"] for event in entry["messaging"]):
                if "message_edit" in event or "reaction" in event:  # fbmessenger has no method for these
                    bot.seen.put(("other", bot.last_message))
            return self._answer(200, "")

        def _answer(self, status: int, body: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


class Rehearsal:
    """The stage with one customer, and a bot whose calls run beside the stage's loop."""

    def __init__(self, name: str, **settings: str) -> None:
        clock = WallClock()
        self.recorder = Recorder(clock)
        self.stage = Stage(clock=clock, seed=Seed(7), recorder=self.recorder, listen=ListenOptions(port=0))
        self.name = name
        self.channel = self.stage.add(load_platform(name), settings)
        self.bots: list[Bot] = []
        self.to = ""

    def bot(self, **options: Any) -> Bot:
        bot = Bot(self.stage.environment(), self.name.upper(), **options)
        self.bots.append(bot)
        return bot

    async def open(self) -> None:
        await self.stage.open()
        self.to = self.stage.join(self.name, ANNA, case="case", conv="case/anna")

    async def close(self) -> None:
        await self.stage.close()
        for bot in self.bots:
            await asyncio.to_thread(bot.close)

    def act(self, act: Act) -> tuple[str, ...]:
        return self.stage.act(self.name, self.to, act).ids

    async def hears(self, bot: Bot, kind: str) -> dict[str, Any]:
        """The next event of a kind that reaches the bot; receipts on the way are skipped."""
        while True:
            seen, event = await asyncio.to_thread(bot.seen.get, True, 5)
            if seen == kind:
                return event

    async def does(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        return await asyncio.to_thread(call, *args, **options)

    @property
    def effects(self) -> list[Any]:
        return [each.effect for each in self.recorder.records if isinstance(each, Took)]

    @property
    def sent(self) -> list[tuple[Any, ...]]:
        """The parts of the bot's messages so far."""
        return [effect.message.parts for effect in self.effects if isinstance(effect, Sent)]

    @property
    def activities(self) -> list[str]:
        shown = [effect for effect in self.effects if isinstance(effect, Activity | MarkedRead)]
        return [one.action if isinstance(one, Activity) else "mark_seen" for one in shown]
