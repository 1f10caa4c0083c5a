"""What the tests of the Zendesk wire share: one account with two agents, and short words for calls and acts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from chatdrill.model import Agent, AgentAct, DeskEvent
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, Handled, HttpRequest, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.zendesk import ZendeskState, desk

BASE = "http://127.0.0.1:8080/zendesk"
HOOK = "http://127.0.0.1:9/hook"
NOW = 1795212345.0
APP = "/sc/v2/apps/5ebee0975ac5304b664a12fa"
BOB = Agent(key="bob", first_name="Bob", last_name="Berg", email="bob@chatdrill.example")
EVA = Agent(key="eva", first_name="Eva", email="eva@chatdrill.example", team="Billing")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)


class Account:
    """A fake account; ``now`` is the clock, ``events`` all that became true."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in desk.settings} | settings
        self.state: ZendeskState = desk.open(given, Seed(7).stream("zendesk"))
        self.state.base_url = BASE
        self.state.webhook_url = HOOK
        self.now = NOW
        for agent in (BOB, EVA):
            desk.hire(self.state, agent)
        self.events: list[DeskEvent] = []

    # -- the bot's side

    def support_auth(self, email: str | None = None) -> tuple[str, str]:
        given = self.state.settings
        return basic(f"{email or given['email']}/token", given["api_token"])

    def sunco_auth(self) -> tuple[str, str]:
        return basic(self.state.settings["key_id"], self.state.settings["key_secret"])

    def integration_auth(self) -> tuple[str, str]:
        return ("Authorization", f"Bearer {self.state.settings['integration_token']}")

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        auth: tuple[str, str] | str | None = "right",
        headers: tuple[tuple[str, str], ...] = (),
        kind: str = "application/json",
        fetched: Mapping[str, Fetched] | None = None,
    ) -> Handled:
        right = self.sunco_auth() if path.startswith(("/sc", "/v2")) else self.support_auth()
        shown = () if auth is None else (right,) if isinstance(auth, str) else (auth,)
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        request = HttpRequest(method, path, (*shown, ("Content-Type", kind), *headers), content)
        handled = desk.handle(self.state, Exchange(request, self.now, BASE, fetched=fetched or {}))
        self.events += handled.events
        return handled

    def api(self, method: str, path: str, body: Any = None, **options: Any) -> Handled:
        """A call of the Ticketing API."""
        return self.call(method, f"/api/v2/{path}", body, **options)

    def sunco(self, method: str, path: str, body: Any = None, **options: Any) -> Handled:
        """A call of Sunshine Conversations."""
        return self.call(method, f"{APP}/{path}", body, **options)

    # -- stories

    def ticket(self, **more: Any) -> int:
        """A ticket from Ann, with words of hers; returns its number."""
        given = {"requester": {"name": "Ann", "email": "ann@example.com", "external_id": "tg-42"}, "subject": "Parcel"}
        body = {"ticket": {**given, "comment": {"body": "Where is my parcel?"}, **more}}
        number: int = answer(self.api("POST", "tickets", body))["ticket"]["id"]
        return number

    def update(self, number: int, **changes: Any) -> Handled:
        return self.api("PUT", f"tickets/{number}", {"ticket": changes})

    def ann(self, number: int) -> int:
        """The requester's id."""
        found = self.state.find(number)
        assert found is not None
        return found[1].requester_id

    def conversation(self) -> str:
        """A conversation of Ann's, which the bot has."""
        profile = {"givenName": "Ann", "email": "ann@example.com"}
        self.sunco("POST", "users", {"externalId": "tg-42", "profile": profile})
        body = {"type": "personal", "participants": [{"userExternalId": "tg-42"}], "metadata": {"channel": "telegram"}}
        id: str = answer(self.sunco("POST", "conversations", body))["conversation"]["id"]
        return id

    def say(self, talk: str, text: str, *, origin: str | None = None, bot: bool = False) -> Handled:
        author = {"type": "business"} if bot else {"type": "user", "userExternalId": "tg-42"}
        return self.post(talk, {"type": "text", "text": text}, author, origin)

    def post(self, talk: str, content: Any, author: Any = None, origin: str | None = None, **options: Any) -> Handled:
        metadata = {"metadata": {"origin": origin}} if origin else {}
        who = author or {"type": "user", "userExternalId": "tg-42"}
        body = {"author": who, "content": content, **metadata}
        return self.sunco("POST", f"conversations/{talk}/messages", body, **options)

    def control(
        self, talk: str, action: str, target: str | None = None, metadata: Any = None, **options: Any
    ) -> Handled:
        body = {"switchboardIntegration": target} if target is not None else {}
        body |= {"metadata": metadata} if metadata is not None else {}
        return self.sunco("POST", f"conversations/{talk}/{action}", body, **options)

    def hand_over(self, talk: str, **metadata: Any) -> Handled:
        return self.control(talk, "passControl", "zd:agentWorkspace", metadata)

    def handed_over(self) -> str:
        """A conversation that waits for an agent."""
        talk = self.conversation()
        self.say(talk, "Where is my parcel?", origin="tg:1")
        self.hand_over(talk)
        return talk

    # -- the desk's side

    def act(self, ticket: str | int, act: AgentAct) -> list[DeskEvent]:
        events = list(desk.act(self.state, str(ticket), act, self.now))
        self.events += events
        return events

    def owner(self, ticket: str | int) -> str:
        return desk.owner(self.state, str(ticket))

    def file(self, content: bytes = PNG, **about: Any) -> Any:
        return describe(content, self.state.blobs, **about)

    def updates(self) -> list[Update]:
        """What waits in the outbox; it is empty then."""
        found = list(self.state.outbox)
        self.state.outbox.clear()
        return found

    def kinds(self) -> list[str]:
        return [update.kind.removeprefix("zen:event-type:") for update in self.updates()]

    def payloads(self) -> list[Any]:
        return [msgspec.json.decode(update.body) for update in self.updates()]

    def sunco_events(self) -> list[Any]:
        return [event for payload in self.payloads() for event in payload.get("events", ())]


def basic(name: str, secret: str) -> tuple[str, str]:
    return ("Authorization", "Basic " + b64encode(f"{name}:{secret}".encode()).decode())


def answer(handled: Handled) -> Any:
    assert handled.response is not None
    return msgspec.json.decode(handled.response.body)


def status(handled: Handled) -> int:
    assert handled.response is not None
    return handled.response.status


def header(handled: Handled, name: str) -> str | None:
    assert handled.response is not None
    return handled.response.header(name)


def tags(events: Iterable[DeskEvent]) -> list[str]:
    """The names of events, in order."""
    return [str(event.__struct_config__.tag) for event in events]
