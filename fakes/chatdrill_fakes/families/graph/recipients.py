"""Whom a message is for, however a product names its people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from . import errors, limits, reading
from .call import Asked as _Asked
from .state import Comment, Grant, GraphChat, Shared

Asked = _Asked[Shared]


class Recipient(msgspec.Struct):
    """The person, and what the way of naming them allows: a ``comment`` to answer, a ``grant`` to use up.

    ``shows_id`` is false where the bot must not learn the id.
    """

    chat: Any
    shows_id: bool = True
    comment: Comment | None = None
    grant: Grant | None = None


Finders = Mapping[str, Callable[[Any, Any], Recipient]]
"""The ways to name somebody, by the key in ``recipient``."""


def read_recipient(asked: Asked, finders: Finders) -> Recipient:
    """The person that ``recipient`` names. Raises error 100, with the product's subcode for nobody."""
    recipient = reading.mapping(asked.values.get("recipient"), "recipient")
    named = recipient.keys() & finders.keys()
    if len(named) != 1:
        raise errors.invalid(f"Param recipient must have exactly one of {{{', '.join(finders)}}}")
    (key,) = named
    return finders[key](asked, recipient[key])


def chat_of(asked: Asked, recipient: Any) -> Any:
    """The chat of a ``{"id": ...}``, as the calls of thread control name it."""
    found = reading.mapping(recipient, "recipient")
    return by_id(asked, found.get("id")).chat


def by_id(asked: Asked, value: Any) -> Recipient:
    """Somebody by the id that webhooks name them by."""
    chat = asked.state.chats.get(reading.identifier(value, "recipient[id]"))
    if chat is None:
        raise asked.state.product.refusals.no_such_user()
    return Recipient(chat)


def by_comment(asked: Asked, value: Any) -> Recipient:
    """A private reply: once for each comment or post, within 7 days of it."""
    key = reading.text(value, "recipient[comment_id]")
    refusals = asked.state.product.refusals
    # Webhooks write `post_comment`, calls often `page_post_comment`.
    comment = asked.state.comments.get(key) or asked.state.comments.get(key.partition("_")[2])
    chat: GraphChat | None = None if comment is None else asked.state.chats.get(comment.to)
    if comment is None or chat is None:
        raise refusals.no_such_comment()
    if comment.answered:
        raise refusals.comment_answered()
    if chat.at(asked.now) - comment.at > limits.PRIVATE_REPLY_S:
        raise refusals.comment_too_old()
    return Recipient(chat, comment=comment)


def by_grant(asked: Asked, value: Any) -> Recipient:
    """A token by which the customer allowed one message, or one a day."""
    grant = asked.state.grants.get(reading.text(value, "recipient[notification_messages_token]"))
    chat = None if grant is None else asked.state.chats.get(grant.to)
    if grant is None or chat is None or grant.stopped or (grant.once and grant.used_at is not None):
        raise errors.invalid("The notification messages token is invalid or was used up")
    return Recipient(chat, grant=grant)
