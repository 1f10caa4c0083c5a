"""A helpdesk of sixty lines: tickets are opened, filled and closed, and every agent's word is a webhook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    Agent,
    AgentAct,
    Close,
    DeskEvent,
    Elapse,
    Entry,
    EntryAdded,
    Owner,
    Reply,
    Text,
    TicketClosed,
    TicketOpened,
)
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Call,
    Delivery,
    DeskCapabilities,
    DeskState,
    Exchange,
    Handled,
    Hook,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Later,
    Retry,
    Seat,
    Setting,
    Ticket,
    Update,
    json_response,
)

ONCE = Delivery(5.0, "2xx", Retry((), attempts_max=1), "first_try", 10)


class ToyDesk:
    name = "toydesk"
    title = "Toy Desk"
    hosts = ("desk.toy.example",)
    settings = (Setting("secret", "hush-hush", "of the webhooks", "TOYDESK_SECRET", secret=True),)
    capabilities = DeskCapabilities(frozenset({"accept", "reply", "close", "elapse"}), {"note": "toys keep no notes"})
    limits = ()
    delivery = ONCE
    coverage = ()

    def open(self, settings: Mapping[str, str], chance: Stream) -> DeskState[Ticket]:
        return DeskState(settings=settings, chance=chance)

    def environment(self, state: DeskState[Ticket], base_url: str) -> dict[str, str]:
        return {"TOYDESK_API_ROOT": base_url, "TOYDESK_SECRET": state.settings["secret"]}

    def claims(self, request: HttpRequest, state: DeskState[Ticket]) -> bool:
        return request.path.startswith("/tickets")

    def hire(self, state: DeskState[Ticket], agent: Agent) -> None:
        state.seats.setdefault(agent.key, Seat(agent=agent, id=str(len(state.seats) + 1)))

    def act(self, state: DeskState[Ticket], ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        found = state.tickets.get(ticket)
        if found is None:
            raise UsageError(f"toydesk has no ticket {ticket!r}")
        if isinstance(act, Accept):
            found.assignee, found.state = act.agent, "open"
            state.planned.append(Later(60.0, ticket, Elapse(agent="", what="tired")))
            return ()
        if isinstance(act, Reply):
            text = "".join(part.text for part in act.parts if isinstance(part, Text))
            self._tell(state, ticket, "reply", {"text": text}, now)
            return (EntryAdded(ticket=ticket, entry=Entry(id=f"e{now:.0f}", author="agent", at=now, text=text)),)
        if isinstance(act, Close | Elapse):
            found.state, found.assignee = "closed", None
            self._tell(state, ticket, "closed", {}, now)
            return (TicketClosed(ticket=ticket),)
        raise Unsupported(self.capabilities.lacks["note"])

    def _tell(self, state: DeskState[Ticket], ticket: str, kind: str, data: dict[str, Any], now: float) -> None:
        hooks = state.extra_hooks if hasattr(state, "extra_hooks") else [None]
        for hook in hooks:
            body = json.dumps({"kind": kind, "ticket": ticket, "at": now, **data}).encode()
            state.outbox.put(Update(f"{kind}-{ticket}", kind, ticket, ticket, body, now, hook=hook))

    def owner(self, state: DeskState[Ticket], ticket: str) -> Owner:
        found = state.tickets.get(ticket)
        if found is None or found.state == "closed":
            return "bot"
        return "agent" if found.assignee else "queue"

    def handshake(self, state: DeskState[Ticket]) -> HttpRequest | None:
        return None

    def read_handshake(self, state: DeskState[Ticket], response: HttpResponse | HttpFailure) -> str | None:
        return None

    def request(self, state: DeskState[Ticket], updates: Sequence[Update], now: float) -> HttpRequest:
        url = updates[0].hook.url if updates[0].hook else state.webhook_url or ""
        return HttpRequest("POST", url, (("X-Secret", state.settings["secret"]),), updates[0].body)

    def forge(self, state: DeskState[Ticket], request: HttpRequest, how: str, now: float) -> HttpRequest:
        return HttpRequest("POST", request.url, (("X-Secret", "guessed"),), request.body)

    def read_ack(
        self, state: DeskState[Ticket], updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float
    ) -> Ack:
        return Ack(isinstance(answer, HttpResponse) and answer.status == 200, None)

    def dropped(self, state: DeskState[Ticket], updates: Sequence[Update], now: float) -> Sequence[DeskEvent]:
        state.tickets[updates[0].to or ""].state = "pending"
        return ()

    def refusal(self, state: DeskState[Ticket], status: int, retry_after_s: int | None) -> HttpResponse:
        return json_response({"toydesk": "no"}, status=status)

    def handle(self, state: DeskState[Ticket], exchange: Exchange) -> Handled:
        asked = json.loads(exchange.request.body or b"{}")
        if exchange.request.path == "/tickets":
            ticket = str(len(state.tickets) + 1)
            state.tickets[ticket] = Ticket(address=ticket)
            opened = TicketOpened(ticket=ticket, contact="c", keys=(asked["who"],))
            return Handled(json_response({"id": ticket}), Call("open", ticket, asked), events=(opened,))
        return Handled(json_response({}, status=404), Call("lost", None, asked, ok=False))


def with_hooks(state: DeskState[Ticket], *hooks: Hook) -> None:
    """Let the desk tell these subscriptions instead of the webhook."""
    state.extra_hooks = list(hooks)  # type: ignore[attr-defined]
