"""What comes of a button. Source: developers.line.biz, Messaging API reference: action objects (2026-08)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chatdrill.errors import Unsupported
from chatdrill.model import Button, Location, Press, Text
from chatdrill.model.parts import ButtonKind
from chatdrill_fakes.platforms.line.scene import Scene, Told
from chatdrill_fakes.platforms.line.state import Json, Pressable, RichMenu
from chatdrill_fakes.platforms.line.writing import say

# Where customers are who share their place by a button: the model knows no place of theirs.
HERE = Location(latitude=35.67966, longitude=139.73669)
JAPAN = timedelta(hours=9)
_FORMS = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dT%H:%M"}


def press(scene: Scene, act: Press) -> Told:
    """The events of a press. Raises ``Unsupported`` for a quick reply that has vanished, and for what only opens something."""
    raw = _raw(scene, act)
    if not raw:
        raw = {"type": _TYPES[act.button.kind], "data": act.button.payload or act.button.title}
        raw["text"] = raw["data"] if raw["type"] == "message" else None
    return _ACTIONS[raw["type"]](scene, raw)


def _raw(scene: Scene, act: Press) -> Json:
    """The action as the bot sent it; nothing for one that a scenario made up."""
    chat = scene.chat
    if act.message_id is None:
        shown = menu_of(scene)
        return _found(shown.pressables if shown else (), act.button)
    one = next((each for each in chat.pressables.get(act.message_id, ()) if each.button == act.button), None)
    if one is None:
        return {}
    if one.is_quick and chat.quick != act.message_id:
        raise Unsupported(f"line: the quick reply {act.button.title!r} is gone: something was said after it")
    return one.raw


def menu_of(scene: Scene) -> RichMenu | None:
    """The rich menu that the customer sees: their own, or everybody's."""
    menus = scene.state.menus
    return menus.get(scene.chat.menu) or menus.get(scene.state.menu)


def _found(pressables: list[Pressable] | tuple[()], button: Button) -> Json:
    same = (one for one in pressables if one.button == button or one.button.title == button.title)
    return next((one.raw for one in same), {})


def _message(scene: Scene, raw: Json) -> Told:
    return say(scene, Text(text=raw["text"]))


def _postback(scene: Scene, raw: Json) -> Told:
    """The words beside the data are shown, and are no message; those of the old ``text`` are one as well."""
    told = _told(scene, {"data": raw["data"]})
    if raw.get("text"):
        scene.at += 0.001
        told += say(scene, Text(text=raw["text"]))
    return told


def _told(scene: Scene, postback: Json) -> Told:
    scene.chat.hear(scene.at)
    return scene.tell("postback", {"postback": postback})


def _date(scene: Scene, raw: Json) -> Told:
    """The customer takes what the wheel shows first: the initial value, or now in Japan."""
    mode = raw["mode"]
    chosen = raw.get("initial") or (datetime.fromtimestamp(scene.at, UTC) + JAPAN).strftime(_FORMS[mode])
    return _told(scene, {"data": raw["data"], "params": {mode: chosen.replace("t", "T")}})


def _place(scene: Scene, _raw: Json) -> Told:
    return say(scene, HERE)


def _opens(scene: Scene, raw: Json) -> Told:  # noqa: ARG001 (an action like the others)
    raise Unsupported("line: this button opens the camera or the album: let the customer send a photo")


def _switch(scene: Scene, raw: Json) -> Told:
    """Another menu, if there is one behind the alias."""
    alias = raw["richMenuAliasId"]
    menu = scene.state.aliases.get(alias)
    status = "SUCCESS" if menu in scene.state.menus else "RICHMENU_NOTFOUND"
    if menu is None:
        status = "RICHMENU_ALIAS_ID_NOTFOUND"
    elif status == "SUCCESS":
        scene.chat.menu = menu
    return _told(scene, {"data": raw["data"], "params": {"newRichMenuAliasId": alias, "status": status}})


def _nothing(_scene: Scene, _raw: Json) -> Told:
    """Something happens on the customer's phone only."""
    return ()


_ACTIONS: dict[str, Callable[[Scene, Json], Told]] = {
    "message": _message,
    "postback": _postback,
    "uri": _nothing,
    "clipboard": _nothing,
    "datetimepicker": _date,
    "location": _place,
    "camera": _opens,
    "cameraRoll": _opens,
    "richmenuswitch": _switch,
}
_TYPES: dict[ButtonKind, str] = {
    "reply": "message",
    "postback": "postback",
    "callback": "postback",
    "url": "uri",
    "call": "uri",
    "copy": "clipboard",
    "request_location": "location",
    "request_contact": "uri",
    "request_email": "uri",
    "other": "uri",
}
