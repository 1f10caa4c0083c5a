"""Which call a request is, whose it is, and how it is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import msgspec

from chatdrill.wire import Bucket, Call, Exchange, Handled, HttpRequest, HttpResponse, json_response, read_arguments
from chatdrill_fakes.platforms.line import channel, content, ids, limits, people, richmenus, sending
from chatdrill_fakes.platforms.line.calls import Answered, Asked
from chatdrill_fakes.platforms.line.channel import ends
from chatdrill_fakes.platforms.line.errors import BAD_TOKEN, BUSY, NO_ACCESS, NO_HEADER, NOT_FOUND, ApiError
from chatdrill_fakes.platforms.line.state import Json, LineState

Support = Literal["supported", "partial", "refused", "unknown"]
Handler = Callable[[Asked], Answered]
PREFIXES = ("/v2/bot/", "/v2/oauth/", "/oauth2/")
_SECRETS = frozenset({"client_secret", "client_assertion", "access_token"})
_HOLE = re.compile(r"\{(\w+)\}")
_BYTE = re.compile(r"\(byte (\d+)\)")


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers a call, and how faithfully; ``open`` ones need no token. ``raw`` ones have a body that is no JSON."""

    verb: str
    path: str
    name: str
    handler: Handler | None
    support: Support = "supported"
    raw: bool = False


def _route(
    verb: str, path: str, name: str, handler: Handler | None, support: Support = "supported", **more: Any
) -> Route:
    return Route(verb, path, name, handler, "refused" if handler is None else support, **more)


def _of_groups(kind: str) -> Iterable[Route]:
    at, name = f"/v2/bot/{kind}/{{{kind}Id}}", kind
    yield _route("GET", f"{at}/members/count", f"GET {name} members count", people.members_count)
    yield _route("GET", f"{at}/members/ids", f"GET {name} members", people.members)
    yield _route("GET", f"{at}/member/{{userId}}", f"GET {name} member", people.member)
    yield _route("POST", f"{at}/leave", f"leave {name}", people.leave)


_MESSAGE, _MENU, _USER = "/v2/bot/message", "/v2/bot/richmenu", "/v2/bot/user"
ROUTES: tuple[Route, ...] = (
    _route("POST", f"{_MESSAGE}/reply", "reply", sending.guarded(sending.reply)),
    _route("POST", f"{_MESSAGE}/push", "push", sending.guarded(sending.push)),
    _route("POST", f"{_MESSAGE}/multicast", "multicast", sending.guarded(sending.multicast)),
    _route("POST", f"{_MESSAGE}/broadcast", "broadcast", sending.guarded(sending.broadcast)),
    _route("POST", f"{_MESSAGE}/narrowcast", "narrowcast", sending.guarded(sending.narrowcast), "partial"),
    _route("GET", f"{_MESSAGE}/progress/narrowcast", "GET narrowcast progress", sending.narrowcast_progress, "partial"),
    *(
        _route("POST", f"{_MESSAGE}/validate/{kind}", f"validate {kind}", sending.validate)
        for kind in ("reply", "push", "multicast", "narrowcast", "broadcast")
    ),
    _route("GET", f"{_MESSAGE}/quota", "GET quota", sending.quota),
    _route("GET", f"{_MESSAGE}/quota/consumption", "GET quota consumption", sending.consumption),
    _route("GET", f"{_MESSAGE}/delivery/{{kind}}", "GET delivery", sending.delivered, "partial"),
    _route("GET", f"{_MESSAGE}/{{id}}/content", "GET content", content.get),
    _route("GET", f"{_MESSAGE}/{{id}}/content/preview", "GET preview", content.preview, "partial"),
    _route("GET", f"{_MESSAGE}/{{id}}/content/transcoding", "GET transcoding", content.transcoding),
    _route("POST", "/v2/bot/chat/loading/start", "loading", people.loading),
    _route("POST", "/v2/bot/chat/markAsRead", "mark as read", people.mark_as_read),
    _route("POST", f"{_MESSAGE}/markAsRead", "mark as read", people.mark_as_read),
    _route("GET", "/v2/bot/profile/{userId}", "GET profile", people.profile, "partial"),
    _route("GET", "/v2/bot/followers/ids", "GET followers", people.followers),
    _route("GET", "/v2/bot/info", "GET info", people.bot_info),
    _route("GET", "/v2/bot/group/{groupId}/summary", "GET group summary", people.group_summary),
    *_of_groups("group"),
    *_of_groups("room"),
    _route("POST", f"{_USER}/{{userId}}/linkToken", "link token", people.link_token, "partial"),
    _route("PUT", "/v2/bot/channel/webhook/endpoint", "set webhook endpoint", channel.set_endpoint),
    _route("GET", "/v2/bot/channel/webhook/endpoint", "GET webhook endpoint", channel.get_endpoint),
    _route("POST", "/v2/bot/channel/webhook/test", "webhook test", channel.test_endpoint),
    _route("POST", _MENU, "create richmenu", richmenus.create),
    _route("POST", f"{_MENU}/validate", "validate richmenu", richmenus.validate),
    _route("GET", f"{_MENU}/list", "GET richmenu list", richmenus.every),
    _route("POST", f"{_MENU}/bulk/link", "bulk link richmenu", richmenus.bulk_link),
    _route("POST", f"{_MENU}/bulk/unlink", "bulk unlink richmenu", richmenus.bulk_unlink),
    _route("POST", f"{_MENU}/batch", "batch richmenu", None),
    _route("POST", f"{_MENU}/alias", "create richmenu alias", richmenus.create_alias),
    _route("GET", f"{_MENU}/alias/list", "GET richmenu aliases", richmenus.aliases),
    _route("GET", f"{_MENU}/alias/{{alias}}", "GET richmenu alias", richmenus.get_alias),
    _route("POST", f"{_MENU}/alias/{{alias}}", "change richmenu alias", richmenus.change_alias),
    _route("DELETE", f"{_MENU}/alias/{{alias}}", "delete richmenu alias", richmenus.delete_alias),
    _route("GET", f"{_MENU}/{{menuId}}", "GET richmenu", richmenus.get),
    _route("DELETE", f"{_MENU}/{{menuId}}", "delete richmenu", richmenus.delete),
    _route("POST", f"{_MENU}/{{menuId}}/content", "upload richmenu image", richmenus.upload, raw=True),
    _route("GET", f"{_MENU}/{{menuId}}/content", "GET richmenu image", richmenus.download),
    _route("GET", f"{_USER}/all/richmenu", "GET default richmenu", richmenus.get_default),
    _route("DELETE", f"{_USER}/all/richmenu", "cancel default richmenu", richmenus.cancel_default),
    _route("POST", f"{_USER}/all/richmenu/{{menuId}}", "set default richmenu", richmenus.set_default),
    _route("GET", f"{_USER}/{{userId}}/richmenu", "GET user richmenu", richmenus.linked),
    _route("DELETE", f"{_USER}/{{userId}}/richmenu", "unlink richmenu", richmenus.unlink),
    _route("POST", f"{_USER}/{{userId}}/richmenu/{{menuId}}", "link richmenu", richmenus.link),
    _route("POST", "/v2/oauth/accessToken", "issue token", channel.issue),
    _route("POST", "/oauth2/v2.1/token", "issue token v2.1", channel.issue_by_jwt, "partial"),
    _route("POST", "/oauth2/v3/token", "issue token v3", channel.issue_stateless, "partial"),
    _route("POST", "/v2/oauth/verify", "verify token", channel.verify),
    _route("GET", "/oauth2/v2.1/verify", "verify token", channel.verify),
    _route("POST", "/v2/oauth/revoke", "revoke token", channel.revoke),
    _route("POST", "/oauth2/v2.1/revoke", "revoke token", channel.revoke),
    _route("GET", "/oauth2/v2.1/tokens/kid", "GET token kids", None),
    _route("POST", "/v2/bot/chat/{chatId}/control/acquire", "acquire chat control", None),
    _route("POST", "/v2/bot/chat/{chatId}/control/release", "release chat control", None),
    _route("POST", "/v2/bot/audienceGroup/upload", "audiences", None),
    _route("GET", "/v2/bot/insight/message/delivery", "insight", None),
    _route("POST", "/v2/bot/coupon", "coupons", None),
    _route("GET", "/v2/bot/membership/list", "memberships", None),
)
_FIXED = {(route.verb, route.path): route for route in ROUTES if "{" not in route.path}
_SHAPED = [(re.compile(_HOLE.sub(r"(?P<\1>[^/]+)", route.path)), route) for route in ROUTES if "{" in route.path]
_PATHS = frozenset(route.path for route in ROUTES if "{" not in route.path)


def claims(request: HttpRequest, state: LineState) -> bool:
    """True for LINE's own paths, and for whatever carries the token."""
    return request.path.startswith(PREFIXES) or bearer(request) == state.token


def bearer(request: HttpRequest) -> str | None:
    """The token in the header, if there is one."""
    return _token_in(request.header("authorization") or "")


@lru_cache(maxsize=256)
def _token_in(authorization: str) -> str | None:
    scheme, _, token = authorization.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def find(verb: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The call that a request is, and the variable parts of its path."""
    path = path.rstrip("/")
    fixed = _FIXED.get((verb, path))
    if fixed is not None:
        return fixed, {}
    for pattern, route in _SHAPED:
        if route.verb == verb and (match := pattern.fullmatch(path)):
            return route, match.groupdict()
    return None


def values_of(request: HttpRequest, route: Route) -> Json:
    """The arguments of a call. Raises 400 for what is no JSON object, 413 and 415."""
    if route.raw:
        return {}
    if len(request.body) > limits.BODY_MAX_BYTES:
        raise ApiError(413, "The request body is too large")
    if request.path.startswith(PREFIXES[1:]):
        return dict(read_arguments(request).values)
    if not request.body.strip() or request.method.upper() in ("GET", "DELETE"):
        return {}
    if request.content_type not in ("application/json", ""):
        raise ApiError(415, f"The content type, {request.content_type[:60]}, is not supported")
    try:
        value = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(
            400, f"The request body could not be parsed as JSON ({_where(request.body, str(error))})"
        ) from error
    if not isinstance(value, dict):
        raise ApiError(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
    return value


def _where(body: bytes, words: str) -> str:
    found = _BYTE.search(words)
    before = body[: int(found[1])] if found else body
    return f"line: {before.count(10) + 1}, column: {len(before) - before.rfind(10)}"


def handle(state: LineState, exchange: Exchange) -> Handled:
    """Answer a call of the bot. Never raises for anything a bot may send."""
    request = exchange.request
    verb = request.method.upper()
    found = find("GET" if verb == "HEAD" else verb, request.path_in_parts)
    if found is None:
        return _unknown(state, request)
    route, path = found
    asked = Asked(state, exchange, route.name, {}, path)
    try:
        answered = _answered(asked, route)
    except ApiError as error:
        return _failed(asked, route, error)
    except RecursionError:
        return _failed(asked, route, ApiError(400, "The request body could not be parsed as JSON (line: 1, column: 1)"))
    if answered.wait is not None:
        return Handled(wait=answered.wait)
    call = Call(route.name, answered.to, shown_values(asked.values), support=route.support, note=answered.note)
    return Handled(_response(asked, answered), call, answered.effects, answered.later)


def _answered(asked: Asked, route: Route) -> Answered:
    state, request = asked.state, asked.exchange.request
    if request.path.startswith(PREFIXES[0]):
        _check_token(asked)
    asked.values = values_of(request, route)
    asked.retry_key = request.header(sending.RETRY_HEADER)
    if asked.retry_key is not None and route.name not in sending.RETRIED:
        raise ApiError(400, f"The {sending.RETRY_HEADER} header is not supported by this call")
    if route.handler is None:
        raise ApiError(403, NO_ACCESS, note=f"chatdrill does not emulate {route.name}")
    if state.limited and not asked.exchange.fetched:  # else it is the same call again
        _check_rate(state, route.name, asked.now)
    return route.handler(asked)


def _check_token(asked: Asked) -> None:
    token = bearer(asked.exchange.request)
    if token is None:
        raise ApiError(401, NO_HEADER)
    if token != asked.state.token and ends(asked, token) is None:
        raise ApiError(401, BAD_TOKEN)


def _check_rate(state: LineState, name: str, now: float) -> None:
    bucket = state.rates.get(name)
    if bucket is None:
        count, period_s = limits.RATES.get(name, limits.RATE_ELSE)
        bucket = state.rates[name] = Bucket(count / period_s, count)
    if bucket.take(now):
        raise ApiError(429, BUSY)


def shown_values(values: Json) -> Json:
    """Arguments without secrets."""
    if _SECRETS.isdisjoint(values):
        return dict(values)
    return {key: value for key, value in values.items() if key not in _SECRETS}


def _headers(asked: Asked) -> tuple[tuple[str, str], ...]:
    return (("x-line-request-id", asked.request_id),)


def _response(asked: Asked, answered: Answered) -> HttpResponse:
    if answered.response is None:
        return json_response(answered.body, status=answered.status, headers=_headers(asked))
    given = answered.response
    return HttpResponse(given.status, (*given.headers, *_headers(asked)), given.body)


def _failed(asked: Asked, route: Route, error: ApiError) -> Handled:
    support: Support
    headers = (("x-line-request-id", asked.request_id), *error.headers)
    response = json_response(error.body, status=error.status, headers=headers)
    name, support = (f"{route.name} {error.refused}", "refused") if error.refused else (route.name, route.support)
    call = Call(
        name, _address(asked), shown_values(asked.values), ok=False, error=error.told, support=support, note=error.note
    )
    return Handled(response, call)


def _address(asked: Asked) -> str | None:
    """Whom a call that failed was about."""
    token = asked.values.get("replyToken")
    known = asked.state.replies.get(token) if isinstance(token, str) else None
    named = known.to if known else asked.values.get("to") or asked.values.get("chatId") or asked.path.get("userId")
    return named if isinstance(named, str) and named in asked.state.chats else None


def _unknown(state: LineState, request: HttpRequest) -> Handled:
    path = request.path.rstrip("/")
    is_known = path in _PATHS or any(pattern.fullmatch(path) for pattern, _ in _SHAPED)
    status, words = (405, "The method is not allowed") if is_known else (404, NOT_FOUND)
    headers = (("x-line-request-id", ids.request_id(state.chance)),)
    name = f"{request.method[:20]} {request.path[:80]}"
    error = f"{status} {words}: chatdrill knows no call {name!r} of LINE"
    return Handled(
        json_response({"message": words}, status=status, headers=headers),
        Call(name, ok=False, error=error, support="unknown"),
    )
