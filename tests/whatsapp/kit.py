"""What the tests of the WhatsApp wire share: one account, one customer, and short words for calls and acts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import Act, Customer, File
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, Handled, HttpRequest, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.whatsapp import WhatsAppState, platform

NUMBER, ACCOUNT, APP = "441122334455667", "330011223344556", "728451930662814"
TOKEN, SECRET = "EAAchatdrillwhatsapp", "chatdrill-app-secret"
BASE = "http://127.0.0.1:8080/whatsapp"
NOW = 1795212345.0
ANNA = Customer(key="anna", first_name="Jürgen", last_name="K.", phone="+49 151 55501234", locale="de_DE")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)


class Account:
    """A fake account with one customer who has not written yet; ``now`` is the clock."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | settings
        self.state: WhatsAppState = platform.open(given, Seed(7).stream("whatsapp"))
        self.state.base_url = BASE
        self.state.webhook_url = "http://127.0.0.1:9/hook"
        self.now = NOW
        self.to = platform.join(self.state, ANNA, 0.0)
        self.chat = self.state.chats[self.to]

    # -- the customer's side

    def updates(self, act: Act) -> list[Update]:
        return list(platform.encode(self.state, self.to, act, self.chat.at(self.now)))

    def changes(self, act: Act) -> list[dict[str, Any]]:
        return [msgspec.json.decode(update.body)["changes"][0] for update in self.updates(act)]

    def messages(self, act: Act) -> list[dict[str, Any]]:
        return [message for change in self.changes(act) for message in change["value"]["messages"]]

    def message(self, act: Act) -> dict[str, Any]:
        (message,) = self.messages(act)
        return message

    def file(self, content: bytes, **about: Any) -> File:
        return describe(content, self.state.blobs, **about)

    # -- the bot's side

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = TOKEN,
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),),
        fetched: Mapping[str, Fetched] | None = None,
    ) -> Handled:
        bearer = (("Authorization", f"Bearer {token}"),) if token else ()
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        request = HttpRequest(method, path, (*bearer, *headers), content)
        return platform.handle(
            self.state, Exchange(request, self.now, BASE, fetched={} if fetched is None else fetched)
        )

    def send(self, body: dict[str, Any], **options: Any) -> Handled:
        full = {"messaging_product": "whatsapp", "to": f"+{self.to}", **body}
        return self.call("POST", f"/v25.0/{NUMBER}/messages", full, **options)

    def send_text(self, text: str = "Hallo") -> str:
        return message_id(self.send({"type": "text", "text": {"body": text}}))

    def play(self, handled: Handled) -> list[dict[str, Any]]:
        """The statuses that follow a call, in their order."""
        found: list[dict[str, Any]] = []
        for later in handled.later:
            for update in platform.encode(self.state, later.to, later.act, self.chat.at(self.now) + later.after_s):
                found += msgspec.json.decode(update.body)["changes"][0]["value"]["statuses"]
        return found


def answer(handled: Handled) -> dict[str, Any]:
    assert handled.response is not None
    body: dict[str, Any] = msgspec.json.decode(handled.response.body)
    return body


def message_id(handled: Handled) -> str:
    found: str = answer(handled)["messages"][0]["id"]
    return found


def error(handled: Handled) -> tuple[int, int]:
    """HTTP status and error code."""
    assert handled.response is not None
    return handled.response.status, answer(handled)["error"]["code"]


def details(handled: Handled) -> str:
    found: str = answer(handled)["error"]["error_data"]["details"]
    return found


_MASKS = (
    (re.compile(r"wamid\.[A-Za-z0-9+/=]+"), "wamid"),
    (re.compile(r"https?://\S+?/whatsapp_business/attachments/\S+"), "media-url"),
    (re.compile(r"Aff-[\w-]{22}"), "click-id"),
    (re.compile(r"\b[A-Z]{2}\.\d{20}\b"), "user-id"),
    (re.compile(r"\bY2FwaV9[\w]+"), "group-id"),
)


def masked(value: Any) -> Any:
    """A payload without what chance made, so that shapes and all other values can be compared."""
    if isinstance(value, dict):
        ids = {"id": "media-id"} if "mime_type" in value else {"hash": "hash"} if "acknowledged" in value else {}
        return {key: ids.get(key) or masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, str):
        for pattern, word in _MASKS:
            value = pattern.sub(word, value)
    return value
