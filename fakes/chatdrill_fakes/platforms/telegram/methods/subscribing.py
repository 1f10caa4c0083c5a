"""How the bot gets its updates: ``setWebhook``, ``deleteWebhook``, ``getWebhookInfo``, ``getUpdates``."""

from __future__ import annotations

import ipaddress
import re

import msgspec

from chatdrill.wire import Hold, Update
from chatdrill_fakes.platforms.telegram.arguments import BadJson
from chatdrill_fakes.platforms.telegram.encoding import clean
from chatdrill_fakes.platforms.telegram.errors import ApiError, MustWait, bad_request, too_many_requests
from chatdrill_fakes.platforms.telegram.limits import (
    CERTIFICATE_MAX_BYTES,
    MAX_CONNECTIONS,
    MAX_CONNECTIONS_DEFAULT,
    OFFSET_AHEAD_MAX,
    POLL_TIMEOUT_MAX_S,
    SECRET_MAX,
    UPDATES_MAX,
    UPDATES_MAX_BYTES,
)
from chatdrill_fakes.platforms.telegram.links import BadLink, parse_url
from chatdrill_fakes.platforms.telegram.methods.base import Described, Handler, MethodCall
from chatdrill_fakes.platforms.telegram.methods.inputs import read_source
from chatdrill_fakes.platforms.telegram.state import (
    DEFAULT_UPDATES,
    UPDATE_NAMES,
    Json,
    TelegramState,
    Webhook,
)
from chatdrill_fakes.platforms.telegram.webhooks import current_webhook, shown_address

_SECRET = re.compile("[A-Za-z0-9_-]*")
_PORTS = frozenset((80, 88, 443, 8443))
_BUSY_S = 3.0
_VERY_BUSY_S = 0.5


# -------------------------------------------------------------------------------------------------- webhooks


def set_webhook(call: MethodCall) -> Described:
    """``setWebhook``; an empty url deletes the webhook."""
    url = clean(call.arguments.text("url"))
    return _set(call, url) if url else delete_webhook(call)


def delete_webhook(call: MethodCall) -> Described:
    """``deleteWebhook``."""
    state = call.state
    was_set = bool(state.webhook_url)
    if call.arguments.boolean("drop_pending_updates"):
        state.outbox.clear()
    state.webhook_url, state.webhook, state.connections_max = None, Webhook(), None
    state.outbox.changed()
    return Described(True, "Webhook was deleted" if was_set else "Webhook is already deleted")


def _set(call: MethodCall, url: str) -> Described:
    state = call.state
    if call.now < state.webhook_set_at + 1 and state.settings["rate_limits"].lower() != "no":
        raise too_many_requests(1)
    certificate = read_source(call, "certificate", only_upload=True)
    wanted = Webhook(
        url=url,
        secret=call.arguments.text("secret_token"),
        max_connections=call.arguments.integer("max_connections", MAX_CONNECTIONS_DEFAULT, 1, MAX_CONNECTIONS),
        ip_address=clean(call.arguments.text("ip_address")),
        has_certificate=certificate is not None,
    )
    drop = call.arguments.boolean("drop_pending_updates")
    state.webhook_set_at = call.now
    if not drop and _is_same(state, wanted):
        _read_allowed(call)
        return Described(True, "Webhook is already set")
    _check(call, wanted)
    if certificate is not None and certificate.upload is not None:
        size = len(certificate.upload.content)
        if size > CERTIFICATE_MAX_BYTES:
            raise bad_request(f"certificate size is too big ({size} bytes)")
    if drop:
        state.outbox.clear()
    _read_allowed(call)
    state.webhook, state.webhook_url, state.connections_max = wanted, url, wanted.max_connections
    state.outbox.changed()
    return Described(True, "Webhook was set")


def _is_same(state: TelegramState, wanted: Webhook) -> bool:
    now = state.webhook
    if state.webhook_url != wanted.url or now.has_certificate or wanted.has_certificate:
        return False
    return (now.url, now.secret, now.max_connections, now.ip_address) == (
        wanted.url,
        wanted.secret,
        wanted.max_connections,
        wanted.ip_address,
    )


def _check(call: MethodCall, wanted: Webhook) -> None:
    try:
        scheme, place, _ = parse_url(wanted.url, "https")
    except BadLink as error:
        raise bad_request("invalid webhook URL specified") from error
    if len(wanted.secret) > SECRET_MAX:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(wanted.secret):
        raise bad_request("secret token contains unallowed characters")
    if call.state.is_on("strict"):
        _check_strictly(scheme, place.rpartition("@")[2], wanted.ip_address)


def _check_strictly(scheme: str, address: str, ip_address: str) -> None:
    """What the cloud insists on and a laptop cannot offer."""
    if scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    host, _, port = address.rpartition(":") if not address.endswith("]") and ":" in address else (address, "", "443")
    if int(port) not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    try:
        found = ipaddress.ip_address(ip_address or host.strip("[]"))
    except ValueError:
        if ip_address:
            raise bad_request("bad webhook: Invalid IP address specified") from None
        if host == "localhost" or host.endswith(".localhost"):
            raise bad_request("bad webhook: IP address 127.0.0.1 is reserved") from None
        return  # a name: whether it resolves is not looked up
    if found.version == 6:
        raise bad_request("bad webhook: IPv6-only addresses are not allowed")
    if not found.is_global:
        raise bad_request(f"bad webhook: IP address {found} is reserved")


def _read_allowed(call: MethodCall) -> None:
    """``allowed_updates``: absent or unreadable keeps the old set, empty (or only unknown names) means the default."""
    if not call.arguments.text("allowed_updates"):
        return
    try:
        names = call.arguments.json("allowed_updates")
    except BadJson:
        return
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        known = frozenset(name.lower() for name in names) & frozenset(UPDATE_NAMES)
        call.state.allowed = known or DEFAULT_UPDATES


def get_webhook_info(call: MethodCall) -> Json:
    """``getWebhookInfo``."""
    state = call.state
    webhook = current_webhook(state)
    found: Json = {
        "url": state.webhook_url or "",
        "has_custom_certificate": webhook.has_certificate,
        "pending_update_count": len(state.outbox),
    }
    if webhook.last_error_at is not None:
        found.update(last_error_date=int(webhook.last_error_at), last_error_message=webhook.last_error)
    if webhook.max_connections:
        found["max_connections"] = webhook.max_connections
    if state.webhook_url:
        found["ip_address"] = shown_address(webhook)
    if state.allowed != DEFAULT_UPDATES:
        found["allowed_updates"] = [name for name in UPDATE_NAMES if name in state.allowed]
    return found


# --------------------------------------------------------------------------------------------------- polling

_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def get_updates(call: MethodCall) -> msgspec.Raw:
    """``getUpdates``: what is queued, or a long poll until something is."""
    resumed = call.exchange.resumed
    if call.state.webhook_url:
        raise ApiError(409, _WEBHOOK_ACTIVE if resumed is None else "Conflict: terminated by setWebhook request")
    if isinstance(resumed, Hold):
        return _resume(call, resumed)
    offset = call.arguments.integer("offset")
    limit = call.arguments.integer("limit", UPDATES_MAX, 1, UPDATES_MAX)
    timeout_s = call.arguments.integer("timeout", 0, 0, POLL_TIMEOUT_MAX_S)
    _read_allowed(call)
    polling = call.state.polling
    is_short = timeout_s < _BUSY_S
    if is_short and polling.was_short and offset == polling.last_offset and call.now < polling.last_at + _BUSY_S:
        # The server slows busy loops down. It also makes the one short poll wait with which SDKs say good-bye after
        # their long polls; here that one is let through.
        timeout_s = int(_BUSY_S)
        limit = 1 if call.now < polling.last_at + _VERY_BUSY_S else limit
    polling.last_offset, polling.last_at, polling.was_short = offset, call.now, is_short
    _confirm(call.state, offset)
    found = _pending(call, offset, limit)
    polling.generation += 1
    call.state.outbox.changed()  # an older poll wakes up, finds a newer one and gives up
    if not found and timeout_s:
        raise MustWait(Hold(timeout_s, polling.generation))
    return _answer(found)


def _resume(call: MethodCall, hold: Hold) -> msgspec.Raw:
    if hold.token != call.state.polling.generation:
        raise ApiError(409, _OTHER_POLL)
    limit = call.arguments.integer("limit", UPDATES_MAX, 1, UPDATES_MAX)
    found = _pending(call, call.arguments.integer("offset"), limit)
    if not found and not call.exchange.timed_out:
        raise MustWait(hold)
    return _answer(found)


def _is_valid(state: TelegramState, offset: int) -> bool:
    """An offset far beyond the last update counts as none."""
    return 0 < offset < state.next_update_id + OFFSET_AHEAD_MAX


def _confirm(state: TelegramState, offset: int) -> None:
    """Forget what ``offset`` confirms: lower ids, or (negative) all but the last ones."""
    if offset < 0:
        gone = list(state.outbox)[:offset]
    elif _is_valid(state, offset):
        gone = [update for update in state.outbox if int(update.id) < offset]
    else:
        return
    for update in gone:
        state.outbox.remove(update)


def _pending(call: MethodCall, offset: int, limit: int) -> list[Update]:
    state = call.state
    first = offset if _is_valid(state, offset) else 0
    for update in state.outbox:
        if _is_expired(call, update):
            state.outbox.remove(update)
    return [update for update in state.outbox if int(update.id) >= first][:limit]


def _is_expired(call: MethodCall, update: Update) -> bool:
    chat = call.state.chats.get(update.to or "")
    now = chat.at(call.now) if chat is not None else call.now
    return update.expires_at is not None and update.expires_at < now


def _answer(updates: list[Update]) -> msgspec.Raw:
    """The updates' bytes as they were made; what is over 4 MiB waits for the next call."""
    bodies: list[bytes] = []
    room = UPDATES_MAX_BYTES
    for update in updates:
        room -= 50 + len(update.body)
        if room <= 0:
            break
        bodies.append(update.body)
    return msgspec.Raw(b"[" + b",".join(bodies) + b"]")


SUBSCRIBING: dict[str, Handler] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getUpdates": get_updates,
}
