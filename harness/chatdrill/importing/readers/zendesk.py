"""Zendesk's two ways to keep a dialog: the comments of a ticket (Support API) and messages (Sunshine Conversations).

https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/ and .../conversations/ (2025-11). A ticket is read from
``{"comments": []}``, with ``ticket`` and ``users`` beside them if there are any, or from the JSON export of tickets, one in a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from chatdrill.errors import ExportError
from chatdrill.importing.dialog import Attached, Dialog, Role, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.htmltext import words
from chatdrill.importing.jsontext import document, items
from chatdrill.importing.kinds import kind_of_mime, of_kind
from chatdrill.importing.reader import Options, Reader
from chatdrill.importing.times import unix
from chatdrill.model import MediaKind

_SUNCO_KINDS: dict[str, MediaKind] = {"image": "photo", "file": "document"}


class _Comment(msgspec.Struct):
    created_at: str | int | float = 0
    author_id: int | None = None
    body: str = ""
    plain_body: str | None = None
    html_body: str | None = None
    public: bool = True
    id: int | None = None
    attachments: list[dict[str, Any]] = []
    via: dict[str, Any] | None = None


class _Ticket(msgspec.Struct):
    id: int | None = None
    requester_id: int | None = None
    submitter_id: int | None = None
    status: str | None = None
    requester: dict[str, Any] | None = None
    comments: list[_Comment] = []


class _Document(msgspec.Struct):
    comments: list[_Comment] = []
    ticket: _Ticket | None = None
    users: list[dict[str, Any]] = []
    id: int | None = None
    requester_id: int | None = None
    requester: dict[str, Any] | None = None


def _sniff(name: str, head: str) -> bool:
    return name.lower().endswith((".json", ".jsonl", ".ndjson")) and '"author_id"' in head and '"comments"' in head


def _documents(export: Export, name: str) -> Iterator[_Document]:
    """One document, or one in each line."""
    head = next((text for _, text in export.lines(name) if text.strip()), "")
    try:
        msgspec.json.decode(head.encode(), type=_Document)
    except (msgspec.MsgspecError, UnicodeError):
        with document(export, name, _Document) as made:
            yield made
        return
    for number, line in export.lines(name):
        try:
            if line.strip():
                yield msgspec.json.decode(line.encode(), type=_Document)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise ExportError(f"not a ticket of Zendesk's: {error}", where=export.where(name, number)) from error


def _read(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        for made in _documents(export, name):
            ticket = made.ticket or _Ticket(id=made.id, requester_id=made.requester_id, requester=made.requester)
            title = f"Zendesk ticket {ticket.id or ''}".strip()
            yield Dialog(title=title, format="zendesk", where=export.where(name), turns=partial(_turns, made, ticket))


def _turns(made: _Document, ticket: _Ticket) -> Iterator[Turn]:
    people = {user.get("id"): user for user in made.users}
    if ticket.requester:
        people.setdefault(ticket.requester.get("id"), {"role": "end-user", **ticket.requester})
    asker = ticket.requester_id or (ticket.requester or {}).get("id")
    if asker is None and made.comments and not made.users:
        asker = made.comments[0].author_id
    for comment in made.comments or ticket.comments:
        person = people.get(comment.author_id) or {}
        yield Turn(
            at=unix(comment.created_at),
            who=str(person.get("name") or f"author {comment.author_id}"),
            role=_role(comment, person, asker),
            text=comment.plain_body or comment.body or words(comment.html_body or ""),
            id=None if comment.id is None else str(comment.id),
            files=tuple(_file(file) for file in comment.attachments),
            private=not comment.public,
        )


def _role(comment: _Comment, person: Mapping[str, Any], asker: Any) -> Role:
    if comment.author_id == asker or person.get("role") == "end-user":
        return "customer"
    channel = (comment.via or {}).get("channel")
    return (
        "bot"
        if comment.author_id == -1 or channel in ("rule", "answer_bot_for_agents", "answer_bot_for_web_widget")
        else "agent"
    )


def _file(file: Mapping[str, Any]) -> Attached:
    kind = kind_of_mime(str(file.get("content_type") or ""))
    return of_kind(kind, name=str(file.get("file_name")) if kind == "document" and file.get("file_name") else None)


ZENDESK = Reader("zendesk", "Zendesk: comments of tickets (JSON, JSON lines)", _sniff, _read)

# --------------------------------------------------------------------------------- Sunshine Conversations


class _Message(msgspec.Struct):
    author: dict[str, Any]
    received: str | int | float = 0
    content: dict[str, Any] = {}
    id: str | None = None


class _Messages(msgspec.Struct):
    messages: list[msgspec.Raw]


def _sniff_sunco(name: str, head: str) -> bool:
    return name.lower().endswith(".json") and '"received"' in head and '"author"' in head and '"messages"' in head


def _read_sunco(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        yield Dialog(
            title="Sunshine conversation",
            format="sunco",
            where=export.where(name),
            turns=partial(_sunco_turns, export, name),
            sees_buttons=True,
        )


def _sunco_turns(export: Export, name: str) -> Iterator[Turn]:
    with document(export, name, _Messages) as made:
        for message in items(enumerate(made.messages, start=1), _Message, export, name):
            content, author = message.content, message.author
            kind = _SUNCO_KINDS.get(str(content.get("type")))
            actions = [action for action in content.get("actions") or () if isinstance(action, dict)]
            if content.get("type") == "activity":
                continue
            yield Turn(
                at=unix(message.received),
                who=str(author.get("displayName") or author.get("type") or "?"),
                role=_sunco_role(author),
                text=str(content.get("text") or content.get("altText") or ""),
                id=message.id,
                files=(of_kind(kind),) if kind else (),
                buttons=tuple(str(action.get("text", "")) for action in actions),
            )


def _sunco_role(author: Mapping[str, Any]) -> Role:
    if author.get("type") == "user":
        return "customer"
    subtypes = author.get("subtypes") or ()
    return (
        "agent"
        if "agent" in subtypes or (author.get("avatarUrl") and "bot" not in subtypes and "AI" not in subtypes)
        else "bot"
    )


SUNCO = Reader("sunco", "Sunshine Conversations: messages of its API (JSON)", _sniff_sunco, _read_sunco)
