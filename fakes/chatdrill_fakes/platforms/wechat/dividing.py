"""One account whose chats several workers hold: whose a call is, and which files it borrows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import EVERY_DOOR, one_owner
from chatdrill_fakes.platforms.wechat import media
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.routes import arguments_of, method_of
from chatdrill_fakes.platforms.wechat.state import Json, WeChatState
from chatdrill_fakes.platforms.wechat.webhooks import PASSIVE_PATH

_SHARED = frozenset(
    {
        "token",
        "stable_token",
        "menu/create",
        "menu/delete",
        "qrcode/create",
        "tags/create",
        "clear_quota",
        "kfaccount/add",
        "kfaccount/update",
        "kfaccount/inviteworker",
        "kfaccount/del",
    }
)
"""Calls that change what all workers share. Token and QR code are fetched by GET and POST, and are the same at all of them."""
_FILES = ("media_id", "thumb_media_id")


def owner_of(request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``."""
    if media.is_file(request.path):
        return media.key_of(request.path)
    if request.path == PASSIVE_PATH:
        return dict(request.query).get("to") or None
    method = method_of(request.path)
    if method in _SHARED:
        return EVERY_DOOR
    if method == "media/upload":
        return None
    values = _values(request, method)
    if method.startswith("media/get"):
        return _text(values.get("media_id"))
    many = list(_many(values))
    return one_owner(many, method) if many else _text(values.get("touser") or values.get("openid"))


def _values(request: HttpRequest, method: str) -> Json:
    try:
        return dict(arguments_of(request, method).values)
    except ApiError:
        return {}  # whoever answers, says what is wrong with it


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _many(values: Json) -> Iterator[str]:
    for name in ("openid_list", "user_list"):
        given = values.get(name)
        for each in given if isinstance(given, list) else ():
            id = each.get("openid") if isinstance(each, dict) else each
            if isinstance(id, str):
                yield id


def borrows(state: WeChatState, request: HttpRequest) -> Sequence[str]:
    """Files in a message that another worker has."""
    method = method_of(request.path)
    if method != "message/custom/send":
        return ()
    values = _values(request, method)
    inner = values.get(str(values.get("msgtype")))
    named = [inner.get(name) for name in _FILES] if isinstance(inner, dict) else []
    return [id for id in named if isinstance(id, str) and id not in state.media and state.chance.is_anothers(id)]
