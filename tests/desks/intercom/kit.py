"""What the tests of the Intercom desk share: a workspace, two agents, and short words for calls and acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import Agent, AgentAct, DeskEvent, Text
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, Handled, HttpRequest, Update
from chatdrill_fakes.desks.intercom import IntercomState, desk

BASE = "http://127.0.0.1:8080/intercom"
NOW = 1_795_212_345.0
TOKEN, SECRET = "dG9rOmNoYXRkcmlsbA==", "chatdrill-ic-secret"
BOT, TEAM = "991267459", "5017691"
BOB = Agent(key="bob", first_name="Bob", last_name="Ray", email="bob@support.example", capacity=2)
EVE = Agent(key="eve", first_name="Eve", team="Billing")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
WORDS = (Text(text="Hello"),)


class Desk:
    """A workspace with Bob (Support) and Eve (Billing); ``now`` is the clock, ``seen`` what happened so far."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in desk.settings} | settings
        self.state: IntercomState = desk.open(given, Seed(7).stream("intercom"))
        self.state.base_url = BASE
        self.state.webhook_url = "http://127.0.0.1:9/hook"
        self.now = NOW
        self.seen: list[DeskEvent] = []
        self.later: list[Any] = []
        for agent in (BOB, EVE):
            desk.hire(self.state, agent)

    # -- the bot's side

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = TOKEN,
        headers: tuple[tuple[str, str], ...] = (),
        fetched: Mapping[str, Fetched] | None = None,
    ) -> Handled:
        bearer = (("Authorization", f"Bearer {token}"),) if token else ()
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        request = HttpRequest(method, path, (*bearer, ("Content-Type", "application/json"), *headers), content)
        handled = desk.handle(self.state, Exchange(request, self.now, BASE, fetched=dict(fetched or {})))
        self.seen += handled.events
        self.later += handled.later
        return handled

    def ok(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The answer of a call that must succeed."""
        handled = self.call(method, path, body, **options)
        assert handled.response is not None and handled.response.status == 200, handled
        return msgspec.json.decode(handled.response.body)

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str, str]:
        """Status, code and message of a call that must fail."""
        handled = self.call(method, path, body, **options)
        assert handled.response is not None and handled.call is not None and not handled.call.ok
        answer = msgspec.json.decode(handled.response.body)
        assert answer["type"] == "error.list" and len(answer["request_id"]) == 36
        (error,) = answer["errors"]
        return handled.response.status, error["code"], error["message"]

    def contact(self, external_id: str = "tg-42", **fields: Any) -> str:
        body = {"role": "user", "external_id": external_id, "name": "Ann", **fields}
        found: str = self.ok("POST", "/contacts", body)["id"]
        return found

    def conversation(self, contact: str | None = None, body: str = "Where is my parcel?") -> str:
        sender = {"type": "user", "id": contact or self.contact()}
        found: str = self.ok("POST", "/conversations", {"from": sender, "body": body})["conversation_id"]
        return found

    def say(self, ticket: str, body: str = "Anybody there?", user_id: str = "tg-42", **more: Any) -> Any:
        said = {"message_type": "comment", "type": "user", "user_id": user_id, "body": body, **more}
        return self.ok("POST", f"/conversations/{ticket}/reply", said)

    def speak(self, ticket: str, body: str = "One moment", kind: str = "comment", **more: Any) -> Any:
        said = {"message_type": kind, "type": "admin", "admin_id": BOT, "body": body, **more}
        return self.ok("POST", f"/conversations/{ticket}/reply", said)

    def assign(self, ticket: str, to: str = "team", id: str = TEAM) -> Any:
        body = {"message_type": "assignment", "type": to, "admin_id": BOT, "assignee_id": id}
        return self.ok("POST", f"/conversations/{ticket}/parts", body)

    def manage(self, ticket: str, kind: str, **more: Any) -> Any:
        return self.ok("POST", f"/conversations/{ticket}/parts", {"message_type": kind, "admin_id": BOT, **more})

    # -- the agents' side

    def act(self, ticket: str, act: AgentAct) -> list[DeskEvent]:
        found = self.state.conversation(ticket)
        events = list(desk.act(self.state, ticket, act, found.at(self.now) if found else self.now))
        self.seen += events
        return events

    def id(self, agent: str = "bob") -> str:
        return self.state.seats[agent].id

    def owner(self, ticket: str) -> str:
        return desk.owner(self.state, ticket)

    # -- what the bot is told

    def told(self) -> list[str]:
        """The topics since last asked."""
        return [hook["topic"] for hook in self.hooks()]

    def hooks(self) -> list[Any]:
        """The notifications since last asked."""
        found = [msgspec.json.decode(update.body) for update in self.updates()]
        self.state.outbox.clear()
        return found

    def updates(self) -> list[Update]:
        return list(self.state.outbox)

    def kinds(self) -> list[str]:
        """The events since last asked, by their tags."""
        found = [str(msgspec.to_builtins(event)["event"]) for event in self.seen]
        self.seen.clear()
        return found


def queued(desk: Desk) -> str:
    """A conversation that waits in the team's queue; what led to it is forgotten."""
    ticket = desk.conversation()
    desk.assign(ticket)
    desk.hooks(), desk.kinds()
    return ticket
