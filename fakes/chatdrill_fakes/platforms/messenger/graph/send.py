"""``POST /{page}/messages``: the Send API. The checks come in the vendor's order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from chatdrill.model import Echo, Message, Part, Receipt, Sent
from chatdrill.wire import Later
from chatdrill_fakes.families.graph import cdn, gate, reading, sending
from chatdrill_fakes.families.graph.attachments import as_media, fetch_for, resolve, store
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.errors import invalid
from chatdrill_fakes.families.graph.recipients import Recipient, read_recipient
from chatdrill_fakes.families.graph.sending import ACTIONS, effect, thread_control, use_up
from chatdrill_fakes.families.graph.state import Json

from ..state import MessengerChat
from .call import Asked
from .drafts import Draft, read_draft, with_file
from .recipients import FINDERS
from .tags import read_tag

ECHO_AFTER_S = 0.05
DELIVERED_AFTER_S = 0.1
"""Drill seconds until the echo and the delivery receipt; the vendor gives no figures, only their order."""
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
    recipient = read_recipient(asked, FINDERS)
    message, action = asked.values.get("message"), asked.values.get("sender_action")
    if message is not None and action is not None:
        raise invalid("Cannot send both message and state at the same time", 2018014)
    if message is not None:
        return _send_message(asked, recipient, message)
    if action is not None:
        return _send_action(asked, recipient, action)
    raise invalid("Must send either message or state", 2018015)


PARTIAL = {
    "template.receipt": "order numbers are not checked for being unique",
    "template.notification_messages": "the customer's answer is the event optin",
}
"""What is missing in what ``detail`` names."""


def _send_message(asked: Asked, recipient: Recipient, value: Any) -> Answered:
    chat = recipient.chat
    at = chat.at(asked.now)
    draft = read_draft(asked, chat, value)
    tag = read_tag(asked, draft)
    sender = _persona(asked)
    reply_to = sending.reply_to(chat, asked.values.get("reply_to"))
    control = thread_control(asked)
    gate.check_thread(asked, chat, at)
    if not draft.utility:
        gate.check_window(asked, recipient, at, tag)
    wait = fetch_for(asked, draft.wanted) if draft.wanted else None
    if wait is not None:
        return Answered(wait=wait)
    gate.take_rates(asked, recipient, at, heavy=draft.heavy)
    parts, answer = _attach(asked, chat, draft, at) if draft.wanted else (draft.parts, {})
    mid = asked.state.new_mid(chat)
    sent = Message(
        ids=(mid,), author="bot", parts=(*parts, *draft.keyboard), at=at, reply_to=reply_to, tag=tag, sender=sender
    )
    record = draft.record if reply_to is None else {**draft.record, "reply_to": {"mid": reply_to}}
    chat.keep(sent, {"mid": mid, **record})
    use_up(recipient, at)
    if control is not None:
        chat.give(control or None, at)
    answer = {"recipient_id": chat.address, "message_id": mid, **answer}
    if not recipient.shows_id:
        del answer["recipient_id"]
    later = afterwards(asked.state.fields, chat.address, sent)
    return Answered(answer, (Sent(to=chat.address, message=sent),), later, note=draft.note)


def _attach(asked: Asked, chat: MessengerChat, draft: Draft, at: float) -> tuple[tuple[Part, ...], Json]:
    """The parts with their files, and what the answer says of them; completes the draft's record."""
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
        raise invalid(f"Param persona_id: there is no persona {str(value)[:40]!r} at this Page")
    return persona.name


# ------------------------------------------------------------------------------------------------ sender actions


def _send_action(asked: Asked, recipient: Recipient, value: Any) -> Answered:
    chat = recipient.chat
    at = chat.at(asked.now)
    action = reading.one_of(value, "sender_action", ACTIONS)
    done = effect(asked, chat, action, _REACTIONS)
    _persona(asked)
    gate.check_thread(asked, chat, at)
    gate.check_window(asked, recipient, at, None)
    gate.take_rates(asked, recipient, at)
    return Answered({"recipient_id": chat.address} if recipient.shows_id else {}, done)
