"""Passive replies: a message in the answer to the push itself. Free, one for each push, within five seconds.

Source: developers.weixin.qq.com, passive replies; customer service: forwarding messages (2026). The bot hears nothing of what becomes of
its reply: what WeChat would show the customer instead lies in the trace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.model import Effect, Part
from chatdrill.wire import Arguments, Call, Exchange, Handled
from chatdrill_fakes.platforms.wechat import contents, kf, limits, sending
from chatdrill_fakes.platforms.wechat.calls import Asked
from chatdrill_fakes.platforms.wechat.errors import ApiError, answer
from chatdrill_fakes.platforms.wechat.state import Json, WeChatChat, WeChatState
from chatdrill_fakes.platforms.wechat.webhooks import ReplyError, read_reply

FAILED = "该公众号提供的服务出现故障，请稍后再试"
"""What customers read where a reply cannot be read; older apps say 该公众号暂时无法提供服务，请稍后再试."""
TRANSFER = "transfer_customer_service"
_SINGLE = frozenset({"text", "image", "voice", "video", "shortvideo", "location", "link"})
"""After these one article is shown."""


def handle(state: WeChatState, exchange: Exchange) -> Handled:
    """What becomes of a reply. Never raises for anything a bot may answer."""
    query = dict(exchange.request.query)
    chat = state.chats.get(query.get("to", ""))
    fields: Json = {}
    try:
        fields = read_reply(state, exchange.request.body)
        if chat is None:
            raise ReplyError("nobody was told of this")
        _check_ends(state, chat, fields)
        if query.get("id", "") in chat.answered:
            call = Call(
                f"passive {_kind(fields)}",
                chat.address,
                fields,
                note="this push had its answer before: WeChat reads no other",
            )
            return Handled(answer({}), call)
        label, effects = _take(Asked(state, exchange, Arguments(), fields), chat, query.get("kind", ""), fields)
    except ReplyError as error:
        return _failed(f"{error}; the customer reads {FAILED!r}", fields, query)
    except ApiError as error:
        return _failed(f"{error.told}; the customer reads {FAILED!r}", fields, query)
    chat.answered.add(query.get("id", ""))
    return Handled(answer({}), Call(f"passive {label}", chat.address, fields), effects)


def _kind(fields: Json) -> str:
    kind = fields.get("MsgType")
    return kind[:40] if isinstance(kind, str) else ""


def _failed(error: str, fields: Json, query: dict[str, str]) -> Handled:
    call = Call(f"passive {_kind(fields)}".strip(), query.get("to") or None, fields, ok=False, error=error)
    return Handled(answer({"errcode": 40035, "errmsg": error}), call)


def _check_ends(state: WeChatState, chat: WeChatChat, fields: Json) -> None:
    """From the account to whoever the push was about, dated by a number."""
    if fields.get("ToUserName") != chat.address:
        raise ReplyError("ToUserName is not the openid of the push")
    if fields.get("FromUserName") != state.account:
        raise ReplyError(f"FromUserName is not the account {state.account}")
    if not str(fields.get("CreateTime", "")).isdecimal():
        raise ReplyError("CreateTime is no number")


def _take(asked: Asked, chat: WeChatChat, after: str, fields: Json) -> tuple[str, tuple[Effect, ...]]:
    kind = _kind(fields)
    if kind == TRANSFER:
        kf.transfer(asked, chat, after, fields.get("TransInfo"))
        return kind, ()
    reader = _READERS.get(kind)
    if reader is None:
        raise ReplyError(f"there is no reply of the type {kind!r}; there are {', '.join((*_READERS, TRANSFER))}")
    sending.check_reachable(chat)
    parts = reader(asked, fields, after)
    return kind, (sending.deliver(asked.state, chat, parts, chat.at(asked.now)),)


def _text(asked: Asked, fields: Json, _after: str) -> tuple[Part, ...]:
    return contents.parts_of(asked, "text", {"content": fields.get("Content")})


def _file(kind: str, element: str) -> Callable[[Asked, Json, str], tuple[Part, ...]]:
    def read(asked: Asked, fields: Json, _after: str) -> tuple[Part, ...]:
        return contents.parts_of(asked, kind, lowered(fields.get(element)))

    return read


_NAMES = {
    "MediaId": "media_id",
    "ThumbMediaId": "thumb_media_id",
    "MusicUrl": "musicurl",
    "HQMusicUrl": "hqmusicurl",
    "PicUrl": "picurl",
    "Url": "url",
    "Title": "title",
    "Description": "description",
}


def lowered(value: Any) -> Any:
    """The names of replies as those of customer messages."""
    return {_NAMES.get(name, name): each for name, each in value.items()} if isinstance(value, dict) else value


def _news(asked: Asked, fields: Json, after: str) -> tuple[Part, ...]:
    inner = fields.get("Articles")
    items = inner.get("item") if isinstance(inner, dict) else inner
    articles = [lowered(item) for item in (items if isinstance(items, list) else [items])] if items else []
    if not articles:
        raise ApiError(44003)
    if str(fields.get("ArticleCount", "")) != str(len(articles)):
        raise ReplyError(f"ArticleCount is {fields.get('ArticleCount')!r}, and there are {len(articles)}")
    most = 1 if after in _SINGLE else limits.ARTICLES_PASSIVE_MAX
    if len(articles) > most:
        raise ApiError(45008, f"{len(articles)} articles, {most} are allowed here")
    return (contents.article_cards(asked, articles),)


_READERS: dict[str, Callable[[Asked, Json, str], tuple[Part, ...]]] = {
    "text": _text,
    "image": _file("image", "Image"),
    "voice": _file("voice", "Voice"),
    "video": _file("video", "Video"),
    "music": _file("music", "Music"),
    "news": _news,
}
KINDS = (*_READERS, TRANSFER)
