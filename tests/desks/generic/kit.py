"""What the tests of declared desks share: an account of a desk, and files that differ from the example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from chatdrill.model import Agent, AgentAct, DeskEvent
from chatdrill.seeds import Seed
from chatdrill.wire import Desk, Exchange, Fetched, Handled, HttpRequest, Update
from chatdrill_fakes.desks.generic import Generic, GenericState, desk
from chatdrill_fakes.desks.generic.wire import EXAMPLE

BASE, HOOK, NOW = "http://127.0.0.1:8080/generic", "http://127.0.0.1:9/hook", 1768471200.25
TOKEN, SECRET = "generic-token", "generic-secret"
TICKETS = "/api/v1/tickets"
TEXT = EXAMPLE.read_text("utf-8")

MIRROR = """
title: Mirror
statuses:
  bot: {owner: bot, state: new}
  wait: {owner: queue, state: open}
  work: {owner: agent, state: open}
  done: {owner: bot, state: solved}
moves: {open: bot, ask: wait, accept: work, close: done, reopen: bot, release: bot, take_over: work}
after_close: reopen
survey: page
file: ["{file_url}", "{file_kind}"]
requests:
  - {method: POST, path: /person, does: contact, read: {contact: id, keys: [phone], name: name}, answer: {body: {ok: true}}}
  - method: POST
    path: /chats
    does: open
    read: {contact: query:who}
    answer: {body: ["{ticket_number}", "{contact}"], headers: {X-Ticket: "{ticket}"}}
  - {method: POST, path: "/chats/{id}", does: add, read: {ticket: path:id, text: t, author: who, public: shown}, author: bot}
  - {method: POST, path: "/chats/{id}/person", does: ask, read: {ticket: path:id, text: t}}
  - {method: POST, path: "/chats/{id}/end", does: close, read: {ticket: path:id}}
  - {method: POST, path: "/chats/{id}/rating", does: rate, read: {ticket: path:id, score: stars, comment: words}}
  - {method: POST, path: "/chats/{id}/typing", does: typing, read: {ticket: path:id}}
hooks:
  - on: reply
    body: {data: "{text}", n: "{ticket_number}", list: "{files}"}
    encoding: form
    signature: {kind: hmac, hash: sha1, encoding: base64, header: X-Sign, signs: "{url}|{body}"}
  - {on: message, url: echo, method: PUT, body: "{text}", headers: {X-To: "{agent_name}"}, signature: {kind: token, header: X-Key, prefix: "key "}}
  - {on: asked, body: {a: 1}, headers: {webhook-id: "{id}"}, signature: {kind: hmac, signs: "{id}.{timestamp}.{body}", timestamp_header: webhook-timestamp}}
  - {on: survey, body: {rate: "{ticket}"}}
  - {on: status, body: {to: "{status}", from: "{previous_status}"}}
"""


class Office:
    """An account at a declared desk, with the agents bob and eve; ``now`` is the clock."""

    def __init__(self, spec: Path | None = None, **settings: str) -> None:
        self.desk: Desk[GenericState] = desk if spec is None else Generic()
        given = {each.name: each.default for each in self.desk.settings} | settings
        given |= {"spec": str(spec)} if spec is not None else {}
        self.state: GenericState = self.desk.open(given, Seed(7).stream("generic"))
        self.state.base_url, self.state.webhook_url = BASE, HOOK
        self.now = NOW
        for key in ("bob", "eve"):
            self.desk.hire(self.state, Agent(key=key, first_name=key.title()))

    def raw(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        *headers: tuple[str, str],
        token: str | None = TOKEN,
        fetched: Any = None,
    ) -> Handled:
        auth = (("Authorization", f"Bearer {token}"),) if token is not None else ()
        request = HttpRequest(method, url, (*auth, *headers), body)
        return self.desk.handle(self.state, Exchange(request, self.now, BASE, fetched=fetched or {}))

    def call(
        self, method: str, url: str, body: Any = None, *headers: tuple[str, str], token: str | None = TOKEN
    ) -> Handled:
        content = b"" if body is None else msgspec.json.encode(body)
        found = self.raw(method, url, content, ("Content-Type", "application/json"), *headers, token=token)
        if found.wait is None:
            return found
        files = {target: Fetched(b"bytes of " + target.encode(), "text/plain") for target in found.wait.urls}  # type: ignore[union-attr]
        return self.raw(
            method, url, content, ("Content-Type", "application/json"), *headers, token=token, fetched=files
        )

    def ticket(self, **about: Any) -> str:
        handled = self.call("POST", TICKETS, {"customer": {"id": "tg-42"}, **about})
        assert status(handled) == 201, handled
        found: str = body(handled)["id"]
        return found

    def say(self, text: str, ticket: str = "T-1", **about: Any) -> Handled:
        return self.call("POST", f"{TICKETS}/{ticket}/messages", {"text": text, **about})

    def act(self, act: AgentAct, ticket: str = "T-1") -> list[DeskEvent]:
        return list(self.desk.act(self.state, ticket, act, self.now))

    def owner(self, ticket: str = "T-1") -> str:
        return self.desk.owner(self.state, ticket)

    def told(self) -> list[Update]:
        updates = list(self.state.outbox)
        self.state.outbox.clear()
        return updates

    def requests(self) -> list[HttpRequest]:
        return [self.desk.request(self.state, [update], self.now) for update in self.told()]

    def hooks(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(update.body) for update in self.told()]


def status(handled: Handled) -> int:
    assert handled.response is not None
    return handled.response.status


def body(handled: Handled) -> Any:
    assert handled.response is not None
    return msgspec.json.decode(handled.response.body)


def names(events: Any) -> list[str]:
    return [type(event).__name__ for event in events]
