"""Chatwoot's conversations as its API gives them: ``GET .../conversations/{id}/messages``, a conversation with its messages, or
several.

https://developers.chatwoot.com/api-reference/messages/get-messages (4.x): ``message_type`` is 0 incoming, 1 outgoing, 2 activity,
3 template in answers, and a word in webhooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from chatdrill.importing.dialog import Attached, Dialog, Role, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.jsontext import document, items
from chatdrill.importing.kinds import of_kind
from chatdrill.importing.reader import Options, Reader
from chatdrill.importing.times import unix
from chatdrill.model import MediaKind

_TYPES: dict[Any, str] = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}
_KINDS: dict[str, MediaKind] = {"image": "photo", "audio": "voice", "video": "video"}


class _Message(msgspec.Struct):
    created_at: int | float | str = 0
    content: str | None = None
    message_type: int | str = 0
    private: bool = False
    id: int | None = None
    sender: dict[str, Any] | None = None
    sender_type: str | None = None
    attachments: list[dict[str, Any]] = []
    content_type: str | None = None
    content_attributes: dict[str, Any] | None = None


class _Conversation(msgspec.Struct):
    id: int | None = None
    messages: list[msgspec.Raw] = []
    payload: list[msgspec.Raw] = []
    meta: dict[str, Any] = {}
    status: str | None = None


def _sniff(name: str, head: str) -> bool:
    return (
        name.lower().endswith(".json")
        and '"message_type"' in head
        and ('"content_type"' in head or '"conversation_id"' in head)
    )


def _read(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        with document(export, name, _Conversation | list[_Conversation]) as made:
            for one in made if isinstance(made, list) else [made]:
                title = f"Chatwoot conversation {one.id or one.meta.get('id') or ''}".strip()
                turns = partial(_turns, export, name, one.messages or one.payload)
                yield Dialog(title=title, format="chatwoot", where=export.where(name), turns=turns, sees_buttons=True)


def _turns(export: Export, name: str, raws: Sequence[msgspec.Raw]) -> Iterator[Turn]:
    for message in items(enumerate(raws, start=1), _Message, export, name):
        yield from _turn(message)


def _turn(message: _Message) -> Iterator[Turn]:
    kind = _TYPES.get(message.message_type, str(message.message_type))
    sender = message.sender or {}
    if kind == "activity":
        if re.search(r"resolved|закрыт|rozwiązan", message.content or ""):
            yield Turn(at=unix(message.created_at), who="Chatwoot", role="agent", does="closes")
        return
    files = tuple(_file(file) for file in message.attachments)
    if not (message.content or files):
        return
    yield Turn(
        at=unix(message.created_at),
        who=str(sender.get("name") or kind),
        role=_role(kind, str(sender.get("type") or message.sender_type or "")),
        text=message.content or "",
        id=None if message.id is None else str(message.id),
        files=files,
        buttons=_buttons(message),
        private=message.private,
    )


def _role(kind: str, sender_type: str) -> Role:
    if kind == "incoming":
        return "customer"
    return "agent" if kind == "outgoing" and sender_type.lower() == "user" else "bot"


def _file(file: Mapping[str, Any]) -> Attached:
    return of_kind(_KINDS.get(str(file.get("file_type")), "document"))


def _buttons(message: _Message) -> tuple[str, ...]:
    if message.content_type != "input_select":
        return ()
    found = (message.content_attributes or {}).get("items") or ()
    return tuple(str(item.get("title", "")) for item in found if isinstance(item, dict))


CHATWOOT = Reader("chatwoot", "Chatwoot: conversations of its API (JSON)", _sniff, _read)
