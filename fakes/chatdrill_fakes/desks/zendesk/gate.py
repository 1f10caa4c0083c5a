"""Who calls, and how often they may: authentication of both APIs, rate limits, idempotency keys."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import math
from base64 import b64decode, urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

import msgspec

from chatdrill.wire import HttpRequest, HttpResponse, Window
from chatdrill_fakes.desks.zendesk import problems
from chatdrill_fakes.desks.zendesk.limits import (
    JSON_MAX_BYTES,
    MINUTE_S,
    PLANS,
    UPDATES_PER_MIN,
    UPDATES_PER_TICKET,
    UPDATES_PER_TICKET_S,
    UPLOAD_MAX_BYTES,
)
from chatdrill_fakes.desks.zendesk.state import Person, Record, Station, ZendeskState
from chatdrill_fakes.families.desks import Refused, Route, Visit

OPEN = frozenset({"GET /attachments/token/{token}", "GET /sc/attachments/v2/{id}/{name}"})
"""Links to files work without a token, as a customer's browser opens them."""


# -------------------------------------------------------------------------------------------------- authentication


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    kind, _, value = (request.header("authorization") or "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return name, secret


def _bearer(request: HttpRequest) -> str | None:
    kind, _, value = (request.header("authorization") or "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else None


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), known.encode())


def person_of(state: ZendeskState, request: HttpRequest) -> Person | None:
    """Who calls the Ticketing API: the e-mail before ``/token``, or the API user by an OAuth token."""
    token = _bearer(request)
    if token is not None:
        return state.api_user if _same(token, state.settings["oauth_token"]) else None
    name, secret = _basic(request) or ("", "")
    email, slash, word = name.rpartition("/")
    if not slash or word != "token" or not _same(secret, state.settings["api_token"]):
        return None
    return next((each for each in state.people.values() if each.email and each.email.lower() == email.lower()), None)


def caller(visit: Visit[ZendeskState]) -> Person:
    """The user who calls; refused with 401 where there is none."""
    person = person_of(visit.state, visit.request)
    return person if person is not None else problems.refuse(401, "wrong or missing credentials")


@dataclass(frozen=True)
class Scope:
    """What a key of Sunshine Conversations opens: the ``app`` (or the whole ``account``), or one ``integration``."""

    name: str
    integration_id: str | None = None

    def station(self, state: ZendeskState) -> Station | None:
        """The switchboard integration that calls, if it is one."""
        return None if self.integration_id is None else state.station_of(self.integration_id)


def scope_of(state: ZendeskState, request: HttpRequest) -> Scope | None:
    """The scope of a call: Basic with key id and secret, a JWT signed by them, or the token of an integration."""
    token = _bearer(request)
    if token is None:
        id, secret = _basic(request) or ("", "")
        known = state.settings["key_id"]
        return Scope(_scope_name(known)) if id == known and _same(secret, state.settings["key_secret"]) else None
    if _same(token, state.settings["integration_token"]):
        return Scope("integration", state.settings["integration_id"])
    return _jwt_scope(state, token)


def _scope_name(key_id: str) -> str:
    return "app" if key_id.startswith("app_") else "account"


def _jwt_scope(state: ZendeskState, token: str) -> Scope | None:
    head, _, rest = token.partition(".")
    payload, _, mac = rest.partition(".")
    header, claims = _decoded(head), _decoded(payload)
    wanted = hmac.digest(state.settings["key_secret"].encode(), f"{head}.{payload}".encode(), hashlib.sha256)
    if header.get("alg") != "HS256" or header.get("kid") != state.settings["key_id"]:
        return None
    if not hmac.compare_digest(_unpacked(mac), wanted) or claims.get("scope") not in ("app", "account"):
        return None
    return Scope(str(claims["scope"]))


def _unpacked(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii", "replace") + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _decoded(text: str) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(_unpacked(text))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return value if isinstance(value, dict) else {}


def scope(visit: Visit[ZendeskState]) -> Scope:
    """The scope of a call; refused with 401 where there is none."""
    found = scope_of(visit.state, visit.request)
    return found if found is not None else problems.fail(401)


# ------------------------------------------------------------------------------------------------------- the gate


def check(visit: Visit[ZendeskState], route: Route | None) -> None:
    """What is checked before any call is carried out."""
    if route is not None and route.name in OPEN:
        return
    if problems.is_sunco(visit.request.path):
        _check_sunco(visit)
    else:
        _check_support(visit, route)


def _check_sunco(visit: Visit[ZendeskState]) -> None:
    scope(visit)
    size, is_json = len(visit.request.body), visit.arguments.encoding == "json"
    if size > UPLOAD_MAX_BYTES or (is_json and size > JSON_MAX_BYTES):
        problems.fail(413)
    if visit.params.get("app", visit.state.settings["app_id"]) != visit.state.settings["app_id"]:
        problems.fail(404, "app_not_found", "App not found")
    if visit.arguments.problem is not None:
        problems.wrong(visit.arguments.problem)


def _check_support(visit: Visit[ZendeskState], route: Route | None) -> None:
    state = visit.state
    wait_s = state.calls.take(visit.exchange.now) if state.calls is not None else 0.0
    if wait_s:
        too_many(wait_s)
    caller(visit)
    is_upload = route is not None and route.path == "/api/v2/uploads"
    if visit.arguments.problem is not None and not is_upload:
        problems.bad_request("InvalidRequest", f"Unprocessable body: {visit.arguments.problem}")


def too_many(wait_s: float) -> None:
    """Refuse with 429."""
    after = max(1, math.ceil(wait_s))
    raise Refused(problems.support(429, retry_after_s=after), f"too many requests, again in {after} s")


def open_windows(state: ZendeskState) -> None:
    """Begin to count, where the account does."""
    if state.on("rate_limits"):
        state.calls = Window(PLANS[state.settings["plan"]], MINUTE_S)
        state.updates = Window(UPDATES_PER_MIN, MINUTE_S)


def count_update(visit: Visit[ZendeskState], record: Record, person: Person) -> None:
    """Refuse an update of a ticket that is too many, for the account or for this user and ticket."""
    state = visit.state
    if state.updates is None:
        return
    window = record.updates.setdefault(person.id, Window(UPDATES_PER_TICKET, UPDATES_PER_TICKET_S))
    wait_s = window.take(visit.at) or state.updates.take(visit.exchange.now)
    if wait_s:
        too_many(wait_s)


def with_rate(state: ZendeskState, response: HttpResponse, now: float) -> HttpResponse:
    """An answer of the Ticketing API, whatever it is, says how much of the minute is left."""
    if state.calls is None:
        return response
    limit, left, reset = state.calls.count, state.calls.left(now), math.ceil(state.calls.resets_in(now))
    numbers = {
        "X-Rate-Limit": limit,
        "X-Rate-Limit-Remaining": left,
        "ratelimit-limit": limit,
        "ratelimit-remaining": left,
        "ratelimit-reset": reset,
    }
    headers = tuple((name, str(value)) for name, value in numbers.items())
    return msgspec.structs.replace(response, headers=(*response.headers, *headers))
