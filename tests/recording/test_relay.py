"""The proxy both ways: what comes goes on as it was, and a whole dialog through it is the dialog that was played."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest

from chatdrill.clock import WallClock
from chatdrill.model import Customer, Text, Write
from chatdrill.recording import Relay, Scribe, Ways
from chatdrill.run.registry import load_platform
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.serve.answers import Bounds
from chatdrill.serve.client import Client
from chatdrill.serve.connection import Service
from chatdrill.serve.heads import Heads
from chatdrill.serve.server import Server
from chatdrill.trace import Acted, Attempt, Called, Recorder, Took
from chatdrill.wire import HttpRequest, HttpResponse, json_response

ANNA = Customer(key="anna", first_name="Anna", phone="+4915155501234")
SECRET = b"app-secret"


class Place:
    """Servers on this machine that close themselves, and a client."""

    def __init__(self) -> None:
        self.clock = WallClock()
        self.client = Client(self.clock.monotonic)
        self.complaints: list[str] = []
        self._servers: list[Server] = []

    async def serve(self, handler: Any) -> str:
        server = Server(Service(handler, Heads(self.clock.now), Bounds(), self.complaints.append))
        await server.listen("127.0.0.1", 0)
        self._servers.append(server)
        return f"http://127.0.0.1:{server.port}"

    async def relay(self, **ways: Ways) -> tuple[str, Recorder]:
        recorder = Recorder(self.clock)
        scribe = Scribe(recorder, self.clock, [load_platform(name) for name in ways], {})
        relay = Relay(ways, scribe, self.clock.monotonic, self.complaints.append)
        return await self.serve(relay), recorder

    async def ask(self, method: str, url: str, headers: Any = (), body: bytes = b"") -> HttpResponse:
        answer = await self.client.send(HttpRequest(method, url, tuple(headers), body), 5.0)
        assert isinstance(answer, HttpResponse)
        return answer

    async def close(self) -> None:
        self.client.close()
        for server in self._servers:
            await server.close(grace_s=0.0)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    place = Place()
    yield place
    await place.close()


def keeping(seen: list[HttpRequest], answer: HttpResponse) -> Callable[[HttpRequest], HttpResponse]:
    def handler(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return answer

    return handler


async def test_a_webhook_goes_on_unchanged_with_its_signature(place: Place) -> None:
    seen: list[HttpRequest] = []
    bot = await place.serve(keeping(seen, HttpResponse(202, (("X-Own", "1"),), b"thanks")))
    base, _ = await place.relay(whatsapp=Ways(f"{bot}/wa?tenant=7", "http://127.0.0.1:9"))
    body = b'{"object":"whatsapp_business_account", "entry":[]}\n'
    proof = f"sha256={hmac.new(SECRET, body, hashlib.sha256).hexdigest()}"
    headers = (("X-Hub-Signature-256", proof), ("Host", "bot.example.com"), ("Content-Type", "application/json"))
    answer = await place.ask("POST", f"{base}/hooks/whatsapp/more?x=a%20b", headers, body)
    (request,) = seen
    assert (answer.status, answer.body, answer.header("x-own")) == (202, b"thanks", "1")
    assert request.body == body and request.url == "/wa/more?tenant=7&x=a%20b"
    assert (request.header("x-hub-signature-256"), request.header("host")) == (proof, "bot.example.com")


async def test_a_bot_may_register_an_address_with_words_of_its_own_before_the_platform(place: Place) -> None:
    seen: list[HttpRequest] = []
    bot = await place.serve(keeping(seen, HttpResponse(200)))
    base, _ = await place.relay(telegram=Ways(f"{bot}/webhooks/telegram", "http://127.0.0.1:9"))
    await place.ask("POST", f"{base}/hooks/webhooks/telegram?x=1", (), b'{"update_id": 1}')
    assert [request.url for request in seen] == ["/webhooks/telegram?x=1"]


async def test_a_call_goes_to_the_vendor_under_its_own_name(place: Place) -> None:
    seen: list[HttpRequest] = []
    vendor = await place.serve(keeping(seen, json_response({"ok": True, "result": {"id": 7}})))
    base, recorder = await place.relay(telegram=Ways("http://127.0.0.1:9/", vendor))
    token = "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    answer = await place.ask("GET", f"{base}/telegram/bot{token}/getMe", (("Accept-Encoding", "gzip"),))
    (called,) = [one for one in recorder.records if isinstance(one, Called)]
    assert msgspec.json.decode(answer.body)["result"] == {"id": 7} and called.method == "getMe" and called.ok
    assert seen[0].url == f"/bot{token}/getMe" and seen[0].header("accept-encoding") == "identity"
    assert seen[0].header("host") == vendor.removeprefix("http://") and token not in str(recorder.records)


async def test_a_handshake_is_answered_by_the_bot(place: Place) -> None:
    bot = await place.serve(lambda request: HttpResponse(200, (), dict(request.query)["hub.challenge"].encode()))
    base, recorder = await place.relay(messenger=Ways(bot, "http://127.0.0.1:9"))
    answer = await place.ask(
        "GET", f"{base}/hooks/messenger?hub.mode=subscribe&hub.challenge=42&hub.verify_token=mine-own"
    )
    assert answer.body == b"42" and "mine-own" not in str(recorder.records)


async def test_a_bot_that_is_away_is_told_to_the_vendor_and_to_the_person(place: Place) -> None:
    base, recorder = await place.relay(telegram=Ways("http://127.0.0.1:9/x", "http://127.0.0.1:9"))
    answer = await place.ask("POST", f"{base}/hooks/telegram", (), b'{"update_id": 1}')
    (attempt,) = [one for one in recorder.records if isinstance(one, Attempt)]
    assert answer.status == 502 and not attempt.ok and attempt.status is None
    assert "the bot at http://127.0.0.1:9/x gave no answer" in place.complaints[0]


@pytest.mark.parametrize(("path", "status"), [("/hooks/telegran", 404), ("/viper/pa", 404), ("/", 404)])
async def test_whom_nobody_records_is_named(place: Place, path: str, status: int) -> None:
    base, _ = await place.relay(telegram=Ways("http://127.0.0.1:9", "http://127.0.0.1:9"))
    answer = await place.ask("POST", base + path, (), b"{}")
    assert answer.status == status and b"telegram" in answer.body


# -------------------------------------------------------------------------------------------- a whole dialog through it


def echo_of(name: str, root: Callable[[], str], place: Place, state: Any) -> Any:
    """A bot that repeats what it hears, in the vendor's own words."""

    async def answer(request: HttpRequest) -> HttpResponse:
        value = msgspec.json.decode(request.body)
        kind = (("Content-Type", "application/json"),)
        if name == "telegram":
            message = value["message"]
            url = f"{root()}/bot{state.token}/sendMessage"
            body: Any = {"chat_id": message["chat"]["id"], "text": message["text"]}
        else:
            (message,) = value["entry"][0]["changes"][0]["value"]["messages"]
            url, token = f"{root()}/v25.0/{state.settings['phone_number_id']}/messages", state.settings["token"]
            kind = (*kind, ("Authorization", f"Bearer {token}"))
            body = {"messaging_product": "whatsapp", "to": message["from"], "text": message["text"]}
        await place.ask("POST", url, kind, msgspec.json.encode(body))
        return HttpResponse(200)

    return answer


@pytest.mark.parametrize("name", ["telegram", "whatsapp"])
async def test_what_is_recorded_is_what_was_played(place: Place, name: str) -> None:
    vendors = Recorder(place.clock)
    stage = Stage(clock=place.clock, seed=Seed(1), recorder=vendors, listen=ListenOptions(port=0, control=False))
    channel = stage.add(load_platform(name))
    await stage.open()
    roots: list[str] = []
    bot = await place.serve(echo_of(name, lambda: roots[0], place, channel.state))
    base, recorded = await place.relay(**{name: Ways(bot, f"{stage.base_url}/{name}")})
    roots.append(f"{base}/{name}")
    stage.set_webhook(name, f"{base}/hooks/{name}")
    address = stage.join(name, ANNA, case="case", conv="case/anna")
    stage.act(name, address, Write(parts=(Text(text="hello"),)))
    async with asyncio.timeout(5):
        while not any(isinstance(one, Attempt) for one in vendors.records):
            await asyncio.sleep(0.002)
    await stage.close()
    for kind, what in ((Acted, "act"), (Took, "effect"), (Called, "method")):
        assert _values(recorded, kind, what) == _values(vendors, kind, what)


def _values(recorder: Recorder, kind: Any, what: str) -> list[Any]:
    """What was done, without the times, in which two clocks differ."""
    found = [
        getattr(one, what)
        for one in recorder.records
        if isinstance(one, kind) and getattr(one, "cause", "") != "platform"
    ]
    return [(one.to, one.message.ids, one.message.parts) if hasattr(one, "message") else one for one in found]
