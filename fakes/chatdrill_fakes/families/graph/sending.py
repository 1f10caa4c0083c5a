"""What sends have in common: their names in the trace, what comes of a message, quotes, thread control, sender actions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from chatdrill.model import Activity, Echo, Effect, File, MarkedRead, Media, Message, Part, Reacted, Receipt, Sent
from chatdrill.wire import Later

from . import errors, gate, reading
from .attachments import as_media, fetch_for, resolve, store
from .call import Answered
from .drafts import Draft
from .product import Product
from .recipients import Asked, Recipient
from .state import GraphChat, Json

ECHO_AFTER_S = 0.05
DELIVERED_AFTER_S = 0.1
"""Drill seconds until the echo and the delivery receipt; the vendor gives no figures, only their order."""
Publish = Callable[[Any, Any, File, float], str]
"""The link by which a product shows a file to the customer of a chat."""
ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
_DETAILS = (
    ("attachments", "image"),
    ("sticker_id", "sticker"),
    ("template", "template.utility"),
)


def detail(values: Mapping[str, Any]) -> str:
    """What kind of send a call is, for its name in the trace: ``text``, ``image``, ``template.button``, ``typing_on``."""
    message = values.get("message")
    if not isinstance(message, dict):
        action = values.get("sender_action")
        return action[:20] if isinstance(action, str) else "message"
    attachment = message.get("attachment")
    if not isinstance(attachment, dict):
        return "text" if "text" in message else next((word for key, word in _DETAILS if key in message), "message")
    payload = attachment.get("payload")
    if attachment.get("type") == "template" and isinstance(payload, dict):
        return f"template.{str(payload.get('template_type'))[:30]}"
    return str(attachment.get("type"))[:30]


def deliver(
    asked: Asked,
    recipient: Recipient,
    draft: Draft,
    at: float,
    *,
    publish: Publish,
    reply_to: str | None,
    tag: str | None,
    control: str | None,
    sender: str | None = None,
) -> Answered:
    """Send a message that may be sent now, unless its files cannot be had or there are too many calls. ``control`` is as in
    ``thread_control``, ``sender`` a name that the bot answers under."""
    wait = fetch_for(asked, draft.wanted) if draft.wanted else None
    if wait is not None:
        return Answered(wait=wait)
    gate.take_rates(asked, recipient, at, heavy=draft.heavy)
    chat, state = recipient.chat, asked.state
    parts, answer = _attach(asked, chat, draft, at, publish) if draft.wanted else (draft.parts, {})
    mid = state.new_mid(chat)
    sent = Message(
        ids=(mid,), author="bot", parts=(*parts, *draft.keyboard), at=at, reply_to=reply_to, tag=tag, sender=sender
    )
    record = draft.record if reply_to is None else {**draft.record, "reply_to": {"mid": reply_to}}
    chat.keep(sent, {"mid": mid, **record})
    _use_up(recipient, at)
    if control is not None:
        chat.give(control or None, at)
    told = {"recipient_id": chat.address, "message_id": mid, **answer}
    if not recipient.shows_id:
        del told["recipient_id"]
    later = afterwards(state.product, state.fields, chat.address, sent)
    return Answered(told, (Sent(to=chat.address, message=sent),), later, note=draft.note)


def _attach(asked: Asked, chat: GraphChat, draft: Draft, at: float, publish: Publish) -> tuple[tuple[Part, ...], Json]:
    """The parts with their files, and what the answer says of them; completes the draft's record. A template shows the file that it
    names by id."""
    files = [resolve(asked, one, at) for one in draft.wanted]
    if draft.parts:
        shown = (msgspec.structs.replace(one, file=files[0]) if isinstance(one, Media) else one for one in draft.parts)
        return tuple(shown), {}
    draft.record["attachments"] = [
        {"type": one.type, "payload": {"url": publish(asked.state, chat, file, at)}}
        for one, file in zip(draft.wanted, files, strict=True)
    ]
    parts = tuple(as_media(one.type, file) for one, file in zip(draft.wanted, files, strict=True))
    wanted = draft.wanted[0]
    return parts, {"attachment_id": store(asked, wanted.type, files[0], at)} if wanted.reusable else {}


def afterwards(product: Product, fields: Collection[str], to: str, sent: Message) -> tuple[Later, ...]:
    """The echo, then the delivery, as far as the bot is subscribed to them; that a message was read, the customer's own act tells."""
    later: tuple[Later, ...] = ()
    if product.echo_field in fields:
        later = (Later(ECHO_AFTER_S, to, Echo(message=sent)),)
    if product.delivery_field in fields:
        later = (*later, Later(DELIVERED_AFTER_S, to, Receipt(message_id=sent.ids[0], status="delivered")))
    return later


def _use_up(recipient: Recipient, at: float) -> None:
    """A comment is answered, and a grant used, by what was sent."""
    if recipient.comment is not None:
        recipient.comment.answered = True
    if recipient.grant is not None:
        recipient.grant.used_at = at


def reply_to(chat: GraphChat, value: Any) -> str | None:
    """The message that is quoted, if any."""
    if value is None:
        return None
    mid = reading.text(reading.mapping(value, "reply_to").get("mid"), "reply_to[mid]")
    if mid not in chat.messages:
        raise errors.invalid("Param reply_to[mid] is not a message of this thread")
    return mid


def thread_control(asked: Asked) -> str | None:
    """The app that gets the thread after the message: an id, or the empty string to let it idle."""
    value = asked.values.get("thread_control")
    if value is None:
        return None
    control = reading.mapping(value, "thread_control")
    if reading.one_of(control.get("control_type"), "thread_control[control_type]", ("pass", "release")) == "release":
        return ""
    return reading.identifier(control.get("app_id", asked.state.product.inbox), "thread_control[app_id]")


def effect(asked: Asked, chat: GraphChat, action: str, reactions: Mapping[str, str]) -> tuple[Effect, ...]:
    """What a sender action does; ``reactions`` has the signs of the words."""
    to = chat.address
    if action in ("typing_on", "typing_off"):
        return (Activity(to=to, action=action),)
    if action == "mark_seen":
        last = next((key for key, one in reversed(chat.messages.items()) if one.author == "customer"), None)
        return () if last is None else (MarkedRead(to=to, message_id=last),)
    payload = reading.mapping(asked.values.get("payload"), "payload")
    mid = reading.text(payload.get("message_id"), "payload[message_id]")
    if mid not in chat.messages:
        raise errors.invalid("Param payload[message_id] is not a message of this thread")
    if action == "unreact":
        return (Reacted(to=to, message_id=mid),)
    reaction = reading.text(payload.get("reaction"), "payload[reaction]", 20)
    return (Reacted(to=to, message_id=mid, emoji=reactions.get(reaction, reaction)),)
