"""The calls about people, groups and the account. Source: developers.line.biz, Messaging API reference: users, bot, group chats (2026-08)."""

from __future__ import annotations

from chatdrill.model import Activity, Effect, MarkedRead
from chatdrill_fakes.platforms.line import ids, limits
from chatdrill_fakes.platforms.line.calls import Answered, Asked
from chatdrill_fakes.platforms.line.errors import NO_ACCESS, ApiError, invalid, malformed
from chatdrill_fakes.platforms.line.state import Json, LineChat

_PAGE_MAX = 1000
_ONLY_PEOPLE = "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids."
_BAD_MARK = "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."


def profile(asked: Asked) -> Answered:
    """Name, picture and language of a customer."""
    chat = asked.known(asked.path["userId"])
    known = _person(chat)
    return Answered({**known, "language": chat.customer.language, "statusMessage": "Hello, LINE!"}, to=chat.address)


def _person(chat: LineChat) -> Json:
    picture = f"https://profile.line-scdn.net/0h{chat.address[1:33]}"
    return {"displayName": chat.customer.name, "userId": chat.address, "pictureUrl": picture}


def bot_info(asked: Asked) -> Answered:
    """The account itself."""
    settings = asked.state.settings
    known = {"userId": settings["user_id"], "basicId": settings["basic_id"], "displayName": settings["name"]}
    return Answered({**known, "chatMode": "bot", "markAsReadMode": "auto"})


def followers(asked: Asked) -> Answered:
    """The ids of all friends, page by page; only for verified accounts."""
    _check_verified(asked)
    friends = [chat.address for chat in asked.state.chats.values() if chat.friend and not chat.blocked]
    return Answered(_page(asked, friends, "userIds"))


def _check_verified(asked: Asked) -> None:
    if not asked.state.on("verified"):
        raise ApiError(403, NO_ACCESS)


def _page(asked: Asked, found: list[str], name: str) -> Json:
    start, limit = (_natural(asked.query.get(key), default) for key, default in (("start", 0), ("limit", 300)))
    end = start + max(1, min(limit, _PAGE_MAX))
    return {name: found[start:end], **({"next": str(end)} if end < len(found) else {})}


def _natural(value: str | None, default: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else default


def group_summary(asked: Asked) -> Answered:
    """A group's name."""
    group = asked.group()
    picture = f"https://profile.line-scdn.net/0h{group.id[1:]}"
    return Answered({"groupId": group.id, "groupName": group.name, "pictureUrl": picture}, to=group.to)


def members_count(asked: Asked) -> Answered:
    """How many people there are; the account itself is none."""
    group = asked.group()
    return Answered({"count": len(group.members)}, to=group.to)


def members(asked: Asked) -> Answered:
    """Their ids; only for verified accounts."""
    group = asked.group()
    _check_verified(asked)
    return Answered(_page(asked, group.members, "memberIds"), to=group.to)


def member(asked: Asked) -> Answered:
    """One of them, friend or not."""
    group, user = asked.group(), asked.path["userId"]
    chat = asked.state.chats.get(user)
    if chat is None or user not in group.members:
        raise ApiError(404, "Not found")
    return Answered(_person(chat), to=group.to)


def leave(asked: Asked) -> Answered:
    """The account goes."""
    group = asked.group()
    del asked.state.groups[group.id]
    return Answered(to=group.to)


def link_token(asked: Asked) -> Answered:
    """A token to link the customer's account of the shop with: ten minutes, once."""
    chat = asked.known(asked.path["userId"])
    return Answered({"linkToken": asked.state.opaque()}, to=chat.address)


def loading(asked: Asked) -> Answered:
    """Dots in the chat, until a message comes or the seconds are over."""
    place = asked.place()
    to, seconds = asked.values.get("chatId"), asked.values.get("loadingSeconds", limits.LOADING_S)
    if not ids.is_holder(to, "U"):
        place.wrong(_ONLY_PEOPLE, "chatId")
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        raise malformed("'loadingSeconds'")
    if not limits.LOADING_MIN_S <= seconds <= limits.LOADING_MAX_S:
        place.wrong(f"Must be between {limits.LOADING_MIN_S} and {limits.LOADING_MAX_S}", "loadingSeconds")
    if seconds % limits.LOADING_STEP_S:
        place.wrong("must be a multiple of five", "loadingSeconds")
    if place.problems.found:
        raise invalid(place.problems.found)
    known = str(to) in asked.state.chats
    shown: tuple[Effect, ...] = (Activity(to=str(to), action="typing"),) if known else ()
    return Answered(status=202, to=str(to) if known else None, effects=shown)


def mark_as_read(asked: Asked) -> Answered:
    """A message is read, by the token that came with it."""
    found = asked.state.marks.get(asked.text("markAsReadToken"))
    if found is None:
        raise ApiError(400, _BAD_MARK)
    to, message = found
    return Answered(to=to, effects=(MarkedRead(to=to, message_id=message),))
