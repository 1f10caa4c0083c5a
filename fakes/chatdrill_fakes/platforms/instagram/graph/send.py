"""``POST /{account}/messages``: the Send API. The checks come in the order of Messenger's; Instagram's is not documented."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Echo, Message, Part, Sent
from chatdrill.wire import Later
from chatdrill_fakes.families.graph import gate, reading, sending
from chatdrill_fakes.families.graph.attachments import as_media, fetch_for, resolve, store
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.errors import invalid
from chatdrill_fakes.families.graph.recipients import Finders, Recipient, by_comment, by_grant, by_id, read_recipient
from chatdrill_fakes.families.graph.state import Json

from .. import cdn, errors
from ..state import InstagramChat, InstagramState
from .call import Asked
from .drafts import Draft, read_draft

ECHO_AFTER_S = 0.05
"""Drill seconds until the echo; the vendor gives no figure."""
_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
_REACTIONS = {"laugh": "😆", "angry": "😠", "sad": "😢", "wow": "😮", "love": "❤️", "like": "👍"}
_FINDERS: Finders = {"id": by_id, "comment_id": by_comment, "notification_messages_token": by_grant}
PARTIAL = {"MEDIA_SHARE": "the account's posts are not simulated: any id is taken for one of them"}
"""What is missing in what a send's name says."""


def send(asked: Asked) -> Answered:
    """Send a message or a sender action."""
    recipient = read_recipient(asked, _FINDERS)
    message, action = asked.values.get("message"), asked.values.get("sender_action")
    if asked.values.get("persona_id") is not None:
        raise invalid("Param persona_id is not supported for Instagram")
    if (message is None) == (action is None):
        raise errors.not_a_message("Must send either message or sender_action")
    if message is None:
        return _send_action(asked, recipient, action)
    return _send_message(asked, recipient, message)


def _send_message(asked: Asked, recipient: Recipient, value: Any) -> Answered:
    chat: InstagramChat = recipient.chat
    at = chat.at(asked.now)
    draft = read_draft(asked, chat, value)
    tag = gate.read_tag(asked, _TYPES)
    reply_to = sending.reply_to(chat, asked.values.get("reply_to"))
    if reply_to in chat.deleted:
        raise invalid("Param reply_to[mid] is a message that was unsent")
    control = sending.thread_control(asked)
    _check(asked, recipient, at, tag)
    wait = fetch_for(asked, draft.wanted) if draft.wanted else None
    if wait is not None:
        return Answered(wait=wait)
    gate.take_rates(asked, recipient, at, heavy=draft.heavy)
    parts, answer = _attach(asked, chat, draft, at) if draft.wanted else (draft.parts, {})
    mid = asked.state.new_mid(chat)
    sent = Message(ids=(mid,), author="bot", parts=(*parts, *draft.keyboard), at=at, reply_to=reply_to, tag=tag)
    record = draft.record if reply_to is None else {**draft.record, "reply_to": {"mid": reply_to}}
    chat.keep(sent, {"mid": mid, **record})
    sending.use_up(recipient, at)
    if control is not None:
        chat.give(control or None, at)
    told = {"recipient_id": chat.address, "message_id": mid, **answer}
    return Answered(told, (Sent(to=chat.address, message=sent),), _echo(asked.state, chat, sent), note=draft.note)


def _check(asked: Asked, recipient: Recipient, at: float, tag: str | None) -> None:
    gate.check_thread(asked, recipient.chat, at)
    if tag == "HUMAN_AGENT" and not asked.state.human_agent:
        raise errors.human_agent_refused()
    gate.check_window(asked, recipient, at, tag)


def _attach(asked: Asked, chat: InstagramChat, draft: Draft, at: float) -> tuple[tuple[Part, ...], Json]:
    """The parts with their files, and what the answer says of them; completes the draft's record."""
    files = [resolve(asked, one, at) for one in draft.wanted]
    draft.record["attachments"] = [
        {"type": one.type, "payload": {"url": cdn.publish(asked.state, chat, file, at)}}
        for one, file in zip(draft.wanted, files, strict=True)
    ]
    parts = tuple(as_media(one.type, file) for one, file in zip(draft.wanted, files, strict=True))
    wanted = draft.wanted[0]
    return parts, {"attachment_id": store(asked, wanted.type, files[0], at)} if wanted.reusable else {}


def _echo(state: InstagramState, chat: InstagramChat, sent: Message) -> tuple[Later, ...]:
    """Delivery is never told, and that a message was read, the customer's own act tells."""
    if state.product.echo_field not in state.fields:
        return ()
    return (Later(ECHO_AFTER_S, chat.address, Echo(message=sent)),)


def _send_action(asked: Asked, recipient: Recipient, value: Any) -> Answered:
    chat = recipient.chat
    at = chat.at(asked.now)
    action = reading.one_of(value, "sender_action", sending.ACTIONS)
    done = sending.effect(asked, chat, action, _REACTIONS)
    _check(asked, recipient, at, None)
    gate.take_rates(asked, recipient, at)
    return Answered({"recipient_id": chat.address}, done)
