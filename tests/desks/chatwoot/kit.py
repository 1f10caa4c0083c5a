"""What the tests of the Chatwoot desk share: one account with two agents, and short words for calls and acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import Agent, AgentAct, DeskEvent, File
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Handled, HttpRequest, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.chatwoot import ChatwootState, desk

USER, BOT, SECRET = "cwUserTokenChatdrill", "cwBotTokenChatdrill", "cw-webhook-chatdrill"
BASE, HOOK = "http://127.0.0.1:8080/chatwoot", "http://127.0.0.1:9/hook"
NOW = 1768471200.25  # Thursday, 15 January 2026, 10:00 UTC
CONTACTS = "/public/api/v1/inboxes/cwInboxChatdrill/contacts"
ACCOUNT = "/api/v1/accounts/1"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de000"
    "0000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


class Office:
    """A Chatwoot account with the agents bob (sales) and eve; ``now`` is the clock."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in desk.settings} | settings
        self.state: ChatwootState = desk.open(given, Seed(7).stream("chatwoot"))
        self.state.base_url, self.state.webhook_url = BASE, HOOK
        self.now = NOW
        for key, team in (("bob", "Sales"), ("eve", None)):
            desk.hire(self.state, Agent(key=key, first_name=key.title(), email=f"{key}@acme.example", team=team))

    # -- the bot's side

    def raw(
        self, method: str, path: str, body: bytes = b"", *headers: tuple[str, str], token: str | None = BOT
    ) -> Handled:
        key = (("api_access_token", token),) if token else ()
        return desk.handle(self.state, Exchange(HttpRequest(method, path, (*key, *headers), body), self.now, BASE))

    def call(self, method: str, path: str, body: Any = None, *, token: str | None = BOT) -> Handled:
        content = b"" if body is None else msgspec.json.encode(body)
        return self.raw(method, path, content, ("Content-Type", "application/json"), token=token)

    def ask(self, method: str, path: str, body: Any = None, *, token: str | None = BOT) -> Any:
        """The JSON of an answer that must be 200."""
        return good(self.call(method, path, body, token=token))

    def contact(self, source_id: str = "tg-42", **about: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("POST", CONTACTS, {"source_id": source_id, "name": "Ann", **about})
        return found

    def talk(self, source_id: str = "tg-42") -> str:
        """A new conversation of a contact, by id."""
        self.contact(source_id)
        return str(self.ask("POST", f"{CONTACTS}/{source_id}/conversations", {})["id"])

    def say(self, text: str, talk: str = "1", source_id: str = "tg-42") -> Handled:
        return self.call("POST", f"{CONTACTS}/{source_id}/conversations/{talk}/messages", {"content": text})

    def answer(self, text: str, talk: str = "1", **about: Any) -> Any:
        return self.ask("POST", f"{path(talk)}/messages", {"content": text, **about})

    def status(self, status: str, talk: str = "1", *, token: str = BOT) -> Handled:
        return self.call("POST", f"{path(talk)}/toggle_status", {"status": status}, token=token)

    def queued(self) -> str:
        """A conversation that the bot has handed over."""
        talk = self.talk()
        self.status("open", talk)
        return talk

    # -- the desk's side

    def act(self, act: AgentAct, talk: str = "1") -> list[DeskEvent]:
        return list(desk.act(self.state, talk, act, self.now))

    def owner(self, talk: str = "1") -> str:
        return desk.owner(self.state, talk)

    def told(self) -> list[Update]:
        """What was put into the outbox since the last time."""
        updates = list(self.state.outbox)
        self.state.outbox.clear()
        return updates

    def kinds(self) -> list[str]:
        return [update.kind for update in self.told()]

    def hooks(self, kind: str) -> list[dict[str, Any]]:
        return [msgspec.json.decode(update.body) for update in self.told() if update.kind == kind]

    def file(self, content: bytes = PNG, **about: Any) -> File:
        return describe(content, self.state.blobs, **about)


def path(talk: str = "1") -> str:
    return f"{ACCOUNT}/conversations/{talk}"


def status(handled: Handled) -> int:
    assert handled.response is not None
    return handled.response.status


def body(handled: Handled) -> Any:
    assert handled.response is not None
    return msgspec.json.decode(handled.response.body)


def good(handled: Handled) -> Any:
    assert handled.response is not None and handled.response.status == 200, handled.response
    return msgspec.json.decode(handled.response.body) if handled.response.body else None


def names(events: Any) -> list[str]:
    """The kinds of events, without the desk's own activity lines."""
    kept = [event for event in events if getattr(getattr(event, "entry", None), "kind", None) != "activity"]
    return [type(event).__name__ for event in kept]


def multipart(fields: Mapping[str, str], *files: tuple[str, str, bytes]) -> tuple[bytes, tuple[str, str]]:
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, kind, content in files:
        head = f'--b\r\nContent-Disposition: form-data; name="attachments[]"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + b"--b--\r\n", ("Content-Type", "multipart/form-data; boundary=b")
