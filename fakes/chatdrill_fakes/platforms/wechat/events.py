"""Events by WeChat's own names: a standard payload that a scenario may override. Some change what WeChat knows.

Source: developers.weixin.qq.com, receiving events, menu events, customer service, template messages (2026).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event
from chatdrill_fakes.platforms.wechat.errors import WORDS
from chatdrill_fakes.platforms.wechat.objects import Scene, Told
from chatdrill_fakes.platforms.wechat.state import Json, Session


def event(scene: Scene, act: Event) -> Told:
    """The push of an event. ``act.data`` overrides the standard payload; ``None`` removes an element."""
    control = _CONTROLS.get(act.name)
    if control is not None:
        control(scene, act.data)
        return ()
    sample = SAMPLES.get(act.name)
    if sample is None:
        raise Unsupported(f"wechat has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")
    fields = {**sample(scene), **act.data}
    effect = _EFFECTS.get(act.name)
    if effect is not None:
        effect(scene, fields)
    return scene.event(act.name, {key: value for key, value in fields.items() if value is not None})


# ----------------------------------------------------------------------------------- what is not told, and happens


def _api_error(scene: Scene, data: Mapping[str, Any]) -> None:
    """The next sends to this customer meet a code."""
    scene.chat.fails_next += [_code(data, -1)] * _count(data)


def _account_status(scene: Scene, data: Mapping[str, Any]) -> None:
    """From now on every call meets a code (48001 lacks the permission, 48004 banned ...), until one of 0."""
    scene.state.standing = _code(data, 48004)


def _token_expired(scene: Scene, _data: Mapping[str, Any]) -> None:
    """Every token that was given out is too old, two hours before its time: 42001."""
    _end_tokens(scene, 42001)


def _token_replaced(scene: Scene, _data: Mapping[str, Any]) -> None:
    """Another worker of the bot has fetched a token, and those before it count no more: 40001."""
    _end_tokens(scene, 40001)


def _end_tokens(scene: Scene, code: int) -> None:
    for token in scene.state.tokens.values():
        token.until, token.code = float("-inf"), code
    scene.state.stable_token = scene.state.plain_token = ""


def _code(data: Mapping[str, Any], default: int) -> int:
    code = data.get("errcode", default)
    if not isinstance(code, int) or isinstance(code, bool) or code not in WORDS:
        raise Unsupported(f"wechat: errcode must be a number of WeChat's, not {code!r}")
    return code


def _count(data: Mapping[str, Any]) -> int:
    times = data.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or not 0 < times <= 1000:
        raise Unsupported(f"wechat: times must be a number from 1 to 1000, not {times!r}")
    return times


# -------------------------------------------------------------------------------------------------- what is told


def _clicked(scene: Scene, _fields: Json) -> None:
    scene.click()


def _followed(scene: Scene, _fields: Json) -> None:
    scene.chat.subscribed, scene.chat.blocked, scene.chat.subscribed_at = True, False, scene.at
    scene.click()


def _left(scene: Scene, _fields: Json) -> None:
    scene.chat.subscribed, scene.chat.blocked, scene.chat.remaining = False, True, 0


def _in_session(scene: Scene, fields: Json) -> None:
    agent = str(fields.get("ToKfAccount") or fields.get("KfAccount") or "")
    scene.chat.session = Session(agent, scene.at, scene.at)


def _session_over(scene: Scene, _fields: Json) -> None:
    scene.chat.session = None


def _agent(scene: Scene) -> str:
    session = scene.chat.session
    return session.agent if session and session.agent else next(iter(scene.state.agents), f"kf1@{scene.state.account}")


def _photos(_scene: Scene) -> Json:
    pictures = {"Count": 1, "PicList": {"item": [{"PicMd5Sum": "1b5f7c23b5bf75682a53e7b6d163e185"}]}}
    return {"EventKey": "MENU_PHOTO", "SendPicsInfo": pictures}


def _scanned(_scene: Scene) -> Json:
    return {"EventKey": "MENU_SCAN", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "order77"}}


def _place(_scene: Scene) -> Json:
    place = {"Location_X": "23", "Location_Y": "113", "Scale": "15", "Label": "Guangzhou", "Poiname": ""}
    return {"EventKey": "MENU_PLACE", "SendLocationInfo": place}


SAMPLES: dict[str, Callable[[Scene], Json]] = {
    "subscribe": lambda _: {"EventKey": ""},
    "unsubscribe": lambda _: {"EventKey": ""},
    "SCAN": lambda _: {"EventKey": "order77", "Ticket": "gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9x"},
    "LOCATION": lambda _: {"Latitude": 55.751244, "Longitude": 37.618423, "Precision": 119.385},
    "CLICK": lambda _: {"EventKey": "MENU_HELP"},
    "VIEW": lambda _: {"EventKey": "https://acme.example/m", "MenuId": 410011},
    "view_miniprogram": lambda _: {"EventKey": "pages/shop?id=1", "MenuId": 410012},
    "scancode_push": _scanned,
    "scancode_waitmsg": _scanned,
    "pic_sysphoto": _photos,
    "pic_photo_or_album": _photos,
    "pic_weixin": _photos,
    "location_select": _place,
    "TEMPLATESENDJOBFINISH": lambda _: {"MsgID": 200163836, "Status": "success"},
    "kf_create_session": lambda scene: {"KfAccount": _agent(scene)},
    "kf_close_session": lambda scene: {"KfAccount": _agent(scene), "CloseType": "KF"},
    "kf_switch_session": lambda scene: {
        "FromKfAccount": _agent(scene),
        "ToKfAccount": next(reversed(scene.state.agents), "kf2"),
    },
}
_EFFECTS: dict[str, Callable[[Scene, Json], None]] = {
    "subscribe": _followed,
    "unsubscribe": _left,
    "SCAN": _clicked,
    "CLICK": _clicked,
    "scancode_push": _clicked,
    "scancode_waitmsg": _clicked,
    "kf_create_session": _in_session,
    "kf_switch_session": _in_session,
    "kf_close_session": _session_over,
}
_CONTROLS: dict[str, Callable[[Scene, Mapping[str, Any]], None]] = {
    "api_error": _api_error,
    "account_status": _account_status,
    "token_expired": _token_expired,
    "token_replaced": _token_replaced,
}
EVENT_NAMES = frozenset({*SAMPLES, *_CONTROLS})
