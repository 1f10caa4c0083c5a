"""What happens at helpdesks: agents act, calls of the bot take effect, and each ticket is linked to its conversation.

Whatever becomes true is recorded as the desk tells it; after every act and call the desk is asked who owns the tickets that
were touched, and a change of that is recorded too.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from chatdrill.clock import Clock
from chatdrill.errors import UsageError, did_you_mean
from chatdrill.model import (
    AgentAct,
    ContactFiled,
    DeskEvent,
    Elapse,
    EntryAdded,
    OwnerChanged,
    Rate,
    Reply,
    Text,
    TicketOpened,
)
from chatdrill.serve.channel import NOBODY, Account, Channel, Office, Role
from chatdrill.serve.links import Links, Place
from chatdrill.serve.notes import By, Notes
from chatdrill.trace import Called, Filed
from chatdrill.wire import Call, DeskState, Forgery, HttpRequest, Later, Outbox, Update, read_arguments, strings_in
from chatdrill.wire.smtp import METHOD, envelope_in

Watcher = Callable[[Office, Filed], None]


class Bureau:
    """Runs the offices of a stage. ``later`` is handed what a desk will do by itself; ``watchers`` are told of every event once it is recorded."""

    def __init__(self, clock: Clock, notes: Notes, later: Callable[[Account[Any], Later], None]) -> None:
        self.offices: dict[str, Office] = {}
        self.links = Links()
        self.watchers: list[Watcher] = []
        self._channels: dict[str, Channel] = {}
        self._clock = clock
        self._notes = notes
        self._later = later

    def serve(self, channels: dict[str, Channel]) -> None:
        """Say which channels the customers are on."""
        self._channels = channels

    def office(self, name: str) -> Office:
        """The office at a desk; raises ``UsageError``."""
        try:
            return self.offices[name]
        except KeyError:
            raise UsageError(f"there is no desk {name!r} on this stage{did_you_mean(name, self.offices)}") from None

    def skip(self, conv: str | None, seconds: float) -> None:
        """The chat of a conversation runs ahead: so do its tickets."""
        for office in self.offices.values():
            for ticket in office.tickets_of(conv or ""):
                office.state.tickets[ticket].ahead_s += seconds

    # ------------------------------------------------------------------------------------------------ the acts

    def act(self, name: str, ticket: str, act: AgentAct, *, step: int | None = None) -> tuple[DeskEvent, ...]:
        """Let an agent do something; raises ``Unsupported`` or ``UsageError`` where that cannot be."""
        office = self.office(name)
        events = tuple(office.desk.act(office.state, ticket, act, office.at(ticket, self._clock.now())))
        by: By = "customer" if isinstance(act, Rate) else "desk" if isinstance(act, Elapse) else "agent"
        self.file(office, events, by=by, step=step, touched=(ticket,))
        return events

    def noticed(
        self,
        channel: Account[Any],
        addresses: Iterable[str],
        *,
        by: By,
        call: Called | None = None,
        step: int | None = None,
    ) -> None:
        """Something happened in chats of a channel: a desk that lives there sees it."""
        for office in self.offices.values():
            if office.resident is None or office.host is not channel:
                continue
            for address in dict.fromkeys(addresses):
                if address in channel.state.chats:
                    events = office.resident.notice(office.state, address, channel.at(address, self._clock.now()))
                    self.file(office, events, by=by, call=call, step=step, touched=(address,))

    def lost(self, office: Office, updates: Sequence[Update]) -> None:
        """A webhook was given up; some desks draw a conclusion from it."""
        to = updates[0].to
        events = tuple(office.desk.dropped(office.state, updates, office.at(to, self._clock.now())))
        self.file(office, events, by="desk", touched=(to,) if to is not None else ())

    def forge(self, name: str, ticket: str, agent: str, text: str, how: Forgery) -> tuple[HttpRequest, Update]:
        """The webhook of a reply that no agent has written, signed as by somebody who must not. Nothing becomes true."""
        office = self.office(name)
        if office.host is not None:
            raise UsageError(
                f"{office.name} has no webhooks of its own to forge; those of {office.host.name} tell of it"
            )
        state, now = _twin(office.state), office.at(ticket, self._clock.now())
        office.desk.act(state, ticket, Reply(agent=agent, parts=(Text(text=text),)), now)
        updates = [update for update in state.outbox if update.hook is not None or state.webhook_url]
        if not updates:
            raise UsageError(f"{office.name} tells the bot nothing of an agent's reply, so there is nothing to forge")
        update = updates[0]
        return office.desk.forge(state, office.desk.request(state, (update,), now), how, now), update

    # ---------------------------------------------------------------------------------------------- the record

    def file(
        self,
        office: Office,
        events: Iterable[DeskEvent],
        *,
        by: By,
        call: Called | None = None,
        step: int | None = None,
        touched: Iterable[str] = (),
    ) -> None:
        """Record what became true, and who owns the tickets now."""
        tickets = dict.fromkeys(touched)
        for event in events:
            if event.ticket is not None:
                tickets[event.ticket] = None
                self._link(office, event)
            self._record(office, event, by, call, step)
        for ticket in tickets:
            if ticket in office.state.tickets:
                self._note_owner(office, ticket, by, call, step)
        host: Account[Any] = office.host or office
        effects, office.state.effects[:] = office.state.effects[:], ()
        for effect in effects:
            self._notes.took(host, effect, None)
        planned, office.state.planned[:] = office.state.planned[:], ()
        for later in planned:
            self._later(office if isinstance(later.act, AgentAct) else host, later)

    def _record(self, office: Office, event: DeskEvent, by: By, call: Called | None, step: int | None) -> None:
        role = office.role(event.ticket)
        if isinstance(event, ContactFiled) and (place := self.links.find(event.keys, event.name)) is not None:
            self.links.filed(office.name, (event.contact, *event.keys), place)
            role = self._role_at(place) if role is NOBODY else role
        number = None if call is None else call.n
        filed = self._notes.filed(office, event, by=by, role=role, call=number, step=step)
        for watcher in self.watchers:
            watcher(office, filed)

    def _note_owner(self, office: Office, ticket: str, by: By, call: Called | None, step: int | None) -> None:
        owner, before = office.desk.owner(office.state, ticket), office.owners.get(ticket, "bot")
        if owner != before:
            office.owners[ticket] = owner
            agent = office.state.tickets[ticket].assignee if owner == "agent" else None
            self._record(office, OwnerChanged(ticket=ticket, owner=owner, agent=agent), by, call, step)

    # ------------------------------------------------------------------------------------------------ whose it is

    def role_of(self, office: Office, call: Call, events: Sequence[DeskEvent]) -> Role:
        """The conversation that a call is about: its ticket's, or that of the person whom it names."""
        for event in events:
            self._link(office, event)
        role = office.role(call.to)
        if role is not NOBODY or call.to is not None:
            return role
        tickets = [event.ticket for event in events if event.ticket is not None]
        return office.role(tickets[0]) if tickets else self._role_at(self.links.find(strings_in(call.arguments)))

    def role_seen(self, account: Account[Any], request: HttpRequest) -> Role:
        """The conversation that a request is about, as far as one can see without handling it: it names a ticket or a person."""
        texts = _texts_of(request)
        named = self._role_named(account, texts)
        return self._role_at(self.links.contact(account.name, texts)) if named is NOBODY else named

    def sureness(self, account: Account[Any], request: HttpRequest) -> int:
        """How sure it is that a request is about somebody here: 2 if it names a ticket or a person, 1 if it has a word by which the
        desk knows one, which may be anybody's (``telegram``), 0 otherwise."""
        if self._role_named(account, _texts_of(request)) is not NOBODY:
            return 2
        return 0 if self.role_seen(account, request) is NOBODY else 1

    def _role_named(self, account: Account[Any], texts: Sequence[str]) -> Role:
        own = set(account.settings.values())  # `accounts/1/conversations/41` is about no ticket 1
        for text in texts:
            if text in own:
                own.discard(text)
            elif text in account.roles:
                return account.roles[text]
            elif (to := account.state.whose(text)) is not None:
                return account.role(to)
        return self._role_at(self.links.find(texts))

    def _link(self, office: Office, event: DeskEvent) -> None:
        ticket = event.ticket
        if ticket is None or ticket in office.roles or ticket not in office.state.tickets:
            return
        place: Place | None = None
        if isinstance(event, TicketOpened):
            place = self.links.find(event.keys, event.name)
        elif isinstance(event, EntryAdded) and event.entry.author == "customer":
            place = self.links.find((), words=(event.entry.text,))
        if place is None:
            return
        channel, address = self._channels[place[0]], place[1]
        office.roles[ticket] = channel.role(address)
        chat = channel.state.chats.get(address)
        office.state.tickets[ticket].ahead_s = 0.0 if chat is None else chat.ahead_s

    def _role_at(self, place: Place | None) -> Role:
        return NOBODY if place is None else self._channels[place[0]].role(place[1])

    def forget(self) -> None:
        """The customers are gone, and the tickets with them."""
        self.links.forget()
        for office in self.offices.values():
            office.state.tickets.clear()
            office.roles.clear()
            office.owners.clear()


def _texts_of(request: HttpRequest) -> list[str]:
    if request.method == METHOD:
        return list(envelope_in(request).recipients)
    return [*re.split(r"[/?&=]", request.url), *strings_in(read_arguments(request).values)]


def _twin(state: DeskState[Any]) -> DeskState[Any]:
    """A copy on which something may be tried, with nothing on its way."""
    kept, state.outbox = state.outbox, Outbox()
    try:
        return copy.deepcopy(state)
    finally:
        state.outbox = kept
