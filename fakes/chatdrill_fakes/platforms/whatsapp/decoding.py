"""Webhooks read back as acts: the opposite of ``inbound``. Source: Meta, "Webhooks: messages" (2025/26)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from chatdrill.model import (
    Button,
    Contact,
    Delete,
    Echo,
    Edit,
    Form,
    Location,
    MediaKind,
    Message,
    Order,
    OrderItem,
    Other,
    Part,
    Press,
    React,
    Receipt,
    Referral,
    Text,
    Write,
)
from chatdrill.wire.reading import MALFORMED, Reads, Said, bare_media, unread_event, unread_parts

Json = Mapping[str, Any]
OBJECT = "whatsapp_business_account"
_MEDIA: dict[str, MediaKind] = {
    "image": "photo",
    "video": "video",
    "audio": "audio",
    "document": "document",
    "sticker": "sticker",
}
READS = Reads(
    acts=frozenset(("write", "press", "react", "receipt")),
    parts=frozenset(
        (
            "text",
            "location",
            "contact",
            "order",
            "form",
            "other",
            "media.photo",
            "media.video",
            "media.voice",
            "media.audio",
            "media.document",
            "media.sticker",
        )
    ),
    loses=frozenset(("text.spans", "media.emoji", "order.catalog", "orderitem.name", "button.description")),
)
_STATUSES = frozenset(("sent", "delivered", "read", "played", "failed"))


def read_webhook(body: Json) -> Iterator[Said]:
    """What a webhook tells of. Raises ``ValueError`` for one of something else."""
    if body.get("object") != OBJECT or not isinstance(body.get("entry"), list):
        raise ValueError(f"its object is {body.get('object')!r}, not {OBJECT}")
    try:
        for entry in body["entry"]:
            for change in entry["changes"]:
                yield from _FIELDS.get(change["field"], _management)(change["field"], change["value"])
    except (ValueError, *MALFORMED) as error:
        raise ValueError(f"a webhook of WhatsApp without {error}") from error


def _management(field: str, value: Json) -> Iterator[Said]:
    yield unread_event(None, field, value)


def _messages(_field: str, value: Json) -> Iterator[Said]:
    people = {str(one.get("wa_id") or one.get("user_id")): one for one in value.get("contacts", ())}
    for message in value.get("messages", ()):
        yield _said(message, people)
    for status in value.get("statuses", ()):
        yield _status(status)
    if "errors" in value:
        yield unread_event(None, "account_error", value)


def _status(status: Json) -> Said:
    to, at = str(status.get("recipient_id") or status.get("recipient_user_id")), float(status["timestamp"])
    if status["status"] not in _STATUSES:
        return unread_event(to, f"status_{status['status']}", status, at=at)
    code = next((int(one["code"]) for one in status.get("errors", ())), None)
    act = Receipt(message_id=str(status["id"]), status=status["status"], error=code)
    return Said(to=to, act=act, at=at, update=f"{status['id']}:{status['status']}")


def _said(message: Json, people: Mapping[str, Json]) -> Said:
    to, key = str(message.get("from") or message["from_user_id"]), str(message["id"])
    person = people.get(to) or next(iter(people.values()), {})
    head: dict[str, Any] = {
        "to": to,
        "at": float(message["timestamp"]),
        "person": _person(person, to),
        "update": key,
    }
    reader = _ACTS.get(message["type"])
    if reader is not None:
        return msgspec.structs.replace(reader(message, head), ids=(key,))
    if message["type"] == "system":
        return unread_event(name="system", data=message, **head)
    context = message.get("context") or {}
    parts = (part_of(message),)
    act = Write(
        parts=parts,
        reply_to=context.get("id") if "referred_product" not in context else None,
        forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")),
        referral=_referral(message),
    )
    return Said(act=act, ids=(key,), unread=unread_parts(parts), **head)


def _person(contact: Json, to: str) -> dict[str, str]:
    profile = contact.get("profile") or {}
    first, _, last = str(profile.get("name") or "").partition(" ")
    found = {"first_name": first, "last_name": last, "phone": f"+{to}" if to.isdigit() else ""}
    return {name: value for name, value in found.items() if value}


def _referral(message: Json) -> Referral | None:
    product = (message.get("context") or {}).get("referred_product")
    if product:
        return Referral(source="product", product=product.get("product_retailer_id"))
    advert = message.get("referral")
    if not advert:
        return None
    return Referral(
        source="ad", ad_id=advert.get("source_id"), headline=advert.get("headline"), url=advert.get("source_url")
    )


# ------------------------------------------------------------------------------------------------------- acts of their own


def _interactive(message: Json, head: dict[str, Any]) -> Said:
    content = message["interactive"]
    if content["type"] == "nfm_reply":
        return Said(act=Write(parts=(_form(content["nfm_reply"]),), reply_to=_asked(message)), **head)
    reply = content.get(content["type"])
    if content["type"] not in ("button_reply", "list_reply") or not isinstance(reply, dict):
        return unread_event(name=str(content["type"]), data=message, **head)
    return _pressed(message, head, str(reply["title"]), reply.get("id"), reply.get("description"))


def _template_button(message: Json, head: dict[str, Any]) -> Said:
    button = message["button"]
    return _pressed(message, head, str(button["text"]), button.get("payload"))


def _pressed(
    message: Json, head: dict[str, Any], title: str, payload: str | None, description: str | None = None
) -> Said:
    button = Button(title=title, kind="postback", payload=payload, description=description)
    return Said(act=Press(button=button, message_id=_asked(message)), **head)


def _asked(message: Json) -> str | None:
    return (message.get("context") or {}).get("id")


def _reaction(message: Json, head: dict[str, Any]) -> Said:
    reaction = message["reaction"]
    return Said(act=React(message_id=str(reaction["message_id"]), emoji=reaction.get("emoji") or None), **head)


def _edit(message: Json, head: dict[str, Any]) -> Said:
    edit = message["edit"]
    return Said(act=Edit(message_id=str(edit["original_message_id"]), parts=(part_of(edit["message"]),)), **head)


def _revoke(message: Json, head: dict[str, Any]) -> Said:
    return Said(act=Delete(message_id=str(message["revoke"]["original_message_id"])), **head)


_ACTS: dict[str, Callable[[Json, dict[str, Any]], Said]] = {
    "interactive": _interactive,
    "button": _template_button,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
}


# ------------------------------------------------------------------------------------------------------------------- parts


def part_of(message: Json) -> Part:
    """What a message of the vendor's shows."""
    kind = str(message["type"])
    content = message.get(kind)
    if kind in _MEDIA and isinstance(content, dict):
        return _media(kind, content)
    reader = _PARTS.get(kind)
    if reader is not None:
        return reader(content)
    if kind == "unsupported":
        return Other(kind=str((content or {}).get("type") or kind))
    return Other(kind=kind, data=dict(content) if isinstance(content, dict) else {})


def _media(kind: str, content: Json) -> Part:
    caption = content.get("caption")
    return bare_media(
        "voice" if kind == "audio" and content.get("voice") else _MEDIA[kind],
        mime=content.get("mime_type"),
        name=content.get("filename"),
        caption=Text(text=str(caption)) if caption else None,
    )


def _text(content: Json) -> Part:
    return Text(text=str(content["body"]))


def _location(content: Json) -> Part:
    return Location(
        latitude=content["latitude"],
        longitude=content["longitude"],
        name=content.get("name"),
        address=content.get("address"),
    )


def _contact(content: list[Json]) -> Part:
    card = content[0]
    phone = next((str(one.get("phone", "")) for one in card.get("phones", ())), "")
    email = next((one.get("email") for one in card.get("emails", ())), None)
    name = str((card.get("name") or {}).get("formatted_name") or "")
    return Contact(name=name, phone=phone, email=email, own="vcard" in card)


def _order(content: Json) -> Part:
    items = tuple(
        OrderItem(
            id=str(one["product_retailer_id"]),
            quantity=one["quantity"],
            price=float(one["item_price"]),
            currency=str(one["currency"]),
        )
        for one in content["product_items"]
    )
    return Order(items=items, catalog=content.get("catalog_id"), note=content.get("text") or None)


def _form(reply: Json) -> Part:
    values = msgspec.json.decode(reply["response_json"])
    return Form(name=str(reply.get("name") or "flow"), values=values if isinstance(values, dict) else {"value": values})


_PARTS: dict[str, Callable[[Any], Part]] = {
    "text": _text,
    "location": _location,
    "contacts": _contact,
    "order": _order,
}


def _echoes(_field: str, value: Json) -> Iterator[Said]:
    """What a person typed in the Business app."""
    for message in value.get("message_echoes", ()):
        key, at = str(message["id"]), float(message["timestamp"])
        shown = Message(ids=(key,), author="agent", parts=(part_of(message),), at=at)
        yield Said(to=str(message["to"]), act=Echo(message=shown), at=at, ids=(key,), update=key)


_FIELDS: dict[str, Callable[[str, Json], Iterator[Said]]] = {"messages": _messages, "smb_message_echoes": _echoes}
