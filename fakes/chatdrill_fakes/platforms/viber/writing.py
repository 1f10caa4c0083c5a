"""What a customer writes, as messages of Viber: each part is one, and captions that it cannot carry follow.

Source: developers.viber.com, REST API: receive message from user (2026). Not documented, and so a choice: voice notes and sounds come
as files, moving pictures as pictures; a file's size stands under both names in use; the number of a sticker is a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Contact, Location, Media, Message, Other, Part, Text, Write
from chatdrill.model.parts import MediaKind
from chatdrill_fakes.platforms.viber import shelf
from chatdrill_fakes.platforms.viber.objects import Scene, Told
from chatdrill_fakes.platforms.viber.state import Json

LIKE = 40133
"""A sticker where the file names none."""
OTHERS: dict[str, Json] = {"url": {"media": "https://acme.example/p/9", "text": "https://acme.example/p/9"}}
"""What only Viber has, with what it holds where a scenario does not say."""


def write(scene: Scene, act: Write) -> Told:
    """The callbacks of what the customer wrote. Raises ``Unsupported`` for what nobody can send on Viber."""
    if scene.chat.input_field == "hidden":
        raise Unsupported("viber: the bot's keyboard hides the input field: the customer can only press a button of it")
    pieces = list(_pieces(act.parts))
    if not pieces:
        raise Unsupported("viber: a customer cannot send an empty message")
    told: Told = ()
    for part in pieces:
        told += say(scene, content(scene, part), (part,))
        scene.at += 0.001  # messages of one act follow each other
    return told


def say(scene: Scene, message: Json, parts: tuple[Part, ...], *, silent: bool = False) -> Told:
    """One message of the customer: remember it, subscribe them, tell of it."""
    state, chat = scene.state, scene.chat
    token = state.new_token()
    # What was pressed in silence leaves no trace on the screen, but the bot is told of it all the same.
    chat.messages[token] = Message(ids=(token,), author="customer", parts=parts, at=scene.at)
    chat.hear(scene.at)
    if chat.tracking is not None:
        message = {**message, "tracking_data": chat.tracking}
    told = scene.tell("message", token, {"sender": scene.user(), "message": message, "silent": silent})
    if state.receipts and state.on("delivered_inbound"):
        told += scene.tell("delivered", token, {"user_id": chat.address}, id=f"{token}:delivered")
    return told


def _pieces(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Media) and part.caption is not None and part.kind not in _CAPTIONED:
            yield Media(kind=part.kind, file=part.file, emoji=part.emoji)
            yield part.caption
        else:
            yield part


def content(scene: Scene, part: Part) -> Json:
    """The ``message`` of one part, without its tracking data."""
    writer = _WRITERS.get(type(part))
    if writer is None:
        raise Unsupported(f"viber: a customer cannot send {type(part).__name__.lower()}: Viber has nothing of the kind")
    return writer(scene, part)


def _text(_scene: Scene, part: Text) -> Json:
    return {"type": "text", "text": part.text}


def _picture(scene: Scene, part: Media) -> Json:
    link = shelf.publish(scene.state, scene.chat, part.file, scene.at)
    return {
        "type": "picture",
        **({"text": part.caption.text} if part.caption else {}),
        "media": link,
        "thumbnail": link,
        "file_name": shelf.name_of(part.file),
        "size": part.file.size_bytes,
    }


def _video(scene: Scene, part: Media) -> Json:
    link = shelf.publish(scene.state, scene.chat, part.file, scene.at)
    return {
        "type": "video",
        **({"text": part.caption.text} if part.caption else {}),
        "media": link,
        "thumbnail": f"{link}&thumbnail=1",
        "duration": max(1, round(part.file.duration_s or 1)),
        "size": part.file.size_bytes,
    }


def _file(scene: Scene, part: Media) -> Json:
    size = part.file.size_bytes
    return {
        "type": "file",
        "media": shelf.publish(scene.state, scene.chat, part.file, scene.at),
        "file_name": shelf.name_of(part.file),
        "file_size": size,
        "size": size,
    }


def _sticker(scene: Scene, part: Media) -> Json:
    name = (part.file.name or "").partition(".")[0]
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else LIKE
    return {
        "type": "sticker",
        "sticker_id": number,
        "media": shelf.publish(scene.state, scene.chat, part.file, scene.at),
    }


def _media(scene: Scene, part: Media) -> Json:
    return _MEDIA[part.kind](scene, part)


def _contact(scene: Scene, part: Contact) -> Json:
    """A card out of the address book; the own number as well, for only a button marks it as the own one."""
    key = sha256(part.phone.encode("utf-8", "replace")).hexdigest()[:20]
    avatar = f"{scene.state.known_url}/download_photo?dlid={key}"
    return {"type": "contact", "contact": {"name": part.name, "phone_number": part.phone, "avatar": avatar}}


def _location(_scene: Scene, part: Location) -> Json:
    words = ", ".join(word for word in (part.name, part.address) if word)
    place: Json = {"lat": part.latitude, "lon": part.longitude, **({"address": words} if words else {})}
    return {"type": "location", "location": place}


def _other(_scene: Scene, part: Other) -> Json:
    if part.kind not in OTHERS:
        raise Unsupported(f"viber: a customer cannot send {part.kind!r}{did_you_mean(part.kind, OTHERS)}")
    return {"type": part.kind, **OTHERS[part.kind], **part.data}


_CAPTIONED = ("photo", "animation", "video", "video_note")
_MEDIA: dict[MediaKind, Callable[[Scene, Media], Json]] = {
    "photo": _picture,
    "animation": _picture,
    "video": _video,
    "video_note": _video,
    "voice": _file,
    "audio": _file,
    "document": _file,
    "sticker": _sticker,
}
_WRITERS: dict[type, Callable[[Scene, Any], Json]] = {
    Text: _text,
    Media: _media,
    Contact: _contact,
    Location: _location,
    Other: _other,
}
