"""What can happen to a conversation, whoever causes it: each with its events and its notifications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import (
    DeskEvent,
    Entry,
    EntryAdded,
    EntryChanged,
    File,
    HandoffAsked,
    StateChanged,
    SurveyAsked,
    TicketClosed,
    TicketReopened,
)
from chatdrill_fakes.desks.intercom import bodies, hooks
from chatdrill_fakes.desks.intercom.owning import HELD, owner
from chatdrill_fakes.desks.intercom.state import (
    NEUTRAL_CATEGORY,
    NEUTRAL_STATUS,
    Author,
    IntercomState,
    IntercomTicket,
    Part,
    Status,
)

CUSTOMERS = frozenset({"user", "lead", "contact"})
TICKET_TOPICS = {
    "conversation.user.replied": "ticket.contact.replied",
    "conversation.admin.replied": "ticket.admin.replied",
    "conversation.admin.noted": "ticket.note.created",
    "conversation.admin.closed": "ticket.closed",
    "conversation.rating.added": "ticket.rating.provided",
}
"""What a conversation's topic is called where the conversation is a ticket; the others keep their name."""


@dataclass
class Scene:
    """One deed: in which conversation, when (drill time there), by whom, and the events it makes true."""

    state: IntercomState
    ticket: IntercomTicket
    at: float
    by: Author
    by_api: bool = False
    events: list[DeskEvent] = field(default_factory=list)

    def as_operator(self) -> Scene:
        """The same, done by Intercom itself."""
        return Scene(self.state, self.ticket, self.at, self.state.operator, False, self.events)

    @property
    def owner(self) -> str:
        """Who may speak."""
        return owner(self.state, self.ticket.address)


@dataclass(frozen=True)
class Said:
    """What somebody writes: HTML, the words in it, files, and the time that they state for it (drill time)."""

    body: str | None = None
    text: str = ""
    files: tuple[File, ...] = ()
    stated_at: float | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


SILENT = Said()


@contextmanager
def settled(scene: Scene, *, asks: bool = False) -> Iterator[None]:
    """Afterwards, tell whether people's part began or ended; ``asks``: a change to them was the bot's wish."""
    before = scene.owner
    yield
    after, address = scene.owner, scene.ticket.address
    if before in HELD and after == "bot":
        scene.ticket.over, scene.ticket.human = True, False
        scene.events.append(TicketClosed(ticket=address))
    elif before == "bot" and after in HELD:
        if scene.ticket.over:
            scene.events.append(TicketReopened(ticket=address))
        if asks:
            scene.events.append(HandoffAsked(ticket=address, fields=dict(scene.ticket.custom_attributes)))
        scene.ticket.over = False


def role_of(state: IntercomState, part: Part) -> Literal["customer", "bot", "agent", "system"]:
    """Who wrote a part, in chatdrill's words. What an app wrote under an admin's seat is the bot's: Intercom marks it so."""
    if part.author.type in CUSTOMERS:
        return "customer"
    if part.author.type == "bot":
        return "system"
    return "bot" if part.by_api or part.author.id == state.bot_id else "agent"


def entry_of(state: IntercomState, part: Part) -> Entry:
    """A part as an agent sees it."""
    return Entry(
        id=part.id,
        author=role_of(state, part),
        at=part.at,
        text=part.text,
        public=part.kind != "note",
        files=part.files,
        kind="quick_reply" if part.kind == "quick_reply" else None,
        origin_at=part.stated_at,
        said_by=part.author.name or None,
    )


def file_entry(scene: Scene, part: Part) -> None:
    """Show a part to the agents, if it says something."""
    if part.body is None and not part.files and not part.metadata:
        return
    entry = entry_of(scene.state, part)
    scene.ticket.entries.append(entry)
    scene.events.append(EntryAdded(ticket=scene.ticket.address, entry=entry))


def add_part(scene: Scene, kind: str, said: Said = SILENT, **more: Any) -> Part:
    """Append a part; ``more`` are further fields of ``Part``."""
    part = Part(
        id=scene.state.next_id("part"),
        kind=kind,
        author=scene.by,
        at=scene.at,
        stated_at=said.stated_at,
        body=said.body,
        text=said.text,
        files=said.files,
        state=scene.ticket.status,
        by_api=scene.by_api,
        metadata=said.metadata,
        **more,
    )
    scene.ticket.parts.append(part)
    scene.ticket.changed_at = scene.at
    file_entry(scene, part)
    return part


def tell(scene: Scene, topic: str, parts: Sequence[Part] = ()) -> None:
    """Notify the bot of a conversation or ticket."""
    if scene.ticket.face is not None and topic in TICKET_TOPICS:
        hooks.tell_ticket(scene.state, scene.ticket, TICKET_TOPICS[topic], scene.at, parts[-1] if parts else None)
    else:
        hooks.tell(scene.state, scene.ticket, topic, scene.at, parts)


def set_status(scene: Scene, status: Status, until: int | None = None) -> None:
    """Open, snooze or close."""
    ticket = scene.ticket
    ticket.snoozed_until = until
    if ticket.status == status:
        return
    ticket.status = status
    ticket.changed_at = scene.at
    by_face = status == "open" and ticket.face is not None
    ticket.state = NEUTRAL_CATEGORY[ticket.face.category] if by_face and ticket.face else NEUTRAL_STATUS[status]
    scene.events.append(StateChanged(ticket=ticket.address, state=ticket.state, word=status))


# --------------------------------------------------------------------------------------------------- words


def customer_says(scene: Scene, said: Said, *, stay_snoozed: bool = False) -> Part:
    """A comment of the customer: it opens what is closed or snoozed."""
    ticket = scene.ticket
    reopens = ticket.status == "closed" or (ticket.status == "snoozed" and not stay_snoozed)
    with settled(scene):
        if reopens:
            set_status(scene, "open")
        part = add_part(scene, "open" if reopens else "comment", said)
        ticket.read = False
        ticket.waiting_since = ticket.waiting_since or int(scene.at)
        ticket.first_reply_at = ticket.first_reply_at or int(scene.at)
    tell(scene, "conversation.user.replied", (part,))
    return part


def admin_says(scene: Scene, kind: str, said: Said) -> Part:
    """A comment, note or quick reply of an admin. It opens nothing."""
    with settled(scene):
        part = add_part(scene, kind, said)
        if kind != "note":
            scene.ticket.waiting_since = None
            scene.ticket.human = scene.ticket.human or role_of(scene.state, part) == "agent"
    tell(scene, "conversation.admin.noted" if kind == "note" else "conversation.admin.replied", (part,))
    return part


def redact(scene: Scene, part: Part) -> None:
    """Delete the words and files of a part or of the source."""
    part.body, part.text, part.files, part.redacted = bodies.DELETED, "", (), True
    part.changed_at = scene.ticket.changed_at = scene.at
    entries = scene.ticket.entries
    entries[:] = [entry_of(scene.state, part) if entry.id == part.id else entry for entry in entries]
    scene.events.append(EntryChanged(ticket=scene.ticket.address, entry_id=part.id, deleted=True))
    shown = () if part is scene.ticket.source else (part,)
    tell(scene, "conversation_part.redacted", shown)


# --------------------------------------------------------------------------------------------------- states


def close(scene: Scene, said: Said = SILENT) -> None:
    """End it; a closed one stays as it is."""
    if scene.ticket.status == "closed":
        return
    was_agents = scene.owner == "agent"
    with settled(scene):
        set_status(scene, "closed")
        part = add_part(scene, "close", said)
        scene.ticket.waiting_since = None
        scene.ticket.human = False
    tell(scene, "conversation.admin.closed", (part,))
    if was_agents and scene.state.on("csat"):
        scene.events.append(SurveyAsked(ticket=scene.ticket.address))


def snooze(scene: Scene, until: int) -> None:
    """Put it aside until a time (Unix seconds)."""
    with settled(scene):
        set_status(scene, "snoozed", until)
        part = add_part(scene, "snoozed")
    tell(scene, "conversation.admin.snoozed", (part,))


def open_again(scene: Scene, *, kind: str | None = None) -> None:
    """Open what is closed, wake what is snoozed; an open one stays as it is."""
    was = scene.ticket.status
    if was == "open":
        return
    with settled(scene):
        set_status(scene, "open")
        part = add_part(scene, kind or ("open" if was == "closed" else "unsnoozed"))
    topic = "conversation.admin.opened" if was == "closed" else "conversation.admin.unsnoozed"
    tell(scene, topic, (part,))
