"""What payloads and answers are made of: people, conversations, files, messages, and the wrapper of an event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from chatdrill.model import File
from chatdrill.wire import Update
from chatdrill_fakes.platforms.slack.state import Json, Kind, Room, SlackChat, SlackState, Stored

Told = tuple[Update, ...]
STRANGERS_TEAM = "T0STRANGERS"
CHANNEL_NAME = "support"
ZONE = ("Europe/Berlin", "Central European Time", 3600)
"""Where everybody is: Slack knows it of each, and the model does not."""
_encode = msgspec.json.Encoder().encode
SUBSCRIPTIONS: dict[str, str] = {"im": "im", "channel": "channels", "group": "groups", "mpim": "mpim"}
"""How subscriptions to messages call a kind of conversation."""


def body_of(value: Json) -> bytes:
    """The exact bytes of a payload: compact JSON in plain UTF-8."""
    return _encode(value)


def locale_of(chat: SlackChat) -> str:
    """``ru-RU``."""
    return chat.customer.locale.replace("_", "-")


def username(chat: SlackChat) -> str:
    """The name in ``@name``."""
    wanted = chat.customer.username or chat.customer.key
    return "".join(sign for sign in wanted.lower() if sign.isalnum() or sign in "._-")[:21] or "member"


def team_of(state: SlackState) -> str:
    """The workspace of the customers."""
    return STRANGERS_TEAM if state.settings["customers"] == "strangers" else state.team


def user_object(state: SlackState, chat: SlackChat, *, email: bool, locale: bool) -> Json:
    """A customer as ``users.info`` shows them; strangers with less."""
    customer, (zone, label, offset) = chat.customer, ZONE
    kind = state.settings["customers"]
    picture = f"{state.known_url}/avatars/{chat.address}"
    profile: Json = {
        "title": "",
        "phone": "" if kind == "strangers" else customer.phone,
        "real_name": customer.name,
        "real_name_normalized": customer.name,
        "display_name": username(chat),
        "display_name_normalized": username(chat),
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": chat.address[-8:].lower(),
        **({"email": customer.email} if email and customer.email and kind != "strangers" else {}),
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "image_48": f"{picture}_48.png",
        "image_512": f"{picture}_512.png",
        "team": team_of(state),
    }
    known = {} if kind == "strangers" else {"tz": zone, "tz_label": label, "tz_offset": offset}
    return {
        "id": chat.address,
        "team_id": team_of(state),
        "name": username(chat),
        "deleted": chat.is_disabled,
        "color": "9f69e7",
        "real_name": customer.name,
        **known,
        "profile": profile,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": kind == "guests",
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        **({"is_stranger": True} if kind == "strangers" else {}),
        "updated": 1_789_990_000,
        "is_email_confirmed": True,
        **({"locale": locale_of(chat)} if locale else {}),
    }


def bot_user_object(state: SlackState) -> Json:
    """The bot as a member."""
    name = state.settings["name"]
    profile = {
        "real_name": name,
        "display_name": name,
        "bot_id": state.bot,
        "api_app_id": state.app,
        "team": state.team,
    }
    return {
        "id": state.bot_user,
        "team_id": state.team,
        "name": name,
        "deleted": False,
        "real_name": name,
        "profile": profile,
        "is_bot": True,
        "is_app_user": False,
        "updated": 1_789_990_000,
    }


def room_object(state: SlackState, room: Room) -> Json:
    """A conversation as ``conversations.info`` shows it."""
    shared = state.settings["customers"] == "strangers"
    common: Json = {
        "id": room.id,
        "created": room.created,
        "is_archived": room.is_archived,
        "is_im": room.kind == "im",
        "is_org_shared": False,
        "is_ext_shared": shared,
        "context_team_id": state.team,
        "updated": room.created * 1000,
    }
    if room.kind == "im":
        return {**common, "user": room.user, "is_user_deleted": state.chats[room.user].is_disabled, "is_open": True}
    return {
        **common,
        "name": room.name,
        "name_normalized": room.name,
        "is_channel": room.kind == "channel",
        "is_group": room.kind == "group",
        "is_mpim": room.kind == "mpim",
        "is_private": room.kind != "channel",
        "is_general": False,
        "is_member": room.is_in,
        "creator": state.bot_user,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def new_file(state: SlackState, file: File, *, by: str, to: str | None, at: float) -> Stored:
    """Keep a file and describe it."""
    file_id = state.new_id("F")
    name = file.name or f"file.{_ending(file)}"
    path = f"{state.team}-{file_id}"
    plain = quote(name.replace("/", "_"), safe="")
    links = {
        "url_private": f"{state.known_url}/files-pri/{path}/{plain}",
        "url_private_download": f"{state.known_url}/files-pri/{path}/download/{plain}",
    }
    external = not file.sha256 and bool(file.url)
    raw: Json = {
        "id": file_id,
        "created": int(at),
        "timestamp": int(at),
        "name": name,
        "title": name,
        "mimetype": file.mime,
        "filetype": _ending(file),
        "pretty_type": _ending(file).upper(),
        "user": by,
        "user_team": team_of(state) if by != state.bot_user else state.team,
        "editable": False,
        "size": file.size_bytes,
        "mode": "external" if external else "hosted",
        "is_external": external,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        **({"url_private": file.url} if external else links),
        **({"original_w": file.width, "original_h": file.height} if file.width else {}),
        **({"duration_ms": int(file.duration_s * 1000)} if file.duration_s else {}),
        "permalink": f"https://{state.settings['team_domain']}.slack.com/files/{by}/{file_id}/{plain}",
        "has_rich_preview": False,
        "file_access": "visible",
    }
    stored = state.files[file_id] = Stored(file, raw, to)
    return stored


_ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4", "audio/ogg": "ogg",
    "audio/mpeg": "mp3", "audio/mp4": "m4a", "application/pdf": "pdf", "text/plain": "text",
}  # fmt: skip


def _ending(file: File) -> str:
    known = _ENDINGS.get(file.mime)
    if known is not None:
        return known
    ending = (file.name or "").rpartition(".")[2].lower()
    return ending if ending.isalnum() and len(ending) < 10 else "binary"


def own_message(state: SlackState, ts: str, **content: object) -> Json:
    """A message of the bot."""
    return {
        "user": state.bot_user,
        "type": "message",
        "ts": ts,
        "bot_id": state.bot,
        "app_id": state.app,
        "team": state.team,
        "bot_profile": state.bot_profile,
        **content,
    }


def add_to_thread(room: Room, raw: Json) -> None:
    """What a reply changes in the message that it answers."""
    parent = room.messages.get(str(raw.get("thread_ts") or ""))
    if parent is None or parent is raw:
        return
    who: list[str] = parent.setdefault("reply_users", [])
    author = str(raw.get("user") or raw.get("bot_id") or "")
    if author not in who:
        who.append(author)
    parent["thread_ts"] = parent["ts"]
    parent["reply_count"] = int(parent.get("reply_count", 0)) + 1
    parent["reply_users_count"] = len(who)
    parent["latest_reply"] = raw["ts"]
    parent["is_locked"] = False
    raw["parent_user_id"] = parent.get("user", "")


def names_of(state: SlackState, id: str) -> str | None:
    """The name of a person or a channel."""
    if id in state.chats:
        return state.chats[id].customer.name
    if id == state.bot_user:
        return state.settings["name"]
    room = state.rooms.get(id)
    return room.name if room is not None else None


def same_kind(rooms: Iterable[Room], kinds: Iterable[Kind]) -> list[Room]:
    """Those of these kinds."""
    wanted = frozenset(kinds)
    return [room for room in rooms if room.kind in wanted]


def _wrapping(state: SlackState) -> tuple[bytes, bytes]:
    """What stands before and behind every event; the dearest part of it is always the same."""
    who = {
        "enterprise_id": None,
        "team_id": state.team,
        "user_id": state.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    head: Json = {
        "token": state.legacy_token,
        "team_id": state.team,
        "context_team_id": state.team,
        "context_enterprise_id": None,
        "api_app_id": state.app,
        "event": 0,
    }
    tail = {
        "authorizations": [who],
        "is_ext_shared_channel": state.settings["customers"] == "strangers",
        "event_context": "",
    }
    state.wrapping = (body_of(head)[: -len("0}")], b"," + body_of(tail)[1 : -len('""}')])
    return state.wrapping


@dataclass(slots=True)
class Scene:
    """An act of a customer (or upon one) at drill time ``at``."""

    state: SlackState
    chat: SlackChat
    at: float

    def wants(self, name: str) -> bool:
        """True if the app has subscribed to events of this name."""
        return "*" in self.state.events or name in self.state.events

    def tell(self, event: Json, *, kind: str = "", subscription: str = "") -> Told:
        """One event, if the app wants its kind."""
        name = kind or str(event["type"])
        if not self.wants(subscription or str(event["type"])):
            return ()
        state = self.state
        event_id = state.new_id("Ev")
        head, tail = state.wrapping or _wrapping(state)
        body = b'%b%b,"type":"event_callback","event_id":"%b","event_time":%d%b"4-%b"}' % (
            head, body_of(event), event_id.encode(), int(self.at), tail, event_id[2:].encode(),
        )  # fmt: skip
        return (self.made(event_id, name, body),)

    def tell_message(self, room: Room, raw: Json, *, kind: str = "message") -> Told:
        """A message in a conversation, as an event."""
        event = {**raw, "channel": room.id, "event_ts": raw["ts"], "channel_type": room.kind}
        return self.tell(event, kind=kind, subscription=f"message.{SUBSCRIPTIONS[room.kind]}")

    def update(self, id: str, kind: str, body: Json) -> Update:
        """Anything that Slack sends about this customer."""
        return self.made(id, kind, body_of(body))

    def made(self, id: str, kind: str, body: bytes) -> Update:
        """The same from its bytes."""
        to = self.chat.address
        return Update(id=id, kind=kind, to=to, lane=to, body=body, made_at=self.at)

    @property
    def dm(self) -> Room:
        """The direct message with the bot."""
        return self.state.rooms[self.chat.dm]
