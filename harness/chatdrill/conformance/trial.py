"""One fresh account of a desk with two agents, a bot that knows how to speak to it, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from chatdrill.model import Accept, Agent, AgentAct, Customer, DeskEvent, Entry
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
)

# 15 January 2026, a Thursday morning: everybody is at work.
NOW = 1_768_471_200.25
HOOK = "http://127.0.0.1:9/hook"
ANN = Customer(key="tg-42", first_name="Ann", last_name="Archer", phone="+4915112345678", email="ann@example.com")
SAID: tuple[tuple[Literal["customer", "bot"], str], ...] = (
    ("customer", "Hi, my shoe is torn"),
    ("bot", "What is your order number?"),
    ("customer", "A person, please"),
)
_WAITS_MAX = 10

Made = Callable[[Mapping[str, str]], Rehearsal]


class Trial:
    """``events`` is what has become true so far, ``calls`` what was recorded of the bot's requests, ``sent`` those requests,
    and ``answers`` the responses to them."""

    def __init__(self, desk: Desk[Any], rehearsal: Made, settings: Mapping[str, str], now: float = NOW) -> None:
        self.desk = desk
        self.now = now
        self.base = f"http://127.0.0.1:8080/{desk.name}"
        given = {each.name: each.default for each in desk.settings} | dict(settings)
        self.state = desk.open(given, Seed(7).stream(desk.name))
        self.state.base_url, self.state.webhook_url = self.base, HOOK
        for key in ("bob", "eve"):
            desk.hire(self.state, Agent(key=key, first_name=key.title(), last_name="Stone"))
        self._rehearsal = rehearsal
        self.bot = rehearsal(self.environment)
        self.events: list[DeskEvent] = []
        self.calls: list[Call] = []
        self.sent: list[HttpRequest] = []
        self.answers: list[HttpResponse] = []
        self.file = b""

    @property
    def environment(self) -> dict[str, str]:
        """What a bot is told of this account."""
        return self.desk.environment(self.state, self.base)

    def stranger(self, environment: Mapping[str, str]) -> Rehearsal:
        """A bot that was told something else."""
        return self._rehearsal(environment)

    # ------------------------------------------------------------------------------------------------- the bot

    def call(self, request: HttpRequest) -> HttpResponse:
        """One request of the bot; what the desk reads from an address of the bot is ``file``."""
        self.sent.append(request)
        handled = self._handled(request)
        assert handled.response is not None
        self.events += handled.events
        self.answers.append(handled.response)
        if handled.call is not None:
            self.calls.append(handled.call)
        return handled.response

    def _handled(self, request: HttpRequest) -> Handled:
        inner = HttpRequest(request.method, request.url.removeprefix(self.base), request.headers, request.body)
        fetched: dict[str, Fetched] = {}
        for _ in range(_WAITS_MAX):
            handled = self.desk.handle(self.state, Exchange(inner, self.now, self.base, fetched=fetched))
            if not isinstance(handled.wait, Fetch):
                return handled
            fetched |= {url: Fetched(self.file, "image/png") for url in handled.wait.urls}
        raise AssertionError(f"{request.method} {request.path} waits for ever")

    def hand_over(self) -> str:
        """The ticket in which Ann asks for a person, with what was said so far."""
        return self.bot.hand_over(self.call, ANN, SAID)

    def relay(self, ticket: str, text: str, origin_id: str) -> HttpResponse:
        """Ann says something more."""
        return self.bot.relay(self.call, ticket, ANN, text, origin_id)

    # ---------------------------------------------------------------------------------------------- the agents

    def act(self, ticket: str, act: AgentAct) -> tuple[DeskEvent, ...]:
        """Something an agent does; raises what the desk raises."""
        events = tuple(self.desk.act(self.state, ticket, act, self.now))
        self.events += events
        return events

    def accepted(self) -> str:
        """A ticket that Bob has taken; what the bot was told of it is forgotten."""
        ticket = self.hand_over()
        if self.owner(ticket) != "agent":
            self.act(ticket, Accept(agent="bob"))
        self.updates()
        return ticket

    def owner(self, ticket: str) -> str:
        """Who may speak."""
        return self.desk.owner(self.state, ticket)

    # ------------------------------------------------------------------------------------------------- the record

    def entries(self, ticket: str) -> list[Entry]:
        """What stands in a ticket."""
        return list(self.state.tickets[ticket].entries)

    def updates(self) -> list[Update]:
        """What the bot is told and has not been told yet."""
        found = list(self.state.outbox)
        self.state.outbox.clear()
        return found

    def hooks(self) -> list[HttpRequest]:
        """The same as signed webhooks."""
        return [self.desk.request(self.state, (update,), self.now) for update in self.updates()]

    def told(self) -> list[Told]:
        """The same as a correct bot understands it."""
        return [told for request in self.hooks() for told in self.bot.read_hook(request)]
