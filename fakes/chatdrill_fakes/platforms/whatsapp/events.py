"""Events that only WhatsApp has, by name: management webhooks by their field, others by what they tell.

Every event has a standard payload, and the data of the act overrides it, key by key. Sources: Meta, "Webhooks
reference" (2025/26); the names of the others are chatdrill's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event, Part, Text
from chatdrill.wire import Update
from chatdrill_fakes.platforms.whatsapp import envelope, ids
from chatdrill_fakes.platforms.whatsapp.contents import Writing, text_content, unsupported_content
from chatdrill_fakes.platforms.whatsapp.errors import PROBLEMS, status_error
from chatdrill_fakes.platforms.whatsapp.management import FREE_FIELDS, STANDARD, apply
from chatdrill_fakes.platforms.whatsapp.saying import echo, quote, say
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppChat, WhatsAppState

CALL_PERMISSION_S = 7 * 86_400
_TOO_FAST = {
    **status_error(
        130429,
        "Message failed to send because there were too many messages sent from this phone number in a short period of "
        "time",
    ),
    "href": "/documentation/business-messaging/whatsapp/support/error-codes",
}


def encode_event(state: WhatsAppState, chat: WhatsAppChat | None, act: Event, at: float) -> Sequence[Update]:
    """The updates of an event; raises ``Unsupported`` for a name that WhatsApp does not have."""
    if act.name in STANDARD or act.name in FREE_FIELDS:
        return _management(state, chat, act, at)
    if act.name == "account_error":
        return _account_error(state, act.data, at)
    teller = CHAT_EVENTS.get(act.name)
    if teller is None:
        raise Unsupported(f"whatsapp has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")
    if chat is None:
        raise Unsupported(f"whatsapp: the event {act.name!r} needs a customer who has joined")
    return teller(Writing(state, chat, at), act.data)


def merged(standard: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """A payload with overrides: objects key by key, everything else as a whole; ``None`` takes a key away."""
    out = dict(standard)
    for key, value in data.items():
        if value is None:
            out.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(out.get(key), Mapping):
            out[key] = merged(out[key], value)
        else:
            out[key] = value
    return out


def _management(state: WhatsAppState, chat: WhatsAppChat | None, act: Event, at: float) -> list[Update]:
    standard = STANDARD[act.name](state, chat, at) if act.name in STANDARD else {}
    value = merged(standard, act.data)
    apply(state, chat, act.name, value)
    if not envelope.wanted(state, act.name):
        return []
    body = envelope.entry(state, act.name, value, time=int(at))
    to = chat.address if chat and act.name == "user_preferences" else None
    return [Update(f"{act.name}:{state.chance.hex(12)}", act.name, to, to or envelope.ACCOUNT_LANE, body, at)]


def _account_error(state: WhatsAppState, data: Mapping[str, Any], at: float) -> list[Update]:
    error = merged(_TOO_FAST, data)
    value = {"messaging_product": "whatsapp", "metadata": envelope.metadata(state), "errors": [error]}
    if not envelope.wanted(state, envelope.MESSAGES):
        return []
    body = envelope.entry(state, envelope.MESSAGES, value)
    return [Update(f"error:{state.chance.hex(12)}", "messages.errors", None, envelope.ACCOUNT_LANE, body, at)]


# --------------------------------------------------------------------------------- events of one customer's chat


def _message(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    body = merged(text_content("Hi"), data)
    return say(writing, body, _words(body))


def _words(body: Mapping[str, Any]) -> tuple[Part, ...]:
    text = body.get("text") if body.get("type") == "text" else None
    words = str(text.get("body", "")) if isinstance(text, Mapping) else ""
    return (Text(text=words),) if words else ()


def _group_message(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    group = ids.group_id(writing.state.settings["display_phone_number"], writing.state.chance)
    return _message(writing, {"group_id": group, **data})


def _frequently_forwarded(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    body = merged(text_content("Hi"), data)
    return say(writing, body, _words(body), context={"frequently_forwarded": True})


def _request_welcome(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    return say(writing, merged({"type": "request_welcome"}, data), (), remember=False)


def _unsupported(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    return say(writing, merged(unsupported_content("poll"), data), ())


def _media_too_big(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    title = "Media file size too big. Max file size we currently support: 100MB."
    return say(writing, merged(unsupported_content("video", 131052, title), data), ())


def _unreadable_reply(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    """A reply that this client version cannot express: an ``interactive`` without its content (captured traffic)."""
    return say(writing, merged({"type": "interactive"}, data), (), beside={"errors": [status_error(131000)]})


def _call_permission_reply(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    answer = {
        "response": "accept",
        "expiration_timestamp": int(writing.at) + CALL_PERMISSION_S,
        "response_source": "user_action",
    }
    reply = {"type": "call_permission_reply", "call_permission_reply": merged(answer, data)}
    asked = next((key for key, m in reversed(writing.chat.messages.items()) if m.author == "bot"), None)
    return say(
        writing, {"interactive": reply, "type": "interactive"}, (), context=quote(writing, asked), remember=False
    )


def _system(writing: Writing, system: Mapping[str, Any], data: Mapping[str, Any], **extra: Any) -> list[Update]:
    """A system message: it names the number as it was, has no contacts and opens no window."""
    state, chat = writing.state, writing.chat
    message_id = ids.customer_message_id(chat.wa_id, state.chance)
    message = {
        **({"from_user_id": chat.user_id} if "hidden_numbers" in state.quirks else {"from": chat.wa_id}),
        "id": message_id,
        "timestamp": str(int(writing.at)),
        **extra,
        "system": merged(system, data),
        "type": "system",
    }
    if not envelope.wanted(state, envelope.MESSAGES):
        return []
    value = {"messaging_product": "whatsapp", "metadata": envelope.metadata(state), "messages": [message]}
    body = envelope.entry(state, envelope.MESSAGES, value)
    return [Update(message_id, "messages.system", chat.address, chat.address, body, writing.at)]


def _changed_number(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    state, chat = writing.state, writing.chat
    new = str(data.get("wa_id") or state.free_number(chat.wa_id))
    body = f"User {chat.customer.name} changed from {chat.wa_id} to {new}"
    system = {"body": body, "wa_id": new, "type": "user_changed_number"}
    updates = _system(writing, system, data)
    state.move(chat, new)
    state.rename(chat, ids.user_id(chat.customer, state.chance))  # a user id belongs to a number
    return updates


def _changed_user_id(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    state, chat = writing.state, writing.chat
    new = str(data.get("user_id") or ids.user_id(chat.customer, state.chance))
    body = f"User {chat.customer.name} changed from {chat.user_id} to {new}"
    system = {"body": body, "user_id": new, "wa_id": chat.wa_id, "type": "user_changed_user_id"}
    updates = _system(writing, system, data)
    state.rename(chat, new)
    return updates


def _changed_identity(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    seen = str(int(writing.at))
    writing.chat.identity_hash = writing.state.chance.base64url(11) + "="
    identity = {"acknowledged": True, "created_timestamp": seen, "hash": writing.chat.identity_hash}
    system = {"body": "User identity changed", "type": "customer_identity_changed"}
    return _system(writing, system, data, identity=identity)


def _status_deleted(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    """The legacy status of a message that the customer deleted."""
    state, chat = writing.state, writing.chat
    last = next((key for key, m in reversed(chat.messages.items()) if m.author == "customer"), "")
    stamp = str(int(writing.at))
    status = merged({"id": last, "status": "deleted", "timestamp": stamp, "recipient_id": chat.wa_id}, data)
    value = {"messaging_product": "whatsapp", "metadata": envelope.metadata(state), "statuses": [status]}
    body = envelope.entry(state, envelope.MESSAGES, value)
    return [Update(f"{status['id']}:deleted", "statuses.deleted", chat.address, chat.address, body, writing.at)]


def _next_send_fails(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    """No webhook: the bot's next message to this customer meets the error ``code``, at once or in a status."""
    code = data.get("code", 131000)
    if not isinstance(code, int) or code not in PROBLEMS:
        raise Unsupported(f"whatsapp has no error {code!r}{did_you_mean(str(code), map(str, PROBLEMS))}")
    writing.chat.fails_next.append(code)
    return []


def _message_echo(writing: Writing, data: Mapping[str, Any]) -> list[Update]:
    """An echo of any type, as the Business app also sends edits and deletions of what was typed there."""
    _, update = echo(writing, merged(text_content("Hi"), data))
    return [update] if envelope.wanted(writing.state, envelope.ECHOES) else []


CHAT_EVENTS: dict[str, Callable[[Writing, Mapping[str, Any]], list[Update]]] = {
    "message": _message,
    "group_message": _group_message,
    "frequently_forwarded": _frequently_forwarded,
    "request_welcome": _request_welcome,
    "unsupported": _unsupported,
    "media_too_big": _media_too_big,
    "unreadable_reply": _unreadable_reply,
    "call_permission_reply": _call_permission_reply,
    "user_changed_number": _changed_number,
    "user_changed_user_id": _changed_user_id,
    "customer_identity_changed": _changed_identity,
    "status_deleted": _status_deleted,
    "message_echo": _message_echo,
    "next_send_fails": _next_send_fails,
}
EVENT_NAMES = frozenset({*STANDARD, *FREE_FIELDS, "account_error", *CHAT_EVENTS})
