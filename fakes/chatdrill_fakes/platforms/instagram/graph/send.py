"""``POST /{account}/messages``: the Send API. The checks come in the order of Messenger's; Instagram's is not documented."""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.families.graph import gate, reactions, reading, sending
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.errors import invalid
from chatdrill_fakes.families.graph.recipients import Finders, Recipient, by_comment, by_grant, by_id, read_recipient

from .. import cdn, errors
from ..state import InstagramChat
from .call import Asked
from .drafts import read_draft

_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
_REACTIONS = {"laugh": "😆", **reactions.SIGNS}
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
    return sending.deliver(
        asked, recipient, draft, at, publish=cdn.publish, reply_to=reply_to, tag=tag, control=control
    )


def _check(asked: Asked, recipient: Recipient, at: float, tag: str | None) -> None:
    gate.check_thread(asked, recipient.chat, at)
    if tag == "HUMAN_AGENT" and not asked.state.human_agent:
        raise errors.human_agent_refused()
    gate.check_window(asked, recipient, at, tag)


def _send_action(asked: Asked, recipient: Recipient, value: Any) -> Answered:
    chat = recipient.chat
    at = chat.at(asked.now)
    action = reading.one_of(value, "sender_action", sending.ACTIONS)
    done = sending.effect(asked, chat, action, _REACTIONS)
    _check(asked, recipient, at, None)
    gate.take_rates(asked, recipient, at)
    return Answered({"recipient_id": chat.address}, done)
