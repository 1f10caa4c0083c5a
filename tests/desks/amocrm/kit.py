"""What the tests of the fake amoCRM share: an account with two agents, and short words for calls, acts and hooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.utils import formatdate
from typing import Any

import msgspec

from chatdrill.model import Accept, Agent, AgentAct, Close, Customer, DeskEvent, Reply, Text
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, Handled, HttpRequest, Update
from chatdrill_fakes.desks.amocrm import AmoState, AmoTicket, desk
from chatdrill_fakes.desks.amocrm.chats.signature import body_md5, sign
from chatdrill_fakes.families.desks.brackets import decode_brackets

BASE = "http://127.0.0.1:8080/amocrm"
DEFAULTS = {each.name: each.default for each in desk.settings}
TOKEN, SECRET, CHANNEL = DEFAULTS["token"], DEFAULTS["channel_secret"], DEFAULTS["channel_id"]
AMOJO, BOT, BOT_USER = DEFAULTS["amojo_id"], DEFAULTS["bot_id"], int(DEFAULTS["user_id"])
SCOPE = f"{CHANNEL}_{AMOJO}"
CHATS = f"/v2/origin/custom/{SCOPE}"
HOOK = "http://127.0.0.1:9/amo/:scope_id"
CRM_HOOK = "http://127.0.0.1:9/crm"
NOW = 1795212345.0
ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", phone="+48600100200", email="anna@shop.example")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
CUSTOMER = {"id": "tg-42", "name": "Anna Nowak", "profile": {"phone": "+48600100200", "email": "anna@shop.example"}}
BOT_PARTY = {"id": "my-bot", "name": "Bot", "ref_id": BOT}


class Account:
    """A fake account with the agents bob and eva; ``now`` is the clock."""

    def __init__(self, **settings: str) -> None:
        given = {**DEFAULTS, "crm_webhook": CRM_HOOK, "rate_limits": "no", **settings}
        self.state: AmoState = desk.open(given, Seed(7).stream("amocrm"))
        self.state.base_url = BASE
        self.state.webhook_url = HOOK
        self.now = NOW
        for key, first in (("bob", "Bob"), ("eva", "Eva")):
            desk.hire(self.state, Agent(key=key, first_name=first, last_name="Lis", email=f"{key}@shop.example"))

    # -- the bot's side

    def handle(self, request: HttpRequest, fetched: Mapping[str, Fetched] | None = None) -> Handled:
        return desk.handle(self.state, Exchange(request, self.now, BASE, fetched=fetched or {}))

    def crm(self, method: str, path: str, body: Any = None, *, token: str | None = TOKEN) -> Handled:
        headers = (("Content-Type", "application/json"), *((("Authorization", f"Bearer {token}"),) if token else ()))
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        return self.handle(HttpRequest(method, f"/api/v4{path}", headers, content))

    def chat(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        fetched: Mapping[str, Fetched] | None = None,
        headers: Mapping[str, str | None] | None = None,
        secret: str = SECRET,
    ) -> Handled:
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        date, md5 = formatdate(self.now), body_md5(content)
        signed = sign(secret, method, md5, "application/json", date, path.partition("?")[0])
        given = {"Date": date, "Content-Type": "application/json", "Content-MD5": md5, "X-Signature": signed}
        kept = tuple((name, value) for name, value in {**given, **(headers or {})}.items() if value is not None)
        return self.handle(HttpRequest(method, path, kept, content), fetched)

    def send(self, text: str = "Where is my parcel?", msgid: str = "m-1", **options: Any) -> Handled:
        return self.chat("POST", CHATS, new_message(text, msgid, **options))

    def ok(self, handled: Handled) -> Any:
        assert handled.response is not None and handled.response.status < 300, handled
        return msgspec.json.decode(handled.response.body) if handled.response.body else None

    # -- the desk's side

    @property
    def ticket(self) -> AmoTicket:
        (ticket,) = self.state.tickets.values()
        return ticket

    def act(self, act: AgentAct) -> Sequence[DeskEvent]:
        return desk.act(self.state, self.ticket.address, act, self.ticket.at(self.now))

    def owner(self) -> str:
        return desk.owner(self.state, self.ticket.address)

    def asked(self) -> Account:
        """Anna has asked for a person."""
        self.ok(self.send())
        return self

    def accepted(self) -> Account:
        """Bob has Anna's chat."""
        self.asked().act(Accept(agent="bob"))
        return self

    def closed(self) -> Account:
        """Bob has had Anna's chat."""
        self.accepted().act(Close(agent="bob"))
        return self

    def clear(self) -> Account:
        self.state.outbox.clear()
        return self

    def updates(self, kind: str) -> list[Update]:
        return [update for update in self.state.outbox if update.kind == kind]

    def channel_hooks(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(update.body) for update in self.state.outbox if update.hook is None]

    def crm_hooks(self) -> list[tuple[str, dict[str, Any]]]:
        return [(each.kind, decode_brackets(each.body)) for each in self.state.outbox if each.hook is not None]

    def crm_hook(self, kind: str) -> dict[str, Any]:
        (found,) = [body for name, body in self.crm_hooks() if name == kind]
        return found

    def reply(self, text: str = "Hello, Bob here", agent: str = "bob", **options: Any) -> Sequence[DeskEvent]:
        return self.act(Reply(agent=agent, parts=(Text(text=text),), **options))


def new_message(
    text: str = "Where is my parcel?",
    msgid: str = "m-1",
    *,
    silent: bool = False,
    by: str = "customer",
    chat: str = "my-42",
    at: float = NOW,
    **payload: Any,
) -> dict[str, Any]:
    parties: dict[str, Any] = {"sender": CUSTOMER}
    if by == "bot":
        parties = {"sender": BOT_PARTY, "receiver": CUSTOMER}
    stamps = {"timestamp": int(at), "msec_timestamp": int(at * 1000)}
    said = {"msgid": msgid, "conversation_id": chat, "message": {"type": "text", "text": text}, "silent": silent}
    return {"event_type": "new_message", "payload": {**stamps, **said, **parties, **payload}}


def error(handled: Handled) -> tuple[int, str]:
    """Status and wording of a refusal."""
    assert handled.response is not None
    body = msgspec.json.decode(handled.response.body)
    return handled.response.status, body.get("error_description") or body["detail"]


def fault(handled: Handled) -> tuple[str, str]:
    """Code and path of the first thing that the CRM finds wrong."""
    assert handled.response is not None and handled.response.status == 400
    found = msgspec.json.decode(handled.response.body)["validation-errors"][0]["errors"][0]
    return found["code"], found["path"]


def kinds(events: Sequence[DeskEvent]) -> list[str]:
    """The tags of events."""
    return [str(type(each).__struct_config__.tag) for each in events]
