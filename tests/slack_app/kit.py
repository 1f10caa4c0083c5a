"""What the tests of the Slack wire share: one app, one customer, and short words for calls and acts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec

from chatdrill.model import Act, Customer, Event, File, Message, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Handled, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.slack import SlackState, platform

BASE, HOOK, NOW = "http://127.0.0.1:8080/slack", "http://127.0.0.1:9/slack/events", 1_790_000_000.0
ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", username="anna_n", email="anna@example.org")
PLAIN = {"type": "plain_text", "text": "Yes"}
BUTTON: dict[str, Any] = {"type": "button", "action_id": "yes", "text": PLAIN, "value": "y"}
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "survey",
    "title": {"type": "plain_text", "text": "Survey"},
    "submit": PLAIN,
    "notify_on_close": True,
    "blocks": [
        {"type": "input", "block_id": "c", "label": {"type": "plain_text", "text": "Comment"}, "element": {"type": "plain_text_input", "action_id": "t"}},
    ],
}  # fmt: skip


class Account:
    """A fake app with one customer; ``now`` is the clock."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | {"rate_limits": "no"} | settings
        self.state: SlackState = platform.open(given, Seed(7).stream("slack"))
        self.state.base_url = BASE
        self.state.webhook_url = None if self.state.comes_by_itself else HOOK
        self.now = NOW
        self.to = self.join(ANNA)
        self.chat = self.state.chats[self.to]
        self.dm = self.chat.dm
        self.channel = self.state.settings["channel"]

    def join(self, customer: Customer) -> str:
        return platform.join(self.state, customer, 0.0)

    # -- the customer's side

    def updates(self, act: Act) -> list[Update]:
        return list(platform.encode(self.state, self.to, act, self.chat.at(self.now)))

    def told(self, act: Act) -> list[dict[str, Any]]:
        """The inner events, or whole interactions."""
        bodies = [msgspec.json.decode(update.body) for update in self.updates(act)]
        return [body.get("event", body) for body in bodies]

    def event(self, act: Act) -> dict[str, Any]:
        (event,) = self.told(act)
        return event

    def says(self, text: str = "Hi") -> str:
        """The ``ts`` of a message."""
        return str(self.event(Write(parts=(Text(text=text),)))["ts"])

    def command(self, **data: Any) -> dict[str, Any]:
        return self.event(Event(name="slash_command", data=data))

    def file(self, content: bytes, **about: Any) -> File:
        return describe(content, self.state.blobs, **about)

    # -- the bot's side

    def handle(self, request: HttpRequest, source: Any = "http") -> Handled:
        return platform.handle(self.state, Exchange(request, self.now, BASE, source))

    def call(
        self, method: str, token: str | None = "", headers: tuple[tuple[str, str], ...] = (), **values: Any
    ) -> Handled:
        """A call with a JSON body."""
        given = () if token is None else (("Authorization", f"Bearer {token or self.state.token}"),)
        kind = (("Content-Type", "application/json; charset=utf-8"),)
        return self.handle(
            HttpRequest("POST", f"/api/{method}", (*given, *kind, *headers), msgspec.json.encode(values))
        )

    def form(self, method: str, **values: Any) -> Handled:
        """A call as a form: the token among the arguments, whatever is nested as JSON."""
        flat = {
            key: value if isinstance(value, str) else msgspec.json.encode(value).decode()
            for key, value in values.items()
        }
        body = urlencode({"token": self.state.token, **flat}).encode()
        return self.handle(
            HttpRequest("POST", f"/api/{method}", (("Content-Type", "application/x-www-form-urlencoded"),), body)
        )

    def post(self, text: str = "Hello", **values: Any) -> dict[str, Any]:
        return good(self.call("chat.postMessage", channel=self.to, text=text, **values))

    def sent(self, **values: Any) -> Message:
        """The message as the customer sees it."""
        handled = self.call("chat.postMessage", channel=self.to, **values)
        assert answer(handled)["ok"], answer(handled)
        (effect,) = handled.effects
        assert isinstance(effect, Sent)
        return effect.message

    def respond(self, url: str, **values: Any) -> Handled:
        """An answer by a ``response_url``."""
        body = msgspec.json.encode(values)
        return self.handle(HttpRequest("POST", url.removeprefix(BASE), (("Content-Type", "application/json"),), body))

    def acked(self, act: Act, body: bytes = b"", status: int = 200) -> list[Handled]:
        """What becomes of the answer to a webhook."""
        ack = platform.read_ack(self.state, self.updates(act), HttpResponse(status, (), body), self.now)
        return [self.handle(call, "webhook_answer") for call in ack.calls]

    def play(self, handled: Handled) -> list[dict[str, Any]]:
        """The events that follow a call."""
        found: list[dict[str, Any]] = []
        for later in handled.later:
            updates = platform.encode(self.state, later.to, later.act, self.now + later.after_s)  # type: ignore[arg-type]
            found += [msgspec.json.decode(one.body)["event"] for one in updates]
        return found


def answer(handled: Handled) -> dict[str, Any]:
    assert handled.response is not None
    body: dict[str, Any] = msgspec.json.decode(handled.response.body)
    return body


def good(handled: Handled) -> dict[str, Any]:
    body = answer(handled)
    assert body["ok"], body
    return body


def error(handled: Handled) -> str:
    """The word of a refused call, which has had no effect."""
    body = answer(handled)
    assert body["ok"] is False and not handled.effects and handled.call is not None and not handled.call.ok
    return str(body["error"])


FAILED = HttpFailure("timeout", "no answer within 3 s")
