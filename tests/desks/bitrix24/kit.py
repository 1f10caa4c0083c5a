"""What the tests of the Bitrix24 desk share: one portal, two agents, and short words for calls, acts and events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from chatdrill.model import Accept, Agent, AgentAct, DeskEvent, Reply, Text
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, Handled, HttpRequest, Update
from chatdrill_fakes.desks.bitrix24 import Bitrix24State, desk
from chatdrill_fakes.families.desks.brackets import decode_brackets, encode_brackets

BASE = "http://127.0.0.1:8080/bitrix24"
HOOK = "http://127.0.0.1:9/b24"
NOW = 1795212345.0
TOKEN, CODE, PROOF = (
    "c978b990071b0008440001b0895f697a",
    "chatdrillwebhook",
    "831c76b092f9f135d9b6b36c3a720757",
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
BOB = Agent(key="bob", first_name="Klaus", last_name="Weber", email="bob@acme.example", team="Billing")
EVA = Agent(key="eva", first_name="Eva", last_name="Roth", email="eva@acme.example")
ANN = {"id": "tg-42", "name": "Ann", "last_name": "Lee", "phone": "+4915155501234"}


class Portal:
    """A portal with two agents; ``now`` is the clock."""

    def __init__(self, *, hook: str | None = HOOK, **settings: str) -> None:
        given = {each.name: each.default for each in desk.settings} | settings
        self.state: Bitrix24State = desk.open(given, Seed(7).stream("bitrix24"))
        self.state.base_url = BASE
        self.state.webhook_url = hook
        self.now = NOW
        for agent in (BOB, EVA):
            desk.hire(self.state, agent)

    # -- the bot's side

    def raw(self, method: str, url: str, body: bytes = b"", kind: str = "", **options: Any) -> Handled:
        headers = (("Content-Type", kind),) if kind else ()
        request = HttpRequest(method, url, headers, body)
        return desk.handle(self.state, Exchange(request, self.now, BASE, **options))

    def call(self, method: str, args: Any = None, *, token: str = TOKEN, fetched: Any = None) -> Handled:
        body = msgspec.json.encode({**(args or {}), "auth": token})
        found: Mapping[str, Fetched] = fetched or {}
        return self.raw("POST", f"/rest/{method}", body, "application/json", fetched=found)

    def hooked(self, method: str, args: Any = None) -> Handled:
        """The same by the incoming webhook."""
        return self.raw("POST", f"/rest/1/{CODE}/{method}", encode_brackets(args or {}), FORM)

    def result(self, method: str, args: Any = None, **options: Any) -> Any:
        handled = self.call(method, args, **options)
        assert handled.response is not None
        assert handled.response.status == 200, handled.response.body
        return answer(handled)["result"]

    def send(self, text: str = "Where is my parcel?", id: str = "tg-1001", **parts: Any) -> Handled:
        message = {"id": id, "date": 1795212300, "text": text, **parts.get("message", {})}
        element = {"user": parts.get("user", ANN), "message": message, "chat": parts.get("chat", {"id": "tg-42"})}
        args = {"CONNECTOR": "chatdrill", "LINE": 107, "MESSAGES": [element]}
        return self.call("imconnector.send.messages", args, fetched=parts.get("fetched"))

    def sent(self, *args: Any, **parts: Any) -> str:
        """Send a message; the chat it is in."""
        chat: str = answer(self.send(*args, **parts))["result"]["DATA"]["RESULT"][0]["session"]["CHAT_ID"]
        return chat

    # -- the agents' side

    def act(self, chat: str, act: AgentAct) -> list[DeskEvent]:
        return list(desk.act(self.state, chat, act, self.now))

    def accept(self, chat: str, agent: str = "bob") -> list[DeskEvent]:
        return self.act(chat, Accept(agent=agent))

    def reply(self, chat: str, text: str = "Guten Tag!", agent: str = "bob") -> str:
        """Reply; the id of the entry."""
        self.act(chat, Reply(agent=agent, parts=(Text(text=text),)))
        return self.state.tickets[chat].entries[-1].id

    def owner(self, chat: str) -> str:
        return desk.owner(self.state, chat)

    # -- what goes out

    def updates(self, kind: str | None = None) -> list[Update]:
        """All events so far, or those of one name; they are taken away."""
        found = [each for each in self.state.outbox if kind in (None, each.kind)]
        self.state.outbox.clear()
        return found

    def request(self, update: Update) -> HttpRequest:
        return desk.request(self.state, [update], self.now)

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [decode_brackets(self.request(each).body) for each in self.updates(kind)]

    def bind(self, *events: str) -> None:
        for event in events:
            assert self.result("event.bind", {"event": event, "handler": HOOK}) is True

    def bot(self, **fields: Any) -> int:
        """A bot of the current generation, on the line."""
        said = {
            "code": "support_bot",
            "type": "openline",
            "eventMode": "webhook",
            "webhookUrl": f"{HOOK}/bot",
            **fields,
        }
        args = {"fields": {"properties": {"name": "Support Bot"}, **said}}
        bot: int = self.result("imbot.v2.Bot.register", args)["bot"]["id"]
        return bot

    def configure(self, **config: Any) -> None:
        self.result("imopenlines.config.update", {"CONFIG_ID": 107, "PARAMS": config})


FORM = "application/x-www-form-urlencoded"


def answer(handled: Handled) -> Any:
    assert handled.response is not None
    return msgspec.json.decode(handled.response.body)


def error(handled: Handled) -> tuple[int, str, str]:
    """Status, code and description."""
    assert handled.response is not None
    body = answer(handled)
    return handled.response.status, body["error"], body["error_description"]


def names(events: list[Any] | tuple[Any, ...]) -> list[str]:
    return [type(each).__name__ for each in events]


def pairs(request: HttpRequest) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
