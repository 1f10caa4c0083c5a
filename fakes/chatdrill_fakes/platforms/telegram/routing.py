"""From a request of the bot to its answer: path, token, method, and the envelope around the result."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from chatdrill.wire import Call, Exchange, Handled, HttpResponse
from chatdrill_fakes.platforms.telegram.arguments import read_call
from chatdrill_fakes.platforms.telegram.coverage import BY_LOWER_NAME, SUPPORT
from chatdrill_fakes.platforms.telegram.encoding import dumps
from chatdrill_fakes.platforms.telegram.errors import ApiError, MustWait, error_response
from chatdrill_fakes.platforms.telegram.limits import LOG_OUT_S
from chatdrill_fakes.platforms.telegram.methods import HANDLERS
from chatdrill_fakes.platforms.telegram.methods.base import Described, MethodCall
from chatdrill_fakes.platforms.telegram.methods.storing import download
from chatdrill_fakes.platforms.telegram.state import TelegramState

_JSON = (("Content-Type", "application/json"),)
_CLOUD_TOKEN = re.compile("[0-9]+:[A-Za-z0-9_-]{35}")
_USER = re.compile(r"(?<=//)[^/@]*@|^[^/@]*@")  # a webhook's address may hold a password
_PLAIN_PATH = re.compile(r"/bot([^/?#%]*)/([A-Za-z0-9]+)")


def handle_request(state: TelegramState, exchange: Exchange) -> Handled:
    """Answer a request of the bot; never raises for anything a bot may send."""
    url = exchange.request.url
    plain = _PLAIN_PATH.fullmatch(url)
    if plain is not None:  # nearly every request: no query, nothing escaped
        return _handle_method(state, exchange, plain[1], plain[2], has_query=False)
    path = _path(url)
    if path.startswith("/file/bot"):
        return _handle_file(state, path)
    if not path.startswith("/bot") or "/" not in path[4:]:
        return _refused(None, ApiError(404, "Not Found"))
    token, _, method = path[4:].partition("/")
    method = method.removeprefix("test/") if method != "test" else ""
    return _handle_method(state, exchange, token, method, has_query="?" in url)


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return url.partition("?")[0]


def _refused(call: Call | None, error: ApiError) -> Handled:
    return Handled(error_response(error), call)


# ---------------------------------------------------------------------------------------------------- tokens


def _check_token(state: TelegramState, token: str) -> ApiError | None:
    if token == state.token:
        return None
    if state.is_on("strict") and not _CLOUD_TOKEN.fullmatch(token):
        return ApiError(404, "Not Found")  # the cloud's front end lets only what looks like a token pass
    digits = token.partition(":")[0]
    if ":" not in token or token.startswith("0") or len(token) > 80 or not (digits.isascii() and digits.isdigit()):
        return ApiError(401, "Unauthorized: invalid token specified")
    return ApiError(401, "Unauthorized")


def _handle_file(state: TelegramState, path: str) -> Handled:
    token, _, file_path = path[len("/file/bot") :].partition("/")
    if _check_token(state, token) is not None:
        return _refused(None, ApiError(404, "Not Found"))
    return Handled(download(state, file_path))


# --------------------------------------------------------------------------------------------------- methods


def _handle_method(state: TelegramState, exchange: Exchange, token: str, method: str, *, has_query: bool) -> Handled:
    problem = _check_token(state, token) if token != state.token else None
    if problem is not None:
        name = BY_LOWER_NAME.get(method.lower(), method)
        return _refused(Call(name or "?", ok=False, error=problem.description), problem)
    try:
        arguments = read_call(exchange.request, has_query=has_query)
    except ApiError as error:
        name = BY_LOWER_NAME.get(method.lower(), method)
        return _refused(Call(name or "?", ok=False, error=error.description, support=_support(name)), error)
    name = BY_LOWER_NAME.get((method or arguments.text("method")).lower(), method or arguments.text("method"))
    call = MethodCall(state, exchange, arguments, name)
    try:
        result = _carry_out(call)
    except MustWait as wait:
        return Handled(wait=wait.wait)
    except ApiError as error:
        return _refused(_called(call, error), error)
    except RecursionError:
        too_deep = ApiError(400, "Bad Request: the arguments are nested too deeply")
        return _refused(_called(call, too_deep), too_deep)
    return Handled(_envelope(result), _called(call, None), tuple(call.effects), tuple(call.later))


def _carry_out(call: MethodCall) -> Any:
    state = call.state
    if call.now < state.logged_out_at + LOG_OUT_S:
        raise ApiError(400, "Logged out")
    if call.name == "close" and state.is_closed:
        raise ApiError(400, "Bad Request: the bot has already been closed")
    handler = HANDLERS.get(call.name)
    if handler is None:
        if call.name in SUPPORT:
            raise ApiError(501, f"Not Implemented: chatdrill does not emulate {call.name}")
        raise ApiError(404, "Not Found: method not found")
    state.is_closed = False
    return handler(call)


def _support(name: str) -> Any:
    return SUPPORT.get(name, "unknown")


def _called(call: MethodCall, error: ApiError | None) -> Call:
    arguments = call.arguments.readable()
    if call.name == "setWebhook" and "url" in arguments:
        arguments["url"] = _USER.sub("***@", str(arguments["url"])).replace(call.state.token, "***")
    if error is not None:
        return Call(call.name, call.to, arguments, False, error.description, _support(call.name))
    return Call(call.name, call.to, arguments, support=_support(call.name))


_TRUE = b'{"ok":true,"result":true}'


def _envelope(result: Any) -> HttpResponse:
    if result is True:
        return HttpResponse(200, _JSON, _TRUE)
    if isinstance(result, Described):
        return HttpResponse(200, _JSON, dumps({"ok": True, "result": result.result, "description": result.description}))
    if isinstance(result, msgspec.Raw):
        return HttpResponse(200, _JSON, b'{"ok":true,"result":' + bytes(result) + b"}")
    return HttpResponse(200, _JSON, b'{"ok":true,"result":' + dumps(result) + b"}")
