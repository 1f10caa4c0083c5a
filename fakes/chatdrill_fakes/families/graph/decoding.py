"""Webhooks of Messenger and Instagram read back as acts. Source: Meta, Messenger Platform, "Webhook events" (2026)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chatdrill.model import (
    Button,
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
    Products,
    React,
    Read,
    Receipt,
    Referral,
    Start,
    Text,
    Write,
)
from chatdrill.wire.reading import MALFORMED, Reads, Said, bare_media, unread_event, unread_parts

Json = Mapping[str, Any]
_MEDIA: dict[str, MediaKind] = {
    "image": "photo",
    "video": "video",
    "audio": "voice",
    "file": "document",
    "sticker": "sticker",
}
MESSENGER = Reads(
    acts=frozenset(("write", "press", "edit", "react")),
    parts=frozenset(
        (
            "text",
            "location",
            "order",
            "form",
            "products",
            "other",
            "media.photo",
            "media.video",
            "media.voice",
            "media.document",
            "media.sticker",
        )
    ),
    loses=frozenset(
        (
            "press.message_id",
            "text.spans",
            "media.emoji",
            "location.name",
            "location.address",
            "orderitem.name",
            "form.values",
            "other.data",
        )
    ),
)
INSTAGRAM = Reads(
    acts=frozenset(("write", "press", "edit", "delete", "react", "read")),
    parts=frozenset(("text", "media.photo", "media.video", "media.voice", "media.document")),
    loses=frozenset(("press.message_id", "text.spans")),
)
_ENVELOPE = frozenset(("sender", "recipient", "timestamp", "prior_message"))


def read_webhook(body: Json, object: str) -> Iterator[Said]:
    """What a webhook of this ``object`` tells of. Raises ``ValueError`` for one of something else."""
    if body.get("object") != object or not isinstance(body.get("entry"), list):
        raise ValueError(f"its object is {body.get('object')!r}, not {object}")
    try:
        for entry in body["entry"]:
            for event in (*entry.get("messaging", ()), *entry.get("standby", ())):
                yield from _event(event)
            for change in entry.get("changes", ()):
                yield unread_event(None, str(change["field"]), change.get("value"))
    except MALFORMED as error:
        raise ValueError(f"a webhook of Meta's without {error}") from error


def _event(event: Json) -> Iterator[Said]:
    key = next((key for key in event if key in _READERS), None)
    sender = event.get("sender") or {}
    head: dict[str, Any] = {"to": str(sender["id"]) if sender.get("id") else None, "at": event["timestamp"] / 1000}
    if key is not None:
        yield from _READERS[key](event[key], event, head)
        return
    name = next((key for key in event if key not in _ENVELOPE), "event")
    data = event.get(name)
    yield unread_event(name=name, data=data, **head)


# ---------------------------------------------------------------------------------------------------------------- messages


def _message(message: Json, event: Json, head: dict[str, Any]) -> Iterator[Said]:
    mid = str(message.get("mid") or "")
    if message.get("is_echo"):
        yield _echo(message, event, head)
        return
    if message.get("is_deleted"):
        yield Said(act=Delete(message_id=mid), update=f"unsent:{mid}", **head)
        return
    head = {**head, "ids": (mid,), "update": mid}
    quick = message.get("quick_reply")
    if quick:
        button = Button(title=str(message.get("text") or ""), kind="reply", payload=quick.get("payload"))
        yield Said(act=Press(button=button), **head)
        return
    parts = tuple(parts_of(message)) or (Other(kind="empty", data=dict(message)),)
    referral = message.get("referral")
    act = Write(
        parts=parts,
        reply_to=(message.get("reply_to") or {}).get("mid"),
        referral=referral_of(referral) if referral else None,
    )
    yield Said(act=act, unread=unread_parts(parts), **head)


def parts_of(message: Json) -> Iterator[Part]:
    """What a message shows."""
    attachments = message.get("attachments") or ()
    text = message.get("text")
    story = (message.get("reply_to") or {}).get("story")
    if message.get("is_unsupported"):
        yield Other(kind="unsupported")
    if story:
        yield Other(kind="story_reply", data={**story, "text": text})
    elif text and not attachments:
        yield Text(text=str(text))
    for one in attachments:
        yield _attachment(one, text)


def _attachment(one: Json, text: Any) -> Part:
    kind, payload = str(one.get("type")), one.get("payload") or {}
    if kind == "location":
        place = payload["coordinates"]
        return Location(latitude=place["lat"], longitude=place["long"])
    products = (payload.get("product") or {}).get("elements")
    if products:
        return Products(ids=tuple(str(each.get("retailer_id") or each.get("id")) for each in products))
    if kind in _MEDIA:
        made = "sticker" if payload.get("sticker_id") else _MEDIA[kind]
        return bare_media(made, url=payload.get("url"))
    return Other(kind=kind, data={**payload, **({"text": text} if text else {})})


def _echo(message: Json, event: Json, head: dict[str, Any]) -> Said:
    """A message of the business: the app's own, or one that a person typed, which names no app or Meta's inbox."""
    mid = str(message.get("mid") or "")
    author = "bot" if message.get("app_id") and str(message["app_id"]) not in _INBOXES else "agent"
    parts = tuple(parts_of(message)) or (Other(kind="empty", data=dict(message)),)
    shown = Message(ids=(mid,), author=author, parts=parts, at=head["at"])  # type: ignore[arg-type]  # one of the two
    return Said(
        to=str(event["recipient"]["id"]), act=Echo(message=shown), at=head["at"], ids=(mid,), update=f"echo:{mid}"
    )


_INBOXES = frozenset(("263902037430900", "26390203743090", "1217981644879628"))
"""The apps that echoes of people's messages name: the Page Inbox and the inbox of Instagram. Source: Meta, Handover Protocol (2026)."""


# ---------------------------------------------------------------------------------------------------------- everything else


def _postback(postback: Json, _event: Json, head: dict[str, Any]) -> Iterator[Said]:
    mid = str(postback.get("mid") or "")
    button = Button(title=str(postback.get("title") or ""), kind="postback", payload=postback.get("payload"))
    yield Said(act=Press(button=button), ids=(mid,) if mid else (), update=mid, **head)


def _reaction(reaction: Json, _event: Json, head: dict[str, Any]) -> Iterator[Said]:
    emoji = reaction.get("emoji") or reaction.get("reaction") if reaction.get("action") == "react" else None
    yield Said(act=React(message_id=str(reaction["mid"]), emoji=emoji), **head)


def _edit(edit: Json, _event: Json, head: dict[str, Any]) -> Iterator[Said]:
    mid = str(edit["mid"])
    act = Edit(message_id=mid, parts=(Text(text=str(edit.get("text") or "")),))
    yield Said(act=act, update=f"edit:{mid}:{edit.get('num_edit')}", **head)


def _read(read: Json, _event: Json, head: dict[str, Any]) -> Iterator[Said]:
    """Instagram names the message, Messenger a time up to which all was seen."""
    if "mid" in read:
        yield Said(act=Read(message_id=str(read["mid"])), **head)
    else:
        yield unread_event(name="read", data=read, **head)


def _delivery(delivery: Json, _event: Json, head: dict[str, Any]) -> Iterator[Said]:
    for mid in delivery.get("mids") or ():
        yield Said(act=Receipt(message_id=str(mid), status="delivered"), update=f"delivery:{mid}", **head)


def referral_of(value: Json) -> Referral:
    """Where a customer came from."""
    product = (value.get("product") or {}).get("id")
    if product:
        return Referral(source="product", product=str(product))
    source = {"ADS": "ad", "CUSTOMER_CHAT_PLUGIN": "plugin"}.get(str(value.get("source")), "link")
    advert = value.get("ads_context_data") or {}
    return Referral(
        ref=value.get("ref"),
        source=source,  # type: ignore[arg-type]  # one of the model's
        ad_id=value.get("ad_id"),
        headline=advert.get("ad_title"),
        url=advert.get("photo_url") or value.get("referer_uri"),
    )


def _referral(value: Json, _event: Json, head: dict[str, Any]) -> Iterator[Said]:
    referral = referral_of(value)
    plain = referral.source == "link" and referral.url is None
    yield Said(act=Start(payload=referral.ref) if plain else Start(referral=referral), **head)


def _order(order: Json, _event: Json, head: dict[str, Any]) -> Iterator[Said]:
    items = tuple(
        OrderItem(
            id=str(one.get("retailer_id") or one.get("id")),
            quantity=one.get("quantity", 1),
            price=float(one.get("unit_price", 0)),
            currency=str(one.get("currency") or "EUR"),
        )
        for one in order["products"]
    )
    yield Said(act=Write(parts=(Order(items=items, note=order.get("note")),)), **head)


def _form(form: Json, _event: Json, head: dict[str, Any]) -> Iterator[Said]:
    values = {key: value for key, value in form.items() if key != "id"}
    yield Said(act=Write(parts=(Form(name=str(form.get("id")), values=values),)), **head)


def _feedback(feedback: Json, _event: Json, head: dict[str, Any]) -> Iterator[Said]:
    answers = {
        key: answer
        for screen in feedback["feedback_screens"]
        for key, answer in (screen.get("questions") or {}).items()
    }
    yield Said(act=Write(parts=(Form(name="customer_feedback", values=answers),)), **head)


_READERS: dict[str, Callable[[Json, Json, dict[str, Any]], Iterator[Said]]] = {
    "message": _message,
    "postback": _postback,
    "reaction": _reaction,
    "message_edit": _edit,
    "read": _read,
    "delivery": _delivery,
    "referral": _referral,
    "order": _order,
    "form": _form,
    "messaging_feedback": _feedback,
}
