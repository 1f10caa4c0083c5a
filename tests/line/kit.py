"""What the tests of the LINE wire share: one channel, one customer, and short words for calls and acts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import Act, Customer, File, Media, Message, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetch, Fetched, Handled, HttpRequest, HttpResponse, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.line import LineState, platform

TOKEN = next(each.default for each in platform.settings if each.name == "token")
SECRET = "3f9a1c77d2e84b60a5c1f0b29e6d7a84"
BASE = "http://127.0.0.1:8080/line"
HOOK = "http://127.0.0.1:9/hook"
NOW = 1795212345.0
OLENA = Customer(key="olena", first_name="Olena", last_name="K.", phone="+380501112233", locale="uk_UA")
PETRO = Customer(key="petro", first_name="Petro", last_name="K.", phone="+380501112244", locale="uk_UA")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 12
LINK = "https://cdn.acme.test/o.jpg"
AUTH = ("Authorization", f"Bearer {TOKEN}")
JSON = ("Content-Type", "application/json")
KEY = "3f9a1c77-d2e8-4b60-a5c1-f0b29e6d7a84"


def text(words: str = "Hello", **fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **fields}


def template(**inner: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "a choice", "template": inner}


def quick(*actions: Mapping[str, Any]) -> dict[str, Any]:
    """A text with quick replies."""
    return text("?", quickReply={"items": [{"type": "action", "action": action} for action in actions]})


class Account:
    """A fake channel with one friend; ``now`` is the clock, ``fetched`` what lies at links."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | settings
        self.state: LineState = platform.open(given, Seed(7).stream("line"))
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

    def told(self, act: Act, to: str | None = None) -> list[dict[str, Any]]:
        return [msgspec.json.decode(update.body) for update in self.updates(act, to)]

    def event(self, act: Act) -> dict[str, Any]:
        (event,) = self.told(act)
        return event

    def says(self, words: str = "Hi", **fields: Any) -> dict[str, Any]:
        return self.event(Write(parts=(Text(text=words),), **fields))

    def sends(self, kind: Any, content: bytes, **about: Any) -> dict[str, Any]:
        """A file's message event."""
        return self.event(Write(parts=(Media(kind=kind, file=self.file(content, **about)),)))

    def file(self, content: bytes, **about: Any) -> File:
        return describe(content, self.state.blobs, **about)

    # -- the bot's side

    def call(
        self,
        path: str,
        body: Any = None,
        method: str = "POST",
        *,
        headers: tuple[tuple[str, str], ...] = (AUTH, JSON),
        fetched: Mapping[str, Fetched] | None = None,
    ) -> Handled:
        """One call; what lies at links that ``fetched`` has not is unreachable."""
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        return self.handle(HttpRequest(method, path, headers, content), fetched)

    def handle(self, request: HttpRequest, fetched: Mapping[str, Fetched] | None = None) -> Handled:
        found = dict(fetched or {})
        handled = platform.handle(self.state, Exchange(request, self.now, BASE, fetched=found))
        while isinstance(handled.wait, Fetch) and fetched is None:
            urls = (*handled.wait.urls, *(asked.url for asked in handled.wait.requests))
            found |= {url: self.fetched.get(url, Fetched(error="unreachable")) for url in urls}
            handled = platform.handle(self.state, Exchange(request, self.now, BASE, fetched=found))
        return handled

    def get(self, path: str) -> Handled:
        return self.call(path, None, "GET", headers=(AUTH,))

    def push(self, *messages: Any, to: str | None = None, key: str = "") -> Handled:
        headers = (AUTH, JSON, ("X-Line-Retry-Key", key)) if key else (AUTH, JSON)
        return self.call("/v2/bot/message/push", {"to": to or self.to, "messages": list(messages)}, headers=headers)

    def reply(self, token: str, *messages: Any) -> Handled:
        return self.call("/v2/bot/message/reply", {"replyToken": token, "messages": list(messages or (text(),))})

    def sent(self, *messages: Any, to: str | None = None) -> Message:
        """The last message as the customer sees it."""
        handled = self.push(*messages, to=to)
        assert status(handled) == 200, answer(handled)
        return shown(handled)[-1]

    def problems(self, *messages: Any) -> list[tuple[str, str]]:
        """What is wrong with messages: properties and words."""
        handled = self.push(*messages)
        assert status(handled) == 400, answer(handled)
        details = answer(handled)["details"]
        assert answer(handled)["message"] == f"The request body has {len(details)} error(s)"
        return [(one["property"], one["message"]) for one in details]


def response(handled: Handled) -> HttpResponse:
    assert handled.response is not None
    return handled.response


def answer(handled: Handled) -> Any:
    return msgspec.json.decode(response(handled).body)


def status(handled: Handled) -> int:
    return response(handled).status


def words(handled: Handled) -> str:
    return str(answer(handled)["message"])


def shown(handled: Handled) -> list[Message]:
    return [effect.message for effect in handled.effects if isinstance(effect, Sent)]


_MASKS = (
    (re.compile(r"U[0-9a-f]{32}"), "user-id"),
    (re.compile(r"C[0-9a-f]{32}"), "group-id"),
    (re.compile(r"[0-9a-f]{32}"), "reply-token"),
    (re.compile(r"[0-9A-HJKMNP-TV-Z]{26}"), "event-id"),
    (re.compile(r"59\d{16}"), "message-id"),
    (re.compile(r"[0-9A-F]{64}"), "image-set"),
    (re.compile(r"[A-Za-z0-9_-]{20}"), "opaque-token"),
)


def masked(value: Any) -> Any:
    """A payload without what chance made, so that shapes and all other values can be compared."""
    if isinstance(value, dict):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    found = (word for pattern, word in _MASKS if isinstance(value, str) and pattern.fullmatch(value))
    return next(found, value)
