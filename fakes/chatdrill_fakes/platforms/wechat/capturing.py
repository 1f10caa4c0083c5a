"""Captured traffic of WeChat, read as turns: pushes in plain or compatible mode, passive replies, and customer messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.importing.dialog import Attached, Turn
from chatdrill.model import Keyboard, MediaKind, Text
from chatdrill_fakes.platforms.wechat.decoding import SEALED, document_in, read_push
from chatdrill_fakes.platforms.wechat.passive import lowered
from chatdrill_fakes.platforms.wechat.texts import shown

_MEDIA: dict[str, MediaKind] = {"image": "photo", "voice": "voice", "video": "video", "music": "audio"}


def _knows(body: Body) -> bool:
    return "ToUserName" in body and ("Encrypt" in body or ("FromUserName" in body and "MsgType" in body))


def _opened(body: Body) -> Body:
    """A push that is not sealed. Raises ``ValueError`` for one that is: there is no key to import with."""
    if "MsgType" not in body:
        raise ValueError(SEALED)
    return body


def _content(kind: str, values: Any) -> dict[str, Any]:
    """What the customer sees of a message."""
    given: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
    lines = [str(line.get("content", "")) for line in given.get("list") or () if isinstance(line, Mapping)]
    words = [given.get("content"), given.get("head_content"), given.get("tail_content"), given.get("title")]
    words += [one.get("title") for one in given.get("articles") or () if isinstance(one, Mapping)]
    parts = shown("\n".join(str(word) for word in words if word))
    choices = [button.title for part in parts if isinstance(part, Keyboard) for button in part.buttons]
    buttons = (*lines, *choices)
    return {
        "text": "\n".join(part.text for part in parts if isinstance(part, Text)),
        "files": (Attached(kind=_MEDIA[kind]),) if kind in _MEDIA else (),
        "buttons": buttons,
        "keyboard": "inline" if buttons else None,
    }


def _call(url: str, body: Body, _answer: Body, at: float) -> Said:
    kind = str(body.get("msgtype") or "")
    if url.partition("?")[0].endswith("/message/custom/send") and isinstance(body.get("touser"), str):
        yield str(body["touser"]), Turn(at=at, who="bot", role="bot", **_content(kind, body.get(kind)))


def _reply(_body: Body, text: str, at: float) -> Said:
    """A passive reply."""
    try:
        fields = document_in(text.encode("utf-8", "replace"))
    except ValueError:  # ``success``, or nothing that WeChat would show
        return
    kind, to = str(fields.get("MsgType") or ""), fields.get("ToUserName")
    values = lowered(fields.get(kind.title())) if kind != "text" else {"content": fields.get("Content")}
    if kind == "news":
        values = {"articles": _items(fields.get("Articles"))}
    if isinstance(to, str) and (kind in _MEDIA or kind in ("text", "news")):
        yield to, Turn(at=at, who="bot", role="bot", **_content(kind, values))


def _items(articles: Any) -> list[Any]:
    items = articles.get("item") if isinstance(articles, Mapping) else articles
    return [lowered(item) for item in (items if isinstance(items, list) else [items])]


capture = Capture("wechat", ("api.weixin.qq.com",), _knows, told(lambda body: read_push(_opened(body))), _call, _reply)
