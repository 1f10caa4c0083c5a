"""Webhooks of Support: subscriptions to events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.wire import Hook, HttpResponse, json_response
from chatdrill_fakes.desks.zendesk import ids, problems
from chatdrill_fakes.desks.zendesk.declared import SUPPORT_RETRY
from chatdrill_fakes.desks.zendesk.ids import iso
from chatdrill_fakes.desks.zendesk.limits import SUPPORT_TIMEOUT_S
from chatdrill_fakes.desks.zendesk.state import SupportHook
from chatdrill_fakes.desks.zendesk.support.reading import Call, body

TRIGGERED = "conditional_ticket_events"
_FIXED: dict[str, Any] = {"http_method": "POST", "request_format": "json"}


def create(visit: Call) -> HttpResponse:
    """``POST /webhooks``."""
    given = body(visit, "webhook")
    for name in ("name", "endpoint", "http_method", "request_format", "status"):
        if not given.get(name):
            problems.bad_request("InvalidWebhook", f"{name} is required")
    _check(given)
    id = ids.ulid(visit.state.chance, visit.at)
    secret = visit.state.chance.base64url(40)
    hook = Hook(
        id,
        str(given["endpoint"]),
        secret,
        frozenset(str(each) for each in given.get("subscriptions") or ()),
        "support",
        SUPPORT_RETRY,
        SUPPORT_TIMEOUT_S,
    )
    made = SupportHook(hook=hook, name=str(given["name"]), shape=_shape(visit, given), status=str(given["status"]))
    visit.state.support_hooks[id] = made
    return json_response({"webhook": _told(made)}, status=201)


def _check(given: Mapping[str, Any]) -> None:
    subscriptions = given.get("subscriptions")
    if subscriptions is not None and not isinstance(subscriptions, list):
        problems.bad_request("InvalidWebhook", "subscriptions must be a list")
    listens = bool(subscriptions) and subscriptions != [TRIGGERED]
    wrong = [name for name, value in _FIXED.items() if given.get(name) not in (None, value)]
    if listens and wrong:
        problems.bad_request("InvalidWebhook", f"{wrong[0]} must be {_FIXED[wrong[0]]} to subscribe to events")
    if given.get("status") not in (None, "active", "inactive"):
        problems.bad_request("InvalidWebhook", "status must be active or inactive")
    if "endpoint" in given and not str(given["endpoint"]).startswith(("http://", "https://")):
        problems.bad_request("InvalidWebhook", "endpoint must be a URL")


def _shape(visit: Call, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": str(given.get("description") or ""),
        "http_method": given.get("http_method"),
        "request_format": given.get("request_format"),
        "created_at": iso(visit.at),
        "created_by": str(visit.state.api_user_id),
        "updated_at": iso(visit.at),
        "updated_by": str(visit.state.api_user_id),
    }


def _told(each: SupportHook) -> dict[str, Any]:
    own = {"id": each.hook.id, "name": each.name, "status": each.status, "endpoint": each.hook.url}
    return {**own, "subscriptions": sorted(each.hook.wants), **each.shape}


def _found(visit: Call) -> SupportHook:
    found = visit.state.support_hooks.get(visit.params["id"])
    return found if found is not None else problems.refuse(404, "there is no such webhook")


def show(visit: Call) -> HttpResponse:
    """``GET /webhooks/{id}``."""
    return json_response({"webhook": _told(_found(visit))})


def index(visit: Call) -> HttpResponse:
    """``GET /webhooks``."""
    found = [_told(each) for each in visit.state.support_hooks.values()]
    return json_response({"webhooks": found, "meta": {"has_more": False}, "links": {"next": None, "prev": None}})


def change(visit: Call) -> HttpResponse:
    """``PUT`` and ``PATCH /webhooks/{id}``."""
    each, given = _found(visit), body(visit, "webhook")
    _check(given)
    each.name, each.status = str(given.get("name") or each.name), str(given.get("status") or each.status)
    each.hook.url = str(given.get("endpoint") or each.hook.url)
    if isinstance(given.get("subscriptions"), list):
        each.hook.wants = frozenset(str(name) for name in given["subscriptions"])
    each.shape["updated_at"] = iso(visit.at)
    visit.state.outbox.changed()
    return HttpResponse(204)


def remove(visit: Call) -> HttpResponse:
    """``DELETE /webhooks/{id}``: what waits for it is not sent any more."""
    each = _found(visit)
    del visit.state.support_hooks[each.hook.id]
    for update in visit.state.outbox:
        if update.hook is each.hook:
            visit.state.outbox.remove(update)
    return HttpResponse(204)


def secret(visit: Call) -> HttpResponse:
    """``GET /webhooks/{id}/signing_secret``."""
    return json_response({"signing_secret": {"algorithm": "SHA256", "secret": _found(visit).hook.secret}})


def new_secret(visit: Call) -> HttpResponse:
    """``POST /webhooks/{id}/signing_secret``: another one."""
    each = _found(visit)
    each.hook.secret = visit.state.chance.base64url(40)
    return json_response({"signing_secret": {"algorithm": "SHA256", "secret": each.hook.secret}}, status=201)
