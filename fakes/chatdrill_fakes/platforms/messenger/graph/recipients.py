"""The six ways of Messenger's Send API to name a person."""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.families.graph import reading
from chatdrill_fakes.families.graph.recipients import Finders, Recipient, by_comment, by_grant, by_id

from .. import errors
from .call import Asked


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


FINDERS: Finders = {
    "id": by_id,
    "user_ref": _by_user_ref,
    "post_id": by_comment,
    "comment_id": by_comment,
    "phone_number": _by_phone,
    "notification_messages_token": by_grant,
    "one_time_notif_token": by_grant,
}
