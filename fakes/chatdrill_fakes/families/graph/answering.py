"""From a request to an answer: version, token, node, arguments; then whatever the method does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from chatdrill.wire import Arguments, Call, Exchange, Handled, HttpResponse, Upload, read_arguments
from chatdrill.wire.http import Headers
from chatdrill_fakes.families import meta
from chatdrill_fakes.families.meta import GraphError, GraphPath

from . import errors
from .call import Asked, Route
from .reading import is_wild, tamed
from .state import Shared
from .target import Api, Target

_SECRETS = frozenset({"access_token", "appsecret_proof", "verify_token", "input_token", "client_secret"})
_OBJECTS = frozenset(
    [
        "recipient",
        "message",
        "payload",
        "reply_to",
        "thread_control",
        "get_started",
        "greeting",
        "ice_breakers",
        "persistent_menu",
        "commands",
        "whitelisted_domains",
        "fields",
        "params",
        "subscribed_fields",
        "user_ids",
        "actions",
        "components",
    ]
)
"""Arguments that forms and query strings carry as JSON in a string."""


def answer(api: Api, state: Shared, exchange: Exchange) -> Handled:
    """Answer one call (not a batch, not a download)."""
    request = exchange.request
    path = GraphPath.read(request.path)
    arguments = read_arguments(request)
    target = Target.find(api, state, path.segments, method_of(request.method, arguments))
    values, problem = object_arguments(arguments)
    try:
        if state.strict and path.version is not None and path.version not in meta.GRAPH_VERSIONS:
            raise meta.unknown_version(path.version)
        if target.route is None and target.is_unknown:
            raise target.problem()
        check_token(state, meta.access_token(request, arguments), arguments, path, target.route)
        if target.route is None:
            raise target.problem()
        if problem is not None:
            raise problem
        answered = target.route.handler(Asked(state, exchange, target.node, path.version, values, arguments.files))
    except GraphError as error:
        call = _call(state, target, values, arguments, error=error)
        return Handled(refusal(state, error, path.version), call)
    if answered.wait is not None:
        return Handled(wait=answered.wait)
    call = _call(state, target, values, arguments, note=answered.note)
    response = meta.graph_response(answered.value, state.chance, version=path.version, extra=usage(state))
    return Handled(response, call, answered.effects, answered.later)


def method_of(method: str, arguments: Arguments) -> str:
    """Graph calls may name their method in an argument, for clients that can only GET and POST."""
    named = arguments.values.get("method")
    if method in ("GET", "POST") and isinstance(named, str) and named.upper() in ("GET", "POST", "DELETE"):
        return named.upper()
    return method


# ---------------------------------------------------------------------------------------------------- the token


def check_token(state: Shared, token: str | None, arguments: Arguments, path: GraphPath, route: Route | None) -> None:
    """Raises 104, 190 or 2500 for a token that is missing, unknown or of the wrong kind."""
    if route is not None and route.token == "none":
        return
    if token is None:
        if path.segments[:1] == ("me",):
            text = "An active access token must be used to query information about the current user."
            raise GraphError(2500, text)
        raise replace(meta.missing_token(), status=400)  # 401 is for tokens that are there and wrong
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


def object_arguments(arguments: Arguments) -> tuple[Mapping[str, Any], GraphError | None]:
    """The arguments with the JSON in their strings read, and what was wrong with the body."""
    values = arguments.values
    if arguments.problem is not None:
        return values, errors.invalid(f"{arguments.problem[:1].upper()}{arguments.problem[1:]}")
    if (
        arguments.encoding != "json"
        or isinstance(values.get("recipient"), str)
        or isinstance(values.get("message"), str)
    ):
        values = {name: meta.object_argument(value) if name in _OBJECTS else value for name, value in values.items()}
        if any("[" in name for name in values):
            values = meta.unbracketed(values)
    try:
        return (tamed(values) if is_wild(values) else values), None
    except GraphError as error:
        return {}, error


# ----------------------------------------------------------------------------------------- the answer, the trace


def refusal(state: Shared, error: GraphError, version: str | None) -> HttpResponse:
    """The answer to a call that failed; like every answer it says how much of the budget is used up."""
    return meta.error_response(error, state.chance, version=version, extra=usage(state))


def usage(state: Shared) -> Headers:
    """How much of the budget is used up, in percent, as every answer says it."""
    percent = state.sent // (2 * (len(state.engaged) or 1))
    return _usage(state.own_id, state.product.budget, min(100, percent))


@lru_cache(maxsize=256)
def _usage(own_id: str, budget: str, percent: int) -> Headers:
    counts = f'"call_count":{percent},"total_cputime":{percent},"total_time":{percent}'
    business = f'{{"{own_id}":[{{"type":"{budget}",{counts},"estimated_time_to_regain_access":0}}]}}'
    return (("X-App-Usage", f"{{{counts}}}"), ("X-Business-Use-Case-Usage", business))


def _call(
    state: Shared,
    target: Target,
    values: Mapping[str, Any],
    arguments: Arguments,
    *,
    error: GraphError | None = None,
    note: str | None = None,
) -> Call:
    """The call as the trace shows it: without secrets and the contents of files."""
    shown = values
    if not _SECRETS.isdisjoint(shown):
        shown = {key: value for key, value in shown.items() if key not in _SECRETS}
    if arguments.files:
        shown = {**shown, **{key: _described(upload) for key, upload in arguments.files.items()}}
    name, lacks = target.told(values)
    return Call(
        method=name,
        to=_addressee(state, target.node, values),
        arguments=shown,
        ok=error is None,
        error=None if error is None else error.message,
        support=target.support(lacks),
        note=note or lacks,
    )


def _described(upload: Upload) -> Mapping[str, Any]:
    return {
        "filename": upload.filename,
        "content_type": upload.content_type,
        "size_bytes": len(upload.content),
    }


def _addressee(state: Shared, node: str, values: Mapping[str, Any]) -> str | None:
    """The customer a call is about, if it names one that exists."""
    recipient = values.get("recipient")
    named = recipient.get("id") if isinstance(recipient, dict) else recipient
    if isinstance(named, str) and named in state.chats:
        return named
    for word in (node, named, values.get("psid"), values.get("user"), values.get("user_id")):
        if isinstance(word, str | int) and str(word) in state.chats:
            return str(word)
    return state.mids.get(node) or state.threads.get(node)
