"""Telegram Desktop's "Export chat history" and "Export Telegram data", as JSON: one chat, or a whole account.

Written down from exports of Telegram Desktop 2.x to 5.x. Times are Unix seconds (``date_unixtime``), before 3.x local ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from chatdrill.importing.dialog import Attached, Card, Dialog, Place, Role, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.jsontext import document, items
from chatdrill.importing.kinds import attached, of_kind
from chatdrill.importing.reader import Options, Reader
from chatdrill.model import MediaKind

_KINDS: dict[str, MediaKind] = {
    "voice_message": "voice",
    "video_message": "video_note",
    "video_file": "video",
    "audio_file": "audio",
    "sticker": "sticker",
    "animation": "animation",
}


class _Message(msgspec.Struct):
    type: str = "message"
    id: int = 0
    date: str = ""
    date_unixtime: int | None = None
    edited: str | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    from_id: str | int | None = None
    text: str | list[Any] = ""
    photo: str | None = None
    file: str | None = None
    file_name: str | None = None
    media_type: str | None = None
    mime_type: str | None = None
    sticker_emoji: str | None = None
    location_information: dict[str, float] | None = None
    place_name: str | None = None
    address: str | None = None
    contact_information: dict[str, Any] | None = None
    reply_to_message_id: int | None = None
    forwarded_from: str | None = None
    inline_bot_buttons: list[list[dict[str, Any]]] = []


class _Chat(msgspec.Struct):
    messages: list[msgspec.Raw]
    name: str | None = None
    type: str = ""
    id: int | None = None


class _Chats(msgspec.Struct):
    all: list[_Chat] = msgspec.field(default_factory=list, name="list")


class _Document(msgspec.Struct):
    messages: list[msgspec.Raw] | None = None
    name: str | None = None
    type: str = ""
    id: int | None = None
    chats: _Chats | None = None

    def all(self) -> list[_Chat]:
        """The chats of an account, or the one that was exported by itself."""
        if self.messages is not None:
            return [_Chat(messages=self.messages, name=self.name, type=self.type, id=self.id)]
        return self.chats.all if self.chats else []


def _sniff(name: str, head: str) -> bool:
    is_chat = '"messages"' in head and ('"date_unixtime"' in head or '"from_id"' in head)
    return name.lower().endswith(".json") and (is_chat or ('"personal_information"' in head and '"user_id"' in head))


def _read(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        with document(export, name, _Document) as made:
            for chat in made.all():
                yield Dialog(
                    title=chat.name or "Telegram chat",
                    format="telegram",
                    where=export.where(name),
                    turns=partial(_turns, export, name, chat.messages),
                    platform="telegram",
                    roles=_roles(chat.name, chat.type),
                    sees_buttons=True,
                )


def _roles(title: str | None, type_: str) -> dict[str, Role]:
    return {title: "bot"} if title and type_ == "bot_chat" else {}


def _turns(export: Export, name: str, raws: Sequence[msgspec.Raw]) -> Iterator[Turn]:
    for message in items(enumerate(raws, start=1), _Message, export, name):
        if message.type == "message" and (turn := _turn(message)) is not None:
            yield turn


def _turn(message: _Message) -> Turn | None:
    text, files = _text(message.text), _files(message)
    place, card = _place(message), _card(message)
    if not (text or files or place or card):
        return None
    return Turn(
        at=_at(message),
        who=message.from_ or str(message.from_id or "deleted account"),
        text=text,
        id=str(message.id),
        reply_to=None if message.reply_to_message_id is None else str(message.reply_to_message_id),
        files=files,
        place=place,
        card=card,
        buttons=tuple(str(button.get("text", "")) for row in message.inline_bot_buttons for button in row),
        keyboard="inline" if message.inline_bot_buttons else None,
        forwarded=message.forwarded_from is not None,
        changed=message.edited is not None,
    )


def _at(message: _Message) -> float:
    if message.date_unixtime is not None:
        return message.date_unixtime
    try:
        return dt.datetime.fromisoformat(message.date).replace(tzinfo=dt.UTC).timestamp()
    except ValueError as error:
        raise msgspec.ValidationError(f"{message.date!r} is no date") from error


def _text(text: str | list[Any]) -> str:
    if isinstance(text, str):
        return text
    return "".join(piece if isinstance(piece, str) else str(piece.get("text", "")) for piece in text)


def _files(message: _Message) -> tuple[Attached, ...]:
    path = message.photo or message.file
    if path is None:
        return ()
    kind: MediaKind = "photo" if message.photo else _KINDS.get(message.media_type or "", "document")
    if path.startswith("("):  # "(File not included. Change data exporting settings to download.)"
        return (of_kind(kind, name=message.file_name, emoji=message.sticker_emoji),)
    shown = message.file_name if kind == "document" else None
    return (attached(path, kind, name=shown, emoji=message.sticker_emoji),)


def _place(message: _Message) -> Place | None:
    where = message.location_information
    if where is None or not {"latitude", "longitude"} <= where.keys():
        return None
    return Place(
        latitude=where["latitude"], longitude=where["longitude"], name=message.place_name, address=message.address
    )


def _card(message: _Message) -> Card | None:
    card = message.contact_information
    if card is None:
        return None
    name = " ".join(filter(None, (card.get("first_name"), card.get("last_name"))))
    return Card(name=name or "?", phone=str(card.get("phone_number") or ""))


TELEGRAM = Reader("telegram", "Telegram Desktop: a chat or an account (JSON)", _sniff, _read)
