"""Traces of conversations with a helpdesk, told verb by verb.

    told = Told().says("A person, please").handoff().notice("I am calling a colleague.").accepts("bob")
    told.replies("Good morning!").passes_on().says("Hello Bob").mirrors().closes().done()
    assert told.verdict("HO-14") == "pass"

Time is virtual: it moves by ``wait`` and by the small ``after`` that every verb has. ``to`` says about which customer the next
verbs are, ``begins`` starts another case in the same trace. What happens at the desk is the newest ticket's of that customer;
one is made where there is none. Nothing here knows a rule.
"""

from __future__ import annotations

from typing import Any, Self

from chatdrill.model import (
    Accepted,
    Agent,
    AgentTyped,
    Assigned,
    ContactFiled,
    Declined,
    DeskEvent,
    Entry,
    EntryAdded,
    EntryChanged,
    HandoffAsked,
    HandoffFailed,
    Media,
    Owner,
    OwnerChanged,
    PresenceChanged,
    Rated,
    Sent,
    StateChanged,
    SurveyAsked,
    TicketClosed,
    TicketOpened,
    TicketReopened,
    Write,
)
from chatdrill.trace import (
    FORGED,
    Acted,
    Filed,
    Took,
)
from checks.handoff.telling import ADDRESSES, CUSTOMERS, SUNDAY, Telling, files_of, text_of

AGENTS = {
    "bob": Agent(key="bob", first_name="Bob", last_name="Baker"),
    "carol": Agent(key="carol", first_name="Carol", last_name="Clark"),
}


class Told(Telling):
    """A trace that is being told, the helpdesk included."""

    def seat(self, key: str) -> Agent:
        return AGENTS[key]

    # --------------------------------------------------------------------------------------- the desk, by the bot

    def files(self, *events: DeskEvent, by: str = "bot", after: float = 0.1, **fields: Any) -> Self:
        """Something becomes true at the desk; where the bot did it, by a call of its own."""
        if by == "bot" and "call" not in fields:
            fields["call"] = self.calls("desk", after=after).n
            after = 0.0
        for event in events:
            self.add(Filed, after=after, desk=self.desk, event=event, by=by, **fields)
            after = 0.0
        return self

    @property
    def ticket(self) -> str:
        """The id of the customer's newest ticket, which is made where there is none."""
        if self.who not in self.tickets:
            self.opens()
        return self.tickets[self.who]

    def opens(self, **fields: Any) -> Self:
        """The bot makes a contact and a ticket, by the customer's address unless ``keys`` are given."""
        how = {name: fields.pop(name) for name in ("by", "after", "call") if name in fields}
        ticket = self.tickets[self.who] = fields.pop("ticket", f"T{next(self.ids)}")
        facts = {"contact": f"c-{self.who}", "keys": (ADDRESSES[self.who],), "name": CUSTOMERS[self.who].name, **fields}
        contact = ContactFiled(contact=facts["contact"] or "", keys=facts["keys"], name=facts["name"])
        return self.files(contact, TicketOpened(ticket=ticket, **facts), **how)

    def asks(self, **fields: Any) -> Self:
        """The bot asks the desk for a person: the ticket waits in the queue."""
        ticket = self.ticket
        return self.files(HandoffAsked(ticket=ticket, fields=fields), OwnerChanged(ticket=ticket, owner="queue"))

    def handoff(self, *transcript: str, **fields: Any) -> Self:
        """The ticket is made if there is none, what was said so far is put into it (unless ``transcript`` says what, each an
        entry of the bot's), and the queue has it. ``fields`` are the ticket's."""
        if self.who not in self.tickets:
            self.opens(**fields)
            self.hands_history() if not transcript else None
        for text in transcript:
            self.enters("bot", text)
        return self.asks()

    def hands_history(self) -> Self:
        """Everything public so far stands in the ticket, message by message."""
        for record in list(self.made):
            if record.conv != self.conv:
                continue
            if isinstance(record, Acted) and isinstance(record.act, Write):
                self.enters(
                    "customer", text_of(record.act.parts), origin_id=record.ids[0], files=files_of(record.act.parts)
                )
            elif isinstance(record, Took) and isinstance(record.effect, Sent):
                self.enters("bot", record.effect.message.text, files=files_of(record.effect.message.parts))
        return self

    def fails_to_hand_over(self, reason: str = "nobody is there") -> Self:
        return self.files(HandoffFailed(ticket=self.ticket, reason=reason), by="desk")

    def enters(self, author: Any, text: str = "", *, by: str = "bot", after: float = 0.05, **entry: Any) -> Self:
        """An entry in the ticket."""
        ticket = self.ticket
        made = Entry(id=f"e{next(self.ids)}", author=author, at=SUNDAY + self.now + after, text=text, **entry)
        self.entries.setdefault(self.who, []).append(made)
        return self.files(EntryAdded(ticket=ticket, entry=made), by=by, after=after)

    def mirrors(self, back: int = 1, *, after: float = 0.2, **entry: Any) -> Self:
        """The bot puts the customer's newest message but ``back - 1`` into the ticket."""
        said = self.message(back)
        assert isinstance(said.act, Write)
        entry = {"text": text_of(said.act.parts), "files": files_of(said.act.parts), "origin_id": said.ids[0], **entry}
        return self.enters("customer", after=after, **entry)

    def mirrors_bot(self, back: int = 1, **entry: Any) -> Self:
        """The bot puts its own newest message but ``back - 1`` into the ticket."""
        sent = self.sent[self.who][-back]
        return self.enters("bot", sent.text, files=files_of(sent.parts), **entry)

    # ------------------------------------------------------------------------------- the desk, by agents and itself

    def owner(self, owner: Owner, agent: str | None = None, *, by: str = "desk", after: float = 0.0) -> Self:
        return self.files(OwnerChanged(ticket=self.ticket, owner=owner, agent=agent), by=by, after=after)

    def accepts(self, agent: str = "bob", *, after: float = 3.0) -> Self:
        """An agent takes the conversation; the bot is told."""
        ticket, owner = self.ticket, OwnerChanged(ticket=self.ticket, owner="agent", agent=agent)
        self.files(
            Assigned(ticket=ticket, agent=agent), Accepted(ticket=ticket, agent=agent), owner, by="agent", after=after
        )
        return self.hooked("accepted")

    takes_over = accepts
    """An agent takes a conversation although nobody asked for a person."""

    def declines(self, agent: str = "bob", *, after: float = 3.0) -> Self:
        return self.files(Declined(ticket=self.ticket, agent=agent), by="agent", after=after).hooked("declined")

    def transfers(self, agent: str = "carol", *, after: float = 3.0) -> Self:
        """The agent passes the conversation to another one."""
        ticket = self.ticket
        owner = OwnerChanged(ticket=ticket, owner="agent", agent=agent)
        return self.files(Assigned(ticket=ticket, agent=agent), owner, by="agent", after=after).hooked("assigned")

    def replies(self, text: str = "", *, agent: str = "Bob Baker", after: float = 5.0, **entry: Any) -> Self:
        """The agent writes to the customer; the bot is told."""
        return self.enters("agent", text, by="agent", after=after, said_by=agent, **entry).hooked("reply")

    def passes_on(self, *, prefix: str = "", back: int = 1, after: float = 0.3) -> Self:
        """The bot shows the customer the agent's newest reply but ``back - 1``."""
        entry = [entry for entry in self.entries[self.who] if entry.author == "agent" and entry.public][-back]
        media = [Media(kind="document", file=file) for file in entry.files]
        return self.bot(prefix + entry.text, *media, after=after)

    def notes(self, text: str, *, after: float = 2.0) -> Self:
        return self.enters("agent", text, by="agent", after=after, public=False).hooked("note")

    def agent_edits(self, text: str = "", *, deleted: bool = False, after: float = 2.0) -> Self:
        """The agent changes or deletes the newest own entry."""
        entry = [entry for entry in self.entries[self.who] if entry.author == "agent"][-1]
        return self.files(
            EntryChanged(ticket=self.ticket, entry_id=entry.id, text=text, deleted=deleted), by="agent", after=after
        )

    def agent_types(self, agent: str = "bob", *, after: float = 1.0) -> Self:
        return self.files(AgentTyped(ticket=self.ticket, agent=agent), by="agent", after=after)

    def presence(self, agent: str, presence: Any, *, after: float = 1.0) -> Self:
        return self.files(PresenceChanged(agent=agent, presence=presence), by="agent", after=after)

    def sets(self, state: Any, *, after: float = 1.0) -> Self:
        """The ticket has another status, which changes no owner."""
        return self.files(StateChanged(ticket=self.ticket, state=state), by="agent", after=after)

    def closes(self, *, after: float = 5.0, owner: Owner = "bot") -> Self:
        """The agent ends the human part: the bot is in charge again."""
        ticket = self.ticket
        closed = (StateChanged(ticket=ticket, state="closed"), TicketClosed(ticket=ticket))
        return self.files(*closed, OwnerChanged(ticket=ticket, owner=owner), by="agent", after=after).hooked("closed")

    def reopens(self, *, by: str = "agent", after: float = 1.0) -> Self:
        return self.files(TicketReopened(ticket=self.ticket), by=by, after=after)

    def surveys(self, *, after: float = 1.0) -> Self:
        return self.files(SurveyAsked(ticket=self.ticket), by="desk", after=after)

    def rated(self, score: float, agent: str | None = "bob", *, by: str = "bot", after: float = 0.2) -> Self:
        return self.files(Rated(ticket=self.ticket, score=score, agent=agent), by=by, after=after)

    def hooked(self, what: str, *, status: int = 200, number: int = 1, note: str | None = None) -> Self:
        """The desk's webhook about it comes to the bot."""
        update = f"{what}-{next(self.ids)}"
        return self.attempt(self.desk, (update,), status=status, number=number, note=note)

    def forges(self, how: str = "signature", *, status: int = 403, body: str = "") -> Self:
        """A webhook comes that the desk has not sent."""
        updates = (f"forged-{next(self.ids)}",)
        return self.attempt(self.desk, updates, status=status, note=f"{FORGED}: {how}", body=body)


__all__ = ["ADDRESSES", "AGENTS", "CUSTOMERS", "SUNDAY", "Told"]
