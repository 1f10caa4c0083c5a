"""Intercom's conversations as its API gives them: ``GET /conversations/{id}``, or a list of them.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations (2.11 to 2.14): the first message is the
``source``, what follows are ``conversation_parts``; bodies are HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from chatdrill.importing.dialog import Attached, Dialog, Role, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.htmltext import words
from chatdrill.importing.jsontext import document
from chatdrill.importing.kinds import kind_of_mime, of_kind
from chatdrill.importing.reader import Options, Reader
from chatdrill.importing.times import unix

_ROLES: dict[str, Role] = {
    "user": "customer",
    "lead": "customer",
    "contact": "customer",
    "admin": "agent",
    "bot": "bot",
}
_SAID = ("comment", "open", "note", "assignment", "quick_reply", "assign_and_reopen", "close", "note_and_reopen")


class _Parts(msgspec.Struct):
    conversation_parts: list[dict[str, Any]] = []


class _Conversation(msgspec.Struct):
    id: str | int = ""
    created_at: int | float | str = 0
    source: dict[str, Any] | None = None
    conversation_parts: _Parts | None = None


class _List(msgspec.Struct):
    conversations: list[_Conversation]


_Whole = list[_Conversation] | _Conversation


def _sniff(name: str, head: str) -> bool:
    return name.lower().endswith(".json") and '"conversation_parts"' in head


def _conversations(export: Export, name: str) -> list[_Conversation]:
    with document(export, name, dict[str, msgspec.Raw] | list[msgspec.Raw]) as outside:
        is_list = isinstance(outside, dict) and "conversations" in outside
    if is_list:
        with document(export, name, _List) as listed:
            return list(listed.conversations)
    with document(export, name, _Whole) as made:
        return made if isinstance(made, list) else [made]


def _read(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        for one in _conversations(export, name):
            title = f"Intercom conversation {one.id}".strip()
            yield Dialog(
                title=title, format="intercom", where=export.where(name), turns=partial(_turns, one), sees_buttons=False
            )


def _turns(one: _Conversation) -> Iterator[Turn]:
    if one.source:
        yield from _turn({**one.source, "created_at": one.created_at, "part_type": "comment"})
    for part in one.conversation_parts.conversation_parts if one.conversation_parts else ():
        yield from _turn(part)


def _turn(part: Mapping[str, Any]) -> Iterator[Turn]:
    author, kind = part.get("author") or {}, str(part.get("part_type") or "comment")
    role = _ROLES.get(str(author.get("type")), "bot")
    text = words(str(part.get("body") or ""))
    files = tuple(_file(file) for file in part.get("attachments") or () if isinstance(file, dict))
    at, who = unix(part.get("created_at")), str(author.get("name") or author.get("type") or "?")
    if kind.startswith(_SAID) and (text or files):
        is_note = kind.startswith("note") or kind == "assignment"
        yield Turn(at=at, who=who, role=role, text=text, id=str(part.get("id") or ""), files=files, private=is_note)
    if kind == "close" and role == "agent":
        yield Turn(at=at, who=who, role=role, does="closes")


def _file(file: Mapping[str, Any]) -> Attached:
    kind = kind_of_mime(str(file.get("content_type") or ""))
    return of_kind(kind, name=str(file.get("name")) if kind == "document" and file.get("name") else None)


INTERCOM = Reader("intercom", "Intercom: conversations of its API (JSON)", _sniff, _read)
