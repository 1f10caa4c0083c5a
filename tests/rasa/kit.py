"""What the tests of Rasa's channels share: one page with one visitor, and the bot's answers."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.model import Act, Customer, Message, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetch, Fetched, Handled, HttpRequest, HttpResponse, Update
from chatdrill_fakes.platforms.rasa import RasaState, platform

BASE, HOOK = "http://127.0.0.1:8080/rasa", "http://127.0.0.1:5005/webhooks/rest/webhook"
NOW = 1_795_212_000.0
ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", locale="de_DE")
HI = Write(parts=(Text(text="Hi"),))


class Page:
    """A page with a visitor; ``fetched`` is what lies at links."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | settings
        self.state: RasaState = platform.open(given, Seed(7).stream("rasa"))
        self.state.base_url, self.state.webhook_url = BASE, HOOK
        self.to = platform.join(self.state, ANNA, 0.0)
        self.fetched: dict[str, Fetched] = {}

    def update(self, act: Act = HI) -> Update:
        (update,) = platform.encode(self.state, self.to, act, NOW)
        return update

    def told(self, act: Act = HI) -> Any:
        return msgspec.json.decode(self.update(act).body)

    def answers(self, body: Any, kind: str = "application/json") -> list[Handled]:
        """What becomes of the bot's answer to a message."""
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        response = HttpResponse(200, (("Content-Type", kind),), content)
        ack = platform.read_ack(self.state, [self.update()], response, NOW)
        assert ack.ok
        return [self.handle(call, "webhook_answer") for call in ack.calls]

    def shown(self, *messages: Any) -> list[Message]:
        (handled,) = self.answers([{"recipient_id": self.to, **each} for each in messages])
        assert handled.call is not None and handled.call.ok, handled.call
        return [effect.message for effect in handled.effects if isinstance(effect, Sent)]

    def call_back(self, body: Any, token: str = "chatdrill-rasa-callback") -> Handled:
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return self.handle(HttpRequest("POST", f"/callback/{token}", (("Content-Type", "application/json"),), content))

    def handle(self, request: HttpRequest, source: Any = "http") -> Handled:
        handled = platform.handle(self.state, Exchange(request, NOW, BASE, source))
        if isinstance(handled.wait, Fetch):
            found = {url: self.fetched.get(url, Fetched(error="unreachable")) for url in handled.wait.urls}
            handled = platform.handle(self.state, Exchange(request, NOW, BASE, source, fetched=found))
        return handled
