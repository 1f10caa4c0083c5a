"""What agents see happen in a thread: every message from the first one on, and who controls it.

The inbox is told nothing: it compares the Page's state with what it saw last.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from chatdrill.model import (
    DeskEvent,
    Elapse,
    Entry,
    EntryAdded,
    EntryChanged,
    HandoffAsked,
    Message,
    StateChanged,
    TicketClosed,
    TicketOpened,
    TicketReopened,
)
from chatdrill.wire import Later
from chatdrill_fakes.families.graph.limits import THREAD_IDLE_S

from ..state import MessengerChat
from .state import InboxState, InboxThread

IDLE = "idle"


def notice(state: InboxState, address: str, now: float) -> list[DeskEvent]:
    """See ``Resident.notice``. Control that has left the inbox left it before what was said since."""
    chat, thread = state.page.chats[address], state.tickets.get(address)
    events: list[DeskEvent] = []
    if thread is None:
        if not chat.messages:
            return events
        thread = _open(state, chat, now)
        events.append(TicketOpened(ticket=address, contact=address, keys=(address,), name=chat.customer.name))
    if thread.controller == state.app_id:
        events += look(state, thread, now)
    events += _messages(thread, chat, now)
    events += look(state, thread, now)
    return events


def _open(state: InboxState, chat: MessengerChat, now: float) -> InboxThread:
    thread = InboxThread(address=chat.address, contact=chat.address, ahead_s=chat.ahead_s, made_at=now)
    state.tickets[chat.address] = thread
    return thread


# -------------------------------------------------------------------------------------------------- the messages


def _messages(thread: InboxThread, chat: MessengerChat, now: float) -> Iterator[DeskEvent]:
    for mid, message in chat.messages.items():
        if mid not in thread.shown:
            yield added(thread, entry_of(message))
        elif thread.shown[mid] != message.text:
            thread.shown[mid] = message.text
            yield EntryChanged(ticket=thread.address, entry_id=mid, text=message.text)
    for mid in sorted(chat.deleted.keys() - thread.gone):
        thread.gone.add(mid)
        yield EntryChanged(ticket=thread.address, entry_id=mid, deleted=True)
    for words in chat.requests[thread.requests :]:
        thread.requests += 1
        text = f"The bot asks for this thread. {words}".rstrip()
        id = f"request-{thread.requests}"
        yield added(thread, Entry(id=id, author="system", at=now, text=text, public=False, kind="request"))


def entry_of(message: Message, said_by: str | None = None) -> Entry:
    """A message of the thread as the agents see it; its id is the platform's."""
    return Entry(
        id=message.id,
        author="system" if message.author == "platform" else message.author,
        at=message.at,
        text=message.text,
        files=tuple(media.file for media in message.media),
        kind=None if message.text or message.media else type(message.parts[0]).__name__.lower(),
        origin_id=message.id,
        origin_at=message.at,
        reply_to=message.reply_to,
        said_by=said_by,
    )


def added(thread: InboxThread, entry: Entry) -> EntryAdded:
    """The entry stands in the thread from now on."""
    thread.shown[entry.id] = entry.text
    thread.entries.append(entry)
    thread.changed_at = entry.at
    return EntryAdded(ticket=thread.address, entry=entry)


# --------------------------------------------------------------------------------------------------- the control


def look(state: InboxState, thread: InboxThread, now: float) -> list[DeskEvent]:
    """What it means if another app controls the thread than before; nothing tells the inbox that a thread has gone idle."""
    chat = state.page.chats[thread.address]
    before, thread.controller = thread.controller, state.page.owner_of(chat, now)
    if thread.controller == before:
        return []
    if thread.controller == state.app_id:
        asked = HandoffAsked(ticket=thread.address, fields=_told_with(chat.handed_with))
        return [*opened(state, thread), asked]
    return closed(thread) if before == state.app_id else []


def _told_with(metadata: str | None) -> dict[str, object]:
    """What the bot said with the thread: the fields of an object, or words."""
    if metadata is None:
        return {}
    try:
        read = msgspec.json.decode(metadata)
    except msgspec.DecodeError:
        read = None
    return read if isinstance(read, dict) else {"metadata": metadata}


def opened(state: InboxState, thread: InboxThread) -> list[DeskEvent]:
    """The thread is the inbox's now; it is nobody's there yet."""
    reopened = thread.state == "closed"
    thread.state, thread.assignee = "open", None
    if not thread.timed:
        thread.timed = True
        state.planned.append(Later(float(THREAD_IDLE_S), thread.address, Elapse(agent="", what=IDLE)))
    events: list[DeskEvent] = [StateChanged(ticket=thread.address, state="open", word="inbox")]
    return [TicketReopened(ticket=thread.address), *events] if reopened else events


def closed(thread: InboxThread) -> list[DeskEvent]:
    """The agents' part is over."""
    thread.state, thread.assignee = "closed", None
    return [
        StateChanged(ticket=thread.address, state="closed", word="done"),
        TicketClosed(ticket=thread.address),
    ]
