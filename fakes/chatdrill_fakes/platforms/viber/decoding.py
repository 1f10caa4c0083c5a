"""Callbacks read back as acts: the opposite of ``acts``. Source: developers.viber.com, REST API: callbacks (2026)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chatdrill.model import (
    Block,
    Contact,
    Location,
    MediaKind,
    Other,
    Part,
    Receipt,
    Start,
    Text,
    Unblock,
    Write,
)
from chatdrill.wire.reading import MALFORMED, Reads, Said, bare_media, unread_event, unread_parts

Json = Mapping[str, Any]
_MEDIA: dict[str, MediaKind] = {"picture": "photo", "video": "video", "file": "document", "sticker": "sticker"}
READS = Reads(
    acts=frozenset(("write", "start", "block", "unblock", "receipt")),
    parts=frozenset(
        ("text", "location", "contact", "other", "media.photo", "media.video", "media.document", "media.sticker")
    ),
    loses=frozenset(
        (
            "write.reply_to",
            "write.forwarded",
            "text.spans",
            "media.emoji",
            "location.name",
            "location.address",
            "contact.email",
            "contact.own",
            "other.data",
        )
    ),
)
_NO_UPDATE = frozenset(("webhook",))


def read_callback(body: Json) -> Iterator[Said]:
    """What a callback tells of. Raises ``ValueError`` for a body that is none of Viber's."""
    event = body.get("event")
    if not isinstance(event, str) or "timestamp" not in body:
        raise ValueError("there is no event with its timestamp")
    if event in _NO_UPDATE:
        return
    try:
        yield _READERS.get(event, _other_event)(event, body)
    except MALFORMED as error:
        raise ValueError(f"a callback of Viber's without {error}") from error


def _head(body: Json, user: Json) -> dict[str, Any]:
    token = str(body.get("message_token") or "")
    return {
        "to": str(user["id"]),
        "at": body["timestamp"] / 1000,
        "update": token,
        "person": person_of(user),
    }


def person_of(user: Json) -> dict[str, str]:
    """A user as fields of a customer; who lets bots know no name is called ``Subscriber``."""
    first, _, last = str(user.get("name") or "").partition(" ")
    language, country = str(user.get("language") or ""), str(user.get("country") or "")
    locale = f"{language}_{country}" if language and country else language
    found = {"first_name": first, "last_name": last, "locale": locale}
    return {name: value for name, value in found.items() if value}


def _message(_event: str, body: Json) -> Said:
    parts = (part_of(body["message"]),)
    head = _head(body, body["sender"])
    return Said(act=Write(parts=parts), ids=(head["update"],), unread=unread_parts(parts), **head)


def part_of(message: Json) -> Part:
    """What a message shows."""
    kind = str(message.get("type"))
    if kind in _MEDIA:
        text = message.get("text")
        return bare_media(
            _MEDIA[kind],
            name=message.get("file_name"),
            size=message.get("size"),
            duration_s=message.get("duration"),
            url=message.get("media"),
            caption=Text(text=str(text)) if text else None,
        )
    reader = _PARTS.get(kind)
    if reader is not None:
        return reader(message)
    return Other(kind=kind, data={key: value for key, value in message.items() if key != "type"})


def _text(message: Json) -> Part:
    return Text(text=str(message.get("text") or ""))


def _contact(message: Json) -> Part:
    card = message["contact"]
    return Contact(name=str(card.get("name") or ""), phone=str(card.get("phone_number") or ""))


def _location(message: Json) -> Part:
    place = message["location"]
    return Location(latitude=float(place["lat"]), longitude=float(place["lon"]), address=place.get("address"))


_PARTS: dict[str, Callable[[Json], Part]] = {"text": _text, "contact": _contact, "location": _location}


def _started(_event: str, body: Json) -> Said:
    return Said(act=Start(payload=body.get("context") or None), **_head(body, body["user"]))


def _subscribed(_event: str, body: Json) -> Said:
    return Said(act=Unblock(), **_head(body, body["user"]))


def _unsubscribed(_event: str, body: Json) -> Said:
    return Said(act=Block(), **_head(body, {"id": body["user_id"]}))


def _receipt(event: str, body: Json) -> Said:
    status = "read" if event == "seen" else event
    head = _head(body, {"id": body["user_id"]}) | {"update": f"{body['message_token']}:{event}"}
    return Said(act=Receipt(message_id=str(body["message_token"]), status=status), **head)  # type: ignore[arg-type]  # one of three


def _other_event(event: str, body: Json) -> Said:
    user = body.get("sender") or body.get("user") or {"id": body.get("user_id")}
    return unread_event(str(user["id"]) if user.get("id") else None, event, body, at=body["timestamp"] / 1000)


_READERS: dict[str, Callable[[str, Json], Said]] = {
    "message": _message,
    "conversation_started": _started,
    "subscribed": _subscribed,
    "unsubscribed": _unsubscribed,
    **dict.fromkeys(("delivered", "seen", "failed"), _receipt),
}
