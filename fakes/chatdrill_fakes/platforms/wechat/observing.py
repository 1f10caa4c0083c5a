"""What a call or a passive reply did at WeChat: the shadow account reads it as if it had the vendor's files, agents and templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec

from chatdrill.model import Block, Customer, File, Write
from chatdrill.wire import Call, Exchange, HttpRequest, HttpResponse, Platform, read_arguments
from chatdrill.wire.files import describe
from chatdrill.wire.reading import (
    STRANGER,
    Observed,
    Said,
    answered_object,
    observed_by_handling,
    or_raw,
    raw_message,
    refused,
    remember,
)
from chatdrill.wire.xml import write_xml
from chatdrill_fakes.platforms.wechat.decoding import document_in, unsealed
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.routes import arguments_of, method_of
from chatdrill_fakes.platforms.wechat.state import Agent, Stored, Token, WeChatChat, WeChatState

_TOKEN = "the shadow's own token"
_SECRET = frozenset(("access_token", "secret"))
_SENDING = frozenset(("message/custom/send", "message/custom/typing", "message/template/send"))
_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "thumb": "image/jpeg"}
_PASSIVE = {"media_id": "MediaId", "thumb_media_id": "ThumbMediaId"}
"""What customer messages and passive replies call a file."""
_ELEMENTS = {"image": "Image", "voice": "Voice", "video": "Video", "music": "Music"}


def meet(state: WeChatState, said: Said, customer: Customer, now: float) -> None:
    """Make a chat of the vendor's known."""
    if said.to is None:
        return
    chat = state.chats.get(said.to)
    if chat is None:
        chat = state.chats[said.to] = WeChatChat(address=said.to, customer=customer)
    chat.opened, chat.last_customer_at = True, now
    chat.subscribed = not isinstance(said.act, Block)
    if isinstance(said.act, Write):
        remember(chat, said, said.act.parts, now)


def observe(
    platform: Platform[WeChatState], state: WeChatState, exchange: Exchange, response: HttpResponse
) -> Observed:
    """What a call did that WeChat answered, or what stands in the answer to a push."""
    if exchange.source == "webhook_answer":
        return _replied(platform, state, exchange)
    request = exchange.request
    method = method_of(request.path)
    if not method:
        return Observed()
    values = _values(request, method)
    to = values.get("touser") or values.get("openid")
    call = Call(_name(method, values), to if isinstance(to, str) else None, values)
    answer = answered_object(response)
    code = answer.get("errcode") or 0
    if response.status >= 400 or code != 0:
        return refused(call, f"{code} {answer.get('errmsg') or f'status {response.status}'}")
    if method == "media/upload":
        _keep_upload(state, request, answer)
    if not isinstance(values.get("touser"), str | list) or "message/" not in method:
        return Observed(call=call)
    return _sent(platform, state, exchange, call, method, answer)


def _values(request: HttpRequest, method: str) -> dict[str, Any]:
    try:
        given = arguments_of(request, method).values
    except (ApiError, RecursionError):
        given = dict(request.query)
    return {name: value for name, value in given.items() if name not in _SECRET}


def _name(method: str, values: dict[str, Any]) -> str:
    kind = values.get("msgtype") or values.get("command") or (values.get("type") if method == "media/upload" else None)
    return f"{method} {kind[:40]}" if isinstance(kind, str) else method


def _sent(
    platform: Platform[WeChatState],
    state: WeChatState,
    exchange: Exchange,
    call: Call,
    method: str,
    answer: dict[str, Any],
) -> Observed:
    if call.to is None or method not in _SENDING:  # to many at once, or a kind that the fake does not emulate
        told = [to for to in _receivers(call) if to in state.chats]
        effects = tuple(raw_message(to, (), method, call.arguments, exchange.now) for to in told)
        return Observed(call=call, effects=effects, unread="its content is not known here")
    _ready(state, call.to, exchange.now)
    values = dict(call.arguments)
    kind = str(values.get("msgtype") or "")
    content = values.get(kind)
    _trust(state, kind, content if isinstance(content, dict) else {})
    agent = values.get("customservice")
    _trust_agent(state, agent.get("kf_account") if isinstance(agent, dict) else None)
    state.templates = (str(values.get("template_id") or ""),)
    ids = (str(answer["msgid"]),) if "msgid" in answer else ()
    url = f"/cgi-bin/{method}?{urlencode({'access_token': _TOKEN})}"
    shown = HttpRequest("POST", url, (), exchange.request.body)
    seen = observed_by_handling(platform, state, exchange, shown, ids)
    return or_raw(seen, call, call.to, ids, kind or method, exchange.now)


def _receivers(call: Call) -> list[str]:
    given = call.arguments.get("touser")
    return [to for to in (given if isinstance(given, list) else [given]) if isinstance(to, str)]


def _ready(state: WeChatState, to: str, now: float) -> None:
    """What the vendor let pass, the shadow lets pass: followers, windows, quotas and tokens are the vendor's to know."""
    if to not in state.chats:
        state.chats[to] = WeChatChat(address=to, customer=STRANGER)
    chat = state.chats[to]
    chat.subscribed, chat.spoken_at, chat.typing_until = True, now, float("-inf")
    chat.grant(1, 1.0, now)
    state.tokens[_TOKEN] = Token(float("inf"))
    state.limited = state.is_test = False


def _trust(state: WeChatState, kind: str, content: dict[str, Any]) -> None:
    """Files that lie at the vendor are known by an id; what they hold was told when they were uploaded, if that was seen."""
    for id, stored in ((_id(content, "media_id"), kind), (_id(content, "thumb_media_id"), "thumb")):
        if id and id not in state.media and stored in _TYPES:
            state.media[id] = Stored(stored, File(mime=_TYPES[stored]), float("inf"))


def _id(content: dict[str, Any], name: str) -> str:
    found = content.get(name) or content.get(_PASSIVE[name])
    return found if isinstance(found, str) else ""


def _trust_agent(state: WeChatState, account: Any) -> None:
    if isinstance(account, str) and account not in state.agents:
        state.agents[account] = Agent(account, account.partition("@")[0].title(), "")


def _keep_upload(state: WeChatState, request: HttpRequest, answer: dict[str, Any]) -> None:
    kind, id = str(answer.get("type")), answer.get("media_id") or answer.get("thumb_media_id")
    upload = next(iter(read_arguments(request).files.values()), None)
    if upload is not None and isinstance(id, str):
        file = describe(upload.content, state.blobs, name=upload.filename or None, mime=upload.content_type or None)
        state.media[id] = Stored(kind, file, float("inf"))


# ---------------------------------------------------------------------------------------------------- passive replies


def _replied(platform: Platform[WeChatState], state: WeChatState, exchange: Exchange) -> Observed:
    """A message in the answer to a push. The shadow gets it in plain XML, whichever way it went."""
    query = dict(exchange.request.query)
    to = query.get("to", "")
    call = Call("passive", to or None)
    try:
        fields = unsealed(document_in(exchange.request.body), state.key, state.app_id)
    except ValueError as error:
        return refused(call, f"{error}: the customer reads that the account is out of order")
    if fields is None:
        return Observed(call=call, unread="a sealed reply, which only the account's key opens")
    if not to:
        return Observed(call=call, unread="a reply to a push that could not be read")
    kind = str(fields.get("MsgType") or "")
    content = fields.get(_ELEMENTS.get(kind, ""))
    transfer = fields.get("TransInfo")
    _ready(state, to, exchange.now)
    _trust(state, kind, content if isinstance(content, dict) else {})
    _trust_agent(state, transfer.get("KfAccount") if isinstance(transfer, dict) else None)
    state.mode, state.is_json, state.account = "plain", False, str(fields.get("FromUserName") or "")
    shown = HttpRequest("POST", exchange.request.url, (("Content-Type", "text/xml"),), _plain(fields))
    handled = platform.handle(state, msgspec.structs.replace(exchange, request=shown))
    assert handled.call is not None
    return Observed(call=handled.call, effects=handled.effects)


def _plain(fields: Any) -> bytes:
    return write_xml("xml", fields).encode("utf-8", "replace")
