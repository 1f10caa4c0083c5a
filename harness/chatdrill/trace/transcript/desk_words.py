"""What becomes true at a helpdesk, as clauses that a line about a ticket is made of."""

from __future__ import annotations

from collections.abc import Callable

from chatdrill.model import Assigned, Entry, Rated, StateChanged, TicketOpened
from chatdrill.trace.transcript.phrases import one_line

_BEST = 5


def opened(event: TicketOpened) -> str:
    """What is known of a new ticket: `` (“Torn shoe”, for the team returns, priority high, continues ticket 3)``."""
    facts = (
        f"“{one_line(event.subject, 80)}”" if event.subject else "",
        f"for the team {one_line(event.team, 40)}" if event.team else "",
        f"priority {one_line(event.priority, 20)}" if event.priority else "",
        f"continues ticket {one_line(event.follows, 40)}" if event.follows else "",
    )
    said = ", ".join(filter(None, facts))
    return f" ({said})" if said else ""


def assigned(event: Assigned, name: Callable[[str], str]) -> str:
    """``assigned to Bob Stone``, ``routed to the team returns``, ``assigned to nobody``."""
    verb = "routed" if event.automatic else "assigned"
    team = f"the team {one_line(event.team, 40)}" if event.team else ""
    to = name(event.agent) if event.agent else "the bot" if event.bot else team or "nobody"
    return f"{verb} to {to}"


def status(event: StateChanged) -> str:
    """``status solved``, with the vendor's word where that is another one."""
    word = f" (“{one_line(event.word, 40)}”)" if event.word and event.word != event.state else ""
    return f"status {event.state}{word}"


def rated(event: Rated, name: Callable[[str], str]) -> str:
    """``rated 5 of 5 for Bob Stone, “very kind”``."""
    whom = f" for {name(event.agent)}" if event.agent else ""
    comment = f", “{one_line(event.comment, 120)}”" if event.comment else ""
    return f"rated {event.score:g} of {_BEST}{whom}{comment}"


def word_quoted(entry: Entry, most: int) -> str:
    """An entry in quotes; by its kind or its files where it has no words."""
    if entry.text.strip():
        return f"“{one_line(entry.text, most)}”"
    files = ", ".join(one_line(file.name or file.mime or "file", 40) for file in entry.files)
    return files or entry.kind or "an empty message"
