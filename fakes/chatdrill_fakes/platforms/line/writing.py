"""What a customer writes, as message events: each part is one, for nothing here has a caption.

Source: developers.line.biz, Messaging API reference: message event (2026-08). Not documented, and so a choice: a moving picture comes as an
image, the sticker of a file that names none is Brown's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Location, Media, Message, Part, Text, Write
from chatdrill.model.parts import MediaKind, Span
from chatdrill_fakes.platforms.line import limits
from chatdrill_fakes.platforms.line.scene import Scene, Told
from chatdrill_fakes.platforms.line.state import Content, Json

STICKER = ("446", "1988")
_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "video/mp4": "mp4",
    "audio/mp4": "m4a",
    "application/pdf": "pdf",
}
_IMAGES = ("photo", "animation")


def write(scene: Scene, act: Write) -> Told:
    """The events of what the customer wrote. Raises ``Unsupported`` for what nobody can send on LINE."""
    pieces = list(_pieces(act.parts))
    if not pieces:
        raise Unsupported("line: a customer cannot send an empty message")
    if len(pieces) == 1:
        return say(scene, pieces[0], reply_to=act.reply_to)
    images = [piece for piece in pieces if isinstance(piece, Media) and piece.kind in _IMAGES]
    together = scene.state.chance.hex(64).upper() if len(images) > 1 else ""
    numbers = count(1)
    told: Told = ()
    for piece in pieces:
        more: Json = {}
        if together and piece in images:
            more = {"imageSet": {"id": together, "index": next(numbers), "total": len(images)}}
        told += say(scene, piece, reply_to=act.reply_to, more=more)
        scene.at += 0.001  # messages of one act follow each other
    return told


def _pieces(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Media) and part.caption is not None:
            yield Media(kind=part.kind, file=part.file, emoji=part.emoji)
            yield part.caption
        else:
            yield part


def say(scene: Scene, part: Part, *, reply_to: str | None = None, more: Json | None = None) -> Told:
    """One message of the customer: remember it, tell of it."""
    writer = _WRITERS.get(type(part))
    if writer is None:
        kind = type(part).__name__.lower()
        raise Unsupported(f"line: a customer cannot send {kind}: no message event carries anything of the kind")
    id = scene.state.new_id()
    content = writer(scene, part, id)
    if more:
        content |= more
    if reply_to is not None and content["type"] in ("text", "sticker"):
        content["quotedMessageId"] = reply_to
    chat = scene.chat
    chat.messages[id] = Message(ids=(id,), author="customer", parts=(part,), at=scene.at, reply_to=reply_to)
    chat.hear(scene.at)
    return scene.tell("message", {"message": content}, kind=f"message.{content['type']}")


def _text(scene: Scene, part: Text, id: str) -> Json:
    body: Json = {"type": "text", "id": id, **scene.quotable(id), **scene.markable(id), "text": part.text}
    if not part.spans:
        return body
    emojis = [_emoji(part.text, span) for span in part.spans if span.style == "custom_emoji"]
    mentioned = [_mention(scene, part.text, span) for span in part.spans if span.style == "mention"]
    if emojis:
        body["emojis"] = emojis
    if mentioned:
        body["mention"] = {"mentionees": mentioned[: limits.MENTIONS_MAX]}
    return body


def units(text: str) -> int:
    """The length of a text as LINE counts it: a sign beyond the first plane is two."""
    return len(text) + sum(sign > "\uffff" for sign in text) if not text.isascii() else len(text)


def _place(text: str, span: Span) -> Json:
    end = span.start + span.length
    return {"index": units(text[: span.start]), "length": units(text[span.start : end])}


def _emoji(text: str, span: Span) -> Json:
    product, _, number = (span.value or "5ac1bfd5040ab15980c9b435/001").partition("/")
    return {**_place(text, span), "productId": product, "emojiId": number}


def _mention(scene: Scene, text: str, span: Span) -> Json:
    if span.value is None or span.value == "all":
        return {**_place(text, span), "type": "all"}
    whom = scene.state.bot if span.value in ("self", "bot", scene.state.bot) else span.value
    return {**_place(text, span), "type": "user", "userId": whom, "isSelf": whom == scene.state.bot}


def _kept(scene: Scene, kind: str, part: Media, id: str) -> Json:
    """Remember a file; large sounds and films take a while until they can be fetched."""
    state, file = scene.state, part.file
    slow = kind in ("video", "audio") and file.size_bytes >= limits.PREPARED_FROM_BYTES
    ready_at = scene.at + (state.preparing_s if slow else 0.0)
    state.contents[id] = Content(kind, file, scene.chat.address, ready_at)
    return {"type": kind, "id": id}


def _provider(part: Media) -> Json:
    if part.file.sha256 or not part.file.url:
        return {"contentProvider": {"type": "line"}}
    url = part.file.url
    return {"contentProvider": {"type": "external", "originalContentUrl": url, "previewImageUrl": url}}


def _image(scene: Scene, part: Media, id: str) -> Json:
    return {**_kept(scene, "image", part, id), **scene.quotable(id), **scene.markable(id), **_provider(part)}


def _duration(part: Media) -> int:
    return max(1, round((part.file.duration_s or 1) * 1000))


def _video(scene: Scene, part: Media, id: str) -> Json:
    known = {**scene.quotable(id), **scene.markable(id), "duration": _duration(part)}
    return {**_kept(scene, "video", part, id), **known, **_provider(part)}


def _audio(scene: Scene, part: Media, id: str) -> Json:
    return {**_kept(scene, "audio", part, id), **scene.markable(id), "duration": _duration(part), **_provider(part)}


def _file(scene: Scene, part: Media, id: str) -> Json:
    name = part.file.name or f"file.{_EXTENSIONS.get(part.file.mime, 'bin')}"
    return {**_kept(scene, "file", part, id), **scene.markable(id), "fileName": name, "fileSize": part.file.size_bytes}


def _sticker(scene: Scene, part: Media, id: str) -> Json:
    """A sticker's picture is LINE's own: nobody can fetch it by the message."""
    _kept(scene, "sticker", part, id)
    name = (part.file.name or "").partition(".")[0]
    number = name if name.isascii() and name.isdigit() and len(name) < 12 else STICKER[1]
    known = {"packageId": STICKER[0], "stickerId": number, "stickerResourceType": "STATIC"}
    return {"type": "sticker", "id": id, **scene.quotable(id), **scene.markable(id), **known}


def _media(scene: Scene, part: Media, id: str) -> Json:
    return _MEDIA[part.kind](scene, part, id)


def _location(scene: Scene, part: Location, id: str) -> Json:
    named = {"title": part.name, "address": part.address}
    place = {"latitude": part.latitude, "longitude": part.longitude}
    known = {key: value for key, value in named.items() if value}
    return {"type": "location", "id": id, **scene.markable(id), **known, **place}


_MEDIA: dict[MediaKind, Callable[[Scene, Media, str], Json]] = {
    "photo": _image,
    "animation": _image,
    "video": _video,
    "video_note": _video,
    "voice": _audio,
    "audio": _audio,
    "document": _file,
    "sticker": _sticker,
}
_WRITERS: dict[type, Callable[[Scene, Any, str], Json]] = {Text: _text, Media: _media, Location: _location}
