"""What the tests of the Viber wire share: one bot, one customer, and short words for calls and acts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import Act, Customer, File, Message, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetch, Fetched, Handled, HttpRequest, HttpResponse, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.viber import ViberState, platform

TOKEN = "5217a3b4c6d8e0f1-9a8b7c6d5e4f3021-1122334455667788"
BASE = "http://127.0.0.1:8080/viber"
HOOK = "http://127.0.0.1:9/hook"
NOW = 1795212345.0
OLENA = Customer(key="olena", first_name="Olena", last_name="K.", phone="+380501112233", locale="uk_UA")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
LINK = "http://127.0.0.1:9/p.png"
BUTTON = {"ActionType": "reply", "ActionBody": "menu", "Text": "Menu"}


def keys(*buttons: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A keyboard."""
    return {"Type": "keyboard", "Buttons": list(buttons or (BUTTON,)), **fields}


class Account:
    """A fake bot with one customer who has not written yet; ``now`` is the clock, ``fetched`` what lies at links."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | settings
        self.state: ViberState = platform.open(given, Seed(7).stream("viber"))
        self.state.base_url, self.state.webhook_url = BASE, HOOK
        self.now = NOW
        self.to = self.join(OLENA)
        self.chat = self.state.chats[self.to]
        self.fetched: dict[str, Fetched] = {}

    def join(self, customer: Customer) -> str:
        return platform.join(self.state, customer, 0.0)

    # -- the customer's side

    def updates(self, act: Act, to: str | None = None) -> list[Update]:
        address = to or self.to
        return list(platform.encode(self.state, address, act, self.state.chats[address].at(self.now)))

    def told(self, act: Act) -> list[dict[str, Any]]:
        return [msgspec.json.decode(update.body) for update in self.updates(act)]

    def event(self, act: Act) -> dict[str, Any]:
        (event,) = self.told(act)
        return event

    def says(self, text: str = "Hi") -> dict[str, Any]:
        return self.event(Write(parts=(Text(text=text),)))

    def file(self, content: bytes, **about: Any) -> File:
        return describe(content, self.state.blobs, **about)

    # -- the bot's side

    def call(
        self,
        method: str,
        body: Any = None,
        *,
        token: str | None = TOKEN,
        headers: tuple[tuple[str, str], ...] = (),
        fetched: Mapping[str, Fetched] | None = None,
    ) -> Handled:
        """One call; links are read from ``fetched``, what lies elsewhere is unreachable."""
        given = (("X-Viber-Auth-Token", token),) if token else ()
        content = body if isinstance(body, bytes) else msgspec.json.encode({} if body is None else body)
        request = HttpRequest("POST", f"/pa/{method}", (*given, *headers), content)
        return self.handle(request, fetched)

    def handle(self, request: HttpRequest, fetched: Mapping[str, Fetched] | None = None) -> Handled:
        found = dict(fetched or {})
        handled = platform.handle(self.state, Exchange(request, self.now, BASE, fetched=found))
        while isinstance(handled.wait, Fetch) and fetched is None:
            urls = (*handled.wait.urls, *(asked.url for asked in handled.wait.requests))
            found |= {url: self.fetched.get(url, Fetched(error="unreachable")) for url in urls}
            handled = platform.handle(self.state, Exchange(request, self.now, BASE, fetched=found))
        return handled

    def get(self, url: str) -> HttpResponse:
        """A download by a link of the fake's."""
        handled = self.handle(HttpRequest("GET", url.removeprefix(BASE)))
        assert handled.response is not None
        return handled.response

    def send(self, **message: Any) -> Handled:
        return self.call("send_message", {"receiver": self.to, "sender": {"name": "Acme Help"}, **message})

    def sent(self, **message: Any) -> Message:
        """The message as the customer sees it."""
        handled = self.send(**message)
        assert status(handled) == 0, answer(handled)
        (effect,) = handled.effects
        assert isinstance(effect, Sent)
        return effect.message

    def play(self, handled: Handled) -> list[dict[str, Any]]:
        """The callbacks that follow a call, in their order."""
        found: list[dict[str, Any]] = []
        for later in handled.later:
            at = self.state.chats[later.to].at(self.now) + later.after_s
            found += [msgspec.json.decode(one.body) for one in platform.encode(self.state, later.to, later.act, at)]  # type: ignore[arg-type]
        return found


def answer(handled: Handled) -> dict[str, Any]:
    assert handled.response is not None
    body: dict[str, Any] = msgspec.json.decode(handled.response.body)
    return body


def status(handled: Handled) -> int:
    """The status in an answer, whose HTTP status is 200."""
    assert handled.response is not None
    assert handled.response.status == 200
    return int(answer(handled)["status"])


_MASKS = (
    (re.compile(r"https?://\S+/vibes/\S+"), "media-url"),
    (re.compile(r"https?://\S+/download_photo\S+"), "photo-url"),
    (re.compile(r"[A-Za-z0-9+/]{22}=="), "user-id"),
)


def masked(value: Any) -> Any:
    """A payload without what chance made, so that shapes and all other values can be compared."""
    if isinstance(value, dict):
        return {key: 0 if key == "message_token" else masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, str):
        for pattern, word in _MASKS:
            value = pattern.sub(word, value)
    return value
