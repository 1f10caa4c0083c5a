"""The calls of the connector and of Direct Line as a table, and what is asked of every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.wire import Call, Exchange, Handled, HttpResponse, read_arguments
from chatdrill.wire.http import SLASH
from chatdrill_fakes.families.connector.errors import error
from chatdrill_fakes.platforms.webchat import directline, limits, reading, sending, shelf
from chatdrill_fakes.platforms.webchat.calls import Asked, Refused, Route, Support, Wanted, refuse, route
from chatdrill_fakes.platforms.webchat.state import WebChatState

HIDDEN = frozenset({"client_secret", "client_assertion", "originalBase64", "thumbnailBase64", "t"})
_ONE, _LINE = "/v3/conversations/{conversation}", "/v3/directline/conversations"

ROUTES: tuple[Route, ...] = (
    route("POST", f"{_ONE}/activities", sending.receive),
    route("POST", f"{_ONE}/activities/history", None),
    route("POST", f"{_ONE}/activities/{{activity}}", sending.receive),
    route("PUT", f"{_ONE}/activities/{{activity}}", sending.change),
    route("DELETE", f"{_ONE}/activities/{{activity}}", sending.remove),
    route("GET", f"{_ONE}/activities/{{activity}}/members", reading.members),
    route("POST", "/v3/conversations", sending.begin),
    route("GET", "/v3/conversations", reading.conversations, "partial"),
    route("GET", f"{_ONE}/members", reading.members),
    route("GET", f"{_ONE}/members/{{member}}", reading.member),
    route("DELETE", f"{_ONE}/members/{{member}}", None),
    route("GET", f"{_ONE}/pagedmembers", reading.paged_members),
    route("POST", f"{_ONE}/attachments", shelf.upload),
    route("GET", "/v3/attachments/{id}", shelf.info),
    route("GET", "/v3/attachments/{id}/views/{view}", shelf.view),
    route("POST", "/{tenant}/oauth2/v2.0/token", reading.token, "partial"),
    route("GET", "/{tenant}/v2.0/.well-known/openid-configuration", reading.tenant),
    route("GET", "/common/discovery/instance", reading.instances),
    route("GET", "/v1/.well-known/openidconfiguration", reading.metadata),
    route("GET", "/v1/.well-known/keys", reading.keys),
    route("POST", "/v3/directline/tokens/generate", directline.generate),
    route("POST", "/v3/directline/tokens/refresh", directline.refresh),
    route("POST", _LINE, directline.start),
    route("GET", f"{_LINE}/{{conversation}}", directline.reconnect, "partial"),
    route("POST", f"{_LINE}/{{conversation}}/activities", directline.say),
    route("GET", f"{_LINE}/{{conversation}}/activities", directline.activities),
    route("POST", f"{_LINE}/{{conversation}}/upload", directline.upload),
    route("GET", f"{_LINE}/{{conversation}}/stream", directline.stream),
    route("GET", "/v3/directline/session/getsessionid", None),
)
_OPEN_TO_ALL = frozenset({reading.token, reading.tenant, reading.instances, reading.metadata, reading.keys, shelf.view})
_BY_METHOD: dict[str, list[Route]] = {}
for _each in ROUTES:
    _BY_METHOD.setdefault(_each.method, []).append(_each)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The first route that takes the request, and what its path's variable parts say."""
    for candidate in _BY_METHOD.get(method.upper(), ()):
        if match := candidate.pattern.fullmatch(path):
            return candidate, {name: value.replace(SLASH, "/") for name, value in match.groupdict().items()}
    return None


def handle(state: WebChatState, exchange: Exchange) -> Handled:
    """Answer a call. Never raises for anything a bot may send."""
    request = exchange.request
    path = request.path_in_parts
    inside = path.removeprefix(f"/{state.region}") if state.region else path
    found = find(request.method, inside)
    params = {} if found is None else found[1]
    about = params.get("conversation", "")
    asked = Asked(state, exchange, read_arguments(request), params, about if about in state.chats else None)
    support: Support = "unknown" if found is None else found[0].support
    problem, note = None, None
    try:
        response = _answered(asked, found, is_there=inside != path or not state.region)
    except Wanted as wanted:
        return Handled(wait=wanted.wait)
    except Refused as refusal:
        response, problem, note = refusal.response, refusal.why, refusal.note
    name = f"{request.method[:20]} {path[:120]}" if found is None else found[0].name
    if asked.label and found is not None and problem is None:
        name = f"{name} {asked.label}"
    good = problem is None and (response is None or response.status < 400)
    call = Call(name, asked.to, _shown(asked), good, problem, support, note or asked.note, tuple(asked.remarks))
    effects, later = (asked.effects, asked.later) if problem is None else ((), ())
    return Handled(response, call, tuple(effects), tuple(later), accept=asked.accept, pushes=tuple(asked.pushes))


def _answered(asked: Asked, found: tuple[Route, dict[str, str]] | None, *, is_there: bool) -> HttpResponse | None:
    request = asked.request
    if found is None:
        text = f"No HTTP resource was found for {request.method[:20]} {request.path[:200]}"
        raise refuse(404, "NotFound", text)
    one = found[0]
    _admit(asked, one)
    if not is_there and "{conversation}" in one.path and "directline" not in one.path:
        note = f"this conversation is at the serviceUrl of its activities, {asked.state.service_url}"
        raise refuse(404, "ConversationNotFound", "Unknown conversation id", note)
    if one.handler is None:
        raise Refused(error(501, "ServiceError", f"chatdrill does not emulate {one.name}"), "not emulated")
    return one.handler(asked)


def _admit(asked: Asked, one: Route) -> None:
    """The bot's token (one without an app id has none), the size, and JSON; raises ``Refused``."""
    if one.handler in _OPEN_TO_ALL:
        return
    is_line = "directline" in one.path
    if not is_line and asked.exchange.source == "http" and asked.state.app_id:
        _check(asked)
    brings = one.handler in (shelf.upload, directline.upload)
    if len(asked.request.body) > limits.ACTIVITY_MAX_BYTES and not brings:
        raise refuse(413, "MessageSizeTooBig", "The activity is larger than 256 KB")
    if asked.request.body and not brings and (asked.arguments.problem or asked.arguments.encoding != "json"):
        raise refuse(400, "BadSyntax", asked.arguments.problem or "the body must be JSON")


def _check(asked: Asked) -> None:
    scheme, _, word = (asked.request.header("authorization") or "").partition(" ")
    why = reading.problem_with(asked.state, word, asked.exchange.now) if scheme == "Bearer" else "there is no token"
    if why:
        raise refuse(401, "Unauthorized", "Authorization has been denied for this request.", why)


def _shown(asked: Asked) -> Mapping[str, Any]:
    if HIDDEN.isdisjoint(asked.values) and not asked.arguments.files:
        return asked.values
    shown = {name: value for name, value in asked.values.items() if name not in HIDDEN}
    for name, file in asked.arguments.files.items():
        shown[name] = {"filename": file.filename, "content_type": file.content_type, "size": len(file.content)}
    return shown
