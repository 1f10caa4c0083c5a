"""What the tests of the Twilio wire share: one account, one customer, and short words for calls and acts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from chatdrill.model import Act, Customer, File, Message, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Ack, Exchange, Fetch, Fetched, Handled, HttpRequest, HttpResponse, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.twilio import TwilioState, platform

ACCOUNT, TOKEN = "AC5d0c1e7a94b2483fa6c0d8e1f2b3a475", "5f3c0e6a9b1d4872a0c4e1f2b3d4a596"
BASE, HOOK = "http://127.0.0.1:8080/twilio", "http://127.0.0.1:9/sms"
ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"
OURS, THEIRS = "+12025550199", "+12025550147"
NOW = 1795212345.0
ANNA = Customer(key="anna", first_name="Anna", last_name="Smith", phone="+1 202 555 0147", locale="en_US")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)


def basic(user: str = ACCOUNT, password: str = TOKEN) -> tuple[str, str]:
    return ("Authorization", f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}")


def fields(update: Update) -> dict[str, str]:
    """What a webhook says."""
    return dict(parse_qsl(update.body.decode(), keep_blank_values=True))


def answer(handled: Handled) -> dict[str, Any]:
    assert handled.response is not None
    body: dict[str, Any] = msgspec.json.decode(handled.response.body)
    return body


def code(handled: Handled) -> int:
    """The code of a refusal, whose status is that of the answer."""
    assert handled.response is not None
    said = answer(handled)
    assert said["status"] == handled.response.status
    return int(said["code"])


class Account:
    """A fake account with one customer; ``now`` is the clock, ``fetched`` what lies at links."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | settings
        self.state: TwilioState = platform.open(given, Seed(7).stream("twilio"))
        self.state.base_url, self.state.webhook_url = BASE, HOOK
        self.now = NOW
        self.to = platform.join(self.state, ANNA, 0.0)
        self.fetched: dict[str, Fetched] = {}

    # -- the customer's side

    def updates(self, act: Act) -> list[Update]:
        return list(platform.encode(self.state, self.to, act, self.state.chats[self.to].at(self.now)))

    def told(self, act: Act) -> dict[str, str]:
        (update,) = self.updates(act)
        return fields(update)

    def says(self, text: str = "Hi") -> dict[str, str]:
        return self.told(Write(parts=(Text(text=text),)))

    def file(self, content: bytes = PNG, **about: Any) -> File:
        return describe(content, self.state.blobs, **about)

    def seen(self) -> list[str]:
        """What Twilio itself has said to the customer."""
        effects, self.state.effects[:] = self.state.effects[:], ()
        return [effect.message.text for effect in effects if isinstance(effect, Sent)]

    # -- the bot's side

    def call(self, method: str, path: str, body: Any = None, *, auth: Any = None) -> Handled:
        """One call: a form, unless ``body`` is bytes."""
        headers = (basic() if auth is None else auth, ("Content-Type", "application/x-www-form-urlencoded"))
        content = body if isinstance(body, bytes) else urlencode(body or {}, doseq=True).encode()
        return self.handle(HttpRequest(method, path.removeprefix(BASE), headers, content))

    def handle(self, request: HttpRequest, source: Any = "http") -> Handled:
        found: dict[str, Fetched] = {}
        handled = platform.handle(self.state, Exchange(request, self.now, BASE, source, fetched=found))
        while isinstance(handled.wait, Fetch):
            urls = (*handled.wait.urls, *(asked.url for asked in handled.wait.requests))
            found |= {url: self.fetched.get(url, Fetched(error="unreachable")) for url in urls}
            handled = platform.handle(self.state, Exchange(request, self.now, BASE, source, fetched=dict(found)))
        return handled

    def send(self, **given: Any) -> Handled:
        values = {"To": self.to, "From": OURS, **given}
        return self.call(
            "POST", f"{ROOT}/Messages.json", {name: value for name, value in values.items() if value is not None}
        )

    def sent(self, **given: Any) -> Message:
        """The message as the customer sees it."""
        handled = self.send(**given)
        (effect,) = handled.effects
        assert isinstance(effect, Sent), answer(handled)
        return effect.message

    def play(self, handled: Handled) -> list[dict[str, str]]:
        """The callbacks that follow a call, in their order."""
        found: list[dict[str, str]] = []
        for later in handled.later:
            at = self.state.chats[later.to].at(self.now) + later.after_s
            found += [fields(one) for one in platform.encode(self.state, later.to, later.act, at)]  # type: ignore[arg-type]
        return found

    def answers(self, body: str, kind: str = "text/xml", status: int = 200) -> tuple[Ack, list[Handled]]:
        """What becomes of the bot's answer to a webhook."""
        (update,) = self.updates(Write(parts=(Text(text="Hi"),)))
        response = HttpResponse(status, (("Content-Type", kind),), body.encode())
        ack = platform.read_ack(self.state, (update,), response, self.now)
        return ack, [self.handle(call, "webhook_answer") for call in ack.calls]


def texts(handled: Mapping[str, Any] | Handled) -> list[str]:
    assert isinstance(handled, Handled)
    return [effect.message.text for effect in handled.effects if isinstance(effect, Sent)]
