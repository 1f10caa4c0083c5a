"""A helpdesk with a counter: whoever waits is in the queue until somebody takes them. And a bot that calls it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from chatdrill.errors import UsageError
from chatdrill.model import (
    Accept,
    Accepted,
    AgentAct,
    Assigned,
    Close,
    Decline,
    Declined,
    DeskEvent,
    EditReply,
    Entry,
    EntryAdded,
    EntryChanged,
    HandoffAsked,
    Note,
    Owner,
    PresenceChanged,
    Reply,
    SetPresence,
    TakeOver,
    Text,
    TicketClosed,
    TicketOpened,
    Transfer,
)
from chatdrill.trace import Filed
from chatdrill.wire import Call, DeskState, Exchange, Handled, HttpRequest, HttpResponse, Ticket, json_response
from engine.conftest import Played
from engine.toy_bot import Heard, ToyBot
from serve.toy_desk import ToyDesk


class Counter(ToyDesk):
    name = "counter"
    title = "Counter"

    def environment(self, state: DeskState[Ticket], base_url: str) -> dict[str, str]:
        return {"COUNTER_API_ROOT": base_url}

    def owner(self, state: DeskState[Ticket], ticket: str) -> Owner:
        found = state.tickets.get(ticket)
        if found is None or found.state in ("closed", "pending"):
            return "bot"
        return "agent" if found.assignee else "queue"

    def act(self, state: DeskState[Ticket], ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        if isinstance(act, SetPresence):
            state.seats[act.agent].presence = act.presence
            return (PresenceChanged(agent=act.agent, presence=act.presence),)
        found = state.tickets[ticket]
        match act:
            case Accept() | TakeOver():
                if found.assignee is not None:
                    raise UsageError(f"{found.assignee} has it")
                found.assignee, found.state = act.agent, "open"
                return (Accepted(ticket=ticket, agent=act.agent),)
            case Decline():
                return (Declined(ticket=ticket, agent=act.agent),)
            case Transfer():
                found.assignee, found.team = act.to_agent, act.to_team or found.team
                return (Assigned(ticket=ticket, agent=act.to_agent, team=act.to_team),)
            case Close():
                found.assignee, found.state = None, "closed"
                return (TicketClosed(ticket=ticket),)
            case EditReply():
                return (EntryChanged(ticket=ticket, entry_id=act.entry_id, text=act.text),)
            case Reply():
                text = "".join(part.text for part in act.parts if isinstance(part, Text))
                who = act.agent.partition(".")[0]
                return (self._written(found, "agent", text, now, reply_to=act.reply_to, said_by=who),)
            case Note():
                return (self._written(found, "agent", act.text, now, public=False),)
        raise AssertionError(act)

    def _written(self, ticket: Ticket, author: Any, text: str, now: float, **more: Any) -> EntryAdded:
        entry = Entry(id=f"{ticket.address}-{len(ticket.entries)}", author=author, at=now, text=text, **more)
        ticket.entries.append(entry)
        return EntryAdded(ticket=ticket.address, entry=entry)

    def handle(self, state: DeskState[Ticket], exchange: Exchange) -> Handled:
        asked = json.loads(exchange.request.body or b"{}")
        *_, last = exchange.request.path.strip("/").split("/")
        if last == "tickets":
            return self._opened(state, asked)
        ticket = state.tickets[last]
        ticket.state = asked.get("state", ticket.state)
        said = self._written(ticket, "customer", asked["text"], exchange.now)
        return Handled(json_response({}), Call("say", last, asked), events=(said,))

    def _opened(self, state: DeskState[Ticket], asked: dict[str, Any]) -> Handled:
        id = str(len(state.tickets) + 1)
        state.tickets[id] = Ticket(address=id, team=asked.get("team"), state=asked.get("state", "new"))
        opened = TicketOpened(
            ticket=id,
            contact="c",
            keys=(asked["who"],),
            fields=asked.get("fields", {}),
            team=asked.get("team"),
            priority=asked.get("priority"),
        )
        asking = (HandoffAsked(ticket=id),) if asked.get("state") != "pending" else ()
        return Handled(json_response({"id": id}), Call("open", id, asked), events=(opened, *asking))


class Clerk:
    """Makes a ticket for whoever says ``person`` (and ``person urgent``, ``person for returns``); passes on the rest."""

    def __init__(self, **asks: Any) -> None:
        self.asks = asks
        self.tickets: dict[str, str] = {}

    async def __call__(self, bot: ToyBot, heard: Heard) -> None:
        if heard.text.startswith("person") and heard.sender not in self.tickets:
            words = heard.text.split()
            more = {"priority": words[1]} if len(words) == 2 else {"team": words[2]} if len(words) == 3 else {}
            made = await self.call(bot, "tickets", {"who": heard.sender, **more, **self.asks})
            self.tickets[heard.sender] = made["id"]
        elif heard.sender in self.tickets:
            await self.call(bot, f"tickets/{self.tickets[heard.sender]}", {"text": heard.text})

    async def call(self, bot: ToyBot, path: str, body: dict[str, Any]) -> dict[str, Any]:
        assert bot.stage is not None and bot.client is not None
        url = f"{bot.stage.environment()['COUNTER_API_ROOT']}/{path}"
        answer = await bot.client.send(HttpRequest("POST", url, (), json.dumps(body).encode()), 5.0)
        assert isinstance(answer, HttpResponse) and answer.status == 200, answer
        found: dict[str, Any] = json.loads(answer.body)
        return found


def told(played: Played, kind: type[Any]) -> list[Any]:
    """The events of a kind at the desk."""
    return [record.event for record in played.all(Filed) if isinstance(record.event, kind)]


def taken(played: Played) -> list[tuple[str, str]]:
    """Who took which ticket, in that order, by the names in the scenario."""
    return [(event.agent.partition(".")[0], event.ticket) for event in told(played, Accepted)]


def written(played: Played, author: str = "agent") -> list[str]:
    """What was written in the tickets."""
    return [event.entry.text for event in told(played, EntryAdded) if event.entry.author == author]
