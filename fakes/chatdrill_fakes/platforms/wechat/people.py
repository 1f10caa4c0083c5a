"""The calls about people and about the account itself: profiles, tags, addresses.

Source: developers.weixin.qq.com, user management, tags (2026).
"""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.platforms.wechat import ids, limits
from chatdrill_fakes.platforms.wechat.calls import Answered, Asked
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.state import Json, WeChatChat, WeChatState

_LANGUAGES = ("zh_CN", "zh_TW", "en")
_ADDRESSES = ["203.0.113.10", "203.0.113.11"]
_FIRST_TAG = 100


def info(asked: Asked) -> Answered:
    """One person, without a name: since 2021-12-27 bots get none, and no picture either."""
    chat = asked.person()
    return Answered(_profile(asked.state, chat, _language(asked.values.get("lang"))), to=chat.address, is_bare=True)


def _language(value: Any) -> str:
    return value if value in _LANGUAGES else "zh_CN"


def _profile(state: WeChatState, chat: WeChatChat, language: str) -> Json:
    unions = {"unionid": ids.union_id(chat.address)} if state.on("unionid") else {}
    if not chat.subscribed:
        return {"subscribe": 0, "openid": chat.address, **unions}
    empty = dict.fromkeys(("city", "province", "country", "headimgurl"), "")
    by_code = chat.scene != ""
    return {
        "subscribe": 1,
        "openid": chat.address,
        "nickname": "",
        "sex": 0,
        "language": language,
        **empty,
        "subscribe_time": int(chat.subscribed_at),
        **unions,
        "remark": chat.remark,
        "groupid": 0,
        "tagid_list": list(chat.tags),
        "subscribe_scene": "ADD_SCENE_QR_CODE" if by_code else "ADD_SCENE_SEARCH",
        "qr_scene": int(chat.scene) if chat.scene.isascii() and chat.scene.isdigit() and len(chat.scene) < 10 else 0,
        "qr_scene_str": chat.scene,
    }


def infos(asked: Asked) -> Answered:
    """Up to a hundred people."""
    wanted = asked.values.get("user_list")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= limits.USERS_MAX:
        raise ApiError(40097, f"user_list is a list of 1 to {limits.USERS_MAX}")
    rows = []
    for each in wanted:
        id = each.get("openid") if isinstance(each, dict) else None
        chat = asked.state.chats.get(id) if isinstance(id, str) else None
        if chat is None:
            raise ApiError(40003)
        rows.append(_profile(asked.state, chat, _language(each.get("lang"))))
    return Answered({"user_info_list": rows}, is_bare=True)


def listed(asked: Asked) -> Answered:
    """Who follows the account, ten thousand on a page."""
    after = asked.optional("next_openid")
    known = sorted(chat.address for chat in asked.state.chats.values() if chat.subscribed)
    if after and after not in asked.state.chats:
        raise ApiError(40003)
    page = [id for id in known if id > after][: limits.PAGE_MAX]
    data = {"data": {"openid": page}} if page else {}
    return Answered(
        {"total": len(known), "count": len(page), **data, "next_openid": page[-1] if page else ""}, is_bare=True
    )


def remark(asked: Asked) -> Answered:
    """A note about a person, for the account's people."""
    chat, words = asked.person(), asked.values.get("remark")
    if not isinstance(words, str) or len(words) > limits.REMARK_MAX:
        raise ApiError(40097, f"remark has up to {limits.REMARK_MAX} characters")
    chat.remark = words
    return Answered(to=chat.address)


# --------------------------------------------------------------------------------------------------------------- tags


def create_tag(asked: Asked) -> Answered:
    """A new tag."""
    tag, tags = asked.inner("tag").get("name"), asked.state.tags
    if not isinstance(tag, str) or not tag:
        raise ApiError(40097, "tag.name is no string, or is empty")
    if len(tag.encode("utf-8", "replace")) > limits.TAG_NAME_MAX_BYTES:
        raise ApiError(45158)
    if tag in tags.values():
        raise ApiError(45157)
    if len(tags) >= limits.TAGS_MAX:
        raise ApiError(45056)
    number = max(tags, default=_FIRST_TAG - 1) + 1
    tags[number] = tag
    return Answered({"tag": {"id": number, "name": tag}}, is_bare=True)


def tags(asked: Asked) -> Answered:
    """All tags, and how many have them."""
    counted = [
        {"id": number, "name": name, "count": sum(number in chat.tags for chat in asked.state.chats.values())}
        for number, name in asked.state.tags.items()
    ]
    return Answered({"tags": counted}, is_bare=True)


def tag_people(asked: Asked) -> Answered:
    """People get a tag."""
    for chat, number in _tagged(asked):
        if number not in chat.tags:
            chat.tags.append(number)
    return Answered()


def untag_people(asked: Asked) -> Answered:
    """People lose a tag."""
    for chat, number in _tagged(asked):
        chat.tags = [each for each in chat.tags if each != number]
    return Answered()


def _tagged(asked: Asked) -> list[tuple[WeChatChat, int]]:
    number = asked.values.get("tagid")
    if not isinstance(number, int) or number not in asked.state.tags:
        raise ApiError(45159)
    chats = [asked.state.chats.get(id) for id in asked.texts("openid_list", limits.USERS_MAX)]
    if None in chats:
        raise ApiError(40003)
    return [(chat, number) for chat in chats if chat is not None]


# -------------------------------------------------------------------------------------------------------- the account


def addresses(_asked: Asked) -> Answered:
    """Where pushes come from, by WeChat's word; here they come from this machine."""
    return Answered({"ip_list": _ADDRESSES}, is_bare=True)


def self_test(asked: Asked) -> Answered:
    """Whether the account's address can be reached; here it always can."""
    if asked.values.get("action") not in ("dns", "ping", "all"):
        raise ApiError(40097, "action is dns, ping or all")
    return Answered(
        {
            "dns": [{"ip": "127.0.0.1", "real_operator": "DEFAULT"}],
            "ping": [{"ip": "127.0.0.1", "from_operator": "DEFAULT", "package_loss": "0%", "time": "1.0ms"}],
        },
        is_bare=True,
    )
