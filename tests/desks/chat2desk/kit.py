"""What the tests of the fake Chat2Desk share: an account with two operators, and short words for calls, acts and webhooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.model import Agent, AgentAct, Customer, DeskEvent, File, Reply, Text
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, Handled, HttpRequest, HttpResponse, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.chat2desk import Chat2DeskState, desk

BASE = "http://127.0.0.1:8080/chat2desk"
TOKEN = "c2d0f3b1a5e84d7c92b6e0a4f8d13c"
NOW = 1795212345.0
ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", phone="+48 600 100 200", locale="pl_PL")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
AGENTS = (
    Agent(key="bob", first_name="Bob", last_name="Lis", team="orders", capacity=2),
    Agent(key="eva", first_name="Eva", team="returns", capacity=1),
)


class Account:
    """A fake account with a webhook for everything; ``now`` is the clock."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in desk.settings} | settings
        self.state: Chat2DeskState = desk.open(given, Seed(7).stream("chat2desk"))
        self.state.base_url = BASE
        self.state.webhook_url = "http://127.0.0.1:9/hook"
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
        fetched: Mapping[str, Fetched] | None = None,
    ) -> Handled:
        headers = (("Content-Type", "application/json"), *((("Authorization", token),) if token is not None else ()))
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        request = HttpRequest(method, f"/v1{path}", headers, content)
        return desk.handle(self.state, Exchange(request, self.now, BASE, fetched=fetched or {}))

    def data(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """What a call that must go well gives."""
        handled = self.call(method, path, body, **options)
        found = answer(handled)
        assert handled.response is not None and (handled.response.status, found["status"]) == (200, "success"), found
        return found["data"]

    def hear(self, text: str = "Where is my parcel?", who: str = "tg-42", **more: Any) -> dict[str, Any]:
        """A customer's message in the external channel."""
        sender = {"id": who, "nickname": "Ann"}
        found: dict[str, Any] = self.data(
            "POST", "/messages/inbox", {"channel_id": 15, "body": text, "from_client": sender, **more}
        )
        return found

    def say(self, client: int, text: str = "Hello", **more: Any) -> dict[str, Any]:
        """A message of the bot."""
        found: dict[str, Any] = self.data("POST", "/messages", {"client_id": client, "text": text, **more})
        return found

    def dialog(self) -> str:
        """A dialog that the bot has, after one word of the customer."""
        return str(self.hear()["dialog_id"])

    def queued(self) -> str:
        """A dialog that the bot has handed over."""
        dialog = self.dialog()
        self.data("PUT", f"/dialogs/{dialog}", {"state": "open"})
        return dialog

    # -- the operators' side

    def act(self, dialog: str, act: AgentAct) -> list[DeskEvent]:
        return list(desk.act(self.state, dialog, act, self.state.tickets[dialog].at(self.now)))

    def reply(self, dialog: str, text: str = "Let me see", agent: str = "bob") -> list[DeskEvent]:
        return self.act(dialog, Reply(agent=agent, parts=(Text(text=text),)))

    def owner(self, dialog: str) -> str:
        return desk.owner(self.state, dialog)

    def id_of(self, agent: str) -> int:
        return int(self.state.seats[agent].id)

    def file(self, content: bytes = PNG, name: str = "p.png") -> File:
        return describe(content, self.state.blobs, name=name)

    # -- the webhooks

    def told(self) -> list[dict[str, Any]]:
        """The bodies of all webhooks since the last look."""
        bodies = [msgspec.json.decode(update.body) for update in self.state.outbox]
        self.state.outbox.clear()
        return bodies

    def updates(self) -> Sequence[Update]:
        return list(self.state.outbox)


def answer(handled: Handled) -> dict[str, Any]:
    assert handled.response is not None
    body: dict[str, Any] = msgspec.json.decode(handled.response.body)
    return body


def refused(handled: Handled) -> tuple[int, Any]:
    """HTTP status, and the message or the errors."""
    body = answer(handled)
    assert handled.response is not None and body["status"] == "error"
    assert handled.call is not None and not handled.call.ok
    return handled.response.status, body.get("message", body.get("errors"))


def kinds(bodies: Sequence[dict[str, Any]]) -> list[str]:
    return [body["hook_type"] for body in bodies]


def names(events: Sequence[DeskEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def serve(account: Account, request: HttpRequest, files: Mapping[str, bytes] | None = None) -> HttpResponse:
    """Answer a rehearsed call; ``files`` lie where its links point."""
    inner = HttpRequest(request.method, request.url.removeprefix(BASE), request.headers, request.body)
    handled = desk.handle(account.state, Exchange(inner, account.now, BASE))
    if handled.wait is not None:
        content = next(iter((files or {}).values()))
        fetched = {url: Fetched(content, "application/octet-stream") for url in handled.wait.urls}  # type: ignore[union-attr]
        handled = desk.handle(account.state, Exchange(inner, account.now, BASE, fetched=fetched))
    assert handled.response is not None
    return handled.response
