"""``POST /{page}/messages``: the Send API. The checks come in the vendor's order."""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.families.graph import cdn, gate, reactions, reading, sending
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.errors import invalid
from chatdrill_fakes.families.graph.recipients import Recipient, read_recipient
from chatdrill_fakes.families.graph.sending import ACTIONS, deliver, effect, thread_control

from .call import Asked
from .drafts import read_draft
from .recipients import FINDERS
from .tags import read_tag

_REACTIONS = {"smile": "😆", **reactions.SIGNS, "dislike": "👎"}


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
    if not draft.free:
        gate.check_window(asked, recipient, at, tag)
    return deliver(
        asked, recipient, draft, at, publish=cdn.publish, reply_to=reply_to, tag=tag, control=control, sender=sender
    )


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
