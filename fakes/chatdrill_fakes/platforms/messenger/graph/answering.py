"""From a request to an answer: version, token, node, arguments, method; then whatever the method does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chatdrill.wire import Arguments, Call, Exchange, Handled, read_arguments
from chatdrill_fakes.families import meta
from chatdrill_fakes.families.meta import GraphError, GraphPath

from ..state import MessengerState
from .call import Answered, Asked, Route
from .reading import tame
from .routes import PLACES, REFUSED, ROUTES
from .stickers import PACKS

_SECRETS = frozenset({"access_token", "appsecret_proof", "verify_token", "input_token", "client_secret"})
_OBJECTS = frozenset(
    ["recipient", "message", "payload", "reply_to", "thread_control", "get_started", "greeting", "ice_breakers", "persistent_menu", "commands", "whitelisted_domains", "fields", "params", "subscribed_fields", "user_ids", "actions", "components"]
)
"""Arguments that forms and query strings carry as JSON in a string."""
_ID = re.compile(r"\d{5,30}(_\d{1,30}){0,2}|[mt]_[\w$:.=-]+|mid\.[\w$:.=-]+")
_LONG_NUMBER = re.compile(rb"\d{19}")
_BRACKETS_MAX = 200
_ROOTS = ("debug_token", "sticker_packs", "sticker_search", "oauth", "search")


def answer(state: MessengerState, exchange: Exchange) -> Handled:
    """Answer one call (not a batch, not a download)."""
    request = exchange.request
    path = GraphPath.read(request.path)
    arguments = read_arguments(request)
    method = _method(request.method, arguments)
    place, node, edge = locate(state, path.segments)
    route = ROUTES.get((place, edge, method))
    values: Mapping[str, Any] = arguments.values
    try:
        if state.strict and path.version is not None and path.version not in meta.GRAPH_VERSIONS:
            raise meta.unknown_version(path.version)
        check_token(state, meta.access_token(request, arguments), arguments, path, route)
        if route is None:
            raise _no_route(place, node, edge, method)
        values = _objects(request.body, request.url, arguments)
        answered = route.handler(Asked(state, exchange, node, path.version, values, arguments.files))
    except GraphError as error:
        call = _call(state, path_of(route, place, node, edge, method), values, arguments, error=error)
        return Handled(meta.error_response(error, state.chance, version=path.version), call)
    if answered.wait is not None:
        return Handled(wait=answered.wait)
    call = _call(state, path_of(route, place, node, edge, method), values, arguments, note=answered.note)
    response = meta.graph_response(answered.value, state.chance, version=path.version, extra=usage(state))
    return Handled(response, call, answered.effects, answered.later)


# ----------------------------------------------------------------------------------------------------- the path


def locate(state: MessengerState, segments: tuple[str, ...]) -> tuple[str, str, str]:
    """The kind of the node in a path, its id, and the edge below it; the kind is empty for what nobody knows."""
    if not segments:
        return "root", "", ""
    first, rest = segments[0], "/".join(segments[1:])
    if first in ("me", state.page_id):
        return "page", state.page_id, rest
    if first in state.chats:
        return "user", first, rest
    if first in _ROOTS:
        if first == "sticker_packs" and len(segments) > 1 and segments[1] in PACKS:
            return "pack", segments[1], "/".join(segments[2:])
        return "root", "", first if first == "oauth" else "/".join(segments)
    return next((kind for kind, known in _kinds(state) if first in known), ""), first, rest


def _kinds(state: MessengerState) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return (
        ("message", state.mids),
        ("conversation", state.threads),
        ("persona", state.personas),
        ("label", state.labels),
        ("app", {state.app_id: None}),
    )


def _no_route(place: str, node: str, edge: str, method: str) -> GraphError:
    """What Meta answers for a path it does not have; a path that chatdrill leaves out says so."""
    if (place, edge) in REFUSED:
        return meta.not_emulated(f"{method} {PLACES[place]}/{edge} ({REFUSED[place, edge]})")
    if place and any(known[:2] == (place, edge) for known in ROUTES):
        return meta.unknown_object(node or "me", method)
    if not place and _ID.fullmatch(node):
        return meta.unknown_object(node, method)
    return GraphError(2500, f"Unknown path components: /{edge or node}")


def _method(method: str, arguments: Arguments) -> str:
    """Graph calls may name their method in an argument, for clients that can only GET and POST."""
    named = arguments.values.get("method")
    if method in ("GET", "POST") and isinstance(named, str) and named.upper() in ("GET", "POST", "DELETE"):
        return named.upper()
    return method


# ---------------------------------------------------------------------------------------------------- the token


def check_token(
    state: MessengerState, token: str | None, arguments: Arguments, path: GraphPath, route: Route | None
) -> None:
    """Raises 104, 190 or 2500 for a token that is missing, unknown or of the wrong kind."""
    if token is None:
        if path.segments[:1] == ("me",):
            text = "An active access token must be used to query information about the current user."
            raise GraphError(2500, text)
        raise meta.missing_token()
    if token not in (state.page_token, state.app_token):
        raise meta.unknown_token()
    if "appsecret_proof" in arguments.values and meta.proof_is_wrong(arguments, token, state.settings["app_secret"]):
        raise GraphError(100, "Invalid appsecret_proof provided in the API argument", type="GraphMethodException")
    wanted = "any" if route is None else route.token
    if wanted == "page" and token != state.page_token:
        raise GraphError(190, "(#190) This method must be called with a Page Access Token", status=401)
    if wanted == "app" and token != state.app_token:
        raise GraphError(15, "(#15) This method must be called with an app access_token.")


# ------------------------------------------------------------------------------------------------ the arguments


def _objects(body: bytes, url: str, arguments: Arguments) -> Mapping[str, Any]:
    """The arguments with the JSON in their strings read. Raises 100 for a body that could not be read."""
    if arguments.problem is not None:
        raise GraphError(100, f"(#100) {arguments.problem[:1].upper()}{arguments.problem[1:]}")
    values = arguments.values
    if arguments.encoding != "json" or any(isinstance(values.get(name), str) for name in ("message", "recipient")):
        values = {name: meta.object_argument(value) if name in _OBJECTS else value for name, value in values.items()}
    if _is_odd(body) or _is_odd(url.encode()):
        return {name: tame(value) for name, value in values.items()}
    return values


def _is_odd(text: bytes) -> bool:
    """Numbers beyond 64 bits, or nesting that would exhaust the stack, may hide in it."""
    return text.count(b"[") + text.count(b"{") > _BRACKETS_MAX or _LONG_NUMBER.search(text) is not None


# ----------------------------------------------------------------------------------------- the answer, the trace


def usage(state: MessengerState) -> dict[str, str]:
    """How much of the Page's budget is used up, in percent, as every answer says it."""
    percent = min(100, state.sent // (2 * max(1, len(state.engaged))))
    counts = f'"call_count":{percent},"total_cputime":{percent},'
    return {
        "X-App-Usage": f'{{{counts}"total_time":{percent}}}',
        "X-Business-Use-Case-Usage": f'{{"{state.page_id}":[{{"type":"messenger",{counts}"total_time":{percent},'
        '"estimated_time_to_regain_access":0}]}',
    }


def _call(
    state: MessengerState,
    where: Path,
    values: Mapping[str, Any],
    arguments: Arguments,
    *,
    error: GraphError | None = None,
    note: str | None = None,
) -> Call:
    """The call as the trace shows it: without secrets and the contents of files."""
    shown = {key: value for key, value in values.items() if key not in _SECRETS}
    for key, upload in arguments.files.items():
        size = len(upload.content)
        shown[key] = {"filename": upload.filename, "content_type": upload.content_type, "size_bytes": size}
    return Call(
        method=where.name(values),
        to=_addressee(state, where.node, values),
        arguments=shown,
        ok=error is None,
        error=None if error is None else error.message,
        support=where.support,
        note=note or where.note,
    )


def _addressee(state: MessengerState, node: str, values: Mapping[str, Any]) -> str | None:
    """The customer a call is about, if it names one that exists."""
    if node in state.chats:
        return node
    recipient = values.get("recipient")
    named = recipient.get("id") if isinstance(recipient, dict) else recipient
    for word in (named, values.get("psid"), values.get("user"), values.get("user_id")):
        if isinstance(word, str | int) and str(word) in state.chats:
            return str(word)
    return state.mids.get(node) or state.threads.get(node)
