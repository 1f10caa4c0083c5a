"""Which call a request is, whose it is, and how it is answered."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import msgspec

from chatdrill.wire import Call, Exchange, Handled, HttpRequest, json_response, read_arguments
from chatdrill_fakes.platforms.infobip import queries, sending
from chatdrill_fakes.platforms.infobip.calls import Answered, Asked, Handler
from chatdrill_fakes.platforms.infobip.errors import ApiError
from chatdrill_fakes.platforms.infobip.objects import FILES
from chatdrill_fakes.platforms.infobip.state import InfobipState, Json

Support = Literal["supported", "partial", "refused", "unknown"]
BODY_MAX_BYTES = 4 * 1024 * 1024
_SECRETS = ("password", "client_secret")


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers a call, and how faithfully. ``is_open``: it needs no credentials in a header."""

    handler: Handler
    support: Support = "supported"
    is_open: bool = False


def _refuses(asked: Asked) -> Answered:
    raise ApiError(400, note=f"chatdrill does not emulate {asked.exchange.request.path}", refused=True)


ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "/sms/3/messages"): Route(sending.send, "partial"),
    ("POST", "/sms/2/text/advanced"): Route(sending.send_older),
    ("POST", "/sms/2/text/single"): Route(sending.send_single),
    ("GET", "/sms/1/text/query"): Route(sending.send_by_query),
    ("GET", "/sms/3/text/query"): Route(sending.send_by_query),
    ("POST", "/sms/2/binary/advanced"): Route(_refuses, "refused"),
    ("POST", "/mms/2/messages"): Route(sending.send_mms, "partial"),
    ("POST", "/sms/1/preview"): Route(queries.preview, "partial"),
    ("GET", "/sms/3/reports"): Route(queries.reports),
    ("GET", "/sms/1/reports"): Route(queries.reports),
    ("GET", "/sms/3/logs"): Route(queries.logs, "partial"),
    ("GET", "/sms/1/logs"): Route(queries.logs, "partial"),
    ("GET", "/sms/1/inbox/reports"): Route(queries.inbox),
    ("GET", "/sms/1/bulks"): Route(queries.read_bulk),
    ("PUT", "/sms/1/bulks"): Route(queries.move_bulk),
    ("GET", "/sms/1/bulks/status"): Route(queries.read_status),
    ("PUT", "/sms/1/bulks/status"): Route(queries.change_status),
    ("POST", "/ct/1/log/end"): Route(queries.conversion),
    ("POST", "/auth/1/session"): Route(queries.session, is_open=True),
    ("POST", "/auth/1/oauth2/token"): Route(queries.oauth, is_open=True),
    ("GET", FILES.rstrip("/")): Route(queries.file),
    ("POST", "/subscriptions/1/subscription"): Route(_refuses, "refused"),
}
_WITH_TAIL = ("/ct/1/log/end/", FILES, "/subscriptions/1/subscription/")
_PATHS = {path for _, path in ROUTES}


@lru_cache(maxsize=256)
def path_of(path: str) -> tuple[str, str]:
    """The path of a route, and what follows it."""
    path = path.rstrip("/")
    head = next((known for known in _WITH_TAIL if path.startswith(known)), None)
    return (path, "") if head is None else (head[:-1], path[len(head) :])


def claims(request: HttpRequest, state: InfobipState) -> bool:
    """True for paths of this API, and for whatever carries the key."""
    if path_of(request.path)[0] in _PATHS:
        return True
    return (request.header("authorization") or "").partition(" ")[2] == state.settings["api_key"]


def handle(state: InfobipState, exchange: Exchange) -> Handled:
    """Answer a call of the bot. Never raises for anything a bot may send."""
    request = exchange.request
    path, tail = path_of(request.path)
    method = request.method.upper().replace("HEAD", "GET")
    route = ROUTES.get((method, path))
    is_new = path.startswith(("/sms/3/", "/mms/2/"))
    if route is None:
        return _unknown(request, method, path, is_new)
    asked = Asked(state, exchange, {}, {}, tail)
    try:
        _read(asked, route)
        answered = route.handler(asked)
    except ApiError as error:
        return _failed(error, f"{method} {path}", route, asked, is_new)
    except RecursionError:
        return _failed(ApiError(400), f"{method} {path}", route, asked, is_new)
    if answered.wait is not None:
        return Handled(wait=answered.wait)
    call = Call(f"{method} {path}", answered.to, _shown(asked), ok=answered.error is None, error=answered.error,
                support=route.support, note=answered.note)  # fmt: skip
    return Handled(answered.raw or json_response(answered.body), call, answered.effects, answered.later)


def _read(asked: Asked, route: Route) -> None:
    """The arguments of a call, once it is clear whose it is."""
    request, state = asked.exchange.request, asked.state
    asked.query = dict(request.query) if "?" in request.url else {}
    if route.handler is queries.oauth:
        asked.query = {name: value for name, value in read_arguments(request).values.items() if isinstance(value, str)}
    if not route.is_open and not _is_known(state, request, asked.query, asked.now):
        raise ApiError(401)
    if state.limited and state.requests.take(asked.now):
        raise ApiError(429)
    if request.method.upper() in ("POST", "PUT") and route.handler is not queries.oauth:
        asked.body = _json(request)


def _json(request: HttpRequest) -> Json:
    if len(request.body) > BODY_MAX_BYTES:
        raise ApiError(400, "the body is too large")
    if not request.body.strip():
        return {}
    if request.content_type not in ("", "application/json"):
        raise ApiError(415)
    try:
        value = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400) from error
    if not isinstance(value, dict):
        raise ApiError(400)
    return value


def _is_known(state: InfobipState, request: HttpRequest, query: Mapping[str, str], now: float) -> bool:
    scheme, _, words = (request.header("authorization") or "").partition(" ")
    settings = state.settings
    if scheme == "App":
        return _same(words.strip(), settings["api_key"])
    if scheme == "Basic":
        return _same(_plain(words), f"{settings['username']}:{settings['password']}")
    if scheme in ("IBSSO", "Bearer"):
        return state.tokens.get(words.strip(), 0.0) > now
    named = f"{query.get('username', '')}:{query.get('password', '')}"
    return request.path.endswith("/text/query") and _same(named, f"{settings['username']}:{settings['password']}")


@lru_cache(maxsize=64)
def _plain(coded: str) -> str:
    try:
        return b64decode(coded.strip(), validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def _same(one: str, two: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), two.encode())


def _shown(asked: Asked) -> Json:
    shown = {**asked.query, **asked.body}
    for name in _SECRETS:
        shown.pop(name, None)
    return shown


def _failed(error: ApiError, name: str, route: Route, asked: Asked, is_new: bool) -> Handled:
    support: Support = "refused" if error.refused else route.support
    call = Call(name, None, _shown(asked), ok=False, error=error.told, support=support, note=error.note)
    return Handled(error.response(is_new=is_new), call)


def _unknown(request: HttpRequest, method: str, path: str, is_new: bool) -> Handled:
    if path in _PATHS:
        error = ApiError(405)
        return Handled(error.response(is_new=is_new), Call(f"{method[:20]} {path}", ok=False, error=error.told))
    error = ApiError(404, request.path[:200])
    text = f"{error.told}; chatdrill knows {', '.join(sorted(_PATHS))}"
    return Handled(
        error.response(is_new=is_new), Call(f"{method[:20]} {path[:80]}", ok=False, error=text, support="unknown")
    )
