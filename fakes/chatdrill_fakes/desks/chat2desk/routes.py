"""The calls of the API as a table, and what is asked of every one of them: a token, a mode, a quota."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from chatdrill.wire import Exchange, Handled, HttpRequest, HttpResponse
from chatdrill_fakes.desks.chat2desk import account, clients, dialogs, messages, tags, tasks, webhooks
from chatdrill_fakes.desks.chat2desk.answers import At, failure
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState
from chatdrill_fakes.families.desks import Refused, Route, answer, route

ROOT = "/v1"
HIDDEN = frozenset({"url"})
"""Addresses of bots often have a token in them."""

ROUTES: tuple[Route, ...] = (
    route("GET", "/clients", clients.listed),
    route("POST", "/clients", clients.create),
    route("GET", "/clients/{id}", clients.show),
    route("PUT", "/clients/{id}", clients.change),
    route("GET", "/clients/{id}/dialogs", clients.dialogs),
    route("GET", "/clients/{id}/transport", clients.transport),
    route("GET", "/clients/{id}/last_question", clients.last_question),
    route("POST", "/messages", messages.send),
    route("POST", "/messages/inbox", messages.receive),
    route("GET", "/messages", messages.listed),
    route("GET", "/messages/{id}", messages.show),
    route("GET", "/messages/{id}/read", messages.mark_read),
    route("GET", "/messages/{id}/unread", messages.mark_unread),
    route("GET", "/messages/{id}/assign", dialogs.assign),
    route("POST", "/messages/{id}/assign", dialogs.assign),
    route("POST", "/messages/{id}/transfer", dialogs.assign),
    route("POST", "/messages/{id}/transfer_to_group", dialogs.transfer_to_group),
    route("GET", "/dialogs", dialogs.listed),
    route("GET", "/dialogs/unanswered", dialogs.unanswered),
    route("GET", "/dialogs/{id}", dialogs.show),
    route("PUT", "/dialogs/{id}", dialogs.change),
    route("PUT", "/requests/close", dialogs.close_request),
    route("GET", "/requests/{id}/messages", messages.of_request),
    route("GET", "/operators", account.operators),
    route("PUT", "/operators/{id}", account.change_operator, support="partial"),
    route("GET", "/operators_groups", account.groups),
    route("GET", "/tags", tags.listed),
    route("GET", "/tag_groups", tags.groups),
    route("POST", "/tags/assign_to", tags.assign),
    route("DELETE", "/tags/{id}/delete_from", tags.delete),
    route("GET", "/webhooks", webhooks.listed),
    route("POST", "/webhooks", webhooks.create),
    route("PUT", "/webhooks/{id}", webhooks.change),
    route("DELETE", "/webhooks/{id}", webhooks.delete),
    route("POST", "/companies/web_hook", partial(webhooks.legacy, "web_hook")),
    route("POST", "/companies/chat_close_web_hook", partial(webhooks.legacy, "chat_close_web_hook")),
    route("GET", "/companies/api_info", account.api_info),
    route("GET", "/companies/info", account.company),
    route("GET", "/channels", account.channels),
    route("GET", "/templates", account.nothing, support="partial"),
    route("GET", "/scenarios", account.nothing, support="partial"),
    route("GET", "/tickets", tasks.listed, support="partial"),
    route("POST", "/tickets", tasks.create, support="partial"),
    route("GET", "/tickets/{id}", tasks.show, support="partial"),
    route("PUT", "/tickets/{id}", tasks.change, support="partial"),
    route("DELETE", "/tickets/{id}", tasks.delete, support="partial"),
    *(route("GET", f"/help/{topic}", account.help_about) for topic in account.HELP),
)


def handle(state: Chat2DeskState, exchange: Exchange) -> Handled:
    """Answer a call, or a visit to a file."""
    path = exchange.request.path_in_parts
    if exchange.request.method == "GET" and path.startswith("/uploads/"):
        return Handled(_file(state, path.removeprefix("/uploads/")))
    known = path == ROOT or path.startswith(f"{ROOT}/")
    return answer(
        state,
        exchange,
        ROUTES if known else (),
        path=path.removeprefix(ROOT) if known else path,
        unknown=_unknown,
        refused=lambda name: failure(501, f"chatdrill does not emulate {name}"),
        before=_admit,
        hidden=HIDDEN,
    )


def _file(state: Chat2DeskState, key: str) -> HttpResponse:
    file = state.uploads.get(key)
    if file is None:
        return failure(404, "Page not found")
    return HttpResponse(200, (("Content-Type", file.mime),), state.blobs.get(file.sha256))


def _unknown(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return failure(404, "Page not found")


def _admit(visit: At, found: Route | None) -> None:  # noqa: ARG001
    """The token bare in ``Authorization``, its mode, and how often it calls; raises ``Refused``."""
    _authenticate(visit)
    _count(visit)
    mode = visit.state.settings["mode"]
    if mode != "full" and visit.request.method != "GET":
        raise Refused(failure(403, f"API mode {mode} does not allow this"), f"mode {mode} only reads")
    if visit.arguments.problem is not None:
        raise Refused(failure(400, visit.arguments.problem), visit.arguments.problem)


def _authenticate(visit: At) -> None:
    token = visit.request.header("authorization")
    if not token:
        told = "You have to specify your token. See API manual on info@chat2desk.com"
        raise Refused(failure(401, told), "no token in the header Authorization")
    if token != visit.state.settings["token"]:
        why = "Authorization holds the bare token, without Bearer" if " " in token else "wrong token"
        raise Refused(failure(401, "You need to auth"), why)


def _count(visit: At) -> None:
    state, now = visit.state, visit.exchange.now
    wait_s = state.calls.take(now) if state.on("rate_limits") else 0.0
    if wait_s:
        raise Refused(failure(429, "Number of API requests exceeded"), "more than 300 calls in a minute")
    month = f"{datetime.fromtimestamp(now, UTC):%Y-%m}"
    if month != state.month:
        state.month, state.calls_this_month = month, 0
    quota = int(state.settings["calls_per_month"])
    if quota and state.calls_this_month >= quota:
        raise Refused(failure(429, "API calls exceeded API limit per month"), f"{quota} calls in {month}")
    state.calls_this_month += 1
