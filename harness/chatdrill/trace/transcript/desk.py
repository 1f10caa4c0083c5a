"""Telling what happens at the helpdesk, beside the customer's chat and without saying anything twice.

An agent's reply that the bot passes on stands once in the chat, as the agent's words. A message that the bot copies into a
ticket stands where it was said, with a note that it is there. What became true at one moment is one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.model import (
    Accepted,
    Agent,
    AgentTyped,
    Assigned,
    ContactFiled,
    Declined,
    Entry,
    EntryAdded,
    EntryChanged,
    EntryFailed,
    HandoffAsked,
    HandoffFailed,
    Media,
    OwnerChanged,
    Part,
    PresenceChanged,
    Rated,
    StateChanged,
    SurveyAsked,
    Text,
    TicketClosed,
    TicketOpened,
    TicketReopened,
)
from chatdrill.trace.records import FORGED, Attempt, Filed, Took
from chatdrill.trace.transcript.desk_words import assigned, opened, rated, status, word_quoted
from chatdrill.trace.transcript.phrases import one_line, platform_title
from chatdrill.trace.transcript.story import Holding, Story
from chatdrill.trace.transcript.views import Bubble, Mark, Relays

_QUOTED_MAX = 120
_MEDIA_KINDS: Mapping[str, Any] = {"image": "photo", "audio": "audio", "video": "video"}
_BY = {"bot": "the bot", "customer": "the customer", "desk": "the desk itself"}
_OWNER_WORDS = {
    "bot": "the bot",
    "queue": "the queue, waiting for a person",
    "agent": "an agent",
    "none": "nobody",
}


class _Line:
    """A line that is still open: what else becomes true at this moment, by the same cause, is said in it."""

    def __init__(self, mark: Mark, cause: tuple[object, ...], head: str) -> None:
        self.mark = mark
        self.cause = cause
        self._head = head
        self._clauses: list[tuple[str, str]] = []

    def say(self, topic: str, clause: str, instead_of: str = "") -> None:
        """One clause more; it replaces what said a part of the same."""
        self._clauses = [kept for kept in self._clauses if kept[0] != instead_of or not instead_of]
        self._clauses.append((topic, clause))
        self.mark.text = f"{self._head}: {', '.join(said for _, said in self._clauses)}"


class DeskTeller:
    """Tells the records of the helpdesk into a story."""

    def __init__(self, story: Story, agents: Mapping[str, Agent], relays: Relays | None) -> None:
        self._story = story
        self._agents = agents
        self._knows = relays is not None
        self._replies = relays.replies if relays else {}
        self._copies = relays.copies if relays else {}
        self._passed_on = frozenset(self._replies.values())
        self._entries: dict[int, tuple[Filed, Entry]] = {}
        self._by_entry: dict[tuple[str | None, str], Entry] = {}
        self._line: _Line | None = None

    def filed(self, record: Filed) -> None:
        """Add what became true at the desk."""
        event = record.event
        if isinstance(event, OwnerChanged):
            self._owner_changed(record, event)
        elif isinstance(event, EntryAdded):
            self._entry_added(record, event.entry)
        elif isinstance(event, AgentTyped):
            self._story.show_typing(record, f"{self._agent(event.agent)}, at the desk,", "agent")
        elif (words := _CLAUSES.get(type(event))) is not None:
            words(self, record, event)
        else:
            self._behind(record)

    def relayed(self, record: Took, bubble: Bubble) -> None:
        """A message to the customer that carries an agent's reply is the agent's."""
        filed, entry = self._entries.get(self._replies.get(record.n, -1), (None, None))
        if filed is None or entry is None:
            return
        bubble.author, bubble.name = "agent", self._author(filed, entry)
        bubble.relayed_s = record.at - filed.at
        bubble.step = filed.step
        bubble.records.append(filed.n)

    def forged(self, record: Attempt) -> None:
        """Somebody who must not sent the bot a webhook in the desk's name."""
        how = (record.note or "").removeprefix(FORGED).strip(": ")
        fate = f"the bot answered {record.status}" if record.status is not None else "the bot did not answer"
        text = f"Somebody sent the bot a forged webhook of {platform_title(record.platform)} ({how}); {fate}"
        self._story.mark(record, "desk", text, alarm=record.ok)

    # ------------------------------------------------------------------------------------------------- lines

    def _tell(self, record: Filed, topic: str, clause: str, *, instead_of: str = "", alarm: bool = False) -> None:
        ticket = record.event.ticket
        cause = (record.desk, ticket, record.conv, record.at, record.by, record.call, record.step)
        if self._line is None or self._line.cause != cause or self._story.items[-1] is not self._line.mark:
            head = platform_title(record.desk) + (f" ticket {one_line(ticket, 40)}" if ticket else "")
            author = "agent" if record.by == "agent" else "platform"
            mark = self._story.mark(record, "desk", head, author=author, step=record.step)
            self._line = _Line(mark, cause, head)
        else:
            self._line.mark.records.append(record.n)
        self._line.say(topic, clause, instead_of)
        self._line.mark.alarm |= alarm

    def _behind(self, record: Filed) -> None:
        """A record that says nothing new stands behind the line before it, if there is one of the same cause."""
        if self._line is not None and (self._line.cause[0], self._line.cause[2]) == (record.desk, record.conv):
            self._line.mark.records.append(record.n)

    def _agent(self, key: str) -> str:
        agent = self._agents.get(key)
        return agent.name if agent else key

    def _who(self, record: Filed) -> str:
        """Who caused it, as far as the desk knows: an agent is whoever has the conversation."""
        if record.by != "agent":
            return _BY[record.by]
        holding = self._story.holdings.get(self._story.key(record))
        return holding.agent if holding and holding.agent else "an agent"

    def _owner_changed(self, record: Filed, event: OwnerChanged) -> None:
        key = self._story.key(record)
        holding = Holding(event.owner, self._agent(event.agent) if event.agent else "")
        if self._story.holdings.get(key) == holding:
            self._behind(record)
            return
        self._story.holdings[key] = holding
        self._story.mark(record, "owner", holding.agent or _OWNER_WORDS[event.owner], step=record.step)

    # ----------------------------------------------------------------------------------------------- messages

    def _entry_added(self, record: Filed, entry: Entry) -> None:
        self._entries[record.n] = (record, entry)
        self._by_entry[(record.event.ticket, entry.id)] = entry
        if record.n in self._passed_on:
            return
        if entry.author == "agent" or (not entry.public and entry.author != "system"):
            self._aside(record, entry)
        elif (bubble := self._original(record, entry)) is not None:
            bubble.records.append(record.n)
            bubble.copied_s.append(record.at - bubble.at)
        elif entry.public:
            who = "the desk says" if record.by == "desk" else f"{_WRITERS[entry.author]} stands in it"
            self._tell(record, "entry", f"{who}: {word_quoted(entry, _QUOTED_MAX)}")
        elif self._line is not None and self._line.cause[1] == record.event.ticket:
            self._behind(record)
        else:
            self._tell(record, "entry", word_quoted(entry, _QUOTED_MAX))

    def _aside(self, record: Filed, entry: Entry) -> None:
        """A message in the ticket that the customer does not see."""
        text = (Text(text=entry.text),) if entry.text else ()
        parts: tuple[Part, ...] = (*text, *(_media(file.mime, file) for file in entry.files))
        self._story.add(
            Bubble(
                author="agent" if entry.author == "agent" else "bot",
                name=self._author(record, entry),
                customer=self._story.key(record),
                at=record.at,
                parts=parts,
                records=[record.n],
                step=record.step,
                ticket=record.event.ticket or "",
                private=not entry.public,
                lost=self._knows and entry.public,
            )
        )

    def _author(self, record: Filed, entry: Entry) -> str:
        if entry.author != "agent":
            return "Bot"
        return entry.said_by or (name if (name := self._who(record)) != "an agent" else "Agent")

    def _original(self, record: Filed, entry: Entry) -> Bubble | None:
        """The message of the chat that an entry repeats: as whoever matched them says, else the newest with its words."""
        known = self._story.made_by(self._copies.get(record.n, -1))
        if known is not None or not entry.text.strip():
            return known
        said = (one for one in self._story.said_to(self._story.key(record)) if one.text.strip() == entry.text.strip())
        return next((one for one in said if (one.author == "customer") == (entry.author == "customer")), None)

    def _quoted(self, ticket: str | None, entry_id: str) -> str:
        entry = self._by_entry.get((ticket, entry_id))
        return word_quoted(entry, _QUOTED_MAX) if entry else f"entry {entry_id}"

    # ------------------------------------------------------------------------------------------------- events

    def contact(self, record: Filed, event: ContactFiled) -> None:
        verb = "filed" if event.made else "changed"
        self._tell(
            record,
            "contact",
            f"{_BY.get(record.by, 'an agent')} {verb} the contact {one_line(event.name, 60)}".rstrip(),
        )

    def opened(self, record: Filed, event: TicketOpened) -> None:
        self._tell(record, "opened", f"opened by {self._who(record)}{opened(event)}")

    def asked(self, record: Filed, _: HandoffAsked) -> None:
        self._tell(record, "asked", f"{self._who(record)} asks for a person")

    def not_handed(self, record: Filed, event: HandoffFailed) -> None:
        self._tell(record, "asked", f"it could not be handed over ({one_line(event.reason, 160)})", alarm=True)

    def changed(self, record: Filed, event: EntryChanged) -> None:
        before = self._quoted(event.ticket, event.entry_id)
        verb = "deleted" if event.deleted else "changed"
        after = "" if event.deleted else f" to “{one_line(event.text, _QUOTED_MAX)}”"
        self._tell(record, "changed", f"{self._who(record)} {verb} {before}{after}")

    def failed(self, record: Filed, event: EntryFailed) -> None:
        what = self._quoted(event.ticket, event.entry_id)
        why = f" ({one_line(event.reason, 160)})" if event.reason else ""
        self._tell(record, "failed", f"the agents see that the customer did not get {what}{why}", alarm=True)

    def assigned(self, record: Filed, event: Assigned) -> None:
        self._tell(record, f"assigned {event.agent}", assigned(event, self._agent))

    def accepted(self, record: Filed, event: Accepted) -> None:
        self._tell(record, "accepted", f"{self._agent(event.agent)} accepts", instead_of=f"assigned {event.agent}")

    def declined(self, record: Filed, event: Declined) -> None:
        self._tell(record, "declined", f"{self._agent(event.agent)} declines")

    def status(self, record: Filed, event: StateChanged) -> None:
        self._tell(record, "status", status(event))

    def closed(self, record: Filed, _: TicketClosed) -> None:
        self._tell(record, "closed", f"closed by {self._who(record)}")

    def reopened(self, record: Filed, _: TicketReopened) -> None:
        self._tell(record, "reopened", f"opened again by {self._who(record)}")

    def surveyed(self, record: Filed, _: SurveyAsked) -> None:
        self._tell(record, "survey", "the desk asks the customer for a rating")

    def rated(self, record: Filed, event: Rated) -> None:
        self._tell(record, "rated", rated(event, self._agent))

    def presence(self, record: Filed, event: PresenceChanged) -> None:
        self._tell(record, "presence", f"{self._agent(event.agent)} is {event.presence}")


_WRITERS = {
    "customer": "a message of the customer",
    "bot": "a message of the bot",
    "system": "a message",
    "agent": "a reply",
}
_CLAUSES: dict[type, Callable[[DeskTeller, Filed, Any], None]] = {
    ContactFiled: DeskTeller.contact,
    TicketOpened: DeskTeller.opened,
    HandoffAsked: DeskTeller.asked,
    HandoffFailed: DeskTeller.not_handed,
    EntryChanged: DeskTeller.changed,
    EntryFailed: DeskTeller.failed,
    Assigned: DeskTeller.assigned,
    Accepted: DeskTeller.accepted,
    Declined: DeskTeller.declined,
    StateChanged: DeskTeller.status,
    TicketClosed: DeskTeller.closed,
    TicketReopened: DeskTeller.reopened,
    SurveyAsked: DeskTeller.surveyed,
    Rated: DeskTeller.rated,
    PresenceChanged: DeskTeller.presence,
}


def _media(mime: str | None, file: Any) -> Media:
    return Media(kind=_MEDIA_KINDS.get((mime or "").partition("/")[0], "document"), file=file)
