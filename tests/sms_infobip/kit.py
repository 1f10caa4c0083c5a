"""What the tests of the Infobip wire share: one account, one customer, and short words for calls and acts."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.model import Act, Customer, File, Message, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetch, Fetched, Handled, HttpRequest, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.infobip import InfobipState, platform

KEY = "8f3c2b1a9d7e4f60b5c8a1d2e3f40516-0f9e8d7c-6b5a-4c3d-8e2f-1a0b9c8d7e6f"
BASE, HOOK = "http://127.0.0.1:8080/infobip", "http://127.0.0.1:9/sms"
OURS, THEIRS = "447860099299", "41790000001"
NOW = 1795212345.0
ANNA = Customer(key="anna", first_name="Anna", last_name="Huber", phone="+41 79 000 00 01", locale="de_CH")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
APP = ("Authorization", f"App {KEY}")


def message(text: str = "Hello", to: str = THEIRS, id: str | None = None, **fields: Any) -> dict[str, Any]:
    """A message of the newer API."""
    destination = {"to": to, **({"messageId": id} if id else {})}
    return {"sender": OURS, "destinations": [destination], "content": {"text": text}, **fields}


def answer(handled: Handled) -> dict[str, Any]:
    assert handled.response is not None
    body: dict[str, Any] = msgspec.json.decode(handled.response.body)
    return body


def status(handled: Handled) -> int:
    """The status of the first message, in an answer of 200."""
    assert handled.response is not None and handled.response.status == 200, answer(handled)
    return int(answer(handled)["messages"][0]["status"]["id"])


class Account:
    """A fake account with one customer; ``now`` is the clock, ``fetched`` what lies at links."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | settings
        self.state: InfobipState = platform.open(given, Seed(7).stream("infobip"))
        self.state.base_url, self.state.webhook_url = BASE, HOOK
        self.now = NOW
        self.to = platform.join(self.state, ANNA, 0.0)
        self.fetched: dict[str, Fetched] = {}

    # -- the customer's side

    def updates(self, act: Act) -> list[Update]:
        found = list(platform.encode(self.state, self.to, act, self.state.chats[self.to].at(self.now)))
        for update in found:
            self.state.outbox.put(update)
        return found

    def told(self, act: Act) -> dict[str, Any]:
        (update,) = self.updates(act)
        body: dict[str, Any] = msgspec.json.decode(update.body)
        return body

    def says(self, text: str = "Hi") -> dict[str, Any]:
        return self.told(Write(parts=(Text(text=text),)))

    def file(self, content: bytes = PNG, **about: Any) -> File:
        return describe(content, self.state.blobs, **about)

    def seen(self) -> list[str]:
        """What came to the customer without a call of the bot."""
        effects, self.state.effects[:] = self.state.effects[:], ()
        return [effect.message.text for effect in effects if isinstance(effect, Sent)]

    # -- the bot's side

    def call(self, method: str, path: str, body: Any = None, *headers: tuple[str, str], auth: Any = APP) -> Handled:
        """One call: JSON, unless ``body`` is bytes."""
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        given = ((auth,) if auth else ()) + (headers or (("Content-Type", "application/json"),))
        return self.handle(HttpRequest(method, path.removeprefix(BASE), given, content))

    def handle(self, request: HttpRequest) -> Handled:
        found: dict[str, Fetched] = {}
        handled = platform.handle(self.state, Exchange(request, self.now, BASE, fetched=found))
        while isinstance(handled.wait, Fetch):
            found |= {url: self.fetched.get(url, Fetched(error="unreachable")) for url in handled.wait.urls}
            handled = platform.handle(self.state, Exchange(request, self.now, BASE, fetched=dict(found)))
        return handled

    def send(self, text: str = "Hello", options: Any = None, **fields: Any) -> Handled:
        body = {"messages": [message(text, **fields)], **({"options": options} if options else {})}
        return self.call("POST", "/sms/3/messages", body)

    def older(self, text: str = "Hello", **fields: Any) -> Handled:
        body = {"messages": [{"from": OURS, "destinations": [{"to": self.to}], "text": text, **fields}]}
        return self.call("POST", "/sms/2/text/advanced", body)

    def sent(self, text: str, **fields: Any) -> Message:
        """The message as the customer sees it."""
        (effect,) = self.send(text, **fields).effects
        assert isinstance(effect, Sent)
        return effect.message

    def play(self, handled: Handled) -> list[dict[str, Any]]:
        """The reports that follow a call, in their order."""
        found: list[dict[str, Any]] = []
        for later in handled.later:
            at = self.state.chats[later.to].at(self.now) + later.after_s
            found += [msgspec.json.decode(one.body) for one in platform.encode(self.state, later.to, later.act, at)]  # type: ignore[arg-type]
        return found
