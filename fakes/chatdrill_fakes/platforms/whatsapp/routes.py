"""Which path of the Graph API means what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from chatdrill.wire import Arguments, Call, Exchange, Handled, HttpRequest, read_arguments
from chatdrill.wire.http import Headers
from chatdrill_fakes.families import meta
from chatdrill_fakes.families.meta import GraphError, GraphPath
from chatdrill_fakes.platforms.whatsapp import account, ids, media, sending, subscriptions, templates
from chatdrill_fakes.platforms.whatsapp.calls import Reply, Request, Route
from chatdrill_fakes.platforms.whatsapp.errors import problem
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppState

NUMBER, ACCOUNT, APP = "{phone-number-id}", "{business-account-id}", "{app-id}"
MEDIA, TEMPLATE = "{media-id}", "{template-id}"
_SECRET = frozenset({"access_token", "verify_token", "client_secret", "pin", "appsecret_proof"})
_PLAIN = _SECRET | {"webhook_configuration"}  # a call without any of these can be recorded as it is
_ATTACHMENTS = ids.MEDIA_PATH.strip("/")

_HANDLERS = {
    f"POST /{NUMBER}/messages": sending.post_message,
    f"POST /{NUMBER}/media": media.upload,
    f"GET /{MEDIA}": media.look_up,
    f"DELETE /{MEDIA}": media.delete,
    f"GET /{NUMBER}": account.get_number,
    f"POST /{NUMBER}": account.change_number,
    f"POST /{NUMBER}/register": account.register,
    f"POST /{NUMBER}/deregister": account.deregister,
    f"POST /{NUMBER}/request_code": account.request_code,
    f"POST /{NUMBER}/verify_code": account.verify_code,
    f"GET /{NUMBER}/whatsapp_business_profile": account.get_profile,
    f"POST /{NUMBER}/whatsapp_business_profile": account.change_profile,
    f"GET /{NUMBER}/block_users": account.list_blocked,
    f"POST /{NUMBER}/block_users": account.block_users,
    f"DELETE /{NUMBER}/block_users": account.unblock_users,
    f"GET /{NUMBER}/conversational_automation": account.get_document,
    f"POST /{NUMBER}/conversational_automation": account.store_document,
    f"GET /{NUMBER}/whatsapp_commerce_settings": account.get_document,
    f"POST /{NUMBER}/whatsapp_commerce_settings": account.store_document,
    f"GET /{NUMBER}/settings": account.get_document,
    f"POST /{NUMBER}/settings": account.store_document,
    f"GET /{NUMBER}/message_qrdls": account.list_codes,
    f"POST /{NUMBER}/message_qrdls": account.create_code,
    f"DELETE /{NUMBER}/message_qrdls": account.delete_code,
    f"GET /{ACCOUNT}": account.get_account,
    f"GET /{ACCOUNT}/phone_numbers": account.list_numbers,
    f"GET /{ACCOUNT}/subscribed_apps": subscriptions.list_subscribed_apps,
    f"POST /{ACCOUNT}/subscribed_apps": subscriptions.subscribe_account,
    f"DELETE /{ACCOUNT}/subscribed_apps": subscriptions.unsubscribe_account,
    f"GET /{ACCOUNT}/message_templates": templates.list_templates,
    f"POST /{ACCOUNT}/message_templates": templates.create,
    f"DELETE /{ACCOUNT}/message_templates": templates.delete_by_name,
    f"GET /{TEMPLATE}": templates.read,
    f"POST /{TEMPLATE}": templates.change,
}
_OPEN = {
    f"GET /{APP}/subscriptions": subscriptions.list_app_subscriptions,
    f"POST /{APP}/subscriptions": subscriptions.subscribe_app,
    f"DELETE /{APP}/subscriptions": subscriptions.drop_app_subscription,
    "GET /oauth/access_token": subscriptions.give_app_token,
    "POST /oauth/access_token": subscriptions.give_app_token,
    f"GET /{_ATTACHMENTS}": media.download,
}
# Sending and media have rates of their own; the rest are management calls.
_UNCOUNTED = frozenset({f"POST /{NUMBER}/messages", f"POST /{NUMBER}/media", f"GET /{MEDIA}", f"GET /{_ATTACHMENTS}"})
_PARTIAL = frozenset(
    {
        f"POST /{TEMPLATE}",
        f"DELETE /{ACCOUNT}/message_templates",
        f"POST /{NUMBER}/whatsapp_commerce_settings",
        f"POST /{NUMBER}/settings",
        f"POST /{NUMBER}/message_qrdls",
        f"POST /{NUMBER}/verify_code",
    }
)
# Edges that exist at Meta and that chatdrill does not emulate, whatever the HTTP method.
REFUSED_EDGES: Mapping[str, tuple[str, ...]] = {
    NUMBER: (
        "groups", "calls", "call_permissions", "marketing_messages", "business_compliance_info",
        "whatsapp_business_encryption", "username", "official_business_account", "migrate_flows",
    ),
    ACCOUNT: (
        "flows", "migrate_flows", "assigned_users", "template_analytics", "pricing_analytics", "conversation_analytics",
        "payment_configurations", "product_catalogs", "upsert_message_templates", "migrate_message_templates",
        "message_template_previews", "schedules", "solutions", "activities", "dataset",
    ),
    APP: ("uploads", "message_template_uploads"),
}  # fmt: skip
# Of those, what Meta itself refuses to a number that was not admitted to it.
UNAVAILABLE = frozenset({"groups", "calls", "call_permissions", "marketing_messages"})
REFUSED_NODES = ("debug_token", "me")

ROUTES: dict[str, Route] = {
    **{
        name: Route(name, handler, "partial" if name in _PARTIAL else "supported")
        for name, handler in _HANDLERS.items()
    },
    **{name: Route(name, handler, open=True) for name, handler in _OPEN.items()},
}


# --------------------------------------------------------------------------------------------- finding a route


def kind_of(state: WhatsAppState, node: str) -> str | None:
    """What an id in a path is: a placeholder, or ``None`` if it is not ours."""
    settings = state.settings
    if node == settings["phone_number_id"]:
        return NUMBER
    if node == settings["business_account_id"]:
        return ACCOUNT
    if node == settings["app_id"]:
        return APP
    if node in state.media:
        return MEDIA
    return TEMPLATE if node in state.templates else None


def claims(request: HttpRequest, state: WhatsAppState) -> bool:
    """True for a path that begins with an id of ours, and for any call with our token.

    An app may serve several of Meta's messengers; a subscription to another one's object is not ours.
    """
    segments = GraphPath.read(request.path).segments
    if segments[:2] == tuple(_ATTACHMENTS.split("/")):
        return True
    arguments = read_arguments(request)
    if arguments.values.get("object", subscriptions.OBJECT) != subscriptions.OBJECT:
        return False
    if segments and kind_of(state, segments[0]):
        return True
    if segments[:1] == ("oauth",):
        return arguments.values.get("client_id") == state.settings["app_id"]
    return meta.access_token(request, arguments) in (state.settings["token"], subscriptions.app_token(state))


@lru_cache(maxsize=256)
def _path(url: str) -> GraphPath:
    """The path of a call; bots call the same few again and again."""
    return GraphPath.read(HttpRequest("GET", url).path)


def _route(request: Request) -> Route:
    verb, segments = request.exchange.request.method.upper(), request.path.segments
    whole = "/".join(segments)
    if whole in (_ATTACHMENTS, "oauth/access_token"):
        return ROUTES.get(f"{verb} /{whole}") or Route(f"{verb} /{whole}", support="unknown", open=True)
    kind = kind_of(request.state, request.node)
    edge = segments[1] if len(segments) > 1 else ""
    name = f"{verb} /{kind or '{id}'}{'/' + edge if edge else ''}"
    depth = 3 if edge == "message_qrdls" else 2
    if name in ROUTES and len(segments) <= depth:
        return ROUTES[name]
    if edge in REFUSED_EDGES.get(kind or "", ()) or request.node in REFUSED_NODES or request.node.startswith("upload:"):
        return Route(name if kind else f"{verb} /{request.node.partition(':')[0]}", support="refused")
    return Route(name, support="unknown")


# ------------------------------------------------------------------------------------------------- answering


def handle(state: WhatsAppState, exchange: Exchange) -> Handled:
    """Answer a call; see ``Platform.handle``."""
    incoming = exchange.request
    request = Request(state, exchange, _read(incoming), _path(incoming.url))
    if exchange.base_url and not state.base_url:
        state.base_url = exchange.base_url
    route = _route(request)
    try:
        reply = _answer(request, route)
    except GraphError as error:
        return _failed(request, route, error, Reply())
    if reply.wait is not None:
        return Handled(wait=reply.wait)
    if reply.failure is not None:
        return _failed(request, route, reply.failure, reply)
    response = reply.response or meta.graph_response(
        reply.body, state.chance, version=request.path.version, extra=_usage(request)
    )
    return Handled(response, _call(request, route, reply), reply.effects, reply.later)


def _read(request: HttpRequest) -> Arguments:
    arguments = read_arguments(request)
    if arguments.encoding == "json" or not any("[" in name for name in arguments.values):
        return arguments
    return msgspec.structs.replace(arguments, values=meta.unbracketed(arguments.values))


def _answer(request: Request, route: Route) -> Reply:
    state, version = request.state, request.path.version
    if version and version not in meta.GRAPH_VERSIONS and state.on("strict"):
        raise meta.unknown_version(version)
    if not route.open:
        _check_token(request)
    if route.name not in _UNCOUNTED and state.on("rate_limits") and state.account.management.take(request.now) > 0:
        raise problem(80007)
    if route.support == "refused":
        raise _refused(route.name)
    if route.handler is None:
        raise _unknown(request, route)
    if request.arguments.problem:
        raise problem(100, f"The body of the call cannot be read: {request.arguments.problem[:200]}")
    return route.handler(request)


def _refused(name: str) -> GraphError:
    polite = name.rpartition("/")[2] in UNAVAILABLE
    return problem(131055, f"chatdrill does not emulate {name}.") if polite else meta.not_emulated(name)


def _check_token(request: Request) -> None:
    token = meta.access_token(request.exchange.request, request.arguments)
    if token is None:
        raise meta.missing_token()
    if token != request.state.settings["token"]:
        raise meta.unknown_token()
    if meta.proof_is_wrong(request.arguments, token, request.state.settings["app_secret"]):
        raise GraphError(100, "Invalid appsecret_proof provided in the API argument", type="GraphMethodException")


def _unknown(request: Request, route: Route) -> GraphError:
    if len(request.path.segments) < 2 or "{id}" in route.name:
        return meta.unknown_object(request.node, request.exchange.request.method)
    edge = "/".join(request.path.segments[1:])
    return GraphError(2500, f"Unknown path components: /{edge}")


def _failed(request: Request, route: Route, error: GraphError, reply: Reply) -> Handled:
    details = (error.data or {}).get("details")
    message = f"{error.message}: {details}" if details else error.user_message or error.message
    version = request.path.version
    answer = meta.error_response(error, request.state.chance, version=version, extra=_usage(request))
    if reply.body:  # a call that failed in part says so beside what it did
        trace_id = f"A{request.state.chance.base64url(21)}"
        answer = msgspec.structs.replace(answer, body=meta.escaped_json({**reply.body, **error.body(trace_id)}))
    sends = route.handler is sending.post_message
    blank = Reply(label=_label(request) if sends else "", to=sending.addressee(request) if sends else None)
    call = msgspec.structs.replace(_call(request, route, blank), ok=False, error=message)
    return Handled(answer, call)


def _usage(request: Request) -> Headers:
    return _usage_of(request.state.settings["business_account_id"])


@lru_cache(maxsize=16)
def _usage_of(account: str) -> Headers:
    spent = {"type": "whatsapp", "call_count": 1, "total_cputime": 1, "total_time": 1}
    usage = {account: [{**spent, "estimated_time_to_regain_access": 0}]}
    return (("x-business-use-case-usage", msgspec.json.encode(usage).decode()),)


def _label(request: Request) -> str:
    """The type of a message that was refused, as far as it can be told."""
    values = request.arguments.values
    if "status" in values:
        return "read"
    kind = str(values.get("type") or "text").lower()
    body = request.value(kind) if kind == "interactive" else None
    inner = body.get("type") if isinstance(body, dict) else None
    return f"{kind}.{inner}" if isinstance(inner, str) else kind


def _call(request: Request, route: Route, reply: Reply) -> Call:
    method = f"{route.name} {reply.label}" if reply.label else route.name
    return Call(method, reply.to, _arguments(request), support=route.support, note=reply.note)


def _arguments(request: Request) -> Mapping[str, Any]:
    values = request.arguments.values
    if _PLAIN.isdisjoint(values) and not request.arguments.files:
        return values
    arguments = _without_secrets(values)
    for name, file in request.arguments.files.items():
        arguments[name] = {"filename": file.filename, "content_type": file.content_type, "size": len(file.content)}
    return arguments


def _without_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_secrets(inner)
        if name == "webhook_configuration" and isinstance(inner := meta.object_argument(value), Mapping)
        else value
        for name, value in values.items()
        if name not in _SECRET
    }
