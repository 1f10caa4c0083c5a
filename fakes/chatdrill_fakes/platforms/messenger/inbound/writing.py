"""What a customer writes, as messages of Messenger.

Words and attachments never share a message here (the preview of a link excepted), so one act may become several
messages. Photos and videos that were chosen together become one message with several attachments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Contact, Form, Location, Media, Order, Other, Part, Products, Text, Write
from chatdrill_fakes.families.graph import cdn
from chatdrill_fakes.families.graph.acting import grouped, own_number
from chatdrill_fakes.families.graph.referrals import from_start
from chatdrill_fakes.families.graph.scene import Told
from chatdrill_fakes.families.graph.state import Json, millis

from .referrals import ENTRANCES
from .scene import Scene

ATTACHMENT_TYPES = {
    "photo": "image",
    "animation": "image",
    "video": "video",
    "video_note": "video",
    "voice": "audio",
    "audio": "audio",
    "document": "file",
    "sticker": "sticker",
}
_ALBUM = frozenset({"photo", "animation", "video"})
LIKE_THUMB = 369239263222822
OTHER_SAMPLES: dict[str, Json | None] = {
    "fallback": None,
    "reel": {"url": "https://www.facebook.com/reel/88123", "title": "Kiln opening", "reel_video_id": 88123},
    "ig_reel": {"url": "https://www.instagram.com/reel/Cx1/", "title": "Glaze", "reel_video_id": 99120},
    "post": {"url": "https://www.facebook.com/104/posts/77", "title": "News", "id": 77120045},
    "ig_post": {"url": "https://www.instagram.com/p/Cx2/", "title": "Glaze", "id": 77120046},
    "appointment_booking": {
        "booking_id": "3401",
        "status": "requested",
        "start_time": 1795300000,
        "end_time": 1795303600,
        "timezone": "Europe/Vienna",
    },
}
"""Attachments that only Messenger has, with the payload they get where a scenario does not write one."""


@dataclass(slots=True)
class _Piece:
    """One message to be: its ``record`` without an id, and what it is made of. ``event`` names one that is no message."""

    record: Json
    parts: tuple[Part, ...]
    event: tuple[str, str] | None = None


def write(scene: Scene, act: Write) -> Told:
    """The updates of what the customer wrote. Raises ``Unsupported`` for what nobody can send to a Page."""
    pieces = list(_pieces(scene, act.parts))
    if not pieces:
        raise Unsupported("nobody can send an empty message to a Page")
    referral = from_start(ENTRANCES, None, act.referral) or scene.chat.referral
    scene.chat.referral = None
    told: list[Any] = []
    for number, piece in enumerate(pieces):
        if number == 0 and piece.event is None:
            _quote(scene, act, piece.record)
            if referral is not None and _may_tell(scene, referral):
                piece.record["referral"] = referral
        told.extend(_tell(scene, piece, act.reply_to if number == 0 else None))
        scene.at += 0.001  # messages of one act follow each other
    return tuple(told)


def _may_tell(scene: Scene, referral: Json) -> bool:
    """An advertisement is told only to apps that also subscribed to referrals."""
    return referral.get("source") != "ADS" or "messaging_referrals" in scene.state.fields


def _tell(scene: Scene, piece: _Piece, reply_to: str | None) -> Told:
    if piece.event is None:
        return scene.customer_message(piece.record, piece.parts, reply_to=reply_to)
    field, key = piece.event
    scene.hear()
    return scene.customer_event(field, key, piece.record, f"{key}:{scene.chat.address}:{millis(scene.at)}")


def _quote(scene: Scene, act: Write, record: Json) -> None:
    if act.reply_to is None:
        return
    record["reply_to"] = {"mid": act.reply_to}
    quoted = scene.chat.messages.get(act.reply_to)
    if quoted is not None and quoted.author == "customer":
        record["reply_to"]["is_self_reply"] = True


def _pieces(scene: Scene, parts: tuple[Part, ...]) -> Iterator[_Piece]:
    for part in grouped(parts, _ALBUM):
        if isinstance(part, list):
            yield from _media(scene, part)
        else:
            yield _READERS.get(type(part), _refuse)(scene, part)


def _media(scene: Scene, media: list[Media]) -> Iterator[_Piece]:
    """One message with the attachments; captions do not exist here, so they follow as words."""
    bare = tuple(Media(kind=one.kind, file=one.file, emoji=one.emoji) for one in media)
    yield _Piece({"attachments": [_attachment(scene, one) for one in media]}, bare)
    yield from (_words(scene, one.caption) for one in media if one.caption is not None)


def _attachment(scene: Scene, media: Media) -> Json:
    url = cdn.publish(scene.state, scene.chat, media.file, scene.at)
    if not url:
        raise Unsupported(f"the {media.kind} has no content; name a file for it")
    payload: Json = {"url": url}
    if media.kind == "sticker":
        payload["sticker_id"] = _sticker_id(media)
    return {"type": ATTACHMENT_TYPES[media.kind], "payload": payload}


def _sticker_id(media: Media) -> int:
    """The like thumb has its own number; any other picture always gets the same one of 15 digits."""
    if media.emoji is not None and media.emoji.startswith("👍"):
        return LIKE_THUMB
    digest = sha256((media.file.sha256 or media.file.url or "").encode()).digest()
    return 10**14 + int.from_bytes(digest[:6], "big") % (9 * 10**14)


def _words(scene: Scene, part: Text) -> _Piece:
    if not part.text:
        raise Unsupported("nobody can send an empty message to a Page")
    record: Json = {"text": part.text}
    if part.text.startswith("/") and (name := _command(scene, part.text)):
        record["commands"] = [{"name": name}]
    return _Piece(record, (Text(text=part.text),))


def _command(scene: Scene, text: str) -> str | None:
    """The command at the start of the text, if the Page's profile has it."""
    word = text[1:].split(maxsplit=1)[0] if text[1:].strip() else ""
    known = (one.get("name") for locale in scene.state.profile.get("commands", ()) for one in locale["commands"])
    return word if word in known else None


def _location(scene: Scene, part: Location) -> _Piece:
    """Only old clients send a point on the map."""
    title = part.name or f"{scene.chat.customer.first_name}'s Location"
    where = f"https://www.bing.com/maps/default.aspx?v=2&pc=FACEBK&cp={part.latitude}~{part.longitude}"
    payload = {"coordinates": {"lat": part.latitude, "long": part.longitude}}
    attachment = {"type": "location", "title": title, "url": where, "payload": payload}
    return _Piece({"attachments": [attachment]}, (part,))


def _contact(scene: Scene, part: Contact) -> _Piece:
    number = own_number(scene, part)
    return _Piece({"text": number, "quick_reply": {"payload": number}}, (Text(text=number),))


def _order(_scene: Scene, part: Order) -> _Piece:
    products = [
        {
            "id": item.id,
            "retailer_id": item.id,
            "name": item.name or item.id,
            "unit_price": float(item.price),
            "currency": item.currency,
            "quantity": int(item.quantity) if float(item.quantity).is_integer() else item.quantity,
        }
        for item in part.items
    ]
    record: Json = {"products": products}
    if part.note:
        record["note"] = part.note
    return _Piece(record, (part,), ("send_cart", "order"))


def _form(_scene: Scene, part: Form) -> _Piece:
    if part.name == "customer_feedback":
        return _Piece({"feedback_screens": _screens(part)}, (part,), ("messaging_feedback", "messaging_feedback"))
    return _Piece({"id": part.name, **part.values}, (part,), ("messaging_in_thread_lead_form_submit", "form"))


def _screens(part: Form) -> list[Json]:
    """The answers to a feedback form: ``{"q-csat": 4}`` is short for the vendor's form."""
    questions = {
        key: value if isinstance(value, dict) else {"type": "csat", "payload": str(value)}
        for key, value in part.values.items()
    }
    return [{"screen_id": 0, "questions": questions}]


def _products(scene: Scene, part: Products) -> _Piece:
    elements = [
        {
            "id": one,
            "retailer_id": one,
            "image_url": cdn.drawing_url(scene.state, "product", one),
            "title": one,
            "subtitle": "",
        }
        for one in part.ids
    ]
    return _Piece({"attachments": [{"type": "template", "payload": {"product": {"elements": elements}}}]}, (part,))


def _other(_scene: Scene, part: Other) -> _Piece:
    if part.kind not in OTHER_SAMPLES:
        raise Unsupported(f"Messenger has no attachment {part.kind!r}{did_you_mean(part.kind, OTHER_SAMPLES)}")
    data = dict(part.data)
    text = data.pop("text", None)  # the link itself, beside its preview
    payload = data or OTHER_SAMPLES[part.kind]
    attachment: Json = {"type": part.kind} if payload is None else {"type": part.kind, "payload": payload}
    return _Piece({**({"text": text} if text else {}), "attachments": [attachment]}, (part,))


def _refuse(_scene: Scene, part: Part) -> _Piece:
    word = type(part).__name__.lower()
    raise Unsupported(f"a customer cannot send a {word} on Messenger; send text, media, a location or an order")


_READERS: dict[type[Any], Callable[[Scene, Any], _Piece]] = {
    Text: _words,
    Location: _location,
    Contact: _contact,
    Order: _order,
    Form: _form,
    Products: _products,
    Other: _other,
}
