"""What happens to a ticket, whoever does it: its status, whose it is, its messages; and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Assigned,
    ContactFiled,
    DeskEvent,
    Entry,
    EntryAdded,
    EntryChanged,
    HandoffAsked,
    Owner,
    StateChanged,
    SurveyAsked,
    TicketClosed,
    TicketOpened,
    TicketReopened,
)
from chatdrill_fakes.desks.generic.hooks import publish
from chatdrill_fakes.desks.generic.state import HUMAN, GenericState, GenericTicket, Person


@dataclass
class Work:
    """One thing that is done at one time, by an agent (key), or by the bot's call (``called``)."""

    state: GenericState
    now: float
    agent: str | None = None
    called: bool = False
    events: list[DeskEvent] = field(default_factory=list)

    def tell(self, on: str, ticket: GenericTicket, entry: Entry | None = None, **more: Any) -> None:
        """Webhooks about it."""
        agent = more.pop("agent", self.agent or ticket.assignee)
        publish(self.state, on, ticket, self.now, entry=entry, agent=agent, **more)

    # -- people and tickets

    def person(self, key: str, keys: tuple[str, ...], name: str) -> Person:
        """The contact whom the bot calls by this key; made if nobody has it."""
        known = self.state.people.get(key)
        if known is not None:
            return known
        person = Person(self.state.new_id("contact")[1], key, name)
        self.state.people[key] = person
        self.events.append(ContactFiled(contact=person.id, keys=keys, name=name))
        return person

    def open(
        self, person: Person | None, status: str, keys: tuple[str, ...], about: Mapping[str, Any]
    ) -> GenericTicket:
        """A new ticket; one that is not the bot's asks for a person."""
        number, id = self.state.new_id("ticket")
        contact = person.id if person is not None else None
        ticket = GenericTicket(address=id, number=number, status=status, person=person, contact=contact)
        ticket.made_at = ticket.changed_at = self.now
        ticket.subject, ticket.team = about.get("subject") or "", about.get("team")
        ticket.state = self.state.spec.statuses[status].state
        self.state.tickets[id] = ticket
        name = person.name if person is not None else ""
        self.events.append(TicketOpened(ticket=id, contact=contact, keys=keys, name=name, **about))
        self.events.append(StateChanged(ticket=id, state=ticket.state, word=status))
        if self.state.owner_of(ticket) in HUMAN:
            self.events.append(HandoffAsked(ticket=id, fields=dict(about.get("fields") or {})))
        self.tell("opened", ticket)
        return ticket

    # -- status

    def move(self, ticket: GenericTicket, move: str) -> None:
        """Put a ticket into the status that the file declares for this; raises ``Unsupported`` if it declares none."""
        self.set_status(ticket, status_of(self.state, move))

    def set_status(self, ticket: GenericTicket, status: str) -> None:
        """Give a ticket another status, and say whose it is by that."""
        if status == ticket.status:
            return
        before, previous = self.state.owner_of(ticket), ticket.status
        ticket.status, ticket.changed_at = status, self.now
        ticket.state = self.state.spec.statuses[status].state
        self.events.append(StateChanged(ticket=ticket.address, state=ticket.state, word=status))
        if self.state.owner_of(ticket) != "agent":
            self._unassign(ticket)
        self._tell_owner(ticket, before)
        self.tell("status", ticket, previous_status=previous)

    def _unassign(self, ticket: GenericTicket) -> None:
        if ticket.assignee is not None:
            ticket.assignee = None
            bot = self.state.owner_of(ticket) == "bot"
            self.events.append(Assigned(ticket=ticket.address, team=ticket.team, bot=bot))

    def _tell_owner(self, ticket: GenericTicket, before: Owner) -> None:
        """The beginning and the end of the human part."""
        after = self.state.owner_of(ticket)
        if before in HUMAN and after not in HUMAN:
            ticket.episodes += 1
            self.events.append(TicketClosed(ticket=ticket.address))
        elif after in HUMAN and before not in HUMAN:
            if self.called:
                self.events.append(HandoffAsked(ticket=ticket.address))
            if ticket.episodes:
                self.events.append(TicketReopened(ticket=ticket.address))

    def ask(self, ticket: GenericTicket) -> None:
        """The bot asks for a person."""
        self.move(ticket, "ask")
        self.tell("asked", ticket)

    def close(self, ticket: GenericTicket) -> None:
        """The end; a desk that asks for a rating asks now."""
        agent = ticket.assignee
        self.move(ticket, "close")
        self.tell("closed", ticket, agent=self.agent or agent)
        if self.state.spec.survey in ("page", "message"):
            self.events.append(SurveyAsked(ticket=ticket.address))
            self.tell("survey", ticket)

    def reopen(self, ticket: GenericTicket) -> None:
        """It is worked on again."""
        self.move(ticket, "reopen")
        self.tell("reopened", ticket)

    def assign(self, ticket: GenericTicket, agent: str) -> None:
        """Give a ticket to an agent."""
        ticket.assignee = agent
        self.events.append(Assigned(ticket=ticket.address, agent=agent, team=ticket.team))

    # -- messages

    def add(self, ticket: GenericTicket, entry: Entry) -> None:
        """A message stands in the ticket."""
        ticket.entries.append(entry)
        ticket.changed_at = self.now
        self.events.append(EntryAdded(ticket=ticket.address, entry=entry))
        on = "message" if entry.author != "agent" else "reply" if entry.public else "note"
        self.tell(on, ticket, entry)

    def rewrite(self, ticket: GenericTicket, entry: Entry, text: str, *, deleted: bool) -> None:
        """A message has another text, or none any more."""
        files = () if deleted else entry.files
        changed = msgspec.structs.replace(entry, text=text, files=files)
        ticket.entries[ticket.entries.index(entry)] = changed
        self.events.append(EntryChanged(ticket=ticket.address, entry_id=entry.id, text=text, deleted=deleted))
        self.tell("deleted" if deleted else "edited", ticket, changed)


def status_of(state: GenericState, move: str) -> str:
    """The status that the file declares for a move; raises ``Unsupported``."""
    status = state.spec.moves.get(move)
    if status is None:
        raise Unsupported(f"generic: {state.spec.file} declares no status for moves.{move}, so nobody can do that here")
    return status


def is_over(ticket: GenericTicket) -> bool:
    """True for a ticket in which nobody works any more."""
    return ticket.state in ("solved", "closed")
