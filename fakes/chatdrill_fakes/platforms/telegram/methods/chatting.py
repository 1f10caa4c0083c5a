"""What the bot does in a chat beside writing: actions, reactions, answers to presses, pins; and what it asks of it."""

from __future__ import annotations

import re
from typing import Any

from chatdrill.model import Activity, Event, PressAnswered, Reacted
from chatdrill.wire import Later
from chatdrill_fakes.platforms.telegram.arguments import BadJson, leading_integer
from chatdrill_fakes.platforms.telegram.errors import bad_request
from chatdrill_fakes.platforms.telegram.fields import FieldError, int_field, text_field
from chatdrill_fakes.platforms.telegram.inbound.membership import PERMISSIONS, member
from chatdrill_fakes.platforms.telegram.inbound.pressing import react
from chatdrill_fakes.platforms.telegram.limits import CALLBACK_ANSWER_MAX, CALLBACK_ANSWER_S
from chatdrill_fakes.platforms.telegram.messages import bare
from chatdrill_fakes.platforms.telegram.methods.base import (
    Handler,
    MethodCall,
    acting_chat,
    ensure_reachable,
    find_chat,
    find_message,
    user_id,
    writable_chat,
)
from chatdrill_fakes.platforms.telegram.methods.options import thread_of
from chatdrill_fakes.platforms.telegram.state import Json, TelegramChat
from chatdrill_fakes.platforms.telegram.texts import known_user, read_text

_ACTIONS = {
    "cancel": "cancel",
    "typing": "typing",
    "record_video": "record_video",
    "upload_video": "upload_video",
    "record_audio": "record_voice",
    "record_voice": "record_voice",
    "upload_audio": "upload_voice",
    "upload_voice": "upload_voice",
    "upload_photo": "upload_photo",
    "upload_document": "upload_document",
    "choose_sticker": "choose_sticker",
    "pick_up_location": "find_location",
    "find_location": "find_location",
    "record_video_note": "record_video_note",
    "upload_video_note": "upload_video_note",
}
# core.telegram.org/bots/api#reactiontypeemoji, 2026-06-11
_REACTIONS = frozenset(
    [
        "❤",
        "👍",
        "👎",
        "🔥",
        "🥰",
        "👏",
        "😁",
        "🤔",
        "🤯",
        "😱",
        "🤬",
        "😢",
        "🎉",
        "🤩",
        "🤮",
        "💩",
        "🙏",
        "👌",
        "🕊",
        "🤡",
        "🥱",
        "🥴",
        "😍",
        "🐳",
        "❤\u200d🔥",
        "🌚",
        "🌭",
        "💯",
        "🤣",
        "⚡",
        "🍌",
        "🏆",
        "💔",
        "🤨",
        "😐",
        "🍓",
        "🍾",
        "💋",
        "🖕",
        "😈",
        "😴",
        "😭",
        "🤓",
        "👻",
        "👨\u200d💻",
        "👀",
        "🎃",
        "🙈",
        "😇",
        "😨",
        "🤝",
        "✍",
        "🤗",
        "🫡",
        "🎅",
        "🎄",
        "☃",
        "💅",
        "🤪",
        "🗿",
        "🆒",
        "💘",
        "🙉",
        "🦄",
        "😘",
        "💊",
        "🙊",
        "😎",
        "👾",
        "🤷\u200d♂",
        "🤷",
        "🤷\u200d♀",
        "😡",
    ]
)
_BOT_LINK = re.compile(r"(?:https?://)?(?:t|telegram)\.me/([A-Za-z0-9_]+)\?", re.IGNORECASE)
_VARIATION = "\ufe0f"


def send_chat_action(call: MethodCall) -> bool:
    """``sendChatAction``."""
    action = _ACTIONS.get(call.arguments.text("action").lower())
    if action is None:
        raise bad_request("Wrong parameter action in request")
    chat = acting_chat(call)
    thread_of(call, chat)
    ensure_reachable(chat)
    call.effects.append(Activity(to=chat.address, action=action))
    return True


def send_message_draft(call: MethodCall) -> bool:
    """``sendMessageDraft``: the customer sees the text grow; it is no message yet."""
    read_text(call.arguments)
    chat = writable_chat(call)
    ensure_reachable(chat)
    call.effects.append(Activity(to=chat.address, action="typing"))
    return True


def set_message_reaction(call: MethodCall) -> bool:
    """``setMessageReaction``: one reaction of a bot at most; none takes it back."""
    emoji = _read_reaction(call)
    chat = find_chat(call)
    call.to = chat.address
    key, stored = find_message(call, chat, "message to react")
    if stored.kind == "service":
        raise bad_request("REACTION_INVALID")
    react(chat, key, call.state.bot_id, emoji)
    call.effects.append(Reacted(to=chat.address, message_id=key, emoji=emoji))
    return True


def _read_reaction(call: MethodCall) -> str | None:
    if not call.arguments.text("reaction"):
        return None
    try:
        values = call.arguments.json("reaction")
    except BadJson as error:
        raise bad_request("Can't parse reaction types JSON object") from error
    if not isinstance(values, list):
        raise bad_request("Expected an Array of ReactionType")
    emoji = [_emoji(value) for value in values]
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if emoji and emoji[0].replace(_VARIATION, "") not in _REACTIONS:
        raise bad_request("REACTION_INVALID")
    return emoji[0] if emoji else None


def _emoji(value: Any) -> str:
    try:
        if not isinstance(value, dict):
            raise FieldError("expected an Object")
        kind = text_field(value, "type")
        if kind == "emoji":
            return text_field(value, "emoji")
        if kind != "custom_emoji":
            raise FieldError("invalid reaction type specified")
        int_field(value, "custom_emoji_id", wide=True)
    except FieldError as error:
        raise bad_request(f"Can't parse ReactionType: {error}") from error
    raise bad_request("REACTION_INVALID")  # only Premium accounts react with custom emoji


def answer_callback_query(call: MethodCall) -> bool:
    """``answerCallbackQuery``: once, and soon."""
    key = str(leading_integer(call.arguments.text("callback_query_id")))
    press = call.state.presses.get(key)
    if press is None or press.is_answered or press.chat.at(call.now) - press.made_at > CALLBACK_ANSWER_S:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    words = call.arguments.text("text")
    if len(words) > CALLBACK_ANSWER_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    url = call.arguments.text("url")
    if url and _own_link(url) != str(call.state.bot["username"]).lower():
        raise bad_request("URL_INVALID")
    press.is_answered = True
    call.to = press.chat.address
    call.effects.append(
        PressAnswered(
            to=press.chat.address,
            press_id=key,
            text=words or None,
            alert=call.arguments.boolean("show_alert"),
        )
    )
    return True


def _own_link(url: str) -> str:
    """The bot that a link ``t.me/<bot>?start=...`` opens; empty for any other link."""
    found = _BOT_LINK.match(url)
    return found[1].lower() if found else ""


# ------------------------------------------------------------------------------------------------------ pins


def pin_chat_message(call: MethodCall) -> bool:
    """``pinChatMessage``; the service message of it is told to the bot too."""
    chat = writable_chat(call)
    key, _ = find_message(call, chat, "message to pin")
    _may_pin(chat)
    if key not in chat.pinned:
        chat.pinned.append(key)
        data = {"message_id": int(key), "by": "bot"}
        call.later.append(Later(0.0, chat.address, Event(name="pinned_message", data=data)))
    return True


def unpin_chat_message(call: MethodCall) -> bool:
    """``unpinChatMessage``: the newest pin if no message is named."""
    chat = writable_chat(call)
    if call.arguments.integer("message_id"):
        key, _ = find_message(call, chat, "message to unpin")
    else:
        key = chat.pinned[-1] if chat.pinned else ""
        if not key:
            raise bad_request("message to unpin not found")
    _may_pin(chat)
    chat.pinned = [pin for pin in chat.pinned if pin != key]
    return True


def unpin_all_chat_messages(call: MethodCall) -> bool:
    """``unpinAllChatMessages``."""
    chat = writable_chat(call)
    _may_pin(chat)
    chat.pinned.clear()
    return True


def _may_pin(chat: TelegramChat) -> None:
    if not chat.is_private and chat.status != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")


# ----------------------------------------------------------------------------------------- about the chat


_ALL_GIFTS = {
    "unlimited_gifts": True,
    "limited_gifts": True,
    "unique_gifts": True,
    "premium_subscription": True,
    "gifts_from_channels": True,
}


def get_chat(call: MethodCall) -> Json:
    """``getChat``: a ``ChatFullInfo``."""
    chat = find_chat(call)
    call.to = chat.address
    found: Json = dict(chat.card)
    if chat.is_private:
        found["can_send_gift"] = True
        if "username" in chat.card:
            found["active_usernames"] = [chat.card["username"]]
        found["accepted_gift_types"] = _ALL_GIFTS
    elif chat.kind != "channel":
        found["permissions"] = dict.fromkeys(PERMISSIONS, True)
    pinned = chat.stored.get(chat.pinned[-1]) if chat.pinned else None
    if pinned is not None:
        found["pinned_message"] = bare(pinned)
    return {**found, "max_reaction_count": 11, "accent_color_id": chat.id % 7 if chat.id > 0 else 0}


def get_chat_member(call: MethodCall) -> Json:
    """``getChatMember``."""
    wanted = user_id(call)
    chat = find_chat(call)
    call.to = chat.address
    if wanted == call.state.bot_id:
        return member(call.state.bot_json, "member" if chat.is_private else chat.status)
    if chat.is_private and wanted == chat.id:
        return member(chat.user_json, "member")
    if wanted in chat.members:
        return member(chat.members[wanted], "member")
    known = known_user(call.state, wanted)
    if known is None:
        raise bad_request("user not found")
    return member(known, "left")


def get_chat_administrators(call: MethodCall) -> list[Json]:
    """``getChatAdministrators``: the customer who brought the bot is taken for the owner."""
    chat = find_chat(call)
    call.to = chat.address
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    found = [member(chat.user_json, "creator")]
    if chat.status == "administrator":
        found.append(member(call.state.bot_json, "administrator"))
    return found


def get_chat_member_count(call: MethodCall) -> int:
    """``getChatMemberCount``."""
    chat = find_chat(call)
    call.to = chat.address
    return 2 if chat.is_private else len(chat.members) + (chat.status in ("member", "administrator"))


def leave_chat(call: MethodCall) -> bool:
    """``leaveChat``: groups only; later sends are refused."""
    chat = writable_chat(call)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.status = "left"
    return True


def get_user_profile_photos(call: MethodCall) -> Json:
    """``getUserProfilePhotos``: simulated customers show none."""
    wanted = user_id(call)
    if known_user(call.state, wanted) is None:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


CHATTING: dict[str, Handler] = {
    "sendChatAction": send_chat_action,
    "sendMessageDraft": send_message_draft,
    "setMessageReaction": set_message_reaction,
    "answerCallbackQuery": answer_callback_query,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "getUserProfilePhotos": get_user_profile_photos,
}
