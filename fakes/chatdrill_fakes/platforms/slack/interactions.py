"""What every interaction carries: who, where, and for how long the bot may answer; and what presses say.

Source: docs.slack.dev, Interaction payloads (2026-08).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Button, Press
from chatdrill_fakes.platforms.slack import ids, limits
from chatdrill_fakes.platforms.slack.objects import Scene, Told, team_of, username
from chatdrill_fakes.platforms.slack.state import Json, Pressable, Reply, Room, Trigger, View

_KEPT_MAX = 1000
"""Triggers and addresses for answers that are kept before those that are over are thrown away."""


def base(scene: Scene, kind: str, *, view: str = "") -> Json:
    """The fields of any interaction."""
    state, chat = scene.state, scene.chat
    name = username(chat)
    return {
        "type": kind,
        "user": {"id": chat.address, "username": name, "name": name, "team_id": team_of(state)},
        "api_app_id": state.app,
        "token": state.legacy_token,
        "trigger_id": trigger(scene, view),
        "team": {"id": state.team, "domain": state.settings["team_domain"]},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def trigger(scene: Scene, view: str = "") -> str:
    """What a view can be opened with, for three seconds."""
    state, made = scene.state, ids.trigger(scene.state.chance)
    if len(state.triggers) > _KEPT_MAX:
        state.triggers = {key: one for key, one in state.triggers.items() if one.expires_at > scene.at - limits.STALE_S}
    state.triggers[made] = Trigger(scene.chat.address, scene.at + limits.TRIGGER_LIFE_S, view)
    return made


def response_url(scene: Scene, room: Room, ts: str | None) -> str:
    """Where the bot can answer an interaction, for half an hour."""
    state = scene.state
    if len(state.replies) > _KEPT_MAX:
        state.replies = {key: one for key, one in state.replies.items() if one.expires_at > scene.at}
    key = state.chance.base64url(24)
    state.replies[key] = Reply(scene.chat.address, room.id, ts, scene.at + limits.RESPONSES_LIFE_S)
    return f"{state.known_url}/{'commands' if ts is None else 'actions'}/{state.team}/{state.chance.digits(13)}/{key}"


def channel_of(room: Room) -> Json:
    """A conversation in an interaction."""
    return {"id": room.id, "name": "directmessage" if room.kind == "im" else room.name}


def update(scene: Scene, payload: Json) -> Told:
    """An interaction on its way; it is known by its trigger."""
    return (scene.update(payload["trigger_id"], payload["type"], payload),)


# -------------------------------------------------------------------------------------------------------------- presses


def press(scene: Scene, act: Press) -> Told:
    """A button, or a choice in a list, of a message or of a view."""
    view = scene.state.views.get(act.message_id or "")
    if view is not None:
        return _press_view(scene, view, act.button)
    found = _find(scene.chat.pressables.get(act.message_id or "", ()), act.button)
    ts = act.message_id or ""
    room, raw = _message(scene, ts)
    payload = base(scene, "block_actions")
    is_whispered = ts in scene.chat.ephemeral
    container: Json = {"type": "message", "message_ts": ts, "channel_id": room.id, "is_ephemeral": is_whispered}
    if raw.get("thread_ts"):
        container["thread_ts"] = raw["thread_ts"]
    payload |= {"container": container, "channel": channel_of(room)}
    payload |= {} if is_whispered else {"message": raw}
    payload |= {"state": {"values": {}}, "response_url": response_url(scene, room, ts)}
    return update(scene, payload | {"actions": [_action(scene, found)]})


def _message(scene: Scene, ts: str) -> tuple[Room, Json]:
    whispered = scene.chat.ephemeral.get(ts)
    if whispered is not None:
        return scene.state.rooms[whispered["channel"]], whispered
    for room in (scene.dm, *scene.state.rooms.values()):
        if ts in room.messages:
            return room, room.messages[ts]
    raise Unsupported(f"slack: the message {ts!r}, whose button is to be pressed, is not there (any more)")


def _find(pressables: Any, button: Button) -> Pressable:
    """The button as the bot sent it; for one that a scenario made up, what it would look like."""
    for one in pressables:
        if one.button == button:
            return one  # type: ignore[no-any-return]
    value = button.payload if button.payload is not None else button.title
    text = {"type": "plain_text", "text": button.title, "emoji": True}
    return Pressable(button, {"type": "button", "action_id": value, "text": text, "value": value}, "b0")


def _press_view(scene: Scene, view: View, button: Button) -> Told:
    payload = base(scene, "block_actions", view=view.id)
    payload |= {"container": {"type": "view", "view_id": view.id}, "view": view.raw}
    return update(scene, payload | {"actions": [_action(scene, _find(view.pressables, button))]})


def _action(scene: Scene, one: Pressable) -> Json:
    element = one.element
    action: Json = {"action_id": element["action_id"], "block_id": one.block_id, "type": element["type"]}
    action |= {
        name: element[name]
        for name in ("text", "value", "style", "placeholder", "url")
        if element.get(name) is not None
    }
    return action | chosen(scene, one) | {"action_ts": f"{scene.at:.6f}"}


def chosen(scene: Scene, one: Pressable) -> Json:
    """What stands in an action, or in the state of a view, for what was chosen."""
    kind = str(one.element["type"])
    is_multi = kind.startswith("multi_") or kind == "checkboxes"
    if one.option is not None:
        return {"selected_options": [one.option]} if is_multi else {"selected_option": one.option}
    picked = _PICKED.get(kind.removeprefix("multi_"))
    if picked is None:
        return {}
    name, value = picked[0], picked[1](scene)
    return {f"{name}s": [value]} if is_multi else {name: value}


_PICKED: dict[str, tuple[str, Callable[[Scene], Any]]] = {
    "users_select": ("selected_user", lambda scene: scene.chat.address),
    "conversations_select": ("selected_conversation", lambda scene: scene.chat.dm),
    "channels_select": ("selected_channel", lambda scene: scene.state.settings["channel"]),
    "datepicker": ("selected_date", lambda scene: day(scene.at)),
    "timepicker": ("selected_time", lambda scene: f"{int(scene.at) // 3600 % 24:02}:00"),
    "datetimepicker": ("selected_date_time", lambda scene: int(scene.at)),
    "external_select": (
        "selected_option",
        lambda _: {"text": {"type": "plain_text", "text": "A choice"}, "value": "choice"},
    ),
}


def day(at: float) -> str:
    """The day of a moment, in UTC."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
