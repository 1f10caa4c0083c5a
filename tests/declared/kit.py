"""What the tests of declared messengers share: an account with one customer, and a helpdesk that it stands in front of."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chatdrill.conformance.samples import FILES
from chatdrill.model import (
    Accept,
    Act,
    Agent,
    AgentAct,
    Customer,
    DeskEvent,
    Effect,
    Entry,
    EntryAdded,
    Media,
    Message,
    Reply,
    Sent,
    Text,
    Write,
)
from chatdrill.model.parts import MediaKind
from chatdrill.run.registry import load_desk
from chatdrill.seeds import Seed
from chatdrill.wire import Ack, Call, Exchange, Fetch, Fetched, Handled, HttpRequest, HttpResponse, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.declared import Declared, DeclaredState
from chatdrill_fakes.platforms.declared.wire import COMPANY

BASE, HOOK, NOW = "http://127.0.0.1:8080/declared", "http://127.0.0.1:9/hook", 1_795_338_900.0
TEXT = COMPANY.read_text("utf-8")
ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", phone="+48501234567", email="anna@example.org")
BOB = Agent(key="bob", first_name="Bob", last_name="Baker", email="bob@example.org")


class Account:
    """A declared messenger with one customer; ``now`` is the clock, ``fetched`` what lies at links."""

    def __init__(self, spec: str | Path = "", hook: str = HOOK, **settings: str) -> None:
        self.platform = Declared()
        given = {each.name: each.default for each in self.platform.settings} | {"spec": str(spec)} | settings
        self.state: DeclaredState = self.platform.open(given, Seed(7).stream("declared"))
        self.state.base_url, self.state.webhook_url = BASE, hook
        self.now = NOW
        self.to = self.platform.join(self.state, ANNA, 0.0)
        self.chat = self.state.chats[self.to]
        self.fetched: dict[str, Fetched] = {}

    def updates(self, act: Act, to: str | None = None) -> list[Update]:
        """What the other side is to be told of an act; it lies in the outbox, too."""
        found = list(self.platform.encode(self.state, to or self.to, act, self.now))
        for update in found:
            self.state.outbox.put(update)
        return found

    def says(self, text: str = "Hi") -> list[Update]:
        return self.updates(Write(parts=(Text(text=text),)))

    def told(self, act: Act) -> list[Any]:
        return [msgspec.json.decode(update.body) for update in self.updates(act)]

    def request(self, update: Update) -> HttpRequest:
        return self.platform.request(self.state, [update], self.now)

    def answered(self, update: Update, status: int = 200, body: object = None) -> Ack:
        """What an answer means; an update that was accepted leaves the outbox."""
        content = b"" if body is None else msgspec.json.encode(body)
        ack = self.platform.read_ack(self.state, [update], HttpResponse(status, (), content), self.now)
        if ack.ok:
            self.state.outbox.remove(update)
        return ack

    def media(self, kind: MediaKind, **about: Any) -> Media:
        return Media(kind=kind, file=describe(FILES[kind], self.state.blobs, **about))

    def handle(self, request: HttpRequest, source: Any = "http") -> Handled:
        exchange = Exchange(request, self.now, BASE, source)
        handled = self.platform.handle(self.state, exchange)
        while isinstance(handled.wait, Fetch):
            found = {url: self.fetched.get(url, Fetched(error="status 404")) for url in handled.wait.urls}
            exchange = msgspec.structs.replace(exchange, fetched={**exchange.fetched, **found})
            handled = self.platform.handle(self.state, exchange)
        assert handled.response is not None
        return handled

    def call(self, method: str, path: str, body: object = None, token: str = "Bearer declared-token") -> Handled:
        content = b"" if body is None else msgspec.json.encode(body)
        headers = (("Content-Type", "application/json"), ("Authorization", token))
        return self.handle(HttpRequest(method, path, headers, content))

    def send(self, **message: Any) -> Handled:
        return self.call("POST", "/v1/messages", {"chat": self.to, **message})


def shown(handled: Handled) -> list[Message]:
    """The messages that a customer sees."""
    return [effect.message for effect in handled.effects if isinstance(effect, Sent)]


def status(handled: Handled) -> int:
    assert handled.response is not None
    return handled.response.status


def call_of(handled: Handled) -> Call:
    assert handled.call is not None
    return handled.call


class Helpdesk:
    """A customer in front of a helpdesk. The helpdesk is the fake that bots talk to: made after the vendor's reference and proved by the
    vendor's SDKs, it knows nothing of the file. Here its *inbound* API is drilled, as that of a helpdesk of flesh and blood would be.

    ``answers`` are what the helpdesk answered, ``events`` what became true at it, ``effects`` what the customer saw, ``refused`` the
    webhooks that were not believed.
    """

    def __init__(self, spec: str | Path, desk: str, root: str, given: dict[str, str], **settings: str) -> None:
        self.account = Account(spec, f"http://127.0.0.1:9/{desk}{root}", **settings)
        self.desk, self.root = load_desk(desk), root
        known = {each.name: each.default for each in self.desk.settings}
        self.state: Any = self.desk.open({**known, **given}, Seed(3).stream(desk))
        self.state.base_url, self.state.webhook_url = f"http://127.0.0.1:9/{desk}", f"{BASE}/webhook"
        self.desk.hire(self.state, BOB)
        self.answers: list[HttpResponse] = []
        self.events: list[DeskEvent] = []
        self.effects: list[Effect] = []
        self.refused: list[str] = []
        self.webhooks: list[HttpRequest] = []

    # -- the customer's side

    def does(self, act: Act) -> list[Ack]:
        """An act, and all its requests one after the other, as the courier sends them."""
        return [self._deliver(update) for update in self.account.updates(act)]

    def says(self, text: str) -> list[Ack]:
        return self.does(Write(parts=(Text(text=text),)))

    def _deliver(self, update: Update) -> Ack:
        sent = self.account.request(update)
        parts = urlsplit(sent.url)
        path = parts.path.removeprefix(f"/{self.desk.name}") + (f"?{parts.query}" if parts.query else "")
        answer = self._asked(HttpRequest(sent.method, path, sent.headers, sent.body))
        self.answers.append(answer)
        account = self.account
        ack = account.platform.read_ack(account.state, [update], answer, account.now)
        if ack.ok:
            account.state.outbox.remove(update)
        self.bring_back()
        return ack

    def _asked(self, request: HttpRequest) -> HttpResponse:
        exchange = Exchange(request, self.account.now, self.state.base_url)
        handled = self.desk.handle(self.state, exchange)
        while isinstance(handled.wait, Fetch):
            found = {url: self._read(url) for url in handled.wait.urls}
            exchange = msgspec.structs.replace(exchange, fetched={**exchange.fetched, **found})
            handled = self.desk.handle(self.state, exchange)
        self.events += handled.events
        assert handled.response is not None
        return handled.response

    def _read(self, url: str) -> Fetched:
        """The helpdesk reads a customer's file at the messenger."""
        answer = self.account.handle(HttpRequest("GET", url.removeprefix(BASE))).response
        assert answer is not None
        return Fetched(answer.body, answer.header("content-type") or "")

    # -- the agents' side

    def acts(self, act: AgentAct) -> None:
        self.account.now += 1
        self.events += self.desk.act(self.state, self.ticket, act, self.account.now)
        self.bring_back()

    def replies(self, text: str) -> None:
        self.acts(Reply(agent="bob", parts=(Text(text=text),)))

    def accepts(self) -> None:
        self.acts(Accept(agent="bob"))

    def to_agents(self) -> None:
        """Zendesk's own bot, which is no part of this, passes control to the agents; elsewhere they have it."""
        if self.desk.name == "zendesk":
            path = f"/sc/v2/apps/5ebee0975ac5304b664a12fa/conversations/{self.account.chat.kept['conversation']}/passControl"
            key = ("Authorization", f"Basic {self.account.state.settings['key']}")
            body = b'{"switchboardIntegration":"zd-agentWorkspace"}'
            answer = self._asked(HttpRequest("POST", path, (key, ("Content-Type", "application/json")), body))
            assert answer.status == 200, answer
            self.bring_back()

    @property
    def ticket(self) -> str:
        return str(next(iter(self.state.tickets)))

    @property
    def entries(self) -> list[Entry]:
        """The customer's words as the agents see them."""
        added = (event.entry for event in self.events if isinstance(event, EntryAdded))
        return [entry for entry in added if entry.author == "customer"]

    def bring_back(self) -> None:
        """The helpdesk's webhooks reach the messenger."""
        for update in list(self.state.outbox):
            self.state.outbox.remove(update)
            self.webhooks.append(self.desk.request(self.state, [update], self.account.now))
            self.hears(self.webhooks[-1])

    def hears(self, request: HttpRequest) -> Handled:
        inner = HttpRequest(request.method, request.url.removeprefix(BASE), request.headers, request.body)
        for url in _links(request.body):
            path = url.removeprefix(self.state.base_url)
            answer = self._asked(HttpRequest("GET", path)) if path != url else HttpResponse(404)
            while (further := answer.header("location")) is not None:
                answer = self._asked(HttpRequest("GET", further.removeprefix(self.state.base_url)))
            self.account.fetched[url] = Fetched(answer.body, answer.header("content-type") or "")
        handled = self.account.handle(inner)
        if not call_of(handled).ok:
            self.refused.append(str(call_of(handled).error))
        self.effects += handled.effects
        return handled

    @property
    def seen(self) -> list[Message]:
        """The messages that the customer saw."""
        return [effect.message for effect in self.effects if isinstance(effect, Sent)]


def _links(body: bytes) -> list[str]:
    """Everything in a body that looks like an address."""
    found: list[str] = []
    left: list[Any] = [msgspec.json.decode(body)] if body[:1] == b"{" else []
    while left:
        value = left.pop()
        left += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        found += [value] if isinstance(value, str) and value.startswith("http://127.0.0.1:9/") else []
    return found
