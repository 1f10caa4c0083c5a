"""The signed callback, its check, and what the bot's answer means.

Source: developers.viber.com, REST API: webhooks and callbacks (2026). That the signature also stands in the query comes from the
official Node SDK (viber-bot 1.0.18), which reads it there.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.platforms.viber import ids
from chatdrill_fakes.platforms.viber.errors import HOSTNAME
from chatdrill_fakes.platforms.viber.objects import body_of
from chatdrill_fakes.platforms.viber.state import Json, ViberState

SIGNATURE = "X-Viber-Content-Signature"
WELCOME_PATH = "/pa/welcome_message"
CHECK_TIMEOUT_S = 10.0
_HEADERS = (("Content-Type", "application/json"), ("Accept", "*/*"), ("User-Agent", "ViberBot"))


@lru_cache(maxsize=64)
def _keyed(token: str) -> hmac.HMAC:
    return hmac.new(token.encode(), digestmod=hashlib.sha256)


def signature(token: str, body: bytes) -> str:
    """The HMAC-SHA256 of the raw body under the bot's token, in lower-case hex."""
    mac = _keyed(token).copy()
    mac.update(body)
    return mac.hexdigest()


@lru_cache(maxsize=64)
def _before_signature(url: str) -> str:
    """The address up to where the signature stands in it."""
    parts = urlsplit(url)
    query = f"{parts.query}&sig=" if parts.query else "sig="
    return urlunsplit(parts._replace(query=query, fragment=""))


def signed(url: str, token: str, body: bytes) -> HttpRequest:
    """The callback with these bytes, signed in the header and in the query."""
    proof = signature(token, body)
    return HttpRequest("POST", f"{_before_signature(url)}{proof}", (*_HEADERS, (SIGNATURE, proof)), body)


def check_request(state: ViberState, url: str, token: str, at: float) -> HttpRequest:
    """The callback of the kind ``webhook`` by which Viber checks an address; ``token`` is that of the message."""
    value: Json = {
        "event": "webhook",
        "timestamp": ids.millis(at),
        "chat_hostname": HOSTNAME,
        "message_token": int(token),
    }
    return signed(url, state.token, body_of(value))


def check_problem(answer: HttpResponse | HttpFailure) -> str | None:
    """What is wrong with the answer to the check, or ``None``: Viber wants status 200 and no body in particular."""
    if isinstance(answer, HttpFailure):
        return f"the webhook did not answer the check: {answer.kind} {answer.detail}".rstrip()
    if answer.status != 200:
        return f"the webhook answered the check with status {answer.status}, not 200 (does it know the token?)"
    return None


def read_ack(state: ViberState, updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """Exactly 200 is success. Only the answer to ``conversation_started`` is read: it may hold a welcome message."""
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".rstrip())
    if answer.status != 200:
        return Ack(False, f"status {answer.status}; Viber wants 200")
    opening = next((update for update in updates if update.kind == "conversation_started"), None)
    if opening is None or not _is_message(answer.body):
        return Ack(True)
    query = urlencode({"to": opening.to or "", "token": opening.id})
    headers = (("Content-Type", "application/json"), ("X-Viber-Auth-Token", state.token))
    return Ack(True, calls=(HttpRequest("POST", f"{WELCOME_PATH}?{query}", headers, answer.body),))


def _is_message(body: bytes) -> bool:
    """What is no JSON object with a type or a keyboard (a page, ``ok``) is no welcome."""
    try:
        value = msgspec.json.decode(body) if body else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(value, dict) and ("type" in value or "keyboard" in value)
