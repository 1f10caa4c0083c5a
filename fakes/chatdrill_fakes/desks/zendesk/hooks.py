"""Webhooks of both kinds: who is told of what, how it is signed, and what the bot's answer means.

Support signs timestamp and body; Sunshine Conversations shows a shared key. The account's own webhook (that the user named)
plays one of the two, by the setting ``webhook_as``; ``auto``: events of Sunshine for conversations, Support's for other tickets.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.wire import Ack, Forgery, Hook, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.desks.zendesk import ids
from chatdrill_fakes.desks.zendesk.limits import SUPPORT_CONFLICTS_MAX, SUPPORT_RETRY_AFTER_MAX_S
from chatdrill_fakes.desks.zendesk.state import Station, Talk, ZendeskState, ZendeskTicket

SUPPORT, SUNCO = "support", "sunco"
PREFIX = "zen:event-type:"
VERSION = "2022-11-06"
NOT_RECOVERABLE = frozenset({400, 401, 403, 404, 406})
"""Source: Sunshine Conversations API 17.12.1, webhooks, non-recoverable errors (2026-06)."""

_STALE_S = 900.0  # receivers that look at the timestamp allow some minutes


# ------------------------------------------------------------------------------------------------------ Support


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Base64 of the HMAC-SHA256 over timestamp and body. Source: Zendesk, Verifying webhook authenticity (2025)."""
    return b64encode(hmac.digest(secret.encode(), timestamp.encode() + body, hashlib.sha256)).decode()


def plays(state: ZendeskState, kind: str, ticket: ZendeskTicket | None) -> bool:
    """True if the account's own webhook is told of this kind of events about ``ticket``, or about none."""
    role = state.settings["webhook_as"]
    if role == "auto":
        return kind == (SUPPORT if ticket is not None and ticket.talk is None else SUNCO)
    return role in (kind, "both")


def _support_hooks(state: ZendeskState, type: str, ticket: ZendeskTicket | None) -> list[Hook]:
    found = [each.hook for each in state.support_hooks.values() if each.status == "active" and type in each.hook.wants]
    if state.webhook_url and plays(state, SUPPORT, ticket):
        state.named.url = state.webhook_url
        found.insert(0, state.named)
    return found


def tell_support(
    state: ZendeskState, ticket: ZendeskTicket | None, type: str, subject: str, detail: Any, event: Any, at: float
) -> None:
    """Put an event of Support into the outbox, once for every webhook that wants it."""
    hooks = _support_hooks(state, PREFIX + type, ticket)
    if not hooks:
        return
    id = ids.ulid(state.chance, at)
    payload = {
        "type": PREFIX + type,
        "account_id": int(state.settings["account_id"]),
        "id": id,
        "time": ids.iso_ms(at),
        "zendesk_event_version": VERSION,
        "subject": subject,
        "detail": detail,
        "event": event,
    }
    body = msgspec.json.encode(payload)
    for hook in hooks:
        _put(state, ticket, id, PREFIX + type, body, at, hook)


def _put(
    state: ZendeskState, ticket: ZendeskTicket | None, id: str, kind: str, body: bytes, at: float, hook: Hook | None
) -> None:
    to = None if ticket is None else ticket.address
    lane = f"{hook.id if hook is not None else 'webhook'}:{to or 'account'}"
    state.outbox.put(Update(id, kind, to, lane, body, at, hook=hook))


# -------------------------------------------------------------------------------------------------------- SunCo


def _hears(state: ZendeskState, integration_id: str, talk: Talk | None, involved: Sequence[str | None]) -> bool:
    """True if the switchboard lets an integration hear of a conversation: it has control or is offered it, it wants to hear
    while others have it, or it is not on the switchboard at all."""
    station: Station | None = state.station_of(integration_id)
    board = state.switchboard
    if station is None or talk is None or board is None or not board.enabled:
        return True
    return station.standby or station.id in (talk.active, talk.pending, *involved)


def tell_sunco(
    state: ZendeskState,
    ticket: ZendeskTicket | None,
    type: str,
    payload: Callable[[bool], dict[str, Any]],
    at: float,
    *,
    involved: Sequence[str | None] = (),
) -> None:
    """Put an event of Sunshine Conversations into the outbox. ``payload`` is told whether a webhook wants users with their
    profile; ``involved`` are switchboard integrations that hear of it in any case."""
    talk = None if ticket is None else ticket.talk
    id = ids.object_id(state.chance, at)
    own = state.settings["integration_id"]
    if plays(state, SUNCO, ticket) and _hears(state, own, talk, involved):
        body = _envelope(state, state.named_sunco_id, id, type, payload(False), at)
        _put(state, ticket, id, type, body, at, None)
    for each in state.sunco_hooks.values():
        if type in each.hook.wants and _hears(state, each.integration_id, talk, involved):
            body = _envelope(state, each.hook.id, id, type, payload(each.full_user), at)
            _put(state, ticket, id, type, body, at, each.hook)


def _envelope(state: ZendeskState, webhook_id: str, id: str, type: str, payload: dict[str, Any], at: float) -> bytes:
    event = {"id": id, "createdAt": ids.iso_ms(at), "type": type, "payload": payload}
    app = {"id": state.settings["app_id"]}
    return msgspec.json.encode({"app": app, "webhook": {"id": webhook_id, "version": "v2"}, "events": [event]})


# ------------------------------------------------------------------------------------------------------- sending


def request(state: ZendeskState, updates: Sequence[Update], now: float) -> HttpRequest:
    """The webhook, signed as its kind is."""
    update = updates[0]
    hook = update.hook
    url = hook.url if hook is not None else state.webhook_url or ""
    headers: Iterable[tuple[str, str]]
    if update.kind.startswith(PREFIX):
        headers = _support_headers(state, update, hook or state.named, now)
    else:
        secret = hook.secret if hook is not None else state.settings["sunco_webhook_secret"]
        headers = (("User-Agent", "smooch"), ("X-API-Key", secret))
    return HttpRequest("POST", url, (("Content-Type", "application/json"), *headers), update.body)


def _support_headers(state: ZendeskState, update: Update, hook: Hook, now: float) -> tuple[tuple[str, str], ...]:
    timestamp = ids.iso(now) or ""
    return (
        ("User-Agent", "Zendesk Webhook"),
        ("X-Zendesk-Account-Id", state.settings["account_id"]),
        ("X-Zendesk-Webhook-Id", hook.id),
        ("X-Zendesk-Webhook-Invocation-Id", ids.derived_ulid(f"{hook.id}:{update.id}", update.made_at)),
        ("X-Zendesk-Webhook-Signature-Timestamp", timestamp),
        ("X-Zendesk-Webhook-Signature", signature(hook.secret, timestamp, update.body)),
    )


def read_ack(state: ZendeskState, updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """What the bot's answer means; both kinds stop trying after some statuses."""
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".strip())
    if 200 <= answer.status < 300:
        return Ack(True)
    error = f"status {answer.status}, not 2xx"
    is_support = bool(updates) and updates[0].kind.startswith(PREFIX)
    again, wait_s = _support_again(state, updates[0], answer) if is_support else (_sunco_again(answer), None)
    return Ack(False, error, wait_s) if again else Ack(False, f"{error}, which ends the attempts", attempts_max=1)


def _sunco_again(answer: HttpResponse) -> bool:
    return answer.status not in NOT_RECOVERABLE


def _support_again(state: ZendeskState, update: Update, answer: HttpResponse) -> tuple[bool, float | None]:
    """Whether it is tried again, and after how long if the answer says so."""
    if answer.status == 409:
        key = (update.id, update.lane)
        state.conflicts[key] = state.conflicts.get(key, 0) + 1
        return state.conflicts[key] <= SUPPORT_CONFLICTS_MAX, None
    after = (answer.header("retry-after") or "").strip()
    if answer.status in (429, 503) and after.isdecimal() and int(after) < SUPPORT_RETRY_AFTER_MAX_S:
        return True, float(after)
    return False, None


# ------------------------------------------------------------------------------------------------------- forging


def forge(request: HttpRequest, how: Forgery, now: float, state: ZendeskState) -> HttpRequest:
    """The same webhook from somebody who does not know the secret, or who sends an old one again.

    Raises ``Unsupported`` for a stale webhook of Sunshine Conversations, which has no time in what it shows.
    """
    is_support = request.header("x-zendesk-webhook-signature") is not None
    shown = "x-zendesk-webhook-signature" if is_support else "x-api-key"
    if how == "unsigned":
        kept = tuple(pair for pair in request.headers if not pair[0].lower().startswith(shown))
        return msgspec.structs.replace(request, headers=kept)
    if how == "wrong":
        timestamp = request.header("x-zendesk-webhook-signature-timestamp") or ""
        value = signature("not-the-secret", timestamp, request.body) if is_support else "not-the-secret"
        return _with_headers(request, {shown: value})
    if not is_support:
        raise Unsupported("zendesk: Sunshine Conversations shows only X-API-Key, nothing in it grows old; use 'wrong'")
    timestamp = ids.iso(now - _STALE_S) or ""
    secret = _secret(state, request.header("x-zendesk-webhook-id"))
    fresh = {f"{shown}-timestamp": timestamp, shown: signature(secret, timestamp, request.body)}
    return _with_headers(request, fresh)


def _secret(state: ZendeskState, hook_id: str | None) -> str:
    known = state.support_hooks.get(hook_id or "")
    return known.hook.secret if known is not None else state.named.secret


def _with_headers(request: HttpRequest, changes: dict[str, str]) -> HttpRequest:
    headers = tuple((name, changes.get(name.lower(), value)) for name, value in request.headers)
    return msgspec.structs.replace(request, headers=headers)
