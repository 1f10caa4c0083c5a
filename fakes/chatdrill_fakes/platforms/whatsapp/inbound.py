"""What the bot is told of a customer's acts: Meta, "Webhooks: messages" (2025/26)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
    Block,
    Button,
    Contact,
    Delete,
    Echo,
    Edit,
    Event,
    Keyboard,
    Message,
    Part,
    Press,
    React,
    Read,
    Receipt,
    Referral,
    Start,
    Template,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.wire import Update
from chatdrill_fakes.platforms.whatsapp import envelope, ids
from chatdrill_fakes.platforms.whatsapp.contents import (
    CATALOG_ID,
    Writing,
    content,
    messages_of,
    own_contact,
    text_content,
    texts_of,
    unsupported_content,
)
from chatdrill_fakes.platforms.whatsapp.events import encode_event
from chatdrill_fakes.platforms.whatsapp.saying import echo, quote, say
from chatdrill_fakes.platforms.whatsapp.state import DAY_S, WhatsAppState
from chatdrill_fakes.platforms.whatsapp.statuses import encode_read, encode_receipt

EDIT_MAX_S, REVOKE_MAX_S, REACTION_MAX_S = 15 * 60.0, 2 * DAY_S, 30 * DAY_S
GREETING = "Hi"
_SILENT = ("url", "call", "copy")


def encode(state: WhatsAppState, to: str, act: Act, now: float) -> Sequence[Update]:
    """The updates that an act makes; see ``Platform.encode``. ``now`` is the drill time in the chat."""
    if isinstance(act, Receipt):
        return encode_receipt(state, to, act, now)
    chat = state.chats.get(to)
    if isinstance(act, Event):
        return encode_event(state, chat, act, now)
    if chat is None:
        raise Unsupported(f"whatsapp: nobody with the address {to!r} has joined")
    return _ACTS[type(act)](Writing(state, chat, now), act)


# ------------------------------------------------------------------------------------------------- acts


def _write(writing: Writing, act: Write) -> list[Update]:
    bodies = [(part, content(writing, part)) for part in messages_of(act.parts)]
    updates: list[Update] = []
    for position, (part, body) in enumerate(bodies):
        context = quote(writing, act.reply_to) if position == 0 else {}
        if act.forwarded:
            context["forwarded"] = True
        extra = _referral(writing, act.referral, context) if act.referral and position == 0 else None
        updates += say(writing, body, (part,), context=context, extra=extra)
    return updates


def _referral(writing: Writing, referral: Referral, context: dict[str, Any]) -> dict[str, Any]:
    """The ``referral`` of a message; an enquiry about a product goes into its ``context`` instead."""
    if referral.source == "product":
        context["from"] = writing.state.settings["display_phone_number"]
        context.setdefault("id", ids.business_message_id(writing.chat.wa_id, writing.state.chance))
        context["referred_product"] = {"catalog_id": CATALOG_ID, "product_retailer_id": referral.product or "SKU-1"}
        return {}
    if referral.source != "ad":
        return {}
    writing.chat.ad_at = writing.at
    advert = {
        "source_url": referral.url or "https://fb.me/3cr4Wqqkv",
        "source_id": referral.ad_id or "120226305854810726",
        "source_type": "ad",
        "headline": referral.headline or "Chat with us",
        "body": "Write to us on WhatsApp",
        "media_type": "image",
        "image_url": "https://scontent.xx.fbcdn.net/v/ad.jpg",
        "ctwa_clid": "Aff-" + writing.state.chance.base64url(22),
        "welcome_message": {"text": "Hello! How can we help?"},
    }
    return {"referral": advert}


def _start(writing: Writing, act: Start) -> list[Update]:
    """WhatsApp knows no start: a link (``wa.me/…?text=``) fills the input, and the customer sends it as a text."""
    words = Text(text=act.payload or (act.referral.ref if act.referral else None) or GREETING)
    return _write(writing, Write(parts=(words,), referral=act.referral))


def _press(writing: Writing, act: Press) -> list[Update]:
    button = act.button
    if button.kind in _SILENT:
        return []
    if act.message_id is None:  # an ice breaker or a command of the chat's menu says itself
        return say(writing, text_content(button.title), (Text(text=button.title),))
    asked = writing.chat.messages.get(act.message_id)
    body = _pressed(writing, button, asked)
    parts = (Contact(name=writing.chat.customer.name, phone=f"+{writing.chat.wa_id}", own=True),)
    said: tuple[Part, ...] = parts if button.kind == "request_contact" else (Text(text=button.title),)
    return say(writing, body, said, context=quote(writing, act.message_id))


def _pressed(writing: Writing, button: Button, asked: Message | None) -> dict[str, Any]:
    if button.kind == "request_contact":
        return own_contact(f"+{writing.chat.wa_id}", writing.chat.customer.name)
    if button.kind not in ("postback", "reply", "callback"):
        raise Unsupported(
            f"whatsapp: pressing {button.title!r} ({button.kind}) alone tells the bot nothing; "
            "send the location, the form or the event that it asks for, as a reply to the message"
        )
    parts = asked.parts if asked else ()
    if any(isinstance(part, Template) for part in parts):
        return {"button": {"payload": button.payload or button.title, "text": button.title}, "type": "button"}
    listed = any(isinstance(part, Keyboard) and part.style == "list" for part in parts)
    name = "list_reply" if listed else "button_reply"
    reply = {"id": button.payload or button.title, "title": button.title}
    if listed and button.description:
        reply["description"] = button.description
    return {"interactive": {"type": name, name: reply}, "type": "interactive"}


def _react(writing: Writing, act: React) -> list[Update]:
    """A reaction; the bot is not told of those to messages of more than 30 days ago."""
    target = writing.chat.messages.get(act.message_id)
    if target is not None and writing.at - target.at > REACTION_MAX_S:
        return []
    emoji = {"emoji": act.emoji} if act.emoji else {}
    body = {"reaction": {"message_id": act.message_id, **emoji}, "type": "reaction"}
    return say(writing, body, (), remember=False)


def _edit(writing: Writing, act: Edit) -> list[Update]:
    message = _own_message(writing, act.message_id, "edit", EDIT_MAX_S)
    changed = msgspec.structs.replace(message, parts=act.parts, edited_at=writing.at)
    writing.chat.messages[act.message_id] = changed
    if not writing.state.on("coexistence"):
        return say(writing, unsupported_content("edit"), act.parts, remember=False)
    words = "\n".join(texts_of(act.parts))
    media = next((part for part in message.parts if not isinstance(part, Text)), None)
    new = content(writing, media) if media else text_content(words)
    if media and isinstance(new.get(new["type"]), dict):
        new[new["type"]]["caption"] = words
    body = {
        "edit": {"original_message_id": act.message_id, "message": {"context": {"id": "M0"}, **new}},
        "type": "edit",
    }
    return say(writing, body, act.parts, remember=False)


def _delete(writing: Writing, act: Delete) -> list[Update]:
    _own_message(writing, act.message_id, "delete", REVOKE_MAX_S)
    del writing.chat.messages[act.message_id]
    if not writing.state.on("coexistence"):
        return []
    body = {"revoke": {"original_message_id": act.message_id}, "type": "revoke"}
    return say(writing, body, (), remember=False)


def _own_message(writing: Writing, message_id: str, verb: str, within_s: float) -> Message:
    message = writing.chat.messages.get(message_id)
    if message is None or message.author != "customer":
        raise Unsupported(f"whatsapp: {message_id!r} is no message of this customer, so they cannot {verb} it")
    if writing.at - message.at > within_s:
        raise Unsupported(f"whatsapp: a customer cannot {verb} a message that is older than {within_s / 60:g} minutes")
    return message


def _read(writing: Writing, act: Read) -> list[Update]:
    return encode_read(writing.state, writing.chat, act, writing.at)


def _block(writing: Writing, act: Block | Unblock) -> list[Update]:
    """Blocking makes no event: later sends fail with 131026."""
    writing.chat.blocked = isinstance(act, Block)
    return []


def _typing(_writing: Writing, _act: Typing) -> list[Update]:
    """WhatsApp never tells a bot that a customer types."""
    return []


def _echo(writing: Writing, act: Echo) -> list[Update]:
    """A message that a person typed in the WhatsApp Business app, on a number that lives in both."""
    state = writing.state
    updates = [_echoed(writing, act.message, part) for part in messages_of(act.message.parts)]
    return updates if envelope.wanted(state, envelope.ECHOES) else []


def _echoed(writing: Writing, message: Message, part: Part) -> Update:
    message_id, update = echo(writing, content(writing, part))
    writing.chat.messages[message_id] = msgspec.structs.replace(
        message, ids=(message_id,), parts=(part,), at=writing.at
    )
    return update


_ACTS: dict[type, Callable[[Writing, Any], list[Update]]] = {
    Write: _write,
    Press: _press,
    Edit: _edit,
    Delete: _delete,
    React: _react,
    Start: _start,
    Typing: _typing,
    Read: _read,
    Block: _block,
    Unblock: _block,
    Echo: _echo,
}
