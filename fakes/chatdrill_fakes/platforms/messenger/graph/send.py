"""``POST /{page}/messages``: the Send API. The checks come in the vendor's order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from chatdrill.model import Activity, Echo, Effect, MarkedRead, Message, Part, Reacted, Receipt, Sent
from chatdrill.wire import Later

from .. import cdn, errors
from ..ids import PAGE_INBOX_APP
from ..state import Json, MessengerChat
from . import gate, reading
from .attachments import as_media, fetch_for, resolve, store
from .call import Answered, Asked
from .drafts import Draft, read_draft, with_file
from .recipients import Recipient, read_recipient

ECHO_AFTER_S = 0.05
DELIVERED_AFTER_S = 0.1
"""Drill seconds until the echo and the delivery receipt; the vendor gives no figures, only their order."""
_ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
_REACTIONS = {
    "smile": "😆",
    "angry": "😠",
    "sad": "😢",
    "wow": "😮",
    "love": "❤️",
    "like": "👍",
    "dislike": "👎",
}


def send(asked: Asked) -> Answered:
    """Send a message or a sender action."""
    recipient = read_recipient(asked)
    message, action = asked.values.get("message"), asked.values.get("sender_action")
    if message is not None and action is not None:
        raise errors.invalid("Cannot send both message and state at the same time", 2018014)
    if message is not None:
        return _send_message(asked, recipient, message)
    if action is not None:
        return _send_action(asked, recipient, action)
    raise errors.invalid("Must send either message or state", 2018015)


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


PARTIAL = {
    "template.receipt": "order numbers are not checked for being unique",
    "template.notification_messages": "the customer's answer is the event optin",
}
"""What is missing in what ``detail`` names."""

_DETAILS = (
    ("attachments", "image"),
    ("sticker_id", "sticker"),
    ("template", "template.utility"),
)


def _send_message(asked: Asked, recipient: Recipient, value: Any) -> Answered:
    chat = recipient.chat
    at = chat.at(asked.now)
    draft = read_draft(asked, chat, value)
    tag = gate.read_tag(asked.values, draft)
    sender = _persona(asked)
    reply_to = _reply_to(chat, asked.values.get("reply_to"))
    control = _thread_control(asked)
    gate.check_thread(asked, chat, at)
    gate.check_window(recipient, at, tag, utility=draft.utility)
    wait = fetch_for(asked, draft.wanted) if draft.wanted else None
    if wait is not None:
        return Answered(wait=wait)
    gate.take_rates(asked, recipient, at, draft)
    parts, answer = _attach(asked, chat, draft, at)
    mid = asked.state.new_mid(chat)
    sent = Message(
        ids=(mid,), author="bot", parts=(*parts, *draft.keyboard), at=at, reply_to=reply_to, tag=tag, sender=sender
    )
    record = draft.record if reply_to is None else {**draft.record, "reply_to": {"mid": reply_to}}
    chat.keep(sent, {"mid": mid, **record})
    _use_up(recipient, at)
    if control is not None:
        chat.give(control or None, at)
    answer = {"recipient_id": chat.address, "message_id": mid, **answer}
    if not recipient.shows_id:
        del answer["recipient_id"]
    later = afterwards(asked.state.fields, chat.address, sent)
    return Answered(answer, (Sent(to=chat.address, message=sent),), later, note=draft.note)


def _attach(asked: Asked, chat: MessengerChat, draft: Draft, at: float) -> tuple[tuple[Part, ...], Json]:
    """The parts with their files, and what the answer says of them; completes the draft's record."""
    if not draft.wanted:
        return draft.parts, {}
    files = [resolve(asked, one, at) for one in draft.wanted]
    if draft.parts:
        return with_file(draft, files[0]), {}
    draft.record["attachments"] = [
        {"type": one.type, "payload": {"url": cdn.publish(asked.state, chat, file, at)}}
        for one, file in zip(draft.wanted, files, strict=True)
    ]
    parts = tuple(as_media(one.type, file) for one, file in zip(draft.wanted, files, strict=True))
    wanted = draft.wanted[0]
    return parts, {"attachment_id": store(asked, wanted.type, files[0], at)} if wanted.reusable else {}


def _use_up(recipient: Recipient, at: float) -> None:
    if recipient.comment is not None:
        recipient.comment.answered = True
    if recipient.grant is not None:
        recipient.grant.used_at = at


def afterwards(fields: Collection[str], to: str, sent: Message) -> tuple[Later, ...]:
    """The echo, then the delivery; that a message was read, the customer's own act tells."""
    later = []
    if "message_echoes" in fields:
        later.append(Later(ECHO_AFTER_S, to, Echo(message=sent)))
    if "message_deliveries" in fields:
        later.append(Later(DELIVERED_AFTER_S, to, Receipt(message_id=sent.ids[0], status="delivered")))
    return tuple(later)


def _persona(asked: Asked) -> str | None:
    value = asked.values.get("persona_id")
    if value is None:
        return None
    persona = asked.state.personas.get(str(value))
    if persona is None:
        raise errors.invalid(f"Param persona_id: there is no persona {str(value)[:40]!r} at this Page")
    return persona.name


def _reply_to(chat: MessengerChat, value: Any) -> str | None:
    if value is None:
        return None
    mid = reading.text(reading.mapping(value, "reply_to").get("mid"), "reply_to[mid]")
    if mid not in chat.messages:
        raise errors.invalid("Param reply_to[mid] is not a message of this thread")
    return mid


def _thread_control(asked: Asked) -> str | None:
    """The app that gets the thread after the message: an id, or the empty string to let it idle."""
    value = asked.values.get("thread_control")
    if value is None:
        return None
    control = reading.mapping(value, "thread_control")
    if reading.one_of(control.get("control_type"), "thread_control[control_type]", ("pass", "release")) == "release":
        return ""
    return reading.identifier(control.get("app_id", PAGE_INBOX_APP), "thread_control[app_id]")


# ------------------------------------------------------------------------------------------------ sender actions


def _send_action(asked: Asked, recipient: Recipient, value: Any) -> Answered:
    chat = recipient.chat
    at = chat.at(asked.now)
    action = reading.one_of(value, "sender_action", _ACTIONS)
    effect = _effect(asked, chat, action)
    _persona(asked)
    gate.check_thread(asked, chat, at)
    gate.check_window(recipient, at, None)
    gate.take_rates(asked, recipient, at, None)
    return Answered({"recipient_id": chat.address} if recipient.shows_id else {}, effect)


def _effect(asked: Asked, chat: MessengerChat, action: str) -> tuple[Effect, ...]:
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
    return (Reacted(to=to, message_id=mid, emoji=_REACTIONS.get(reaction, reaction)),)
