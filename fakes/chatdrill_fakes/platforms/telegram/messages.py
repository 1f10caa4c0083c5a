"""Messages: their content, how they are kept, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from chatdrill.model import Message, Part
from chatdrill_fakes.platforms.telegram.state import Json, Stored, TelegramChat, TelegramState

ORIGIN_FIELDS = frozenset(
    (
        "forward_origin",
        "forward_from",
        "forward_from_chat",
        "forward_from_message_id",
        "forward_signature",
        "forward_sender_name",
        "forward_date",
    )
)
LEAD_FIELDS = ("external_reply", "quote", "media_group_id")  # what stands before the content stays when that is edited


class Content(msgspec.Struct):
    """What a message shows: its ``kind``, its fields in the vendor's JSON, the same as neutral parts, and its words."""

    kind: str
    fields: Json
    parts: tuple[Part, ...]
    text: str = ""


class Frame(msgspec.Struct, kw_only=True):
    """What stands around the content.

    ``origin`` holds the thread and the fields of a forwarded message, ``lead`` those between the replied message and the content (quote,
    album), ``tail`` those after it. ``is_forwarded`` and ``is_protected`` are flags of the message.
    """

    reply_to: str | None = None
    origin: Json = {}
    lead: Json = {}
    tail: Json = {}
    extra_parts: tuple[Part, ...] = ()
    is_forwarded: bool = False
    is_protected: bool = False


def next_id(state: TelegramState, chat: TelegramChat) -> int:
    """A message id: supergroups and channels count on their own, all other chats share the account's counter."""
    if chat.kind in ("supergroup", "channel"):
        chat.last_message_id += 1
        return chat.last_message_id
    state.next_message_id = state.chance.following(state.next_message_id)
    return state.next_message_id


def from_customer(
    state: TelegramState,
    chat: TelegramChat,
    content: Content,
    at: float,
    frame: Frame | None = None,
    speaker: TelegramChat | None = None,
) -> Stored:
    """Keep a message that the chat's customer (in a group: ``speaker``) wrote at ``at`` (drill time of the chat)."""
    number = next_id(state, chat)
    who = speaker or chat
    head = _head(chat, number, who.user_json, at)
    if chat.connection is not None:
        head = {"business_connection_id": chat.connection, **head}
    stored = _keep(chat, number, "customer", who.user["id"], head, content, at, frame or Frame())
    chat.opened, chat.last_customer_at = True, at
    return stored


def from_bot(state: TelegramState, chat: TelegramChat, content: Content, at: float, frame: Frame) -> Stored:
    """Keep a message that the bot sent at ``at``; through a business account it is the owner's message."""
    number = next_id(state, chat)
    head = _head(chat, number, state.bot_json, at)
    if chat.connection is not None:
        owner = state.connections[chat.connection].owner
        head = {"business_connection_id": chat.connection, "sender_business_bot": state.bot_json, **head, "from": owner}
    return _keep(chat, number, "bot", state.bot_id, head, content, at, frame)


def _head(chat: TelegramChat, number: int, author: msgspec.Raw, at: float) -> Json:
    """What a message begins with; posts in a channel name the channel, not who wrote them."""
    if chat.kind == "channel":
        return {"message_id": number, "sender_chat": chat.card_json, "chat": chat.card_json, "date": int(at)}
    return {"message_id": number, "from": author, "chat": chat.card_json, "date": int(at)}


def _keep(
    chat: TelegramChat,
    number: int,
    author: Literal["customer", "bot"],
    sender: int,
    head: Json,
    content: Content,
    at: float,
    frame: Frame,
) -> Stored:
    key = str(number)
    parts = content.parts + frame.extra_parts
    stored = Stored(
        id=number,
        kind=content.kind,
        author=author,
        sender=sender,
        date=int(at),
        head={**head, **frame.origin} if frame.origin else head,
        body={**frame.lead, **content.fields} if frame.lead else content.fields,
        tail=frame.tail,
        parts=parts,
        text=content.text,
        reply_to=frame.reply_to,
        is_protected=frame.is_protected,
    )
    chat.stored[key] = stored
    chat.messages[key] = Message(
        ids=(key,),
        author=author,
        parts=parts,
        at=at,
        reply_to=frame.reply_to,
        forwarded=frame.is_forwarded,
        sender=None if chat.is_private else str(sender),
    )
    return stored


def change(
    chat: TelegramChat, stored: Stored, content: Content, at: float, tail: Json, extra: Sequence[Part]
) -> Message:
    """Put new content into a kept message and return it in neutral words."""
    lead: Json = {name: stored.body[name] for name in LEAD_FIELDS if name in stored.body}
    stored.kind, stored.body, stored.tail = content.kind, {**lead, **content.fields}, tail
    stored.parts, stored.text = (*content.parts, *extra), content.text
    stored.head = _edited_head(stored.head, int(at))
    key = str(stored.id)
    chat.messages[key] = replace(chat.messages[key], parts=stored.parts, edited_at=at)
    return chat.messages[key]


def _edited_head(head: Json, at: int) -> Json:
    found: Json = {}
    for name, value in head.items():
        if name != "edit_date":
            found[name] = value
        if name == "date":
            found["edit_date"] = at
    return found


def write(chat: TelegramChat, stored: Stored) -> Json:
    """A message as the vendor writes it, with the message it replies to (whose own reply is left out)."""
    replied = chat.stored.get(stored.reply_to) if stored.reply_to is not None else None
    if replied is None:
        return {**stored.head, **stored.body, **stored.tail}
    return {**stored.head, "reply_to_message": bare(replied), **stored.body, **stored.tail}


def bare(stored: Stored) -> Json:
    """A message without the one it replies to."""
    return {**stored.head, **stored.body, **stored.tail}


def origin_of(stored: Stored) -> Json:
    """The ``MessageOrigin`` of a message that is forwarded, or replied to from another chat."""
    if "from" in stored.head:
        return {"type": "user", "sender_user": stored.head["from"], "date": stored.date}
    return {"type": "channel", "chat": stored.head["chat"], "message_id": stored.id, "date": stored.date}


def inaccessible(chat: TelegramChat, message_id: int) -> Json:
    """What stands for a message that is gone."""
    return {"message_id": message_id, "chat": chat.card_json, "date": 0}
