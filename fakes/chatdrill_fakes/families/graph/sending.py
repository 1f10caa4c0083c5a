"""What sends have in common: their names in the trace, quotes, thread control, sender actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import Activity, Effect, MarkedRead, Reacted

from . import errors, reading
from .recipients import Asked, Recipient
from .state import GraphChat

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


def use_up(recipient: Recipient, at: float) -> None:
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
