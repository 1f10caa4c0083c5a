"""One message of a customer: remembered in the chat, and told to the bot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Message, Part
from chatdrill.wire import Update
from chatdrill_fakes.platforms.whatsapp import envelope, ids
from chatdrill_fakes.platforms.whatsapp.contents import Writing


def say(
    writing: Writing,
    body: Mapping[str, Any],
    parts: tuple[Part, ...],
    *,
    context: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
    beside: Mapping[str, Any] | None = None,
    remember: bool = True,
) -> list[Update]:
    """One message of the customer: remembered, and told to the bot unless it blocked the customer.

    ``parts`` are what it says in neutral words, ``extra`` more keys of the message, ``beside`` more keys of the change's
    value; ``remember`` is false for what is no message in the chat (a reaction).
    """
    state, chat = writing.state, writing.chat
    message_id = ids.customer_message_id(chat.wa_id, state.chance)
    chat.opened, chat.last_customer_at = True, writing.at
    state.owners[message_id] = chat.address
    if remember:
        chat.messages[message_id] = _remembered(message_id, parts, context or {}, writing.at)
    if chat.muted or not envelope.wanted(state, envelope.MESSAGES):
        return []
    message = _message(writing, message_id, body, context, extra)
    value = envelope.messages_value(state, chat, message)
    if beside:
        value.update(beside)
    entry = envelope.entry(state, envelope.MESSAGES, value)
    return [
        Update(message_id, f"messages.{body.get('type', 'untyped')}", chat.address, chat.address, entry, writing.at)
    ]


def _remembered(message_id: str, parts: tuple[Part, ...], context: Mapping[str, Any], at: float) -> Message:
    forwarded = bool(context.get("forwarded") or context.get("frequently_forwarded"))
    quoted = context.get("id")
    return Message(ids=(message_id,), author="customer", parts=parts, at=at, reply_to=quoted, forwarded=forwarded)


def _message(
    writing: Writing,
    message_id: str,
    body: Mapping[str, Any],
    context: Mapping[str, Any] | None,
    extra: Mapping[str, Any] | None,
) -> dict[str, Any]:
    chat = writing.chat
    message: dict[str, Any] = {"context": context} if context else {}
    if "hidden_numbers" not in writing.state.quirks:
        message["from"] = chat.wa_id
    message["from_user_id"] = chat.user_id
    message["id"] = message_id
    message["timestamp"] = str(int(writing.at))
    if extra:
        message.update(extra)
    message.update(body)
    return message


def quote(writing: Writing, message_id: str | None) -> dict[str, Any]:
    """The ``context`` of an answer to a message."""
    if message_id is None:
        return {}
    message = writing.chat.messages.get(message_id)
    own = message is not None and message.author == "customer"
    sender = writing.chat.wa_id if own else writing.state.settings["display_phone_number"]
    return {"from": sender, "id": message_id}


def echo(writing: Writing, body: Mapping[str, Any]) -> tuple[str, Update]:
    """The webhook of a message that a person typed in the WhatsApp Business app, and the id of that message.

    Raises ``Unsupported`` for a number that does not live in the app.
    """
    state, chat = writing.state, writing.chat
    if not state.on("coexistence"):
        raise Unsupported(
            "whatsapp echoes only what a person types in the WhatsApp Business app, on numbers with the setting "
            "'coexistence'; messages sent through the Cloud API are never echoed"
        )
    message_id = ids.business_message_id(chat.wa_id, state.chance)
    message = {
        "from": state.settings["display_phone_number"],
        "to": chat.wa_id,
        "to_user_id": chat.user_id,
        "id": message_id,
        "timestamp": str(int(writing.at)),
        **body,
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": envelope.metadata(state),
        "contacts": [envelope.contact(state, chat)],  # not in Meta's sample, but SDKs read the customer from here
        "message_echoes": [message],
    }
    entry = envelope.entry(state, envelope.ECHOES, value)
    return message_id, Update(message_id, envelope.ECHOES, chat.address, chat.address, entry, writing.at)
