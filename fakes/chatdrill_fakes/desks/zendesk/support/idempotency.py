"""Idempotency keys: the same call again gets the stored answer. Source: Zendesk, Tickets API, Idempotency (2025)."""

from __future__ import annotations

import hashlib

import msgspec

from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.zendesk import problems
from chatdrill_fakes.desks.zendesk.limits import IDEMPOTENCY_KEPT_S, IDEMPOTENCY_KEY_MAX
from chatdrill_fakes.desks.zendesk.state import Stored
from chatdrill_fakes.desks.zendesk.support.reading import Call


def replayed(visit: Call) -> HttpResponse | None:
    """The stored answer to this key; refused with 400 if the body is another."""
    key = visit.request.header("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= IDEMPOTENCY_KEY_MAX:
        problems.bad_request(
            "InvalidIdempotencyKey", f"Idempotency-Key must have 1 to {IDEMPOTENCY_KEY_MAX} characters"
        )
    stored = visit.state.idempotent.get(key)
    if stored is None or visit.exchange.now - stored.at > IDEMPOTENCY_KEPT_S:
        return None
    if stored.body != _digest(visit):
        problems.bad_request("IdempotentRequestError", "The idempotency key was used with other parameters")
    headers = tuple(pair for pair in stored.response.headers if pair[0] != "x-idempotency-lookup")
    visit.note = "answered from the idempotency store"
    return msgspec.structs.replace(stored.response, headers=(*headers, ("x-idempotency-lookup", "hit")))


def _digest(visit: Call) -> bytes:
    return hashlib.sha256(visit.request.body).digest()


def remember(visit: Call, response: HttpResponse) -> HttpResponse:
    """Keep the answer, if the bot gave a key."""
    key = visit.request.header("idempotency-key")
    if key is None:
        return response
    told = msgspec.structs.replace(response, headers=(*response.headers, ("x-idempotency-lookup", "miss")))
    visit.state.idempotent[key] = Stored(_digest(visit), told, visit.exchange.now)
    return told
