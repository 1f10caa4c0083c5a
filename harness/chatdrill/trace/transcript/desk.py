"""Telling what happens at the helpdesk, beside the customer's chat and without saying anything twice.

An agent's reply that the bot passes on stands once in the chat, as the agent's words. A message that the bot copies into a
ticket stands where it was said, with a note that it is there. What became true at one moment is one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import (
    Accepted,
    Agent,
    AgentTyped,
    Assigned,
    Entry,
    EntryAdded,
    EntryFailed,
    HandoffFailed,
    Media,
    OwnerChanged,
    Part,
    Text,
)
from chatdrill.trace.records import FORGED, Attempt, Filed, Record, Took
from chatdrill.trace.transcript.desk_words import BY, OWNERS, Voice, clause, quoted
from chatdrill.trace.transcript.phrases import one_line, platform_title
from chatdrill.trace.transcript.story import Holding, Story
from chatdrill.trace.transcript.views import Bubble, Mark, Relays

_MEDIA_KINDS: Mapping[str, Any] = {"image": "photo", "audio": "audio", "video": "video"}


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
        self._taken_over: tuple[Filed, str] | None = None

    def settle(self, record: Record) -> None:
        """Before the next record is told: a ticket that went from one agent to another is the other's, unless the desk has
        said at the same moment whose it is."""
        if self._taken_over is None or (isinstance(record, Filed) and record.at == self._taken_over[0].at):
            return
        (filed, agent), self._taken_over = self._taken_over, None
        self._hold(filed, Holding("agent", self._agent(agent)))

    def filed(self, record: Filed) -> None:
        """Add what became true at the desk."""
        event = record.event
        if isinstance(event, OwnerChanged):
            self._owner_changed(record, event)
        elif isinstance(event, EntryAdded):
            self._entry_added(record, event.entry)
        elif isinstance(event, AgentTyped):
            self._story.show_typing(record, f"{self._agent(event.agent)}, at the desk,", "agent")
        elif (words := self._words(record)) != "":
            done = f"Assigned {event.agent}" if isinstance(event, Accepted) else ""
            topic = type(event).__name__ + (f" {event.agent}" if isinstance(event, Assigned) else "")
            self._tell(record, topic, words, instead_of=done, alarm=isinstance(event, _ALARMS))
            self._note_agent(record)
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
            return BY[record.by]
        holding = self._story.holdings.get(self._story.key(record))
        return holding.agent if holding and holding.agent else "an agent"

    def _note_agent(self, record: Filed) -> None:
        holding = self._story.holdings.get(self._story.key(record))
        if (
            isinstance(record.event, Assigned | Accepted)
            and record.event.agent
            and holding
            and holding.owner == "agent"
        ):
            self._taken_over = record, record.event.agent

    def _owner_changed(self, record: Filed, event: OwnerChanged) -> None:
        self._taken_over = None
        self._hold(record, Holding(event.owner, self._agent(event.agent) if event.agent else ""))

    def _hold(self, record: Filed, holding: Holding) -> None:
        key = self._story.key(record)
        if self._story.holdings.get(key) == holding:
            self._behind(record)
            return
        self._story.holdings[key] = holding
        self._story.mark(record, "owner", holding.agent or OWNERS[holding.owner], step=record.step)

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
            self._tell(record, "entry", f"{who}: {quoted(entry)}")
        elif self._line is not None and self._line.cause[1] == record.event.ticket:
            self._behind(record)
        else:
            self._tell(record, "entry", quoted(entry))

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

    def _words(self, record: Filed) -> str:
        ticket = record.event.ticket

        def entry(id: str) -> str:
            known = self._by_entry.get((ticket, id))
            return quoted(known) if known else f"message {id}"

        return clause(record.event, Voice(self._who(record), self._agent, entry))


_ALARMS = (HandoffFailed, EntryFailed)
_WRITERS = {"customer": "a message of the customer", "bot": "a message of the bot", "system": "a message"}


def _media(mime: str | None, file: Any) -> Media:
    return Media(kind=_MEDIA_KINDS.get((mime or "").partition("/")[0], "document"), file=file)
