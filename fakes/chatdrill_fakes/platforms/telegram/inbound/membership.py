"""Who may write to whom: blocking, unblocking, and the bot in groups."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import Update
from chatdrill_fakes.platforms.telegram.encoding import clean
from chatdrill_fakes.platforms.telegram.inbound.overrides import merged
from chatdrill_fakes.platforms.telegram.messages import Content, from_customer
from chatdrill_fakes.platforms.telegram.state import ChatKind, Json, TelegramChat, TelegramState, new_chat
from chatdrill_fakes.platforms.telegram.updates import make_update, message_update

_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}
_KINDS: dict[str, ChatKind] = {"group": "group", "supergroup": "supergroup", "channel": "channel"}
STANDING = {"channel": "administrator"}  # what a bot becomes where it is let in; everywhere else a member
PRESENT = frozenset(("member", "administrator", "creator", "restricted"))


def encode_block(state: TelegramState, chat: TelegramChat, _act: Any, at: float) -> list[Update]:
    """The customer blocks the bot; nothing if that is so already."""
    if chat.blocked:
        return []
    chat.blocked = True
    return _status_update(state, chat, at, "member", "kicked")


def let_back_in(state: TelegramState, chat: TelegramChat, at: float) -> list[Update]:
    """The customer unblocks the bot, also by writing to it or pressing RESTART."""
    if not chat.blocked:
        return []
    chat.blocked = False
    return _status_update(state, chat, at, "kicked", "member")


def encode_unblock(state: TelegramState, chat: TelegramChat, _act: Any, at: float) -> list[Update]:
    """The same as an act of its own."""
    return let_back_in(state, chat, at)


def _status_update(state: TelegramState, chat: TelegramChat, at: float, old: str, new: str) -> list[Update]:
    payload = {
        "chat": chat.card_json,
        "from": chat.user_json,
        "date": int(at),
        "old_chat_member": member(state.bot_json, old),
        "new_chat_member": member(state.bot_json, new),
    }
    return make_update(state, "my_chat_member", chat.address, payload, at, chat_id=chat.id)


def member(user: Any, status: str) -> Json:
    """A ``ChatMember``: the fields that depend on the status get their usual values."""
    found: Json = {"user": user, "status": status}
    if status == "kicked":
        found["until_date"] = 0
    elif status == "restricted":
        found.update(is_member=True, **dict.fromkeys(PERMISSIONS, False), until_date=0)
    elif status == "creator":
        found["is_anonymous"] = False
    elif status == "administrator":
        found["can_be_edited"] = False
        found.update(dict.fromkeys(_ADMINISTRATOR_RIGHTS, True))
        found["is_anonymous"] = False
    return found


PERMISSIONS = (
    "can_send_messages",
    "can_send_media_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
)
_ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


# ---------------------------------------------------------------------------------------------------- groups


def place_of(state: TelegramState, chat: TelegramChat, data: Json) -> TelegramChat:
    """Where an event happens: the group that ``data`` names (made on first mention), or the customer's own chat."""
    card = data.get("chat")
    if not isinstance(card, dict) or not isinstance(card.get("id"), int) or card["id"] == chat.id:
        return chat
    found = state.chats.get(str(card["id"]))
    if found is None:
        kind = _KINDS.get(str(card.get("type", "supergroup" if card["id"] < -(10**12) else "group")), "group")
        found = new_chat(state, chat.customer, chat.user, _group_card(card, kind), kind, chat.ahead_s)
        found.status, found.opened = "left", True
        state.chats[found.address] = found
    found.members[chat.id] = chat.user
    chat.is_seen = True
    return found


def _group_card(card: Json, kind: ChatKind) -> Json:
    found: Json = {"id": card["id"], "title": clean(str(card.get("title", "Group")))}
    if card.get("username") and kind != "group":
        found["username"] = clean(str(card["username"]))
    if kind == "group":
        return {**found, "type": kind, "all_members_are_administrators": False, "accepted_gift_types": _NO_GIFTS}
    if card.get("is_forum"):
        found["is_forum"] = True
    return {**found, "type": kind}


def join_or_leave(
    state: TelegramState, actor: TelegramChat, group: TelegramChat, status: str, given: Json, at: float
) -> list[Update]:
    """The bot's standing in a group changes by ``actor``: ``my_chat_member``, and the service message of it.

    ``given`` lies over the standard payload.
    """
    old, group.status = group.status, status
    standard: Json = {
        "chat": group.card_json,
        "from": actor.user_json,
        "date": int(at),
        "old_chat_member": member(state.bot_json, old),
        "new_chat_member": member(state.bot_json, status),
    }
    payload = merged(standard, given)
    group.denied = frozenset(name for name, may in payload["new_chat_member"].items() if may is False)
    updates = make_update(state, "my_chat_member", actor.address, payload, at, chat_id=group.id)
    if group.kind == "channel" or (old in PRESENT) == (status in PRESENT):
        return updates
    return updates + service_message(state, actor, group, _moved(state, came=status in PRESENT), at)


def _moved(state: TelegramState, *, came: bool) -> Json:
    if came:
        joined = {"new_chat_participant": state.bot_json, "new_chat_member": state.bot_json}
        return {**joined, "new_chat_members": [state.bot_json]}
    return {"left_chat_participant": state.bot_json, "left_chat_member": state.bot_json}


def service_message(
    state: TelegramState, actor: TelegramChat, place: TelegramChat, fields: Json, at: float
) -> list[Update]:
    """A message that the platform writes by itself into ``place`` in ``actor``'s name."""
    stored = from_customer(state, place, Content("service", fields, ()), at, speaker=actor)
    return message_update(state, place, stored, at, to=actor.address)


def migrate(state: TelegramState, group: TelegramChat, new_id: int) -> TelegramChat:
    """A basic group becomes a supergroup with another id; the old one answers with ``migrate_to_chat_id``."""
    group.migrated_to = new_id
    card = _group_card({**group.card, "id": new_id}, "supergroup")
    found = new_chat(state, group.customer, group.user, card, "supergroup", group.ahead_s)
    found.opened, found.status, found.members = True, group.status, dict(group.members)
    state.chats[found.address] = found
    return found
