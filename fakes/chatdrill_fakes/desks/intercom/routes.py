"""Which function answers which call; versions, token and rate limit come before."""

from __future__ import annotations

import base64

import msgspec

from chatdrill.wire import Exchange, Handled, HttpRequest, HttpResponse
from chatdrill_fakes.desks.intercom import contacts, conversations, managing, tickets, workspace
from chatdrill_fakes.desks.intercom.declared import VERSIONS
from chatdrill_fakes.desks.intercom.errors import error, invalid, refuse
from chatdrill_fakes.desks.intercom.reading import Call
from chatdrill_fakes.desks.intercom.state import IntercomState, uuid
from chatdrill_fakes.families.desks import Refused, Route, answer, route

WINDOW_S = 10
"""The rate limit is kept in windows of ten seconds. Source: Intercom, Rate limiting (autumn 2026)."""

ROUTES: tuple[Route, ...] = (
    route("POST", "/contacts", contacts.create),
    route("GET", "/contacts", contacts.listing),
    route("POST", "/contacts/search", contacts.search),
    route("POST", "/contacts/merge", contacts.merge),
    route("GET", "/contacts/find_by_external_id/{external_id}", contacts.find),
    route("GET", "/contacts/{id}", contacts.show),
    route("PUT", "/contacts/{id}", contacts.update),
    route("DELETE", "/contacts/{id}", contacts.delete),
    route("POST", "/contacts/{id}/archive", contacts.archive),
    route("POST", "/contacts/{id}/unarchive", contacts.unarchive),
    route("POST", "/contacts/{id}/block", contacts.block, support="partial"),
    route("POST", "/conversations", conversations.create),
    route("GET", "/conversations", conversations.listing),
    route("POST", "/conversations/search", conversations.search, support="partial"),
    route("POST", "/conversations/redact", managing.redact),
    route("GET", "/conversations/{id}", conversations.show),
    route("PUT", "/conversations/{id}", conversations.update),
    route("DELETE", "/conversations/{id}", managing.delete),
    route("POST", "/conversations/{id}/reply", conversations.reply),
    route("POST", "/conversations/{id}/parts", managing.manage),
    route("POST", "/conversations/{id}/convert", tickets.convert),
    route("POST", "/conversations/{id}/tags", managing.tag),
    route("DELETE", "/conversations/{id}/tags/{tag_id}", managing.untag),
    route("POST", "/conversations/{id}/customers", managing.attach),
    route("DELETE", "/conversations/{id}/customers/{contact_id}", managing.detach),
    route("POST", "/tickets", tickets.create),
    route("POST", "/tickets/search", tickets.search, support="partial"),
    route("POST", "/tickets/enqueue", tickets.enqueue, support="partial"),
    route("GET", "/tickets/{id}", tickets.show),
    route("PUT", "/tickets/{id}", tickets.update),
    route("DELETE", "/tickets/{id}", tickets.delete),
    route("POST", "/tickets/{id}/reply", tickets.reply),
    route("POST", "/tickets/{id}/tags", managing.tag),
    route("DELETE", "/tickets/{id}/tags/{tag_id}", managing.untag),
    route("GET", "/jobs/status/{id}", tickets.job, support="partial"),
    route("GET", "/me", workspace.me),
    route("GET", "/admins", workspace.admins),
    route("GET", "/admins/{id}", workspace.admin),
    route("PUT", "/admins/{id}/away", workspace.set_away),
    route("GET", "/away_status_reasons", workspace.away_reasons),
    route("GET", "/teams", workspace.teams),
    route("GET", "/teams/{id}", workspace.team),
    route("GET", "/tags", workspace.tags),
    route("POST", "/tags", workspace.make_tag, support="partial"),
    route("GET", "/tags/{id}", workspace.show_tag),
    route("GET", "/ticket_types", workspace.ticket_types),
    route("GET", "/ticket_types/{id}", workspace.ticket_type),
    route("GET", "/ticket_states", workspace.ticket_states),
    route("GET", "/downloads/{sha256}/{name}", workspace.download),
)

REFUSED = (
    "GET /admins/activity_logs", "POST /conversations/{id}/run_assignment_rules", "POST /messages", "POST /events",
    "GET /events", "POST /events/summaries", "GET /contacts/{id}/notes", "POST /contacts/{id}/notes",
    "GET /notes/{id}", "GET /contacts/{id}/tags", "POST /contacts/{id}/tags", "DELETE /contacts/{id}/tags/{tag_id}",
    "GET /contacts/{id}/companies", "POST /contacts/{id}/companies", "DELETE /contacts/{id}/companies/{company_id}",
    "GET /contacts/{id}/segments", "GET /contacts/{id}/subscriptions", "POST /contacts/{id}/subscriptions",
    "DELETE /contacts/{id}/subscriptions/{subscription_id}", "DELETE /tags/{id}", "POST /ticket_types",
    "PUT /ticket_types/{id}", "POST /ticket_types/{id}/attributes", "PUT /ticket_types/{id}/attributes/{attribute_id}",
    "GET /data_attributes", "POST /data_attributes", "PUT /data_attributes/{id}", "GET /companies", "POST /companies",
    "POST /companies/list", "GET /companies/{rest*}", "PUT /companies/{rest*}", "DELETE /companies/{rest*}",
    "GET /segments", "GET /segments/{id}", "GET /subscription_types", "GET /visitors", "PUT /visitors",
    "POST /visitors/convert", "POST /fin/start", "POST /fin/reply", "POST /fin/csat", "POST /fin/escalate",
    "GET /office_hours_schedules", "POST /phone_call_redirects", "GET /calls", "GET /calls/{rest*}",
    "POST /calls/search", "GET /articles", "POST /articles", "GET /articles/{rest*}", "PUT /articles/{rest*}",
    "DELETE /articles/{rest*}", "GET /help_center/{rest*}", "POST /help_center/{rest*}", "PUT /help_center/{rest*}",
    "DELETE /help_center/{rest*}", "GET /internal_articles", "POST /internal_articles",
    "GET /internal_articles/{rest*}", "PUT /internal_articles/{rest*}", "DELETE /internal_articles/{rest*}",
    "GET /ai/{rest*}", "POST /ai/{rest*}", "PUT /ai/{rest*}", "DELETE /ai/{rest*}", "GET /news/{rest*}",
    "POST /news/{rest*}", "PUT /news/{rest*}", "DELETE /news/{rest*}", "GET /custom_object_instances/{rest*}",
    "POST /custom_object_instances/{rest*}", "DELETE /custom_object_instances/{rest*}", "GET /export/{rest*}",
    "POST /export/{rest*}", "GET /download/{rest*}", "GET /ip_allowlist", "PUT /ip_allowlist",
    # the objects of API 1.x
    "GET /users", "POST /users", "GET /users/{rest*}", "PUT /users/{rest*}", "DELETE /users/{rest*}", "GET /leads",
    "POST /leads", "GET /leads/{rest*}", "PUT /leads/{rest*}", "DELETE /leads/{rest*}",
)  # fmt: skip
"""What Intercom has, or had, and chatdrill does not emulate."""

# /admins/activity_logs and /tags are narrower than /admins/{id}: what is refused is looked up first.
_ALL = (*(route(method, path, None) for method, path in (name.split(" ") for name in REFUSED)), *ROUTES)


def handle(state: IntercomState, exchange: Exchange) -> Handled:
    """See ``Service.handle``."""
    handled = answer(
        state,
        exchange,
        _ALL,
        path=exchange.request.path_in_parts,
        unknown=lambda request: error(state, 404, "not_found", "Resource Not Found"),  # noqa: ARG005
        refused=lambda name: error(state, 501, "not_implemented_by_chatdrill", f"chatdrill does not emulate {name}"),
        before=_before,
        hidden=frozenset({"attachment_files"}),
    )
    if handled.response is None:
        return handled
    return msgspec.structs.replace(handled, response=_dressed(state, exchange, handled.response))


def _before(visit: Call, found: Route | None) -> None:
    if found is not None and found.handler is workspace.download:
        return
    if token_of(visit.request) != visit.state.settings["token"]:
        raise refuse(visit.state, 401, "unauthorized", "Access Token Invalid")
    if version_of(visit.state, visit.request) not in VERSIONS:
        raise refuse(visit.state, 400, "intercom_version_invalid", "The requested version could not be found")
    _count(visit)
    if visit.arguments.problem and visit.request.method != "GET":
        raise invalid(visit.state, f"Request body could not be read: {visit.arguments.problem}"[:200])


def _count(visit: Call) -> None:
    """A call that is begun anew with the files it names was counted the first time."""
    state = visit.state
    if not state.on("rate_limits") or visit.exchange.fetched:
        return
    number = int(visit.exchange.now // WINDOW_S)
    if state.window.number != number:
        state.window.number, state.window.count = number, 0
    if state.window.count >= limit(state):
        response = error(state, 429, "rate_limit_exceeded", "The rate limit for the App has been exceeded")
        raise Refused(response, "429 rate_limit_exceeded: wait until X-RateLimit-Reset")
    state.window.count += 1


def limit(state: IntercomState) -> int:
    """Calls in ten seconds: a sixth of those in a minute."""
    return max(1, int(state.settings["calls_per_minute"]) * WINDOW_S // 60)


def token_of(request: HttpRequest) -> str | None:
    """The bearer token of a call; older clients (python-intercom 3) send it as the user name of Basic authentication."""
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(token.strip(), validate=True).decode().rpartition(":")[0]
        except ValueError:
            return None
    return token.strip() if scheme.lower() == "bearer" else None


def version_of(state: IntercomState, request: HttpRequest) -> str:
    """The API version that a call is answered in."""
    return request.header("intercom-version") or state.settings["version"]


def rate_headers(state: IntercomState, now: float) -> tuple[tuple[str, str], ...]:
    """How much of the rate limit is left."""
    number = int(now // WINDOW_S)
    used = state.window.count if state.window.number == number else 0
    return (
        ("X-RateLimit-Limit", str(limit(state))),
        ("X-RateLimit-Remaining", str(max(0, limit(state) - used))),
        ("X-RateLimit-Reset", str((number + 1) * WINDOW_S)),
    )


def _dressed(state: IntercomState, exchange: Exchange, response: HttpResponse) -> HttpResponse:
    version = version_of(state, exchange.request)
    more = list(rate_headers(state, exchange.now))
    if response.status < 400:  # an error has its request id in the body
        more.append(("X-Request-Id", uuid(state.chance)))
    if version in VERSIONS:
        more.append(("Intercom-Version", version))
    return HttpResponse(response.status, (*response.headers, *more), response.body)
