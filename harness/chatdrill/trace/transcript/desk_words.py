"""What becomes true at a helpdesk, as clauses that a line about a ticket is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.model import (
    Accepted,
    AgentTyped,
    Assigned,
    ContactFiled,
    Declined,
    DeskEvent,
    Entry,
    EntryChanged,
    EntryFailed,
    HandoffAsked,
    HandoffFailed,
    OwnerChanged,
    PresenceChanged,
    Rated,
    StateChanged,
    SurveyAsked,
    TicketClosed,
    TicketOpened,
    TicketReopened,
)
from chatdrill.trace.transcript.phrases import one_line

BY: Mapping[str, str] = {"bot": "the bot", "customer": "the customer", "desk": "the desk itself", "agent": "an agent"}
"""Who caused an event, where no more is known."""
_BEST = 5
_QUOTED_MAX = 120
OWNERS: Mapping[str, str] = {
    "bot": "the bot",
    "queue": "the queue, waiting for a person",
    "agent": "an agent",
    "none": "nobody",
}


@dataclass(frozen=True)
class Voice:
    """What a clause needs to know besides the event: ``who`` caused it, the name of an agent by key, a message of the ticket
    by its id."""

    who: str
    agent: Callable[[str], str]
    entry: Callable[[str], str]


def clause(event: DeskEvent, voice: Voice) -> str:
    """The event as a clause; empty for one that says nothing to a reader."""
    words = _CLAUSES.get(type(event))
    return "" if words is None else words(event, voice)


def quoted(entry: Entry) -> str:
    """An entry in quotes; by its files or its kind where it has no words."""
    if entry.text.strip():
        return f"“{one_line(entry.text, _QUOTED_MAX)}”"
    files = ", ".join(one_line(file.name or file.mime or "file", 40) for file in entry.files)
    return files or entry.kind or "an empty message"


def owner_words(event: OwnerChanged, agent: Callable[[str], str]) -> str:
    """``the queue, waiting for a person``, ``Bob Stone``."""
    return agent(event.agent) if event.agent else OWNERS[event.owner]


def _contact(event: ContactFiled, voice: Voice) -> str:
    verb = "filed" if event.made else "changed"
    return f"{voice.who} {verb} the contact {one_line(event.name, 60)}".rstrip()


def _opened(event: TicketOpened, voice: Voice) -> str:
    """``opened by the bot (“Torn shoe”, for the team returns, priority high, continues ticket 3)``."""
    facts = (
        f"“{one_line(event.subject, 80)}”" if event.subject else "",
        f"for the team {one_line(event.team, 40)}" if event.team else "",
        f"priority {one_line(event.priority, 20)}" if event.priority else "",
        f"continues ticket {one_line(event.follows, 40)}" if event.follows else "",
    )
    said = ", ".join(filter(None, facts))
    return f"opened by {voice.who}" + (f" ({said})" if said else "")


def _changed(event: EntryChanged, voice: Voice) -> str:
    verb, after = ("deleted", "") if event.deleted else ("changed", f" to “{one_line(event.text, _QUOTED_MAX)}”")
    return f"{voice.who} {verb} {voice.entry(event.entry_id)}{after}"


def _failed(event: EntryFailed, voice: Voice) -> str:
    why = f" ({one_line(event.reason, 160)})" if event.reason else ""
    return f"the agents see that the customer did not get {voice.entry(event.entry_id)}{why}"


def _assigned(event: Assigned, voice: Voice) -> str:
    team = f"the team {one_line(event.team, 40)}" if event.team else ""
    to = voice.agent(event.agent) if event.agent else "the bot" if event.bot else team or "nobody"
    return f"{'routed' if event.automatic else 'assigned'} to {to}"


def _status(event: StateChanged, _: Voice) -> str:
    word = f" (“{one_line(event.word, 40)}”)" if event.word and event.word != event.state else ""
    return f"status {event.state}{word}"


def _rated(event: Rated, voice: Voice) -> str:
    whom = f" for {voice.agent(event.agent)}" if event.agent else ""
    comment = f", “{one_line(event.comment, 120)}”" if event.comment else ""
    return f"rated {event.score:g} of {_BEST}{whom}{comment}"


_CLAUSES: Mapping[type, Callable[[Any, Voice], str]] = {
    ContactFiled: _contact,
    TicketOpened: _opened,
    HandoffAsked: lambda _, voice: f"{voice.who} asks for a person",
    HandoffFailed: lambda event, _: f"it could not be handed over ({one_line(event.reason, 160)})",
    EntryChanged: _changed,
    EntryFailed: _failed,
    Assigned: _assigned,
    Accepted: lambda event, voice: f"{voice.agent(event.agent)} accepts",
    Declined: lambda event, voice: f"{voice.agent(event.agent)} declines",
    StateChanged: _status,
    TicketClosed: lambda _, voice: f"closed by {voice.who}",
    TicketReopened: lambda _, voice: f"opened again by {voice.who}",
    SurveyAsked: lambda *_: "the desk asks the customer for a rating",
    Rated: _rated,
    PresenceChanged: lambda event, voice: f"{voice.agent(event.agent)} is {event.presence}",
    AgentTyped: lambda event, voice: f"{voice.agent(event.agent)} is typing",
}
