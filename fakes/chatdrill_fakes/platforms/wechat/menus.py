"""The account's menu, and codes with a scene in them.

Source: developers.weixin.qq.com, custom menu, QR codes with parameters (2026).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Any

from chatdrill.model import Button
from chatdrill.wire import HttpResponse
from chatdrill_fakes.platforms.wechat import limits
from chatdrill_fakes.platforms.wechat.calls import Answered, Asked
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.events import SAMPLES
from chatdrill_fakes.platforms.wechat.objects import Scene, Told
from chatdrill_fakes.platforms.wechat.state import Json, WeChatState

MENU_ID = 410011
_KEYED = (
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)
_OTHER = {"view": "url", "miniprogram": "pagepath", "media_id": "media_id", "view_limited": "media_id", "article_id": "article_id", "article_view_limited": "article_id"}  # fmt: skip
_TICKET_SIZE = 96


def create(asked: Asked) -> Answered:
    """The menu under the account's chats; one before it is gone."""
    if b"\\u" in asked.exchange.request.body:
        raise ApiError(40033, "the JSON has \\u escapes: write it in plain UTF-8")
    buttons = asked.values.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= limits.BUTTONS_MAX:
        raise ApiError(40016, f"a menu has 1 to {limits.BUTTONS_MAX} buttons")
    for button in buttons:
        _check(button, limits.BUTTON_NAME_MAX_BYTES, is_top=True)
    asked.state.menu = {"button": buttons}
    return Answered()


def _check(button: Any, name_max: int, *, is_top: bool) -> None:
    if not isinstance(button, dict):
        raise ApiError(40035, "a button is no object")
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode("utf-8", "replace")) <= name_max:
        raise ApiError(40018, f"a name has 1 to {name_max} bytes")
    inner = button.get("sub_button")
    if is_top and inner:
        if not isinstance(inner, list) or len(inner) > limits.SUB_BUTTONS_MAX:
            raise ApiError(40023, f"a button has up to {limits.SUB_BUTTONS_MAX} below it")
        for each in inner:
            _check(each, limits.SUB_NAME_MAX_BYTES, is_top=False)
        return
    kind = button.get("type")
    wanted = "key" if kind in _KEYED else _OTHER.get(kind) if isinstance(kind, str) else None
    if wanted is None:
        raise ApiError(40035, f"there is no button of the type {str(kind)[:40]!r}")
    if not isinstance(button.get(wanted), str) or not button[wanted]:
        raise ApiError(40035, f"a button of the type {kind} needs a {wanted}")


def get(asked: Asked) -> Answered:
    """The menu as it was made."""
    if asked.state.menu is None:
        raise ApiError(46003)
    return Answered({"menu": asked.state.menu}, is_bare=True)


def delete(asked: Asked) -> Answered:
    """No menu any more."""
    asked.state.menu = None
    return Answered()


def current(asked: Asked) -> Answered:
    """The menu as it is seen."""
    menu = asked.state.menu
    return Answered({"is_menu_open": int(menu is not None), "selfmenu_info": menu or {}}, is_bare=True)


def _buttons(menu: Json | None) -> Iterator[Json]:
    for button in (menu or {}).get("button", ()):
        yield from button.get("sub_button") or (button,)


def pressed(scene: Scene, button: Button) -> Told | None:
    """What the bot is told of a button of the menu; ``None`` for one that the bot has not made."""
    names = {button.title, button.payload, button.url} - {None}
    made = next((one for one in _buttons(scene.state.menu) if one["name"] in names or one.get("key") in names), None)
    if made is None:
        return None
    kind = made["type"]
    if kind == "click":
        return scene.event("CLICK", {"EventKey": made["key"]})
    if kind == "view":
        return scene.event("VIEW", {"EventKey": made["url"], "MenuId": MENU_ID})
    if kind == "miniprogram":
        return scene.event("view_miniprogram", {"EventKey": made["pagepath"], "MenuId": MENU_ID})
    return scene.event(kind, {**SAMPLES[kind](scene), "EventKey": made["key"]}) if kind in SAMPLES else ()


# --------------------------------------------------------------------------------------------------- codes and scenes


def ticket(state: WeChatState, scene: str) -> Json:
    """The element of an event that came by a code; one is made up for a code that was made elsewhere."""
    return {"Ticket": state.scanned.get(scene) or _ticket(state, scene)}


def _ticket(state: WeChatState, scene: str) -> str:
    return f"gQH{sha256(f'{state.app_id}:{scene}'.encode('utf-8', 'replace')).hexdigest()}"[:_TICKET_SIZE]


def create_code(asked: Asked) -> Answered:
    """A code to scan; its scene comes with the event."""
    action = asked.given("action_name")
    info = asked.inner("action_info").get("scene")
    if not isinstance(info, dict):
        raise ApiError(40101, "action_info.scene is missing")
    lasting = "LIMIT" in action
    if action in ("QR_SCENE", "QR_LIMIT_SCENE"):
        scene = _scene_id(info.get("scene_id"), limits.LASTING_MAX if lasting else 2**32 - 1)
    elif action in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE"):
        scene = _scene_str(info.get("scene_str"))
    else:
        raise ApiError(40097, "action_name is none of the four")
    life = asked.number("expire_seconds", 1, limits.QR_LIFE_MAX_S, limits.QR_LIFE_S)
    made = _ticket(asked.state, f"{action}:{scene}")
    asked.state.tickets[made] = float("inf") if lasting else asked.now + life
    asked.state.scanned[scene] = made
    body: Json = {"ticket": made, **({} if lasting else {"expire_seconds": life})}
    return Answered({**body, "url": f"http://weixin.qq.com/q/{made[-22:]}"}, is_bare=True)


def _scene_id(value: Any, most: int) -> str:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ApiError(40097, f"scene_id is no whole number from 1 to {most}")
    return str(value)


def _scene_str(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= limits.SCENE_MAX:
        raise ApiError(40097, f"scene_str has 1 to {limits.SCENE_MAX} characters")
    return value


def show_code(asked: Asked) -> Answered:
    """The picture of a code; it needs no token."""
    until = asked.state.tickets.get(str(asked.values.get("ticket", "")), float("-inf"))
    if asked.now > until:
        return Answered(response=HttpResponse(404, (("Content-Type", "text/plain"),), b"not found"))
    return Answered(response=HttpResponse(200, (("Content-Type", "image/jpg"),), _code()))


@lru_cache(maxsize=1)
def _code() -> bytes:
    """A picture that stands for a code: nobody scans it."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (430, 430), 255).save(out, "JPEG")
    return out.getvalue()
