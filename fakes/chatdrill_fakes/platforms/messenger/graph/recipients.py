"""Whom a message is for: the six ways of the Send API to name a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chatdrill_fakes.families.meta import GraphError

from .. import errors, limits
from ..state import Comment, Grant, MessengerChat
from . import reading
from .call import Asked


@dataclass(slots=True)
class Recipient:
    """The person, and what the way of naming them allows: a ``comment`` to answer, a ``grant`` to use up.

    ``shows_id`` is false where the bot must not learn the PSID.
    """

    chat: MessengerChat
    shows_id: bool = True
    comment: Comment | None = None
    grant: Grant | None = None


def read_recipient(asked: Asked) -> Recipient:
    """The person that ``recipient`` names. Raises error 100, with subcode 2018001 for nobody."""
    recipient = reading.mapping(asked.values.get("recipient"), "recipient")
    named = [key for key in recipient if key in _FINDERS]
    if len(named) != 1:
        raise errors.invalid(f"Param recipient must have exactly one of {{{', '.join(_FINDERS)}}}")
    key = named[0]
    return _FINDERS[key](asked, recipient[key])


def chat_of(asked: Asked, recipient: Any) -> MessengerChat:
    """The chat of a ``{"id": ...}``, as the calls of thread control name it."""
    found = reading.mapping(recipient, "recipient")
    return _by_id(asked, found.get("id")).chat


def _by_id(asked: Asked, value: Any) -> Recipient:
    chat = asked.state.chats.get(reading.identifier(value, "recipient[id]"))
    if chat is None:
        raise errors.no_such_user()
    return Recipient(chat)


def _by_user_ref(asked: Asked, value: Any) -> Recipient:
    to = asked.state.user_refs.get(reading.text(value, "recipient[user_ref]"))
    chat = asked.state.chats.get(to or "")
    if chat is None:
        raise errors.no_such_user()
    return Recipient(chat, shows_id=False)


def _by_phone(asked: Asked, value: Any) -> Recipient:
    digits = "".join(filter(str.isdigit, reading.text(value, "recipient[phone_number]")))
    for chat in asked.state.chats.values():
        if digits and "".join(filter(str.isdigit, chat.customer.phone)) == digits:
            return Recipient(chat, shows_id=False)
    raise errors.no_such_user()


def _by_comment(asked: Asked, value: Any) -> Recipient:
    """A private reply: once for each comment or post, within 7 days of it."""
    key = reading.text(value, "recipient[comment_id]")
    # Webhooks write `post_comment`, calls often `page_post_comment`.
    comment = asked.state.comments.get(key) or asked.state.comments.get(key.partition("_")[2])
    chat = None if comment is None else asked.state.chats.get(comment.to)
    if comment is None or chat is None:
        raise errors.invalid("Invalid comment_id or post_id: there is no such comment on a post of this Page")
    if comment.answered:
        raise GraphError(10900, "(#10900) Activity already replied to")
    if chat.at(asked.now) - comment.at > limits.PRIVATE_REPLY_S:
        raise GraphError(10903, "(#10903) This user can't reply to this activity")
    return Recipient(chat, comment=comment)


def _by_grant(asked: Asked, value: Any) -> Recipient:
    """A token by which the customer allowed one message, or one a day."""
    grant = asked.state.grants.get(reading.text(value, "recipient[notification_messages_token]"))
    chat = None if grant is None else asked.state.chats.get(grant.to)
    if grant is None or chat is None or grant.stopped or (grant.once and grant.used_at is not None):
        raise errors.invalid("The notification messages token is invalid or was used up")
    return Recipient(chat, grant=grant)


_FINDERS: dict[str, Callable[[Asked, Any], Recipient]] = {
    "id": _by_id,
    "user_ref": _by_user_ref,
    "post_id": _by_comment,
    "comment_id": _by_comment,
    "phone_number": _by_phone,
    "notification_messages_token": _by_grant,
    "one_time_notif_token": _by_grant,
}
