"""``POST /``: up to 50 calls in one request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.wire import Arguments, Call, Exchange, Fetch, Handled, HttpRequest, HttpResponse, read_arguments
from chatdrill_fakes.families import meta
from chatdrill_fakes.families.meta import GraphError, GraphPath

from . import errors, limits, reading
from .answering import answer, check_token, refusal, usage
from .state import Json, Shared
from .target import Api

NAME = "POST / batch"


def requests_in(request: HttpRequest) -> list[HttpRequest]:
    """The calls of a batch as requests of their own, as far as they can be read."""
    arguments = read_arguments(request)
    try:
        token = meta.access_token(request, arguments)
        return [_request(one, token, GraphPath.read(request.path).version) for one in _items(arguments)]
    except GraphError:
        return []


def is_batch(exchange: Exchange) -> bool:
    """True for a POST to the root of the API."""
    return exchange.request.method == "POST" and not GraphPath.read(exchange.request.path).segments


def answer_batch(api: Api, state: Shared, exchange: Exchange) -> Handled:
    """Answer every call of a batch, in order. ``depends_on``, JSONPath and attached files are refused."""
    request = exchange.request
    arguments = read_arguments(request)
    version = GraphPath.read(request.path).version
    try:
        token = meta.access_token(request, arguments)
        check_token(state, token, arguments, GraphPath(version, ()), None)
        items = _items(arguments)
        requests = [_request(one, token, version) for one in items]
    except GraphError as error:
        call = Call(NAME, ok=False, error=error.message)
        return Handled(refusal(state, error, version), call)
    wait = _urls(exchange, requests)
    if wait is not None:
        return Handled(wait=wait)
    handled = [_answer(api, state, msgspec.structs.replace(exchange, request=one)) for one in requests]
    with_headers = arguments.values.get("include_headers") not in (False, "false")
    value = [_shown(one.response, with_headers) for one in handled if one.response is not None]
    return _together(state, handled, value, version)


def _items(arguments: Arguments) -> list[Json]:
    if arguments.problem is not None:
        raise errors.invalid(arguments.problem)
    given = meta.object_argument(arguments.values.get("batch"))
    if given is None:
        raise errors.required("batch")
    if isinstance(given, list) and len(given) > limits.BATCH_MAX:
        raise errors.invalid(f"Too many requests in batch message. Maximum batch size is {limits.BATCH_MAX}")
    items = [one for _, one in reading.objects(given, "batch", 1, limits.BATCH_MAX)]
    for name in ("depends_on", "attached_files"):
        if any(one.get(name) is not None for one in items):
            raise meta.not_emulated(f"{name} in a batch")
    return items


def _request(item: Mapping[str, Any], token: str | None, version: str | None) -> HttpRequest:
    """The call of a batch as a request of its own, with the batch's token unless it has one."""
    method = reading.text(item.get("method"), "batch[method]").upper()
    url = reading.text(item.get("relative_url"), "batch[relative_url]").lstrip("/")
    body = item.get("body")
    if body is not None and not isinstance(body, str):
        raise errors.not_text("batch[body]")
    if "access_token=" not in f"{url}&{body}":
        url += f"{'&' if '?' in url else '?'}access_token={token}"
    prefix = "" if version is None or GraphPath.read(url.partition("?")[0]).version else f"/{version}"
    headers = (("Content-Type", "application/json" if (body or "").startswith("{") else _FORM),) if body else ()
    return HttpRequest(method, f"{prefix}/{url}", headers, (body or "").encode("utf-8", "replace"))


_FORM = "application/x-www-form-urlencoded"


def _urls(exchange: Exchange, requests: list[HttpRequest]) -> Fetch | None:
    """Everything the calls must read, found before the first of them changes anything."""
    wanted = [url for request in requests for url in _attachment_urls(request)]
    missing = tuple(dict.fromkeys(url for url in wanted if url not in exchange.fetched))
    return Fetch(missing, limits.FETCH_VIDEO_TIMEOUT_S, limits.FILE_MAX_BYTES) if missing else None


def _attachment_urls(request: HttpRequest) -> list[str]:
    if not request.path.endswith(("/messages", "/message_attachments")):
        return []
    message = meta.object_argument(read_arguments(request).values.get("message"))
    if not isinstance(message, dict):
        return []
    several = message.get("attachments")
    found = [message.get("attachment"), *(several if isinstance(several, list) else [])]
    payloads = [one["payload"] for one in found if isinstance(one, dict) and isinstance(one.get("payload"), dict)]
    return [one["url"] for one in payloads if isinstance(one.get("url"), str) and meta.is_url(one["url"])]


def _answer(api: Api, state: Shared, exchange: Exchange) -> Handled:
    """One call of a batch; one that would have to wait for more than attachments cannot be part of it."""
    if not GraphPath.read(exchange.request.path).segments:
        error = errors.invalid("Batch requests cannot be nested")
        return Handled(refusal(state, error, None), Call(NAME, ok=False, error=error.message))
    handled = answer(api, state, exchange)
    if handled.wait is None:
        return handled
    error = meta.not_emulated("a callback's handshake in a batch")
    call = Call(NAME, ok=False, error=error.message, support="refused")
    return Handled(refusal(state, error, None), call)


def _shown(response: HttpResponse, with_headers: bool) -> Json:
    shown: Json = {"code": response.status}
    if with_headers:
        shown["headers"] = [{"name": name, "value": value} for name, value in response.headers]
    return {**shown, "body": response.body.decode()}


def _together(state: Shared, handled: list[Handled], value: list[Json], version: str | None) -> Handled:
    calls = [one.call for one in handled if one.call is not None]
    arguments = {"batch": [msgspec.to_builtins(call) for call in calls]}
    failed = next((call.error for call in calls if not call.ok), None)
    to = {call.to for call in calls}
    call = Call(NAME, to.pop() if len(to) == 1 else None, arguments, failed is None, failed, "partial")
    return Handled(
        meta.graph_response(value, state.chance, version=version, extra=usage(state)),
        call,
        tuple(effect for one in handled for effect in one.effects),
        tuple(later for one in handled for later in one.later),
    )
