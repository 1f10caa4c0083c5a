"""Which method a call is, whose it is, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from chatdrill.wire import Call, Exchange, Handled, HttpRequest, HttpResponse, json_response
from chatdrill_fakes.platforms.viber import account, limits, sending, shelf
from chatdrill_fakes.platforms.viber.calls import Answered, Asked
from chatdrill_fakes.platforms.viber.errors import ApiError, answer, bad
from chatdrill_fakes.platforms.viber.state import Json, ViberState
from chatdrill_fakes.platforms.viber.webhooks import WELCOME_PATH

Support = Literal["supported", "partial", "refused", "unknown"]
TOKEN_HEADER = "X-Viber-Auth-Token"
_SECRETS = ("auth_token",)
_TYPED = ("send_message", "welcome_message")
"""Methods that are told apart by the type of the message."""
_ROOT = "pa"


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers a method, and how faithfully."""

    handler: Callable[[Asked], Answered]
    support: Support = "supported"


ROUTES: dict[str, Route] = {
    "set_webhook": Route(account.set_webhook),
    "send_message": Route(sending.send_message),
    "broadcast_message": Route(sending.broadcast_message),
    "get_account_info": Route(account.get_account_info, "partial"),
    "get_user_details": Route(account.get_user_details),
    "get_online": Route(account.get_online, "partial"),
    "post": Route(account.post, "refused"),
}


def claims(request: HttpRequest, state: ViberState) -> bool:
    """True for ``/pa/...`` with a known method, for files of customers, and for whatever carries the token."""
    named = request.path.startswith(f"/{_ROOT}/") and method_of(request.path) in ROUTES
    return named or shelf.is_file(request.path) or token_in(request) == state.token


def method_of(path: str) -> str:
    """``/pa/send_message`` is ``send_message``; the ``/pa`` may be missing, where it belongs to the root that a bot was given."""
    parts = [part for part in path.split("/") if part]
    if len(parts) == 2 and parts[0] == _ROOT:
        return parts[1]
    return parts[0] if len(parts) == 1 and parts[0] != _ROOT else ""


def token_in(request: HttpRequest) -> str | None:
    """The token in the header, if there is one."""
    return request.header(TOKEN_HEADER)


def values_of(request: HttpRequest) -> Json:
    """The JSON of a call, whatever its content type says. Raises status 3."""
    if len(request.body) > limits.BODY_MAX_BYTES:
        raise bad(f"the request has {len(request.body)} bytes, {limits.BODY_MAX_BYTES} are allowed")
    if not request.body.strip():
        return {}
    try:
        value = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad(f"no JSON: {str(error)[:120]}") from error
    if not isinstance(value, dict):
        raise bad("the JSON is no object")
    return value


def handle(state: ViberState, exchange: Exchange) -> Handled:
    """Answer a call of the bot. Never raises for anything a bot may send."""
    request = exchange.request
    if shelf.is_file(request.path):
        return shelf.serve(state, exchange)
    if exchange.source == "webhook_answer" and request.path == WELCOME_PATH:
        return _welcome(state, exchange)
    method = method_of(request.path)
    route = ROUTES.get(method)
    if route is None:
        return _unknown(method or request.path)
    if request.method.upper() != "POST":
        return _not_post(method, request.method)
    return _call(state, exchange, method, route)


def _call(state: ViberState, exchange: Exchange, method: str, route: Route) -> Handled:
    values: Json = {}
    try:
        values = values_of(exchange.request)
        _check_token(state, exchange.request, values)
        answered = route.handler(Asked(state, exchange, values))
    except RecursionError:
        return _failed(bad("nested too deeply"), method, route.support, values)
    except ApiError as error:
        return _failed(error, method, route.support, values, _address(state, values))
    if answered.wait is not None:
        return Handled(wait=answered.wait)
    body = {"status": 0, "status_message": "ok", **answered.body}
    call = Call(
        _named(method, answered.label),
        answered.to,
        _shown(values),
        support=route.support,
        note=answered.note,
    )
    return Handled(answer(body), call, answered.effects, answered.later)


def _welcome(state: ViberState, exchange: Exchange) -> Handled:
    """The bot hears nothing of what becomes of its welcome: the answer lies in the trace only."""
    query, values = dict(exchange.request.query), {}
    try:
        values = values_of(exchange.request)
        answered = sending.welcome(Asked(state, exchange, values), query.get("to", ""), query.get("token", ""))
    except (ApiError, RecursionError) as error:
        problem = error if isinstance(error, ApiError) else bad("nested too deeply")
        return _failed(problem, "welcome_message", "supported", values, query.get("to"))
    if answered.wait is not None:
        return Handled(wait=answered.wait)
    body = {"status": 0, "status_message": "ok", **answered.body}
    call = Call(_named("welcome_message", answered.label), answered.to, _shown(values), note=answered.note)
    return Handled(answer(body), call, answered.effects, answered.later)


def _check_token(state: ViberState, request: HttpRequest, values: Mapping[str, Any]) -> None:
    given = [token for token in (token_in(request), values.get("auth_token")) if token]
    if not given:
        raise ApiError(2, text="missing_auth_token")
    if any(token != state.token for token in given):
        raise ApiError(2)


def _named(method: str, label: str) -> str:
    return f"{method} {label}" if label else method


def _shown(values: Mapping[str, Any]) -> Json:
    return {key: value for key, value in values.items() if key not in _SECRETS}


def _address(state: ViberState, values: Mapping[str, Any]) -> str | None:
    named = values.get("receiver") or values.get("id")
    return named if isinstance(named, str) and named in state.chats else None


def _failed(error: ApiError, method: str, support: Support, values: Json, to: str | None = None) -> Handled:
    note = error.more.pop("note", None) or None
    kind = values.get("type") if method in _TYPED else None
    named = _named(method, kind[:40]) if isinstance(kind, str) else method
    call = Call(named, to, _shown(values), ok=False, error=error.told, support=support, note=note)
    return Handled(answer(error.body), call)


def _unknown(what: str) -> Handled:
    text = f"chatdrill knows no method {what[:80]!r} of Viber; known are {', '.join(ROUTES)}"
    response = json_response({"status": 3, "status_message": text}, status=404)
    return Handled(response, Call(what[:80] or "/", ok=False, error=text, support="unknown"))


def _not_post(method: str, verb: str) -> Handled:
    text = f"Viber takes POST only, not {verb[:20]}"
    response: HttpResponse = json_response({"status": 3, "status_message": text}, status=405)
    return Handled(response, Call(method, ok=False, error=text))
