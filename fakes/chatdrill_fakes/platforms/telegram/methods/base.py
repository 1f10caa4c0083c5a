"""One call of the bot while it is worked on, and the questions that many methods ask."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from chatdrill.model import Effect
from chatdrill.wire import Bucket, Exchange, Later
from chatdrill_fakes.platforms.telegram.arguments import Arguments, BadJson, leading_integer
from chatdrill_fakes.platforms.telegram.errors import ApiError, bad_request, forbidden, too_many_requests
from chatdrill_fakes.platforms.telegram.limits import (
    CHAT_BURST,
    CHAT_RATE_PER_S,
    GROUP_BURST,
    GROUP_RATE_PER_S,
)
from chatdrill_fakes.platforms.telegram.state import Connection, Stored, TelegramChat, TelegramState


class MethodCall(msgspec.Struct):
    """The method ``name`` with its arguments; ``effects`` and ``later`` fill up while it is carried out."""

    state: TelegramState
    exchange: Exchange
    arguments: Arguments
    name: str
    to: str | None = None
    effects: list[Effect] = []
    later: list[Later] = []

    @property
    def now(self) -> float:
        """Drill time of the listener."""
        return self.exchange.now


@dataclass(frozen=True, slots=True)
class Described:
    """A result with the ``description`` that a few methods add."""

    result: Any
    description: str


Handler = Callable[[MethodCall], Any]

_LIMITED = frozenset(("yes", "strict"))


# ------------------------------------------------------------------------------------------------------ chats


def find_chat(call: MethodCall, name: str = "chat_id") -> TelegramChat:
    """The chat that an argument names; raises ``ApiError`` if it is empty or unknown to the bot."""
    text = call.arguments.text(name)
    if not text:
        raise bad_request(f"{name} is empty")
    return chat_by(call.state, text)


def chat_by(state: TelegramState, text: str) -> TelegramChat:
    """A chat by its id or ``@username``. Raises ``ApiError``.

    Private chats have no public name for bots; a customer who never started the bot does not exist for it.
    """
    if text.startswith("@"):
        found = state.find_username(text[1:])
        if found is None or found.is_private:
            raise bad_request("chat not found")
        return found
    found = state.chats.get(text) or state.chats.get(str(leading_integer(text)))
    if found is None and leading_integer(text) == state.bot_id:
        raise forbidden("the bot can't send messages to the bot")
    if found is None or not (found.opened or found.is_seen):
        raise bad_request("chat not found")
    return found


_PLACES = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}


def writable_chat(call: MethodCall, name: str = "chat_id") -> TelegramChat:
    """The chat, if the bot may act in it; raises ``ApiError`` (403 where it was thrown out or left)."""
    chat = find_chat(call, name)
    call.to = chat.address
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    if not chat.is_private and chat.status in ("kicked", "left"):
        was = "was kicked from" if chat.status == "kicked" else "is not a member of"
        raise forbidden(f"bot {was} the {_PLACES[chat.kind]}")
    return chat


def acting_chat(call: MethodCall) -> TelegramChat:
    """The chat of a call, seen through the business connection if one is named."""
    if not call.arguments.text("business_connection_id"):
        return writable_chat(call)
    connection_chats = find_connection(call).chats
    text = call.arguments.text("chat_id")
    if not text:
        raise bad_request("chat identifier is empty")
    chat = connection_chats.get(str(leading_integer(text)))
    if chat is None:
        raise bad_request("chat not found")
    call.to = chat.address
    return chat


def find_connection(call: MethodCall) -> Connection:
    """The business connection of a call; raises ``ApiError``."""
    found = call.state.connections.get(call.arguments.text("business_connection_id"))
    if found is None:
        raise bad_request("business connection not found")
    return found


def ensure_reachable(chat: TelegramChat) -> None:
    """Raises ``ApiError`` (403) for a customer who blocked the bot or never started it."""
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if chat.is_private and not chat.opened:
        raise forbidden("bot can't initiate conversation with a user")


# The right that a kind of message needs in a group, and its name in the error. Source: tdlib/td, MessageContent.cpp.
_RIGHTS = {
    "text": ("can_send_messages", "text messages"),
    "contact": ("can_send_messages", "contacts"),
    "location": ("can_send_messages", "locations"),
    "venue": ("can_send_messages", "venues"),
    "photo": ("can_send_photos", "photos"),
    "video": ("can_send_videos", "videos"),
    "video_note": ("can_send_video_notes", "video notes"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "audio": ("can_send_audios", "music"),
    "document": ("can_send_documents", "documents"),
    "animation": ("can_send_other_messages", "animations"),
    "sticker": ("can_send_other_messages", "stickers"),
    "dice": ("can_send_other_messages", "dice"),
    "poll": ("can_send_polls", "polls"),
}


def ensure_may_send(chat: TelegramChat, kind: str) -> None:
    """Raises ``ApiError`` where a group's administrators, or a channel, do not let the bot send this."""
    if chat.is_private:
        return
    if chat.kind == "channel" and (chat.status != "administrator" or "can_post_messages" in chat.denied):
        raise bad_request("need administrator rights in the channel chat")
    right, what = _RIGHTS[kind]
    if right in chat.denied:
        raise bad_request(f"not enough rights to send {what} to the chat")


def ensure_in_rate(call: MethodCall, chat: TelegramChat, count: int = 1) -> None:
    """Take ``count`` messages from the rate limits; raises ``ApiError`` (429) if there is no room."""
    mode = call.state.settings["rate_limits"].lower()
    if mode not in _LIMITED:
        return
    if chat.bucket is None:
        rate, burst = (CHAT_RATE_PER_S, CHAT_BURST) if chat.is_private else (GROUP_RATE_PER_S, GROUP_BURST)
        chat.bucket = Bucket(rate, burst)
    wait = chat.bucket.take(chat.at(call.now), count)
    if not wait and mode == "strict":
        wait = call.state.bucket.take(call.now, count)
    if wait:
        raise too_many_requests(max(1, math.ceil(wait)))


# --------------------------------------------------------------------------------------------------- messages


def find_message(call: MethodCall, chat: TelegramChat, what: str, name: str = "message_id") -> tuple[str, Stored]:
    """The message that an argument names; raises ``ApiError`` ``<what> not found``."""
    key = str(call.arguments.integer(name))
    stored = chat.stored.get(key)
    if stored is None:
        raise bad_request(f"{what} not found")
    return key, stored


def read_message_ids(call: MethodCall, count_max: int, name: str = "message_ids") -> list[int]:
    """The message ids of a batch; raises ``ApiError``."""
    if not call.arguments.text(name):
        raise bad_request("Message identifiers are not specified")
    try:
        values = call.arguments.json(name)
    except BadJson as error:
        raise bad_request(f"Can't parse {name} JSON object") from error
    if not isinstance(values, list):
        raise bad_request("Expected an Array of message identifiers")
    if len(values) > count_max:
        raise bad_request("Too many message identifiers specified")
    if not values:
        raise bad_request("Message identifiers are not specified")
    return [_message_id(value) for value in values]


def _message_id(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise bad_request("Message identifier must be a Number")
    text = str(value)
    if not text.lstrip("+-").isdigit() or not text.isascii() or len(text) > 11:
        raise bad_request("Can't parse message identifier as a Number")
    if not 0 < int(text) < 1 << 31:
        raise bad_request("Invalid message identifier specified")
    return int(text)


def required(call: MethodCall, name: str) -> str:
    """A text argument that must not be empty; raises ``ApiError``."""
    text = call.arguments.text(name)
    if not text:
        raise bad_request(f'Parameter "{name}" is required')
    return text


def user_id(call: MethodCall, name: str = "user_id") -> int:
    """A user's id; raises ``ApiError`` if it is none."""
    number = leading_integer(call.arguments.text(name))
    if number <= 0:
        raise bad_request(f"Invalid {name} specified")
    return number


def read_json(call: MethodCall, name: str, what: str) -> Any:
    """The JSON of an argument; raises ``ApiError`` ``Can't parse <what> JSON object``."""
    try:
        return call.arguments.json(name)
    except BadJson as error:
        raise bad_request(f"Can't parse {what} JSON object") from error
