"""The calls of the connector as a table, and what is asked of every one of them."""

from __future__ import annotations

import math

from chatdrill.wire import Exchange, Handled, HttpRequest, HttpResponse
from chatdrill_fakes.desks.botframework import receiving, serving
from chatdrill_fakes.desks.botframework.answers import At, refuse
from chatdrill_fakes.desks.botframework.state import BotFrameworkState
from chatdrill_fakes.families.connector.errors import error
from chatdrill_fakes.families.desks import Refused, Route, answer, route

ACTIVITY_MAX_BYTES = 256 * 1024
HIDDEN = frozenset({"client_secret", "originalBase64", "thumbnailBase64"})
_ONE = "/v3/conversations/{conversation}"

ROUTES: tuple[Route, ...] = (
    route("POST", "/v3/conversations", receiving.create),
    route("GET", "/v3/conversations", serving.conversations),
    route("POST", f"{_ONE}/activities", receiving.receive),
    route("POST", f"{_ONE}/activities/history", receiving.history),
    route("POST", f"{_ONE}/activities/{{activity}}", receiving.receive),
    route("PUT", f"{_ONE}/activities/{{activity}}", receiving.change),
    route("DELETE", f"{_ONE}/activities/{{activity}}", receiving.remove),
    route("GET", f"{_ONE}/activities/{{activity}}/members", serving.members),
    route("GET", f"{_ONE}/members", serving.members),
    route("GET", f"{_ONE}/members/{{member}}", serving.member),
    route("DELETE", f"{_ONE}/members/{{member}}", serving.remove_member),
    route("GET", f"{_ONE}/pagedmembers", serving.paged_members),
    route("POST", f"{_ONE}/attachments", serving.upload),
    route("GET", "/v3/attachments/{id}", serving.attachment),
    route("GET", "/v3/attachments/{id}/views/{view}", serving.view),
    route("POST", "/{tenant}/oauth2/v2.0/token", serving.token, support="partial"),
    route("GET", "/{tenant}/v2.0/.well-known/openid-configuration", serving.tenant),
    route("GET", "/common/discovery/instance", serving.instances),
    route("GET", "/v1/.well-known/openidconfiguration", serving.metadata),
    route("GET", "/v1/.well-known/keys", serving.keys),
)
_OPEN_TO_ALL = frozenset(
    {serving.token, serving.tenant, serving.instances, serving.metadata, serving.keys, serving.view}
)


def handle(state: BotFrameworkState, exchange: Exchange) -> Handled:
    """Answer a call."""
    return answer(
        state,
        exchange,
        ROUTES,
        path=exchange.request.path_in_parts,
        unknown=_unknown,
        refused=lambda name: error(501, "ServiceError", f"chatdrill does not emulate {name}"),
        before=_admit,
        hidden=HIDDEN,
    )


def _unknown(request: HttpRequest) -> HttpResponse:
    return error(404, "NotFound", f"No HTTP resource was found for {request.method} {request.path[:200]}")


def _admit(visit: At, found: Route | None) -> None:
    """The shared token (a bot without an app id has none), the rate, the size, and JSON; raises ``Refused``."""
    if found is not None and found.handler in _OPEN_TO_ALL:
        return
    needs_token = visit.state.settings["app_id"] != ""
    if needs_token and visit.request.header("authorization") != f"Bearer {visit.state.settings['token']}":
        raise refuse(401, "Unauthorized", "Authorization has been denied for this request.")
    wait_s = visit.state.calls.take(visit.exchange.now) if visit.state.on("rate_limits") else 0.0
    if wait_s:
        headers = (("Retry-After", str(math.ceil(wait_s))),)
        raise Refused(error(429, "Throttled", "Too many requests", headers), "more than 50 calls in a second")
    is_upload = found is not None and found.handler is serving.upload
    if len(visit.request.body) > ACTIVITY_MAX_BYTES and not is_upload:
        raise refuse(413, "MessageSizeTooBig", "The activity is larger than 256 KB")
    if visit.request.body and (visit.arguments.problem or visit.arguments.encoding != "json"):
        raise refuse(400, "BadSyntax", visit.arguments.problem or "the body must be JSON")
