"""Callbacks by Viber's own names: a standard payload that a scenario may override. Some change what Viber knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event
from chatdrill_fakes.platforms.viber.errors import NAMES
from chatdrill_fakes.platforms.viber.objects import Scene, Told
from chatdrill_fakes.platforms.viber.state import Json


def event(scene: Scene, act: Event) -> Told:
    """The callback of an event. ``act.data`` overrides the standard payload; ``None`` removes a key."""
    effect = _EFFECTS.get(act.name)
    if effect is not None:
        effect(scene, act.data)
        return ()
    sample = _SAMPLES.get(act.name)
    if sample is None:
        raise Unsupported(f"viber has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")
    fields = {**sample(scene), **act.data}
    token = scene.state.new_token()
    return scene.tell(act.name, token, {key: value for key, value in fields.items() if value is not None})


def _api_error(scene: Scene, data: Mapping[str, Any]) -> None:
    """The next sends to this customer meet a status."""
    scene.chat.fails_next += [_status(data, 3)] * _count(data)


def _account_status(scene: Scene, data: Mapping[str, Any]) -> None:
    """From now on every send meets a status (7 blocked, 9 suspended, 23 free messages used up ...), until one of 0."""
    scene.state.standing = _status(data, 7)


def _status(data: Mapping[str, Any], default: int) -> int:
    status = data.get("status", default)
    if not isinstance(status, int) or isinstance(status, bool) or not 0 <= status <= max(NAMES) + 75:
        raise Unsupported(f"viber: status must be a number of Viber's, 0 to {max(NAMES)}, not {status!r}")
    return status


def _count(data: Mapping[str, Any]) -> int:
    times = data.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or not 0 < times <= 1000:
        raise Unsupported(f"viber: times must be a number from 1 to 1000, not {times!r}")
    return times


def _last(scene: Scene) -> str | None:
    return next((key for key, one in reversed(scene.chat.messages.items()) if one.author == "bot"), None)


def _of_message(scene: Scene) -> Json:
    """About the bot's last message: its token takes the place of the event's own."""
    token = _last(scene)
    return {"user_id": scene.chat.address, **({"message_token": int(token)} if token else {})}


def _opening(scene: Scene) -> Json:
    return {"type": "open", "user": scene.user(), "subscribed": scene.chat.subscribed}


_SAMPLES: dict[str, Callable[[Scene], Json]] = {
    "webhook": lambda _: {},
    "message": lambda scene: {"sender": scene.user(), "message": {"type": "text", "text": "Hi"}, "silent": False},
    "conversation_started": _opening,
    "subscribed": lambda scene: {"user": scene.user()},
    "unsubscribed": lambda scene: {"user_id": scene.chat.address},
    "delivered": _of_message,
    "seen": _of_message,
    "failed": lambda scene: {**_of_message(scene), "desc": "message validation failed"},
    "client_status": lambda scene: {"user": {"id": scene.chat.address}},
    "action": lambda scene: {"user_id": scene.chat.address},
}
_EFFECTS: dict[str, Callable[[Scene, Mapping[str, Any]], None]] = {
    "api_error": _api_error,
    "account_status": _account_status,
}
EVENT_NAMES = frozenset({*_SAMPLES, *_EFFECTS})
