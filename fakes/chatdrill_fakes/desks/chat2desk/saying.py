"""A message comes into a dialog: stored, told to the webhooks, and shown to the operators."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import DeskEvent, Entry, EntryAdded, File, StateChanged
from chatdrill_fakes.desks.chat2desk import hooks
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState, Dialog, Kind, Message, Request
from chatdrill_fakes.families.desks import plain_words

_Author = Literal["customer", "bot", "agent", "system"]
PRIVATE: frozenset[Kind] = frozenset({"comment", "system"})


@dataclass(frozen=True)
class Words:
    """What is said: text, files, a place, and what the caller wants to find again."""

    text: str = ""
    files: tuple[File, ...] = ()
    coordinates: str | None = None
    external_id: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def open_request(state: Chat2DeskState, dialog: Dialog, now: float) -> list[DeskEvent]:
    """Begin a case if none is open; the dialog stays the same."""
    if dialog.request is not None and dialog.request.open:
        return []
    dialog.requests.append(Request(state.new_id("request")))
    hooks.tell_request(state, "new_request", dialog, now, dialog.assignee)
    return [StateChanged(ticket=dialog.address, state="new", word="new_request")]


def say(
    state: Chat2DeskState,
    dialog: Dialog,
    kind: Kind,
    words: Words,
    now: float,
    *,
    agent: str | None = None,
    by_bot: bool = False,
    new_request: bool = False,
    new_client: bool = False,
) -> tuple[Message, list[DeskEvent]]:
    """Put a message into the dialog's last request. ``agent`` (a key) is the operator it is written as, ``by_bot`` says
    that a call of the API wrote it."""
    assert dialog.request is not None
    message = Message(
        id=state.new_id("message"),
        dialog=dialog.address,
        request=dialog.request.id,
        kind=kind,
        text=words.text,
        at=now,
        operator=None if agent is None else state.seats[agent].id,
        files=words.files,
        coordinates=words.coordinates,
        external_id=words.external_id,
        extra=words.extra,
    )
    state.messages[message.id] = message
    dialog.messages.append(message)
    dialog.changed_at = now
    entry = _entry(state, dialog, message, agent, by_bot)
    dialog.entries.append(entry)
    hooks.tell_message(state, message, now, new_request=new_request, new_client=new_client)
    return message, [EntryAdded(ticket=dialog.address, entry=entry)]


def _author(message: Message, agent: str | None, by_bot: bool) -> _Author:
    if message.kind == "from_client":
        return "customer"
    if message.kind == "system" or not (by_bot or agent):
        return "system"
    return "bot" if by_bot else "agent"


def _entry(state: Chat2DeskState, dialog: Dialog, message: Message, agent: str | None, by_bot: bool) -> Entry:
    author = _author(message, agent, by_bot)
    name = dialog.client.name if author == "customer" else state.seats[agent].agent.name if agent else None
    return Entry(
        id=message.id,
        author=author,
        at=message.at,
        text=plain_words(message.text) or message.coordinates or "",
        public=message.kind not in PRIVATE,
        files=message.files,
        kind="location" if message.coordinates else "system" if message.kind == "system" else None,
        origin_id=message.external_id,
        said_by=name or None,
    )
