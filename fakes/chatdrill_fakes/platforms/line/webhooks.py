"""The signed webhook, and what the bot's answer means.

Source: developers.line.biz, receive messages and verify webhook signature (2026-08).
"""

from __future__ import annotations

import hashlib
import hmac
from binascii import b2a_base64
from collections.abc import Sequence
from functools import lru_cache

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.platforms.line.state import LineState

SIGNATURE = "x-line-signature"
TEST_TIMEOUT_S = 2.0
_HEADERS = (("Content-Type", "application/json; charset=utf-8"), ("User-Agent", "LineBotWebhook/2.0"))
FIRST, AGAIN = b'"isRedelivery":false', b'"isRedelivery":true'


@lru_cache(maxsize=64)
def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod=hashlib.sha256)


def signature(secret: str, body: bytes) -> str:
    """The HMAC-SHA256 of the raw body under the channel secret (its text, not what its digits stand for), in Base64."""
    mac = _keyed(secret).copy()
    mac.update(body)
    return b2a_base64(mac.digest(), newline=False).decode()


def signed(url: str, secret: str, body: bytes) -> HttpRequest:
    """A webhook with these bytes."""
    return HttpRequest("POST", url, (*_HEADERS, (SIGNATURE, signature(secret, body))), body)


def enveloped(state: LineState, events: bytes = b"") -> bytes:
    """The body around events; none at all is what a test sends."""
    return b'{"destination":"%b","events":[%b]}' % (state.bot.encode(), events)


def request(state: LineState, updates: Sequence[Update], now: float) -> HttpRequest:
    """The webhook with these events. A reply token lives from now on; one that comes again says so."""
    bodies = [_sent(state, update, now) for update in updates]
    body = enveloped(state, bodies[0] if len(bodies) == 1 else b",".join(bodies))
    return signed(state.webhook_url or "", state.secret, body)


def _sent(state: LineState, update: Update, now: float) -> bytes:
    is_again = update.id in state.again
    token = state.told.get(update.id)
    if token is not None:
        token.sent_at, token.is_again = max(now, token.made_at), token.is_again or is_again
    return update.body.replace(FIRST, AGAIN, 1) if is_again else update.body


def read_ack(state: LineState, updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """Any 2xx is success. A failure is the end of it, unless the channel has redelivery: then the event says that it comes again."""
    if isinstance(answer, HttpResponse) and 200 <= answer.status < 300:
        if state.again:
            state.again.difference_update(update.id for update in updates)
        return Ack(True)
    words = answer_words(answer)
    if not state.redelivers:
        return Ack(False, words, attempts_max=1)
    state.again.update(update.id for update in updates)
    return Ack(False, words)


def answer_words(answer: HttpResponse | HttpFailure) -> str:
    """What is wrong, as the console's statistics word it."""
    if isinstance(answer, HttpResponse):
        return f"error_status_code {answer.status}"
    if answer.kind == "timeout":
        return "request_timeout Request timeout"
    words = "unclassified" if answer.kind == "garbage" else "could_not_connect"
    return f"{words} {answer.kind} {answer.detail}".rstrip()
