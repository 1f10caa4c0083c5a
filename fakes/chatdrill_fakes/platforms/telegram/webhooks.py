"""Delivery by webhook: the request, what the answer means, and when it is tried again."""

from __future__ import annotations

import base64
import ipaddress
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

from chatdrill.wire import Ack, Delivery, HttpFailure, HttpRequest, HttpResponse, Retry, Update, read_arguments
from chatdrill.wire.http import Headers, media_type
from chatdrill_fakes.platforms.telegram.encoding import clean
from chatdrill_fakes.platforms.telegram.limits import (
    MAX_CONNECTIONS,
    MAX_CONNECTIONS_DEFAULT,
    MESSAGE_UPDATE_S,
    WEBHOOK_GONE_S,
)
from chatdrill_fakes.platforms.telegram.state import TelegramState, Webhook

DELIVERY = Delivery(
    ack_timeout_s=60.0,
    success="2xx",
    # The first failure is tried again at once, then 2, 4, 8 ... seconds, at last a random 60 to 120 (here their middle).
    retry=Retry(delays_s=(0.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 90.0), give_up_after_s=MESSAGE_UPDATE_S),
    order="strict",
    concurrency_max=MAX_CONNECTIONS,  # what setWebhook asks for (40 by default) lies in the state
    registered_by="bot",
    source="github.com/tdlib/telegram-bot-api, WebhookActor, commit 01a3679, 2026-05-07",
)
_BODIES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
_IGNORED = frozenset(("setwebhook", "deletewebhook", "close", "logout"))
_RETRY_AFTER_MAX_S = 3600
_FAILURES = {
    "timeout": "Read timeout expired",
    "refused": "Can't connect to the webhook: Connection refused",
    "reset": "Webhook connection closed",
    "garbage": "Wrong response from the webhook: can't parse the answer",
}


def current_webhook(state: TelegramState) -> Webhook:
    """The webhook in use. One that the user's settings gave, not setWebhook, has the declared secret."""
    if state.webhook_url and state.webhook.url != state.webhook_url:
        secret = state.settings["webhook_secret"]
        state.webhook = Webhook(state.webhook_url, secret, MAX_CONNECTIONS_DEFAULT)
        state.connections_max = MAX_CONNECTIONS_DEFAULT
    return state.webhook


def webhook_request(state: TelegramState, update: Update) -> HttpRequest:
    """The request that carries an update: there is no signature, only the secret in a header."""
    webhook = current_webhook(state)
    url, headers = _envelope(webhook.url, webhook.secret)
    return HttpRequest("POST", url, (*headers, ("Content-Length", str(len(update.body))), *_LAST_HEADERS), update.body)


_LAST_HEADERS = (("Connection", "keep-alive"), ("Accept-Encoding", "gzip, deflate"))


@lru_cache(maxsize=64)
def _envelope(url: str, secret: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    headers = [("Content-Type", "application/json")]
    if secret:
        headers.insert(0, ("X-Telegram-Bot-Api-Secret-Token", secret))
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:
        return url, tuple(headers)
    user, at, place = parts.netloc.rpartition("@")
    if at:
        token = base64.b64encode(unquote(user).encode("utf-8", "replace")).decode()
        headers.insert(0, ("Authorization", f"Basic {token}"))
    return urlunsplit(parts._replace(netloc=place, fragment="")), tuple(headers)


def shown_address(webhook: Webhook) -> str:
    """The ``ip_address`` of getWebhookInfo: the one asked for, or the url's own; names are not looked up here."""
    try:
        host = urlsplit(webhook.url).hostname or ""
        return webhook.ip_address or str(ipaddress.ip_address("127.0.0.1" if host == "localhost" else host))
    except ValueError:
        return "<unknown>"


def read_webhook_ack(state: TelegramState, answer: HttpResponse | HttpFailure, now: float) -> Ack:
    """What the bot's answer means; a method in the body of a 2xx answer is a call of the bot."""
    webhook = current_webhook(state)
    if isinstance(answer, HttpFailure):
        return _failed(webhook, _FAILURES.get(answer.kind, answer.detail or answer.kind), now)
    if 200 <= answer.status <= 299:
        webhook.gone_since = None
        return Ack(ok=True, calls=_calls(state, answer))
    if answer.status == 410:
        _gone(state, webhook, now)
    else:
        webhook.gone_since = None
    reason = _REASONS.get(answer.status, "")
    error = f"Wrong response from the webhook: {answer.status} {reason}".rstrip()
    return _failed(webhook, error, now, _retry_after_s(answer))


def _failed(webhook: Webhook, error: str, now: float, retry_after_s: float | None = None) -> Ack:
    webhook.last_error_at, webhook.last_error = now, clean(error)
    return Ack(ok=False, error=error, retry_after_s=retry_after_s)


def _gone(state: TelegramState, webhook: Webhook, now: float) -> None:
    """A webhook that has answered 410 for 23 hours is deleted."""
    if webhook.gone_since is None:
        webhook.gone_since = now
    elif now > webhook.gone_since + WEBHOOK_GONE_S:
        state.webhook_url, state.webhook = None, Webhook()
        state.outbox.changed()


def _retry_after_s(answer: HttpResponse) -> float | None:
    text = (answer.header("retry-after") or "").strip()
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return float(min(seconds, _RETRY_AFTER_MAX_S)) if seconds else None


def _calls(state: TelegramState, answer: HttpResponse) -> tuple[HttpRequest, ...]:
    if not answer.body:
        return ()
    headers = (("Content-Type", answer.header("content-type") or ""),)
    method = _method(headers, answer.body)
    if not isinstance(method, str) or not method.isascii() or not method.isalnum():
        return ()
    if method.lower().startswith("get") or method.lower() in _IGNORED:
        return ()
    return (HttpRequest("POST", f"/bot{state.token}/{method}", headers, answer.body),)


class _Named(msgspec.Struct):
    """Of a method's JSON no more than its name."""

    method: Any = None


_read_named = msgspec.json.Decoder(_Named).decode


def _method(headers: Headers, body: bytes) -> object:
    """The method that the body of an answer names, however it is written."""
    kind = media_type(headers[0][1])
    if kind not in _BODIES:
        return None
    if kind == "application/json":
        try:
            return _read_named(body).method
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
    return read_arguments(HttpRequest("POST", "/", headers, body)).values.get("method")


_REASONS = {
    300: "Multiple Choices",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
