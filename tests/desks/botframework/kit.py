"""What the tests of the Bot Framework hub share: a hub with two agents, and short words for activities and acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from chatdrill.model import Agent, AgentAct, Customer, DeskEvent, Entry, Reply, Text
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, Handled, HttpRequest, HttpResponse
from chatdrill_fakes.desks.botframework import BotFrameworkState, Conversation, desk

BASE = "http://127.0.0.1:8080/botframework"
TOKEN, HUB_TOKEN = "chatdrill-connector-token", "chatdrill-hub-token"
APP = "5b1f3c5e-9a0d-4c8b-8f27-6d0f4e2a7c11"
NOW = 1795212345.25
ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", phone="+48600100200", locale="pl_PL")
USER = {"id": "tg-42", "name": "Anna", "role": "user"}
BOT = {"id": f"28:{APP}", "name": "Bot"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
AGENTS = (
    Agent(key="bob", first_name="Bob", last_name="Lis", team="orders", capacity=1),
    Agent(key="eva", first_name="Eva", team="returns", capacity=1),
)


def said(text: str, sender: Any = USER, **more: Any) -> dict[str, Any]:
    """A message activity."""
    return {"type": "message", "from": sender, "text": text, **more}


def asking(*past: dict[str, Any], **more: Any) -> dict[str, Any]:
    """``handoff.initiate`` with a transcript inline."""
    transcript = {"contentType": "application/json", "name": "Transcript", "content": {"activities": past}}
    return {"type": "event", "name": "handoff.initiate", "from": BOT, "attachments": [transcript], **more}


class Hub:
    """A hub with a bot's messaging endpoint; ``now`` is the clock."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in desk.settings} | {"hub_token": HUB_TOKEN} | settings
        self.state: BotFrameworkState = desk.open(given, Seed(7).stream("hub"))
        self.state.base_url = BASE
        self.state.webhook_url = "http://127.0.0.1:9/api/messages"
        self.now = NOW
        for agent in AGENTS:
            desk.hire(self.state, agent)

    # -- the bot's side

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = TOKEN,
        kind: str = "application/json",
        fetched: Mapping[str, Fetched] | None = None,
    ) -> Handled:
        bearer = (("Authorization", f"Bearer {token}"),) if token is not None else ()
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        request = HttpRequest(method, path, (*bearer, ("Content-Type", kind)), content)
        return desk.handle(self.state, Exchange(request, self.now, BASE, fetched=fetched or {}))

    def post(self, activity: Any, ticket: str = "cnv-1", reply_to: str = "", **options: Any) -> Handled:
        """Post an activity into a conversation."""
        path = f"/v3/conversations/{quote(ticket, safe='')}/activities{reply_to and '/' + quote(reply_to, safe='')}"
        return self.call("POST", path, activity, **options)

    def asked(self, ticket: str = "cnv-1", **more: Any) -> str:
        """A conversation that waits for a person."""
        assert status(self.post(asking(said("Hi"), **more), ticket)) == 200
        return ticket

    # -- the agents' side

    def act(self, act: AgentAct, ticket: str = "cnv-1") -> list[DeskEvent]:
        return list(desk.act(self.state, ticket, act, self.at(ticket)))

    def at(self, ticket: str) -> float:
        return self.state.tickets[ticket].at(self.now) if ticket in self.state.tickets else self.now

    def reply(self, text: str = "Let me see", agent: str = "bob", ticket: str = "cnv-1") -> list[DeskEvent]:
        return self.act(Reply(agent=agent, parts=(Text(text=text),)), ticket)

    def owner(self, ticket: str = "cnv-1") -> str:
        return desk.owner(self.state, ticket)

    def ticket(self, ticket: str = "cnv-1") -> Conversation:
        return self.state.tickets[ticket]

    def shown(self, ticket: str = "cnv-1") -> list[Entry]:
        return self.ticket(ticket).entries

    # -- what the bot is told

    def told(self) -> list[dict[str, Any]]:
        """All activities to the bot since the last look."""
        bodies = [msgspec.json.decode(update.body) for update in self.state.outbox]
        self.state.outbox.clear()
        return bodies

    def words(self) -> list[str]:
        """The same in one word each: a state, or a type."""
        return [each["value"]["state"] if each["type"] == "event" else each["type"] for each in self.told()]


def status(handled: Handled) -> int:
    assert handled.response is not None
    return handled.response.status


def answer(handled: Handled) -> Any:
    assert handled.response is not None
    return msgspec.json.decode(handled.response.body)


def refused(handled: Handled) -> tuple[int, str]:
    """HTTP status and code of the error."""
    assert handled.call is not None and not handled.call.ok
    return status(handled), answer(handled)["error"]["code"]


def names(events: Any) -> list[str]:
    return [type(event).__name__ for event in events]


def serve(hub: Hub, request: HttpRequest) -> HttpResponse:
    """Answer a rehearsed call."""
    inner = HttpRequest(request.method, request.url.removeprefix(BASE), request.headers, request.body)
    response = desk.handle(hub.state, Exchange(inner, hub.now, BASE)).response
    assert response is not None
    return response
