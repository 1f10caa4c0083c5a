"""Updates read back as acts: the opposite of ``inbound``. Source: core.telegram.org/bots/api, Update and Message (10.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from chatdrill.model import (
    Block,
    Button,
    Contact,
    Edit,
    Event,
    Location,
    MediaKind,
    Other,
    Part,
    Press,
    React,
    Start,
    Text,
    Unblock,
    Write,
)
from chatdrill.wire.reading import MALFORMED, Reads, Said, bare_media, unread_event, unread_parts
from chatdrill_fakes.platforms.telegram.entities import Entity, to_spans, utf16_offsets

Json = Mapping[str, Any]
_MEDIA: tuple[MediaKind, ...] = (
    "animation", "photo", "voice", "video", "audio", "document", "sticker", "video_note",
)  # fmt: skip  # a moving picture stands under `document` as well
READS = Reads(
    acts=frozenset(("write", "press", "edit", "react", "start", "block", "unblock")),
    parts=frozenset(("text", "location", "contact", *(f"media.{kind}" for kind in _MEDIA))),
    loses=frozenset(("contact.email", "media.emoji")),
    presses="callback",
)
_MESSAGES = ("message", "business_message", "channel_post", "guest_message")
_OTHERS = ("poll", "dice", "game", "story", "invoice", "paid_media", "checklist", "giveaway")
_START = re.compile(r"/start(?:@\w+)?(?: (.*))?", re.DOTALL)
_FROM_ENTITY = {"pre": "language", "text_link": "url", "custom_emoji": "custom_emoji_id"}
_FRAME = frozenset(
    (
        "message_id", "from", "chat", "date", "edit_date", "sender_chat", "message_thread_id", "is_topic_message", "via_bot",
        "business_connection_id", "sender_business_bot", "sender_boost_count", "reply_markup", "reply_to_message",
    )
)  # fmt: skip


def read_update(update: Json) -> Iterator[Said]:
    """What one update tells of. Raises ``ValueError`` for what is none."""
    number = update.get("update_id")
    if not isinstance(number, int):
        raise ValueError("there is no update_id")  # noqa: TRY004  # one error for all that is no update
    for kind, payload in update.items():
        if kind == "update_id" or not isinstance(payload, dict):
            continue
        try:
            said = _READERS.get(kind, _event)(kind, payload)
        except MALFORMED as error:
            raise ValueError(f"a {kind} without {error}") from error
        yield msgspec.structs.replace(said, update=str(number))


# ------------------------------------------------------------------------------------------------------------- messages


def _message(kind: str, message: Json) -> Said:
    key = str(message["message_id"])
    head = {**_head(message), "ids": (key,)}
    text = message.get("text")
    if isinstance(text, str) and (start := _START.fullmatch(text)):
        return Said(act=Start(payload=start[1] or None), **head)
    parts = parts_of(message)
    if not parts:
        name = next((key for key in message if key not in _FRAME), kind)
        return unread_event(name=name, data={key: message[key] for key in message if key not in _FRAME}, **head)
    replied = message.get("reply_to_message")
    act = Write(
        parts=parts,
        reply_to=str(replied["message_id"]) if replied else None,
        forwarded="forward_origin" in message or "forward_date" in message,
    )
    return Said(act=act, unread=unread_parts(parts), **head)


def _edited(_kind: str, message: Json) -> Said:
    parts = parts_of(message)
    act = Edit(message_id=str(message["message_id"]), parts=parts)
    return Said(act=act, unread=unread_parts(parts), **_head(message))


def _head(message: Json) -> dict[str, Any]:
    return {
        "to": str(message["chat"]["id"]),
        "at": float(message.get("edit_date") or message["date"]),
        "person": person_of(message.get("from") or {}),
    }


def person_of(user: Json) -> dict[str, str]:
    """A ``User`` as fields of a customer."""
    names = {"first_name": "first_name", "last_name": "last_name", "username": "username", "language_code": "locale"}
    return {ours: str(user[theirs]) for theirs, ours in names.items() if user.get(theirs)}


def parts_of(message: Json) -> tuple[Part, ...]:
    """What a message shows, in neutral words; nothing for a service message."""
    for read in (_text, _media, _place, _card, _other):
        part = read(message)
        if part is not None:
            return (part,)
    return ()


def _text(message: Json) -> Text | None:
    text = message.get("text")
    return _formatted(text, message.get("entities")) if isinstance(text, str) else None


def _formatted(text: str, entities: Any) -> Text:
    return Text(text=text, spans=to_spans(_entities(text, entities or ())))


def _entities(text: str, entities: Any) -> Iterator[Entity]:
    places = {unit: place for place, unit in enumerate(utf16_offsets(text))} if entities else {}
    for one in entities:
        start, end = places.get(one["offset"]), places.get(one["offset"] + one["length"])
        if start is None or end is None or one["type"] == "mention":  # which the vendor finds in the text by itself
            continue
        value = one["user"]["id"] if one["type"] == "text_mention" else one.get(_FROM_ENTITY.get(one["type"], ""))
        yield Entity(start, end - start, one["type"], value)


def _media(message: Json) -> Part | None:
    kind = next((kind for kind in _MEDIA if kind in message), None)
    if kind is None:
        return None
    file = message[kind][-1] if kind == "photo" else message[kind]
    caption = message.get("caption")
    mime = "image/jpeg" if kind == "photo" else file.get("mime_type")
    return bare_media(
        kind,
        mime=mime,
        name=file.get("file_name"),
        size=file.get("file_size"),
        width=file.get("width"),
        height=file.get("height"),
        duration_s=file.get("duration"),
        emoji=file.get("emoji"),
        caption=_formatted(caption, message.get("caption_entities")) if caption else None,
    )


def _place(message: Json) -> Location | None:
    place, venue = message.get("location"), message.get("venue")
    if place is None:
        return None
    return Location(
        latitude=place["latitude"],
        longitude=place["longitude"],
        name=venue["title"] or None if venue else None,
        address=venue["address"] or None if venue else None,
        live_period_s=place.get("live_period"),
    )


def _card(message: Json) -> Contact | None:
    card = message.get("contact")
    if card is None:
        return None
    phone = str(card["phone_number"])
    name = " ".join(filter(None, (card["first_name"], card.get("last_name"))))
    own = card.get("user_id") is not None and card.get("user_id") == (message.get("from") or {}).get("id")
    return Contact(name=name, phone=phone if phone.startswith("+") else f"+{phone}", own=own)


def _other(message: Json) -> Other | None:
    kind = next((kind for kind in _OTHERS if kind in message), None)
    return None if kind is None else Other(kind=kind, data=dict(message[kind]))


# ----------------------------------------------------------------------------------------------------- everything else


def _query(_kind: str, query: Json) -> Said:
    message, data = query.get("message") or {}, query.get("data")
    chat = message.get("chat") or query["from"]
    act = Press(
        button=Button(title=_title(message, data) or str(data or ""), kind="callback", payload=data),
        message_id=str(message["message_id"]) if message else None,
    )
    return Said(to=str(chat["id"]), act=act, ids=(str(query["id"]),), person=person_of(query["from"]))


def _title(message: Json, data: Any) -> str:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", ())
    return next((str(each["text"]) for row in rows for each in row if each.get("callback_data") == data), "")


def _reaction(_kind: str, change: Json) -> Said:
    new = change["new_reaction"]
    emoji = (new[0].get("emoji") or new[0].get("type")) if new else None
    return Said(
        to=str(change["chat"]["id"]),
        act=React(message_id=str(change["message_id"]), emoji=emoji),
        at=float(change["date"]),
        person=person_of(change.get("user") or {}),
    )


def _standing(kind: str, change: Json) -> Said:
    old, new = change["old_chat_member"]["status"], change["new_chat_member"]["status"]
    if change["chat"].get("type") != "private" or "kicked" not in (old, new):
        return _event(kind, change)
    act = Block() if new == "kicked" else Unblock()
    return Said(to=str(change["chat"]["id"]), act=act, at=float(change["date"]), person=person_of(change["from"]))


def _event(kind: str, payload: Json) -> Said:
    chat = payload.get("chat") or payload.get("from") or payload.get("user") or {}
    at = payload.get("date")
    return Said(
        to=str(chat["id"]) if "id" in chat else None,
        act=Event(name=kind, data=dict(payload)),
        at=float(at) if isinstance(at, int) else None,
        person=person_of(payload.get("from") or {}),
        unread=kind,
    )


_READERS: dict[str, Callable[[str, Json], Said]] = {
    **dict.fromkeys(_MESSAGES, _message),
    **dict.fromkeys(("edited_message", "edited_business_message", "edited_channel_post"), _edited),
    "callback_query": _query,
    "message_reaction": _reaction,
    "my_chat_member": _standing,
}
