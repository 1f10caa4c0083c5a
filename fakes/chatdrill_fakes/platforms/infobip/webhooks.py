"""The webhook that carries results, and what it proves itself by.

Source: infobip.com/docs, Subscriptions API: BASIC and HMAC (2026). The name of the HMAC's header and what exactly is signed are not known to
us: the header is a setting, and the raw body is signed, in hex.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.platforms.infobip.objects import body_of
from chatdrill_fakes.platforms.infobip.state import InfobipState, Json

_HEADERS = (("Content-Type", "application/json;charset=UTF-8"), ("Accept", "*/*"), ("User-Agent", "Infobip"))


def hash_name(algorithm: str) -> str:
    """``SHA_256`` as Python calls it."""
    return algorithm.lower().replace("_", "")


@lru_cache(maxsize=64)
def basic(user: str, password: str) -> str:
    """The header of Basic authentication."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def signed(state: InfobipState, url: str, body: bytes) -> HttpRequest:
    """A webhook with any body."""
    return HttpRequest("POST", url, (*_HEADERS, *_proof(state, body)), body)


def _proof(state: InfobipState, body: bytes) -> tuple[tuple[str, str], ...]:
    settings = state.settings
    if settings["webhook_auth"] == "basic":
        return (("Authorization", basic(settings["webhook_user"], settings["webhook_password"])),)
    if settings["webhook_auth"] == "hmac":
        digest = hmac.new(
            settings["webhook_password"].encode(), body, hash_name(settings["hmac_algorithm"])
        ).hexdigest()
        return ((settings["hmac_header"], digest),)
    return ()


def request(state: InfobipState, updates: Sequence[Update]) -> HttpRequest:
    """The webhook of some updates of one address."""
    hook = updates[0].hook
    url = (state.webhook_url or "") if hook is None else hook.url
    if hook is not None and hook.kind == "click":
        return signed(state, url, updates[0].body)  # one click, without an envelope
    results = b",".join([update.body for update in updates])
    if hook is not None:
        return signed(state, url, b'{"results":[%b]}' % results)
    return signed(state, url, _enveloped(results, len(updates)))


def _enveloped(results: bytes, count: int) -> bytes:
    return b'{"results":[%b],"messageCount":%d,"pendingMessageCount":0}' % (results, count)


def request_body(results: Sequence[Json]) -> bytes:
    """The body of a webhook with any results."""
    return _enveloped(b",".join(map(body_of, results)), len(results))


def read_ack(state: InfobipState, updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """Any 2xx is success, and nobody reads the body. What was taken need not be asked for."""
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".rstrip())
    if not 200 <= answer.status < 300:
        return Ack(False, f"status {answer.status}; Infobip wants 2xx")
    for update in updates:
        state.inbox.pop(update.id, None)
    return Ack(True)
