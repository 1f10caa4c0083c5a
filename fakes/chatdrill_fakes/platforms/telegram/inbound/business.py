"""Telegram Business: the bot answers for a person's account."""

from __future__ import annotations

from msgspec.structs import replace

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.wire import Update
from chatdrill_fakes.platforms.telegram.encoding import fragment
from chatdrill_fakes.platforms.telegram.inbound.overrides import content_of, merged
from chatdrill_fakes.platforms.telegram.messages import change, from_customer
from chatdrill_fakes.platforms.telegram.state import Connection, Json, TelegramChat, TelegramState, new_chat
from chatdrill_fakes.platforms.telegram.updates import make_update, message_update


def connection_event(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """An owner connects the bot, changes its rights, or disconnects it (``is_enabled`` false)."""
    known = state.connections.get(str(data.get("id", "")))
    payload = merged(known.payload if known is not None else _standard(state, at), {"date": int(at), **data})
    if "can_reply" in data and isinstance(payload.get("rights"), dict):
        payload["rights"] = {**payload["rights"], "can_reply": bool(data["can_reply"])}
    key = str(payload["id"])
    chats = known.chats if known is not None else {}
    state.connections[key] = Connection(id=key, owner=payload["user"], payload=payload, chats=chats)
    return make_update(state, "business_connection", chat.address, payload, at, chat_id=int(payload["user_chat_id"]))


def _standard(state: TelegramState, at: float) -> Json:
    owner_id = state.chance.randrange(600_000_000, 800_000_000)
    return {
        "id": state.chance.marked(state.chance.base64url(7) + "ACAAB" + state.chance.base64url(1)),
        "user": {"id": owner_id, "is_bot": False, "first_name": "Shop owner"},
        "user_chat_id": owner_id,
        "date": int(at),
        "is_enabled": True,
        "can_reply": True,
        "rights": {"can_reply": True, "can_read_messages": True},
    }


def _side(state: TelegramState, chat: TelegramChat, data: Json) -> TelegramChat:
    """The customer's chat with the owner of a connection: the one that ``data`` names, or the newest."""
    key = str(data.get("business_connection_id") or next(reversed(state.connections), ""))
    connection = state.connections.get(key)
    if connection is None:
        raise Unsupported(
            "telegram: no business connection to write through; begin with the event business_connection"
            + did_you_mean(key, state.connections)
        )
    if chat.address not in connection.chats:
        side = new_chat(state, chat.customer, chat.user, chat.card, "private", chat.ahead_s)
        side.connection = connection.id
        connection.chats[chat.address] = side
    side = connection.chats[chat.address]
    side.ahead_s = chat.ahead_s
    return side


def message_event(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """The customer writes to the owner; with ``"from": "owner"`` the owner writes from another device."""
    side = _side(state, chat, data)
    fields = {name: value for name, value in data.items() if name not in ("business_connection_id", "from")}
    heard_at = side.last_customer_at
    stored = from_customer(state, side, content_of(state, fields), at)
    if data.get("from") == "owner":
        owner = state.connections[side.connection or ""].owner
        stored.head, stored.sender = {**stored.head, "from": fragment(owner)}, int(owner["id"])
        side.last_customer_at = heard_at  # what the owner says does not open the window
        side.messages[str(stored.id)] = replace(side.messages[str(stored.id)], author="agent")
    return message_update(state, side, stored, at)


def edit_event(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """A message to the owner is edited: ``message_id`` and its new fields."""
    side = _side(state, chat, data)
    key = str(data.get("message_id") or next(reversed(side.stored), ""))
    if key not in side.stored:
        raise Unsupported(f"telegram: no business message {key!r}{did_you_mean(key, side.stored)}")
    fields = {name: value for name, value in data.items() if name not in ("business_connection_id", "message_id")}
    change(side, side.stored[key], content_of(state, fields), at, side.stored[key].tail, ())
    return message_update(state, side, side.stored[key], at, "edited_")


def deleted_event(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """Messages to the owner are deleted: ``message_ids``, or the newest."""
    side = _side(state, chat, data)
    wanted = data.get("message_ids") or [int(key) for key in list(side.stored)[-1:]]
    for message_id in wanted:
        side.stored.pop(str(message_id), None)
    payload = {"business_connection_id": side.connection, "chat": side.card_json, "message_ids": wanted}
    return make_update(state, "deleted_business_messages", chat.address, payload, at, chat_id=side.id)
