"""Events by Slack's own names: a standard payload that a scenario may override. Some change what Slack knows.

Source: docs.slack.dev, Events API reference, Slash commands, Shortcuts (2026-08).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event, File, Message, Text
from chatdrill_fakes.platforms.slack import interactions, views
from chatdrill_fakes.platforms.slack.mrkdwn import escaped, rich
from chatdrill_fakes.platforms.slack.names import EVENT_NAMES
from chatdrill_fakes.platforms.slack.objects import (
    Scene,
    Told,
    new_file,
    room_object,
    team_of,
    user_object,
    username,
)
from chatdrill_fakes.platforms.slack.state import Json, Room
from chatdrill_fakes.platforms.slack.writing import changed, deleted, file_event

_TIMES_MAX = 1000
Data = Mapping[str, Any]


def event(scene: Scene, act: Event) -> Told:
    """What an event tells. ``act.data`` overrides the standard payload; ``None`` removes a key."""
    teller = _TELLERS.get(act.name)
    if teller is not None:
        return teller(scene, act.data)
    name, _, subtype = act.name.partition(".")
    if name == "message" and subtype in _LINES:
        return _line(scene, subtype, act.data)
    sample = _SAMPLES.get(act.name)
    if sample is None:
        raise Unsupported(f"slack has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")
    return scene.tell(_with({"type": act.name, **sample(scene), "event_ts": scene.state.stamp(scene.at)}, act.data))


def _with(fields: Json, data: Data) -> Json:
    return {key: value for key, value in {**fields, **data}.items() if value is not None}


def support(scene: Scene) -> Room:
    """The channel where people mention the bot."""
    room = scene.state.rooms[scene.state.settings["channel"]]
    room.members[scene.chat.address] = None
    return room


# ------------------------------------------------------------------------------------------------------------ one payload


def _file(scene: Scene) -> Json:
    mine = [one for one in scene.state.files.values() if one.to == scene.chat.address]
    stored = mine[-1] if mine else new_file(
        scene.state, File(name="note.txt", mime="text/plain"), by=scene.chat.address, to=scene.chat.address, at=scene.at
    )  # fmt: skip
    return {
        key: value for key, value in file_event(scene, "", stored.raw["id"]).items() if key not in ("type", "event_ts")
    }


def _reacted(scene: Scene) -> Json:
    last = next(reversed(scene.dm.messages), "")
    item = {"type": "message", "channel": scene.chat.dm, "ts": last}
    return {"user": scene.chat.address, "reaction": "+1", "item_user": scene.state.bot_user, "item": item}


def _thread(scene: Scene) -> Json:
    context = {"channel_id": scene.state.settings["channel"], "team_id": scene.state.team, "enterprise_id": None}
    ts = scene.state.stamp(scene.at)
    return {
        "assistant_thread": {
            "user_id": scene.chat.address,
            "context": context,
            "channel_id": scene.chat.dm,
            "thread_ts": ts,
        }
    }


def _link(scene: Scene) -> Json:
    links = [{"domain": "shop.example", "url": "https://shop.example/1"}]
    last = next(reversed(scene.dm.messages), "")
    more = {"unfurl_id": "C1.2.abc", "source": "conversations_history"}
    return {"channel": scene.chat.dm, "user": scene.chat.address, "message_ts": last, "links": links, **more}


def _of_channel(scene: Scene) -> Json:
    return {"channel": support(scene).id, "user": scene.chat.address}


def _named_channel(scene: Scene) -> Json:
    room = support(scene)
    return {"channel": {"id": room.id, "name": room.name, "created": room.created}}


def _membership(scene: Scene) -> Json:
    room = support(scene)
    return {"user": scene.chat.address, "channel": room.id, "channel_type": "C", "team": team_of(scene.state)}


def _person(scene: Scene) -> Json:
    return {"user": user_object(scene.state, scene.chat, email=True, locale=False)}


def _home(scene: Scene) -> Json:
    return {"user": scene.chat.address, "channel": scene.chat.dm, "tab": "home", "view": scene.chat.home}


def _im(scene: Scene) -> Json:
    return {"user": scene.chat.address, "channel": scene.chat.dm}


_SAMPLES: dict[str, Callable[[Scene], Json]] = {
    "app_home_opened": _home,
    "app_uninstalled": lambda _: {},
    "assistant_thread_started": _thread,
    "assistant_thread_context_changed": _thread,
    "channel_archive": _of_channel,
    "channel_unarchive": _of_channel,
    "channel_deleted": lambda scene: {"channel": support(scene).id},
    "channel_created": _named_channel,
    "channel_rename": _named_channel,
    "file_change": _file,
    "file_created": _file,
    "file_deleted": _file,
    "file_shared": _file,
    "im_close": _im,
    "im_open": _im,
    "im_created": lambda scene: {"user": scene.chat.address, "channel": room_object(scene.state, scene.dm)},
    "link_shared": _link,
    "member_joined_channel": lambda scene: {**_membership(scene), "inviter": scene.state.bot_user},
    "member_left_channel": _membership,
    "reaction_added": _reacted,
    "reaction_removed": _reacted,
    "team_join": _person,
    "tokens_revoked": lambda scene: {"tokens": {"oauth": [], "bot": [scene.state.bot_user]}},
    "user_change": _person,
}

# ------------------------------------------------------------------------------------------------------ lines in a channel


def _raw(scene: Scene, room: Room, words: str, **more: Any) -> Json:
    ts = scene.state.stamp(scene.at)
    raw: Json = {
        "type": "message",
        "user": scene.chat.address,
        "text": escaped(words),
        "ts": ts,
        "team": team_of(scene.state),
        **more,
    }
    room.messages[ts] = raw
    return raw


_LINES: dict[str, tuple[str, Callable[[Scene], Json]]] = {
    "bot_message": (
        "Nightly report",
        lambda _: {"user": None, "bot_id": "B0ANOTHER", "username": "Reports", "icons": {}},
    ),
    "me_message": ("is waving", lambda _: {}),
    "channel_archive": ("archived the channel", lambda _: {}),
    "channel_join": ("has joined the channel", lambda scene: {"inviter": scene.state.bot_user}),
    "channel_leave": ("has left the channel", lambda _: {}),
    "channel_name": ("has renamed the channel", lambda _: {"old_name": "help", "name": "support"}),
    "channel_purpose": ("set the channel's purpose", lambda _: {"purpose": "Questions"}),
    "channel_topic": ("set the channel's topic", lambda _: {"topic": "Questions"}),
    "thread_broadcast": ("See the thread", lambda scene: {"root": next(iter(scene.dm.messages.values()), {})}),
}
_IN_DM = ("me_message", "thread_broadcast")


def _line(scene: Scene, subtype: str, data: Data) -> Told:
    words, more = _LINES[subtype]
    room = scene.dm if subtype in _IN_DM else support(scene)
    raw = _with(_raw(scene, room, words, subtype=subtype, **more(scene)), data)
    room.messages[raw["ts"]] = raw
    return scene.tell_message(room, raw, kind=f"message.{subtype}")


def _mention(scene: Scene, data: Data) -> Told:
    """The bot is mentioned in a channel: those who subscribed to both are told twice of the same words."""
    room, state = support(scene), scene.state
    words = f"<@{state.bot_user}> {escaped(str(data.get('text', 'help')))}"
    raw = _raw(scene, room, "", **{key: value for key, value in data.items() if key == "thread_ts"})
    raw |= {"text": words, "blocks": [rich(words, raw["ts"][-5:])]}
    scene.chat.opened, scene.chat.last_customer_at = True, scene.at
    part = Text(text=str(data.get("text", "help")))
    scene.chat.messages[raw["ts"]] = Message(ids=(raw["ts"],), author="customer", parts=(part,), at=scene.at)
    named = {**raw, "type": "app_mention", "channel": room.id, "event_ts": raw["ts"]}
    return scene.tell_message(room, raw) + scene.tell(named)


def _changed(scene: Scene, data: Data) -> Told:
    """A message is not as it was: without data a preview of a link was added to the last one, which is no edit of anybody's."""
    ts = scene.state.stamp(scene.at)
    if "message" in data:
        return changed(scene, scene.dm, dict(data["previous_message"]), dict(data["message"]), ts)
    last = next(reversed(scene.dm.messages.values()), None) or _raw(scene, scene.dm, "https://shop.example")
    preview = {"title": "Shop", "title_link": "https://shop.example", "from_url": "https://shop.example", "id": 1}
    after = {**last, "attachments": [preview]}
    scene.dm.messages[last["ts"]] = after
    return changed(scene, scene.dm, last, after, ts)


def _deleted(scene: Scene, data: Data) -> Told:
    raw = (
        data.get("previous_message")
        or next(reversed(scene.dm.messages.values()), None)
        or _raw(scene, scene.dm, "gone")
    )
    return deleted(scene, scene.dm, dict(raw))


# ------------------------------------------------------------------------------------------------- commands and shortcuts


def _command(scene: Scene, data: Data) -> Told:
    state, room = scene.state, scene.dm
    payload: Json = {
        "token": state.legacy_token,
        "team_id": state.team,
        "team_domain": state.settings["team_domain"],
        "channel_id": room.id,
        "channel_name": "directmessage",
        "user_id": scene.chat.address,
        "user_name": username(scene.chat),
        "command": "/ask",
        "text": "",
        "api_app_id": state.app,
        "is_enterprise_install": "false",
        "response_url": interactions.response_url(scene, room, None),
        "trigger_id": interactions.trigger(scene),
    }
    payload = _with(payload, data)
    scene.chat.opened, scene.chat.last_customer_at = True, scene.at
    return (scene.update(payload["trigger_id"], "slash_command", payload),)


def _shortcut(scene: Scene, data: Data) -> Told:
    payload = interactions.base(scene, "shortcut") | {"callback_id": "help", "action_ts": f"{scene.at:.6f}"}
    return interactions.update(scene, _with(payload, data))


def _message_action(scene: Scene, data: Data) -> Told:
    room = scene.dm
    last = next(reversed(room.messages.values()), None) or _raw(scene, room, "help")
    payload = interactions.base(scene, "message_action")
    payload |= {"callback_id": "help", "action_ts": f"{scene.at:.6f}", "message_ts": last["ts"], "message": last}
    payload |= {
        "channel": interactions.channel_of(room),
        "response_url": interactions.response_url(scene, room, last["ts"]),
    }
    return interactions.update(scene, _with(payload, data))


def _suggestion(scene: Scene, data: Data) -> Told:
    payload = interactions.base(scene, "block_suggestion")
    container = {"type": "message", "message_ts": next(reversed(scene.dm.messages), ""), "channel_id": scene.chat.dm}
    payload |= {"action_id": "order", "block_id": "b0", "value": "5", "container": container}
    return interactions.update(scene, _with(payload | {"channel": interactions.channel_of(scene.dm)}, data))


def _rate_limited(scene: Scene, data: Data) -> Told:
    state = scene.state
    minute = int(scene.at) // 60 * 60
    body: Json = {
        "token": state.legacy_token,
        "type": "app_rate_limited",
        "team_id": state.team,
        "minute_rate_limited": minute,
    }
    return (scene.update(state.new_id("Ev"), "app_rate_limited", _with({**body, "api_app_id": state.app}, data)),)


# ------------------------------------------------------------------------------------------------------- what calls meet


def _api_error(scene: Scene, data: Data) -> Told:
    """The next messages to this customer meet an error, by its word."""
    word, times = data.get("error", "internal_error"), data.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or not 0 < times <= _TIMES_MAX:
        raise Unsupported(f"slack: times must be a number from 1 to {_TIMES_MAX}, not {times!r}")
    scene.chat.fails_next += [str(word)] * times
    return ()


def _token_trouble(scene: Scene, data: Data) -> Told:
    """From now on every call meets an error (token_revoked, account_inactive ...), until one that is empty."""
    scene.state.trouble = str(data.get("error", "token_revoked"))
    return ()


def _archived(scene: Scene, data: Data) -> Told:
    support(scene).is_archived = bool(data.get("is_archived", True))
    return ()


def _removed(scene: Scene, data: Data) -> Told:
    support(scene).is_in = bool(data.get("is_in", False))
    return ()


def _disabled(scene: Scene, data: Data) -> Told:
    scene.chat.is_disabled = bool(data.get("is_disabled", True))
    return ()


def _disconnect(scene: Scene, data: Data) -> Told:
    """Slack closes a WebSocket: with a warning ten seconds before, at once, or because Socket Mode was switched off."""
    if not scene.state.sockets:
        return ()
    reason = str(data.get("reason", "refresh_requested"))
    body: Json = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
    return (scene.update(scene.state.new_id("Ev"), "disconnect", body),)


_TELLERS: dict[str, Callable[[Scene, Data], Told]] = {
    "app_mention": _mention,
    "app_rate_limited": _rate_limited,
    "message.message_changed": _changed,
    "message.message_deleted": _deleted,
    "slash_command": _command,
    "shortcut": _shortcut,
    "message_action": _message_action,
    "block_suggestion": _suggestion,
    "view_closed": lambda scene, data: views.closed(scene, dict(data)),
    "api_error": _api_error,
    "token_trouble": _token_trouble,
    "channel_archived": _archived,
    "bot_removed": _removed,
    "user_disabled": _disabled,
    "disconnect": _disconnect,
}
