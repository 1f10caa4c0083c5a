"""What a customer says, as WhatsApp puts it into a message: one function for each part."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.model import Contact, Form, Location, Media, Order, Other, Part, Text
from chatdrill_fakes.platforms.whatsapp import ids
from chatdrill_fakes.platforms.whatsapp.errors import status_error
from chatdrill_fakes.platforms.whatsapp.formatting import marked
from chatdrill_fakes.platforms.whatsapp.library import INBOUND_MAX_BYTES, animated
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppChat, WhatsAppState

CATALOG_ID = "354160437058781"
LACKS = {
    "media.video_note": "whatsapp tells no bot of round video messages; send a video",
    "keyboard": "a customer on whatsapp cannot send buttons; press one of the bot's",
    "keyboard_removed": "a customer on whatsapp has no keyboard to remove",
    "reply_forced": "a customer on whatsapp cannot force a reply; use reply_to",
    "carousel": "a customer on whatsapp cannot send a carousel; send photos",
    "template": "only the business sends templates on whatsapp",
    "products": "a customer asks about a product with a referral of source 'product', or sends an order",
}
_NAMES = {
    "photo": "image",
    "video": "video",
    "animation": "video",
    "voice": "audio",
    "audio": "audio",
    "document": "document",
    "sticker": "sticker",
}
_WITH_CAPTION = ("image", "video", "document")


class Writing(msgspec.Struct):
    """Where the customer writes: the chat, and the drill time in it."""

    state: WhatsAppState
    chat: WhatsAppChat
    at: float


def messages_of(parts: Sequence[Part]) -> list[Part]:
    """Parts as WhatsApp sends them, one message each: texts become captions of the files that can have one."""
    if len(parts) == 1 and not isinstance(parts[0], Media):
        return list(parts)
    parts = [each for part in parts for each in _told_apart(part)]
    texts = [index for index, part in enumerate(parts) if isinstance(part, Text)]
    files = [index for index, part in enumerate(parts) if isinstance(part, Media) and _takes_caption(part)]
    captions = dict(zip(files, texts, strict=False))
    moved = set(captions.values())
    return [
        msgspec.structs.replace(part, caption=parts[captions[index]]) if index in captions else part
        for index, part in enumerate(parts)
        if index not in moved
    ]


def _told_apart(part: Part) -> tuple[Part, ...]:
    """A part, or two where a sound or a sticker has a caption, for which WhatsApp has no place."""
    if isinstance(part, Media) and part.caption and _NAMES.get(part.kind) not in _WITH_CAPTION:
        return msgspec.structs.replace(part, caption=None), part.caption
    return (part,)


def _takes_caption(part: Media) -> bool:
    return part.caption is None and _NAMES.get(part.kind) in _WITH_CAPTION


def content(writing: Writing, part: Part) -> dict[str, Any]:
    """The keys of a message that hold a part, ``type`` included; raises ``Unsupported``."""
    writer = _WRITERS.get(type(part))
    if writer is None:
        name = str(part.__struct_config__.tag)
        raise Unsupported(f"whatsapp: a customer cannot send {name}: {LACKS.get(name, 'there is no such message')}")
    return writer(writing, part)


def text_content(text: str) -> dict[str, Any]:
    """A plain text."""
    return {"text": {"body": text}, "type": "text"}


def unsupported_content(kind: str, code: int = 131051, title: str | None = None) -> dict[str, Any]:
    """What a bot gets for a message that WhatsApp does not pass on."""
    error = status_error(code)
    if title:
        error.update(title=title, message=title, error_data={"details": title})
    elif code == 131051:
        error.update(title="Message type unknown", message="Message type unknown")
    error.pop("href")
    return {"errors": [error], "type": "unsupported", "unsupported": {"type": kind}}


def _text(_writing: Writing, part: Text) -> dict[str, Any]:
    return text_content(marked(part) if part.spans else part.text)


def _media(writing: Writing, part: Media) -> dict[str, Any]:
    name = _NAMES.get(part.kind)
    if name is None:
        raise Unsupported(f"whatsapp: a customer cannot send {part.kind}: {LACKS['media.video_note']}")
    if part.file.size_bytes > INBOUND_MAX_BYTES:
        title = "Media file size too big. Max file size we currently support: 100MB."
        return unsupported_content(name, 131052, title)
    if not part.file.sha256 and not part.file.url:
        raise Unsupported(f"whatsapp: the {part.kind} has no content; name a file for it")
    state, stored = writing.state, writing.state.keep(part, writing.chat, writing.at)
    entry: dict[str, Any] = {"caption": marked(part.caption)} if part.caption else {}
    if name == "document" and part.file.name:
        entry["filename"] = part.file.name
    entry |= {"mime_type": webhook_mime(part), "sha256": _base64_hash(part), "id": stored.id}
    if "no_media_url" not in state.quirks:
        secret = state.settings["app_secret"]
        entry["url"] = ids.media_url(state.base_url, secret, stored.id, writing.at, source="webhook")
    entry |= _extras(state, name, part)
    return {name: entry, "type": name}


def _extras(state: WhatsAppState, name: str, part: Media) -> dict[str, bool]:
    if name == "audio":
        return {"voice": part.kind == "voice"}
    if name == "sticker":
        known = part.file.sha256 in state.blobs
        return {"animated": animated(state.blobs.get(part.file.sha256)) if known else False}
    return {}


def webhook_mime(part: Media) -> str:
    """The MIME type as webhooks name it: voice notes with their codec."""
    return "audio/ogg; codecs=opus" if part.file.mime == "audio/ogg" else part.file.mime


def _base64_hash(part: Media) -> str:
    return b64encode(bytes.fromhex(part.file.sha256)).decode()


def _location(_writing: Writing, part: Location) -> dict[str, Any]:
    if part.live_period_s is not None:
        return unsupported_content("live_location")
    place: dict[str, Any] = {"latitude": part.latitude, "longitude": part.longitude}
    place |= {key: value for key, value in (("name", part.name), ("address", part.address)) if value}
    return {"location": place, "type": "location"}


def _contact(writing: Writing, part: Contact) -> dict[str, Any]:
    if part.own:
        return own_contact(part.phone or f"+{writing.chat.wa_id}", part.name)
    first, _, last = part.name.partition(" ")
    name = {"formatted_name": part.name, "first_name": first, **({"last_name": last} if last else {})}
    card: dict[str, Any] = {"name": name}
    if part.phone:
        digits = "".join(filter(str.isdecimal, part.phone))
        card["phones"] = [{"phone": part.phone, "wa_id": digits, "type": "CELL"}]
    if part.email:
        card["emails"] = [{"email": part.email, "type": "WORK"}]
    return {"contacts": [card], "type": "contacts"}


def own_contact(phone: str, name: str) -> dict[str, Any]:
    """The customer's own card, as the answer to a button that asks for it."""
    vcard = f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:{phone}\nEND:VCARD"
    card = {"vcard": vcard, "phones": [{"phone": phone}]}
    return {"origin": "contact_request", "contacts": [card], "type": "contacts"}


def _form(_writing: Writing, part: Form) -> dict[str, Any]:
    address = part.name == "address_message"
    values = {"values": part.values} if address and "values" not in part.values else part.values
    shown = "\n".join(str(value) for value in part.values.values()) if address else "Sent"
    reply = {
        "name": "address_message" if address else "flow",
        "body": shown or "Sent",
        "response_json": msgspec.json.encode(values).decode(),
    }
    return {"interactive": {"type": "nfm_reply", "nfm_reply": reply}, "type": "interactive"}


def _order(_writing: Writing, part: Order) -> dict[str, Any]:
    items = [
        {
            "product_retailer_id": item.id,
            "quantity": int(item.quantity) if item.quantity == int(item.quantity) else item.quantity,
            "item_price": item.price,
            "currency": item.currency,
        }
        for item in part.items
    ]
    note = {"text": part.note} if part.note else {}
    return {"order": {"catalog_id": part.catalog or CATALOG_ID, **note, "product_items": items}, "type": "order"}


def _other(_writing: Writing, part: Other) -> dict[str, Any]:
    return unsupported_content(part.kind)


def texts_of(parts: Sequence[Part]) -> Iterator[str]:
    """The words of the texts and captions among parts, as the app sends them."""
    for part in parts:
        if isinstance(part, Text):
            yield marked(part)
        elif isinstance(part, Media) and part.caption:
            yield marked(part.caption)


_WRITERS: dict[type, Callable[[Writing, Any], dict[str, Any]]] = {
    Text: _text,
    Media: _media,
    Location: _location,
    Contact: _contact,
    Form: _form,
    Order: _order,
    Other: _other,
}
