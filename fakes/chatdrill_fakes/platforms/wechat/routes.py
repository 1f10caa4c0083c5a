"""Which call a request is, whose it is, and how it is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from chatdrill.wire import Arguments, Call, Exchange, Handled, HttpRequest, read_arguments
from chatdrill_fakes.platforms.wechat import kf, limits, media, menus, passive, people, sending, tokens
from chatdrill_fakes.platforms.wechat.calls import Answered, Asked
from chatdrill_fakes.platforms.wechat.contents import PARTIAL
from chatdrill_fakes.platforms.wechat.errors import ApiError, answer
from chatdrill_fakes.platforms.wechat.ids import rid
from chatdrill_fakes.platforms.wechat.state import Json, WeChatState
from chatdrill_fakes.platforms.wechat.webhooks import PASSIVE_PATH

Support = Literal["supported", "partial", "refused", "unknown"]
Handler = Callable[[Asked], Answered]
_SECRETS = ("access_token", "secret")
_ROOTS = ("cgi-bin", "customservice")
_VERBS = {"GET": 43001, "POST": 43002}
_TYPED = {"message/custom/send": "msgtype", "message/custom/typing": "command", "media/upload": "type"}


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers a call, and how faithfully. ``verb`` is empty where any will do."""

    handler: Handler
    verb: str = "POST"
    support: Support = "supported"
    is_open: bool = False


def _unauthorized(_asked: Asked) -> Answered:
    raise ApiError(48001, "not emulated by chatdrill; see chatdrill platforms wechat")


ROUTES: dict[str, Route] = {
    "token": Route(tokens.plain, "GET", is_open=True),
    "stable_token": Route(tokens.stable, is_open=True),
    "message/custom/send": Route(sending.custom_send),
    "message/custom/typing": Route(sending.typing),
    "message/template/send": Route(sending.template_send),
    "media/upload": Route(media.upload),
    "media/get": Route(media.get, "GET"),
    "media/get/jssdk": Route(media.get, "GET", "partial"),
    "user/info": Route(people.info, "GET"),
    "user/info/batchget": Route(people.infos),
    "user/get": Route(people.listed, "GET"),
    "user/info/updateremark": Route(people.remark),
    "tags/create": Route(people.create_tag),
    "tags/get": Route(people.tags, "GET"),
    "tags/members/batchtagging": Route(people.tag_people),
    "tags/members/batchuntagging": Route(people.untag_people),
    "menu/create": Route(menus.create),
    "menu/get": Route(menus.get, "GET"),
    "menu/delete": Route(menus.delete, "GET"),
    "get_current_selfmenu_info": Route(menus.current, "GET", "partial"),
    "qrcode/create": Route(menus.create_code),
    "showqrcode": Route(menus.show_code, "GET", "partial", is_open=True),
    "customservice/getkflist": Route(kf.listed, "GET"),
    "customservice/getonlinekflist": Route(kf.online, "GET"),
    "kfaccount/add": Route(kf.add),
    "kfaccount/update": Route(kf.update),
    "kfaccount/inviteworker": Route(kf.invite, "POST", "partial"),
    "kfaccount/del": Route(kf.delete, ""),
    "kfsession/create": Route(kf.create),
    "kfsession/close": Route(kf.close),
    "kfsession/getsession": Route(kf.session, "GET"),
    "kfsession/getsessionlist": Route(kf.sessions, "GET"),
    "kfsession/getwaitcase": Route(kf.waiting, "GET"),
    "msgrecord/getmsglist": Route(kf.records, "POST", "partial"),
    "getcallbackip": Route(people.addresses, "GET", "partial"),
    "get_api_domain_ip": Route(people.addresses, "GET", "partial"),
    "clear_quota": Route(tokens.clear_quota),
    "callback/check": Route(people.self_test, "POST", "partial"),
    "message/mass/send": Route(_unauthorized, "POST", "refused"),
    "message/subscribe/bizsend": Route(_unauthorized, "POST", "refused"),
    "material/add_material": Route(_unauthorized, "POST", "refused"),
    "kf/sync_msg": Route(_unauthorized, "POST", "refused"),
    "kf/send_msg": Route(_unauthorized, "POST", "refused"),
}
"""By the path behind ``/cgi-bin/`` or ``/customservice/``."""


def claims(request: HttpRequest, state: WeChatState) -> bool:
    """True for WeChat's own paths, and for whatever carries one of the account's tokens."""
    named = request.path.strip("/").partition("/")[0] in _ROOTS and method_of(request.path) in ROUTES
    return named or media.is_file(request.path) or dict(request.query).get("access_token", "") in state.tokens


def method_of(path: str) -> str:
    """``/cgi-bin/user/info`` is ``user/info``; empty for what is no path of WeChat's."""
    root, _, method = path.strip("/").partition("/")
    return method if root in _ROOTS else ""


_ESCAPE = re.compile(rb"\\(\\|u)")


def arguments_of(request: HttpRequest, method: str = "") -> Arguments:
    """The arguments of a call: its address, and a body that is JSON whatever its content type says. Raises 44002, 47001.

    WeChat shows an escaped letter of a customer message as it stands, ``\\u041f``: so it is read here, too.
    """
    if method == "media/upload":
        return read_arguments(request)
    if request.method.upper() != "POST":
        return Arguments(dict(request.query))
    body = request.body
    if not body.strip():
        raise ApiError(44002)
    if len(body) > limits.BODY_MAX_BYTES:
        raise ApiError(45002, f"the request has {len(body)} bytes")
    if method == "message/custom/send" and b"\\u" in body:
        body = _ESCAPE.sub(rb"\\\\\1", body) if b"\\\\" not in body else _ESCAPE.sub(_kept, body)
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(47001, f"no JSON: {str(error)[:120]}") from error
    if not isinstance(value, dict):
        raise ApiError(47001, "the JSON is no object")
    return Arguments({**dict(request.query), **value})


def _kept(match: re.Match[bytes]) -> bytes:
    """A backslash that is escaped stays one; an escaped letter becomes a backslash with letters behind it."""
    return match[0] if match[1] == b"\\" else rb"\\u"


def handle(state: WeChatState, exchange: Exchange) -> Handled:
    """Answer a call of the bot. Never raises for anything a bot may send."""
    request = exchange.request
    if exchange.source == "webhook_answer" and request.path == PASSIVE_PATH:
        return passive.handle(state, exchange)
    if media.is_file(request.path):
        return _link(state, exchange)
    method = method_of(request.path)
    route = ROUTES.get(method)
    if route is None:
        return _unknown(state, exchange, method or request.path)
    return _call(state, exchange, method, route)


def _link(state: WeChatState, exchange: Exchange) -> Handled:
    """A picture or a video; its address is all that it takes."""
    if exchange.request.method.upper() not in ("GET", "HEAD"):
        return _failed(state, exchange, ApiError(43001), "GET media", "supported", {})
    try:
        answered = media.by_link(Asked(state, exchange, Arguments(), {}))
    except ApiError as error:
        return _failed(state, exchange, error, "GET media", "supported", {})
    assert answered.response is not None
    ok = answered.response.status == 200
    return Handled(answered.response, Call("GET media", answered.to, ok=ok, error=None if ok else "not found"))


def _call(state: WeChatState, exchange: Exchange, method: str, route: Route) -> Handled:
    request, values = exchange.request, {}
    try:
        if route.verb and request.method.upper() != route.verb:
            raise ApiError(_VERBS[route.verb])
        arguments = arguments_of(request, method)
        values = dict(arguments.values)
        if not route.is_open:
            _admit(state, request, exchange.now)
        _count(state, method, exchange.now)
        answered = route.handler(Asked(state, exchange, arguments, values))
    except ApiError as error:
        return _failed(state, exchange, error, method, route.support, values)
    except RecursionError:
        return _failed(state, exchange, ApiError(47001, "nested too deeply"), method, route.support, values)
    support: Support = "partial" if answered.label in PARTIAL else route.support
    named = f"{method} {answered.label}" if answered.label else method
    call = Call(named, answered.to, _shown(values), support=support, note=answered.note)
    ok = {} if answered.is_bare else {"errcode": 0, "errmsg": "ok"}
    return Handled(answered.response or answer({**ok, **answered.body}), call, answered.effects, answered.later)


def _admit(state: WeChatState, request: HttpRequest, now: float) -> None:
    """A token that counts, and an account that may call."""
    tokens.check(state, dict(request.query).get("access_token"), now)
    if state.standing:
        raise ApiError(state.standing)


def _count(state: WeChatState, method: str, now: float) -> None:
    """The account's daily quota of a call."""
    quota = limits.DAILY.get(method)
    if quota is not None and not state.take(method, now, quota[state.is_test]):
        raise ApiError(45009, f"{quota[state.is_test]} calls a day")


def _shown(values: Mapping[str, Any]) -> Json:
    return {key: value for key, value in values.items() if key not in _SECRETS}


def _address(state: WeChatState, values: Mapping[str, Any]) -> str | None:
    named = values.get("touser") or values.get("openid")
    return named if isinstance(named, str) and named in state.chats else None


def _failed(
    state: WeChatState, exchange: Exchange, error: ApiError, method: str, support: Support, values: Json
) -> Handled:
    kind = values.get(_TYPED.get(method, ""))
    named = f"{method} {kind[:40]}" if isinstance(kind, str) and kind else method
    call = Call(named, _address(state, values), _shown(values), ok=False, error=error.told, support=support)
    state.errors += 1
    return Handled(error.answer(rid(exchange.now, state.errors)), call)


def _unknown(state: WeChatState, exchange: Exchange, what: str) -> Handled:
    """A path that nobody knows: WeChat's own error, and in the trace what there is."""
    state.errors += 1
    text = f"chatdrill knows no call {what[:80]!r} of WeChat; see chatdrill platforms wechat"
    call = Call(what[:80] or "/", ok=False, error=f"40066 invalid url: {text}", support="unknown")
    return Handled(ApiError(40066).answer(rid(exchange.now, state.errors)), call)
