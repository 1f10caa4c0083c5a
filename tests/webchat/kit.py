"""What the tests of the Bot Connector's wire share: one channel, one customer, and short words for calls and acts."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.model import Act, Customer, Message, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Deliver, Exchange, Fetch, Fetched, Handled, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.platforms.webchat import WebChatState, platform

BASE, HOOK = "http://127.0.0.1:8080/webchat", "http://127.0.0.1:9/api/messages"
NOW = 1_795_212_000.0
ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", locale="de_DE")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360483bf31f0003ce0232ba9a835f0000000049454e44ae426082"
)
HI = Write(parts=(Text(text="Hi"),))


def answer(handled: Handled) -> Any:
    assert handled.response is not None
    return msgspec.json.decode(handled.response.body)


def code(handled: Handled) -> tuple[int, str]:
    """Status and code of a refusal."""
    assert handled.response is not None and not handled.effects
    return handled.response.status, answer(handled)["error"]["code"]


class Channel:
    """A fake channel with one customer; ``now`` is the clock, ``fetched`` what lies at links, ``ack`` the bot's answer to what clients
    of Direct Line say (``None``: there never is one, and ``is_late``: the time is over)."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | settings
        self.state: WebChatState = platform.open(given, Seed(7).stream("webchat"))
        self.state.base_url, self.state.webhook_url = BASE, HOOK
        self.now = NOW
        self.to = platform.join(self.state, ANNA, 0.0)
        self.fetched: dict[str, Fetched] = {}
        self.ack: HttpResponse | HttpFailure | None = HttpResponse(200)
        self.is_late = False
        self.told_by_clients: list[Update] = []
        self.token = given["token"]

    # -- the customer's side

    def updates(self, act: Act = HI) -> list[Update]:
        return list(platform.encode(self.state, self.to, act, self.state.chats[self.to].at(self.now)))

    def told(self, act: Act = HI) -> Any:
        """What the bot is told last of an act."""
        return msgspec.json.decode(self.updates(act)[-1].body)

    # -- the bot's side

    def call(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, kind: str = "application/json"
    ) -> Handled:
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        word = self.token if token is None else token
        headers = (("Authorization", f"Bearer {word}"), ("Content-Type", kind))
        return self.handle(HttpRequest(method, path.removeprefix(BASE), headers, content))

    def handle(self, request: HttpRequest, source: Any = "http") -> Handled:
        found: dict[str, Fetched] = {}
        handled = platform.handle(self.state, Exchange(request, self.now, BASE, source, fetched=found))
        while isinstance(handled.wait, Fetch):
            found |= {url: self.fetched.get(url, Fetched(error="unreachable")) for url in handled.wait.urls}
            handled = platform.handle(self.state, Exchange(request, self.now, BASE, source, fetched=dict(found)))
        if isinstance(wait := handled.wait, Deliver):
            self.told_by_clients += wait.updates
            if self.ack is not None:
                platform.read_ack(self.state, wait.updates, self.ack, self.now)
            resumed = Exchange(request, self.now, BASE, source, resumed=wait, timed_out=self.is_late)
            handled = platform.handle(self.state, resumed)
        return handled

    def say(self, **activity: Any) -> Handled:
        return self.call("POST", f"/v3/conversations/{self.to}/activities", {"type": "message", **activity})

    def sent(self, **activity: Any) -> Message:
        """The message as the customer sees it."""
        handled = self.say(**activity)
        (effect,) = handled.effects
        assert isinstance(effect, Sent), answer(handled)
        return effect.message

    def log_in(self, **change: str) -> Handled:
        known = self.state.settings
        form = {
            "grant_type": "client_credentials",
            "client_id": known["app_id"],
            "client_secret": known["app_password"],
            **change,
        }
        body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
        return self.call("POST", "/botframework.com/oauth2/v2.0/token", body, kind="application/x-www-form-urlencoded")


class Client:
    """Somebody who calls Direct Line with a token of their own."""

    def __init__(self, channel: Channel, **user: str) -> None:
        self.channel, self.word = channel, channel.state.settings["directline_secret"]
        begun = answer(self.call("POST", "", {"user": user} if user else {}))
        self.id, self.word, self.stream = begun["conversationId"], begun["token"], begun["streamUrl"]

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Handled:
        return self.channel.call(method, f"/v3/directline/conversations{path}", body, token=self.word, **more)

    def say(self, text: str, **more: Any) -> Handled:
        said = {"type": "message", "from": {"id": "dl_eva"}, "text": text, **more}
        return self.call("POST", f"/{self.id}/activities", said)

    def read(self, watermark: str = "") -> Any:
        return answer(self.call("GET", f"/{self.id}/activities?watermark={watermark}"))
