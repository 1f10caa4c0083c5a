"""Events by LINE's own names: a standard payload that a scenario may override. Some change what LINE knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event, Message, Text
from chatdrill_fakes.platforms.line import ids
from chatdrill_fakes.platforms.line.scene import Scene, Told
from chatdrill_fakes.platforms.line.state import Group, Json, LineChat, LineState, is_yes

_ANONYMOUS = frozenset({"join", "leave", "memberJoined", "memberLeft"})
_HOUR_MS = 3_600_000


def event(scene: Scene, act: Event) -> Told:
    """One event. ``act.data`` overrides the standard payload, ``None`` removes a key; a ``source`` of ``group`` or ``room`` is that of the
    customer, which is made at need."""
    effect = _EFFECTS.get(act.name)
    if effect is not None:
        effect(scene, act.data)
        return ()
    sample = _SAMPLES.get(act.name)
    if sample is None:
        raise Unsupported(f"line has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")
    data = dict(act.data)
    where = data.get("source", "group" if act.name in _GROUP_ONLY else None)
    if where in ("group", "room"):
        data.pop("source", None)
        scene.group = group_of(scene.state, scene.chat, "C" if where == "group" else "R").id
    fields = {**sample(scene), **data}
    told = scene.tell(act.name, fields, anonymous=act.name in _ANONYMOUS, kind=_kind(act.name, fields))
    if act.name == "leave":
        scene.state.groups.pop(scene.group, None)
    return told


def _kind(name: str, fields: Mapping[str, Any]) -> str:
    content = fields.get("message")
    return f"message.{content.get('type')}" if name == "message" and isinstance(content, dict) else name


def group_of(state: LineState, chat: LineChat, letter: str) -> Group:
    """The customer's group or room, which the bot has been taken into."""
    if chat.group in state.groups and chat.group[0] == letter:
        return state.groups[chat.group]
    made = Group(ids.holder(state.chance, letter), chat.address, f"{chat.customer.name} & Co.", [chat.address])
    state.groups[made.id] = made
    chat.group = made.id
    return made


# ------------------------------------------------------------------------------------------------------------- effects


def _api_error(scene: Scene, data: Mapping[str, Any]) -> None:
    """The next sends to this customer meet an error."""
    status, times = _number(data, "status", 500, 400, 599), _number(data, "times", 1, 1, 1000)
    scene.chat.fails_next += [(status, str(data.get("message", "")))] * times


def _number(data: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = data.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Unsupported(f"line: {name} must be a number from {least} to {most}, not {value!r}")
    return value


def _quota(scene: Scene, data: Mapping[str, Any]) -> None:
    """The month's messages are used up, until an event with ``spent: false``."""
    scene.state.quota_spent = is_yes(str(data.get("spent", True)))


def _standby(scene: Scene, data: Mapping[str, Any]) -> None:
    """Another channel has the chat from now on, until an event with ``on: false``: no event can be replied to."""
    scene.state.standby = is_yes(str(data.get("on", True)))


# ------------------------------------------------------------------------------------------------------------- samples


def _words(scene: Scene) -> Json:
    """A message in words, as a customer in a group sends it."""
    id, chat = scene.state.new_id(), scene.chat
    chat.messages[id] = Message(ids=(id,), author="customer", parts=(Text(text="Hi"),), at=scene.at)
    chat.hear(scene.at)
    return {"message": {"type": "text", "id": id, **scene.quotable(id), **scene.markable(id), "text": "Hi"}}


def _mine(scene: Scene) -> str:
    """The customer's last message."""
    found = (id for id, one in reversed(scene.chat.messages.items()) if one.author == "customer")
    return next(found, None) or scene.state.new_id()


def _edited(scene: Scene) -> Json:
    id = _mine(scene)
    return {"message": {"type": "text", "id": id, **scene.quotable(id), "text": "Hello"}}


def _members(name: str) -> Callable[[Scene], Json]:
    return lambda scene: {name: {"members": [{"type": "user", "userId": scene.chat.address}]}}


def _attached(scene: Scene) -> Json:
    return {"module": {"type": "attached", "botId": scene.state.bot, "scopes": ["message:send", "message:receive"]}}


def _control(scene: Scene) -> Json:
    return {"chatControl": {"expireAt": ids.millis(scene.at) + _HOUR_MS}}


_SAMPLES: dict[str, Callable[[Scene], Json]] = {
    "message": _words,
    "messageEdited": _edited,
    "unsend": lambda scene: {"unsend": {"messageId": _mine(scene)}},
    "follow": lambda _: {"follow": {"isUnblocked": False}},
    "unfollow": lambda _: {},
    "join": lambda _: {},
    "leave": lambda _: {},
    "memberJoined": _members("joined"),
    "memberLeft": _members("left"),
    "postback": lambda _: {"postback": {"data": "menu"}},
    "videoPlayComplete": lambda _: {"videoPlayComplete": {"trackingId": "promo-17"}},
    "beacon": lambda _: {"beacon": {"hwid": "d41d8cd98f", "type": "enter"}},
    "accountLink": lambda scene: {"link": {"result": "ok", "nonce": scene.state.opaque()}},
    "membership": lambda _: {"membership": {"type": "joined", "membershipId": 3189}},
    "delivery": lambda _: {"delivery": {"data": "tag"}},
    "module": _attached,
    "activated": _control,
    "deactivated": lambda _: {},
    "botSuspended": lambda _: {},
    "botResumed": lambda _: {},
}
_GROUP_ONLY = frozenset({*_ANONYMOUS, "messageEdited"})
_EFFECTS: dict[str, Callable[[Scene, Mapping[str, Any]], None]] = {
    "api_error": _api_error,
    "quota": _quota,
    "standby": _standby,
}
EVENT_NAMES = frozenset({*_SAMPLES, *_EFFECTS})
