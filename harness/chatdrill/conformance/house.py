"""A desk with two agents, one customer and a correct bot: what the laws drive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from chatdrill.conformance.report import Laws
from chatdrill.model import Agent, AgentAct, Customer, DeskEvent, Entry, EntryAdded, Owner
from chatdrill.seeds import Seed
from chatdrill.wire import (
    Call,
    Desk,
    Exchange,
    Fetch,
    Fetched,
    Handled,
    HttpRequest,
    HttpResponse,
    Rehearsal,
    Told,
    Update,
    Upload,
)

BASE = "http://127.0.0.1:8080/desk"
WEBHOOK = "http://127.0.0.1:9090/desk"
NOW = 1_795_338_900.0  # Sunday, 22 November 2026, 9:15 UTC
PERSON = Customer(key="anna-4711", first_name="Anna", last_name="Nowak", phone="+48501234567", email="anna@example.org")
AGENTS = (
    Agent(key="bob", first_name="Bob", last_name="Baker", email="bob@example.org"),
    Agent(key="carol", first_name="Carol", last_name="Clark", email="carol@example.org"),
)
History = tuple[tuple[Literal["customer", "bot"], str], ...]
HISTORY: History = (
    ("customer", "My parcel is late"),
    ("bot", "Which number does it have?"),
    ("customer", "The number is 55341"),
    ("bot", "One moment please"),
)
Correct = Callable[[Mapping[str, str]], Rehearsal]
"""Makes a rehearsal from a desk's environment."""


class House:
    """An account at a desk. ``events`` is what became true, ``calls`` what was asked, ``requests`` and ``answers`` how.

    ``now`` is what the clock shows. Files that the desk wants to read lie in ``files``, by name.
    """

    def __init__(self, desk: Desk[Any], correct: Correct, settings: Mapping[str, str] | None = None) -> None:
        known = {each.name: each.default for each in desk.settings}
        calm = {"rate_limits": "no"} if "rate_limits" in known else {}
        self.desk, self.now, self._made_with = desk, NOW, (correct, settings)
        self.state = desk.open({**known, **calm, **(settings or {})}, Seed(7).stream("desk"))
        self.state.base_url, self.state.webhook_url = BASE, WEBHOOK
        for agent in AGENTS:
            desk.hire(self.state, agent)
        self.events: list[DeskEvent] = []
        self.calls: list[Call] = []
        self.requests: list[HttpRequest] = []
        self.answers: list[HttpResponse] = []
        self.files: dict[str, Upload] = {}
        self.bot = correct(desk.environment(self.state, BASE))

    def anew(self) -> House:
        """Another account at the same desk."""
        return House(self.desk, *self._made_with)

    # ---------------------------------------------------------------------------------------------------- the bot

    def call(self, request: HttpRequest) -> HttpResponse:
        """The bot's way to the desk."""
        url = request.url.removeprefix(BASE) or "/"
        inner = HttpRequest(request.method, url, request.headers, request.body)
        handled = self.handle(inner)
        assert handled.response is not None
        self.requests.append(inner)
        self.answers.append(handled.response)
        return handled.response

    def handle(self, request: HttpRequest) -> Handled:
        """The desk's answer to a request that came in; what it wants to read it is given."""
        exchange = Exchange(request, self.now, BASE)
        handled = self.desk.handle(self.state, exchange)
        while isinstance(handled.wait, Fetch):
            urls = (*handled.wait.urls, *(asked.url for asked in handled.wait.requests))
            fetched = {**exchange.fetched, **{url: self._fetched(url) for url in urls}}
            exchange = Exchange(request, self.now, BASE, fetched=fetched)
            handled = self.desk.handle(self.state, exchange)
        if handled.wait is not None:
            handled = self.desk.handle(
                self.state, Exchange(request, self.now, BASE, resumed=handled.wait, timed_out=True)
            )
        self.events += handled.events
        self.calls += [handled.call] if handled.call is not None else []
        return handled

    def _fetched(self, url: str) -> Fetched:
        file = self.files.get(url.partition("?")[0].rpartition("/")[2])
        return Fetched(error="status 404") if file is None else Fetched(file.content, file.content_type)

    def hand_over(self, history: History = HISTORY) -> str:
        """A person is asked for; the ticket."""
        return self.bot.hand_over(self.call, PERSON, history)

    def relay(self, ticket: str, text: str, origin_id: str) -> HttpResponse:
        """The customer's words are passed on."""
        return self.bot.relay(self.call, ticket, PERSON, text, origin_id)

    # ------------------------------------------------------------------------------------------------- the agents

    def act(self, ticket: str, act: AgentAct) -> tuple[DeskEvent, ...]:
        """An agent does something; the clock moves on by a second."""
        self.now += 1
        events = tuple(self.desk.act(self.state, ticket, act, self.now))
        self.events += events
        return events

    def owner(self, ticket: str) -> Owner:
        """Who may speak."""
        return self.desk.owner(self.state, ticket)

    def entries(self, ticket: str, *authors: str) -> list[Entry]:
        """What was added to a ticket by these authors (none named: by anybody), in order."""
        added = (event for event in self.events if isinstance(event, EntryAdded) and event.ticket == ticket)
        return [event.entry for event in added if not authors or event.entry.author in authors]

    def shown(self, ticket: str, *authors: str) -> list[Entry]:
        """What was added to a ticket and has words."""
        return [entry for entry in self.entries(ticket, *authors) if entry.text.strip()]

    # -------------------------------------------------------------------------------------------------- the hooks

    def updates(self) -> list[Update]:
        """The webhooks on their way, which are taken out."""
        found = list(self.state.outbox)
        self.state.outbox.clear()
        return found

    def request(self, update: Update, now: float | None = None) -> HttpRequest:
        """A webhook as the bot gets it."""
        return self.desk.request(self.state, (update,), self.now if now is None else now)

    def told(self) -> list[Told]:
        """What the bot reads from the webhooks on their way."""
        return [told for update in self.updates() for told in self.bot.read_hook(self.request(update))]

    def secrets(self) -> Iterable[str]:
        """The values of the secret settings."""
        declared = (each for each in self.desk.settings if each.secret)
        return [value for each in declared if len(value := self.state.settings.get(each.name, "")) >= _SECRET_MIN]


LAWS: Laws[House] = Laws()
"""All laws of a helpdesk, in the order in which a conversation meets them."""

_SECRET_MIN = 8
"""Characters: shorter values stand in any text by chance."""
