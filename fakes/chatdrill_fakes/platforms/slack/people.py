"""``conversations.*``, ``users.*``, ``team.info``, ``bots.info``: who there is, and where.

Source: docs.slack.dev, Web API methods (2026-08).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from chatdrill_fakes.platforms.slack import ids, limits
from chatdrill_fakes.platforms.slack.calls import Answered, Asked, customer_of
from chatdrill_fakes.platforms.slack.errors import ApiError
from chatdrill_fakes.platforms.slack.objects import bot_user_object, room_object, user_object
from chatdrill_fakes.platforms.slack.state import Json, Kind, Room, SlackState

_KINDS: dict[str, Kind] = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_NAME_MAX = 80
T = TypeVar("T")


def paged(asked: Asked, found: Sequence[T], default: int, most: int) -> tuple[list[T], Json]:
    """A page of something, and where the next one begins."""
    limit, cursor = asked.number("limit", default, most), asked.optional("cursor")
    if cursor and not (cursor.startswith("next:") and cursor[5:].isdecimal() and len(cursor) < 20):
        raise ApiError("invalid_cursor")
    begin = int(cursor[5:]) if cursor else 0
    end = begin + limit
    return list(found[begin:end]), {"next_cursor": f"next:{end}" if end < len(found) else ""}


# ------------------------------------------------------------------------------------------------------- conversations


def open_room(asked: Asked) -> Answered:
    """The direct message with somebody, or a conversation with several."""
    if asked.has("channel"):
        room = asked.room()
        return _opened(asked, room, is_new=False)
    people = asked.names("users")
    if not people:
        raise ApiError("users_list_not_supplied")
    if len(people) > limits.OPEN_USERS_MAX:
        raise ApiError("too_many_users")
    for id in people:
        if id not in asked.state.chats:
            raise ApiError("user_not_found")
        if asked.state.chats[id].is_disabled:
            raise ApiError("user_disabled")
    if len(people) == 1:
        chat = asked.state.chats[people[0]]
        is_new, chat.opened = not chat.opened, True
        return _opened(asked, asked.state.rooms[chat.dm], is_new=is_new)
    return _opened(asked, _group(asked, people), is_new=True)


def _group(asked: Asked, people: Iterable[str]) -> Room:
    members = dict.fromkeys(sorted(people))
    known = (room for room in asked.state.rooms.values() if room.kind == "mpim" and set(room.members) == set(members))
    found = next(known, None)
    if found is None:
        id = asked.state.new_id("G")
        found = asked.state.rooms[id] = Room(id, "mpim", f"mpdm-{id.lower()}", int(asked.now), members=members)
    return found


def _opened(asked: Asked, room: Room, *, is_new: bool) -> Answered:
    whole = room_object(asked.state, room) if asked.flag("return_im") else {"id": room.id}
    news = {} if is_new else {"no_op": True, "already_open": True}
    return Answered({**news, "channel": whole}, customer_of(asked.state, room))


def close_room(asked: Asked) -> Answered:
    """Nobody's list shows it any more; that changes nothing."""
    room = asked.room()
    if room.kind not in ("im", "mpim"):
        raise ApiError("method_not_supported_for_channel_type")
    return Answered({}, customer_of(asked.state, room))


def info(asked: Asked) -> Answered:
    """One conversation."""
    room = asked.room()
    more = {"num_members": len(room.members) + 1} if asked.flag("include_num_members") else {}
    return Answered({"channel": {**room_object(asked.state, room), **more}}, customer_of(asked.state, room))


def history(asked: Asked) -> Answered:
    """What stands in a conversation, the newest first; replies stand in their threads."""
    room = asked.room()
    if not room.is_in and room.kind != "channel":
        raise ApiError("not_in_channel")
    every = [raw for raw in room.messages.values() if raw.get("thread_ts", raw["ts"]) == raw["ts"] or raw.get("root")]
    found = sorted(_between(asked, every), key=lambda raw: float(raw["ts"]), reverse=True)
    page, onwards = paged(asked, found, 100, limits.PAGE_MAX)
    body = {"messages": page, "has_more": bool(onwards["next_cursor"]), "pin_count": 0, "response_metadata": onwards}
    return Answered(body, customer_of(asked.state, room))


def replies(asked: Asked) -> Answered:
    """A thread: what it answers first, then the replies."""
    room, ts = asked.room(), asked.ts("ts", "thread_not_found")
    parent = room.messages.get(ts)
    if parent is None:
        raise ApiError("thread_not_found")
    root = str(parent.get("thread_ts") or ts)
    thread = [raw for raw in room.messages.values() if ts_of(raw) == root or raw.get("thread_ts") == root]
    found = sorted(_between(asked, thread, always=root), key=lambda raw: float(raw["ts"]))
    page, onwards = paged(asked, found, limits.LIST_MAX, limits.LIST_MAX)
    body = {"messages": page, "has_more": bool(onwards["next_cursor"]), "response_metadata": onwards}
    return Answered(body, customer_of(asked.state, room, root))


def ts_of(raw: Json) -> str:
    """The ``ts`` of a message."""
    return str(raw["ts"])


def _between(asked: Asked, every: Iterable[Json], always: str = "") -> list[Json]:
    oldest, latest = _moment(asked, "oldest"), _moment(asked, "latest")
    with_ends = asked.flag("inclusive")

    def fits(raw: Json) -> bool:
        at = float(raw["ts"])
        if raw["ts"] == always or (with_ends and at in (oldest, latest)):
            return True
        return (oldest is None or at > oldest) and (latest is None or at < latest)

    return [raw for raw in every if fits(raw)]


def _moment(asked: Asked, name: str) -> float | None:
    if not asked.has(name):
        return None
    found = ids.seconds(asked.optional(name))
    if found is None:
        raise ApiError(f"invalid_ts_{name}")
    return found


def listed(asked: Asked) -> Answered:
    """The conversations of some kinds; public channels if none is named."""
    return _rooms(asked, lambda _: True)


def mine(asked: Asked) -> Answered:
    """Those that somebody is in; the bot, if nobody is named."""
    user = asked.optional("user") or asked.state.bot_user
    return _rooms(asked, lambda room: room.is_in if user == asked.state.bot_user else user in room.members)


def _rooms(asked: Asked, wanted: Callable[[Room], bool]) -> Answered:
    names = asked.names("types") or ["public_channel"]
    if not set(names) <= set(_KINDS):
        raise ApiError("invalid_types")
    kinds = {_KINDS[name] for name in names}
    rooms = [room for room in asked.state.rooms.values() if room.kind in kinds and wanted(room)]
    if asked.flag("exclude_archived"):
        rooms = [room for room in rooms if not room.is_archived]
    page, onwards = paged(asked, rooms, 100, limits.LIST_MAX)
    return Answered({"channels": [room_object(asked.state, room) for room in page], "response_metadata": onwards})


def members(asked: Asked) -> Answered:
    """Who is in a conversation."""
    room = asked.room()
    everybody = [*room.members, *([asked.state.bot_user] if room.is_in else [])]
    page, onwards = paged(asked, everybody, 100, limits.LIST_MAX)
    return Answered({"members": page, "response_metadata": onwards}, customer_of(asked.state, room))


def join(asked: Asked) -> Answered:
    """The bot comes into a public channel."""
    room = asked.room()
    if room.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if room.is_archived:
        raise ApiError("is_archived")
    was_in, room.is_in = room.is_in, True
    told: Json = (
        {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}} if was_in else {}
    )
    return Answered({"channel": room_object(asked.state, room), **told})


def leave(asked: Asked) -> Answered:
    """The bot goes."""
    room = asked.room()
    if room.kind == "im":
        raise ApiError("method_not_supported_for_channel_type")
    was_in, room.is_in = room.is_in, False
    return Answered({} if was_in else {"not_in_channel": True})


def invite(asked: Asked) -> Answered:
    """People come into a channel."""
    room, people = asked.joined_room(), asked.names("users")
    if room.kind in ("im", "mpim"):
        raise ApiError("method_not_supported_for_channel_type")
    if not people:
        raise ApiError("no_user")
    for id in people:
        if id == asked.state.bot_user:
            raise ApiError("cant_invite_self")
        if id not in asked.state.chats:
            raise ApiError("user_not_found")
        if id in room.members:
            raise ApiError("already_in_channel")
    room.members |= dict.fromkeys(people)
    return Answered({"channel": room_object(asked.state, room)})


def create(asked: Asked) -> Answered:
    """A new channel, with the bot in it."""
    name = asked.text("name")
    if len(name) > _NAME_MAX:
        raise ApiError("invalid_name_maxlength")
    if name != name.lower() or not all(sign.isalnum() or sign in "-_" for sign in name):
        raise ApiError("invalid_name_specials")
    if next(asked.state.named(name), None) is not None:
        raise ApiError("name_taken")
    kind: Kind = "group" if asked.flag("is_private") else "channel"
    id = asked.state.new_id("C")
    room = asked.state.rooms[id] = Room(id, kind, name, int(asked.now))
    return Answered({"channel": room_object(asked.state, room)})


def archive(asked: Asked) -> Answered:
    """A channel is closed for good."""
    room = asked.room()
    if room.kind in ("im", "mpim"):
        raise ApiError("method_not_supported_for_channel_type")
    if room.is_archived:
        raise ApiError("already_archived")
    room.is_archived = True
    return Answered({})


def mark(asked: Asked) -> Answered:
    """How far the bot has read, which nobody sees."""
    room = asked.room()
    asked.ts("ts", "invalid_timestamp")
    return Answered({}, customer_of(asked.state, room))


# --------------------------------------------------------------------------------------------------------------- people


def _email(state: SlackState) -> bool:
    return "users:read.email" in state.scopes


def user_info(asked: Asked) -> Answered:
    """One person, or the bot."""
    if asked.text("user") == asked.state.bot_user:
        return Answered({"user": bot_user_object(asked.state)})
    chat = asked.person("user")
    return Answered(
        {"user": user_object(asked.state, chat, email=_email(asked.state), locale=asked.flag("include_locale"))},
        chat.address,
    )


def users(asked: Asked) -> Answered:
    """Everybody in the workspace."""
    everybody: list[Any] = [bot_user_object(asked.state)]
    everybody += [
        user_object(asked.state, chat, email=_email(asked.state), locale=False) for chat in asked.state.chats.values()
    ]
    page, onwards = paged(asked, everybody, limits.LIST_MAX, limits.LIST_MAX)
    return Answered({"members": page, "cache_ts": int(asked.now), "response_metadata": onwards})


def by_email(asked: Asked) -> Answered:
    """The person with an address."""
    wanted = asked.text("email").lower()
    found = next((chat for chat in asked.state.chats.values() if chat.customer.email.lower() == wanted), None)
    if found is None:
        raise ApiError("users_not_found")
    return Answered({"user": user_object(asked.state, found, email=True, locale=False)}, found.address)


def profile(asked: Asked) -> Answered:
    """What a person says of themselves."""
    chat = asked.person("user")
    whole = user_object(asked.state, chat, email=_email(asked.state), locale=False)
    return Answered({"profile": whole["profile"]}, chat.address)


def presence(asked: Asked) -> Answered:
    """Whether somebody is there: everybody always is."""
    chat = asked.person("user")
    return Answered({"presence": "active"}, chat.address)


def bot_info(asked: Asked) -> Answered:
    """The bot as an integration."""
    state = asked.state
    if asked.optional("bot") not in ("", state.bot):
        raise ApiError("bot_not_found")
    bot = {"id": state.bot, "deleted": False, "name": state.settings["name"], "updated": 1_789_990_000, "app_id": state.app,
           "user_id": state.bot_user, "icons": {}}  # fmt: skip
    return Answered({"bot": bot})


def team_info(asked: Asked) -> Answered:
    """The workspace."""
    domain = asked.state.settings["team_domain"]
    team = {
        "id": asked.state.team,
        "name": domain.title(),
        "domain": domain,
        "email_domain": "",
        "icon": {"image_default": True},
    }
    return Answered({"team": team})
