"""The calls about the channel: where webhooks go, their test, and access tokens.

Source: developers.line.biz, Messaging API reference: webhook settings, channel access tokens (2026-08).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from typing import Any

import msgspec

from chatdrill.wire import Fetch, Fetched
from chatdrill_fakes.platforms.line import limits
from chatdrill_fakes.platforms.line.calls import Answered, Asked
from chatdrill_fakes.platforms.line.errors import ApiError, oauth
from chatdrill_fakes.platforms.line.reading import is_address
from chatdrill_fakes.platforms.line.state import Json
from chatdrill_fakes.platforms.line.webhooks import TEST_TIMEOUT_S, enveloped, signed

_ANSWER_MAX_BYTES = 64 * 1024
_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONG_S = 10 * 365 * limits.DAY_S
"""What is left of a token that never ends."""


# ------------------------------------------------------------------------------------------------------------- webhooks


def set_endpoint(asked: Asked) -> Answered:
    """Where webhooks go from now on; the address is not asked first."""
    asked.state.webhook_url = _endpoint(asked)
    asked.state.outbox.changed()
    return Answered()


def _endpoint(asked: Asked) -> str:
    url = asked.values.get("endpoint")
    strict = asked.state.on("strict")
    if not isinstance(url, str) or len(url) > limits.ENDPOINT_MAX or not is_address(url, strict=strict):
        raise ApiError(400, "Invalid webhook endpoint URL")
    return url


def get_endpoint(asked: Asked) -> Answered:
    """Where they go, and whether they do at all."""
    if not asked.state.webhook_url:
        raise ApiError(404, "Webhook endpoint not found")
    return Answered({"endpoint": asked.state.webhook_url, "active": asked.state.on("webhook")})


def test_endpoint(asked: Asked) -> Answered:
    """A webhook without events; the answer says what became of it."""
    url = _endpoint(asked) if asked.values.get("endpoint") is not None else asked.state.webhook_url
    if not url:
        raise ApiError(404, "Webhook endpoint not found")
    got = asked.exchange.fetched.get(url)
    if got is None:
        request = signed(url, asked.state.secret, enveloped(asked.state))
        return Answered(wait=Fetch((), TEST_TIMEOUT_S, _ANSWER_MAX_BYTES, requests=(request,)))
    return Answered(_outcome(url, got, asked.now))


def _outcome(url: str, got: Fetched, now: float) -> Json:
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(now * 1000) % 1000:03}Z"
    known: Json = {"success": 200 <= got.status < 300, "timestamp": stamp, "statusCode": got.status}
    if got.status:
        return {**known, "reason": "OK" if known["success"] else "ERROR_STATUS_CODE", "detail": str(got.status)}
    if got.error == "timeout":
        return {**known, "reason": "REQUEST_TIMEOUT", "detail": "Request timeout"}
    return {**known, "reason": "COULD_NOT_CONNECT", "detail": f"Connection failed: {url}"}


# --------------------------------------------------------------------------------------------------------------- tokens


def issue(asked: Asked) -> Answered:
    """A token of 30 days; the oldest of more than thirty is revoked."""
    _check_client(asked)
    held = [token for token, (kind, _) in asked.state.issued.items() if kind == "short"]
    if len(held) >= limits.TOKENS_MAX:
        del asked.state.issued[held[0]]
    return Answered(_issued(asked, "short", limits.TOKEN_S))


def issue_by_jwt(asked: Asked) -> Answered:
    """A token of 30 days for a signed assertion, of which there are thirty at most."""
    key = _check_assertion(asked)
    if sum(kind.startswith("jwt") for kind, _ in asked.state.issued.values()) >= limits.TOKENS_MAX:
        raise ApiError(400, "The maximum number of access tokens has already been issued")
    return Answered({**_issued(asked, f"jwt {key}", limits.TOKEN_S), "key_id": key})


def issue_stateless(asked: Asked) -> Answered:
    """A token of fifteen minutes, as many as one likes."""
    if asked.values.get("client_assertion") is not None:
        _check_assertion(asked)
    else:
        _check_client(asked)
    return Answered(_issued(asked, "stateless", limits.STATELESS_S))


def _issued(asked: Asked, kind: str, life_s: float) -> Json:
    token = f"{asked.state.chance.base64url(86)}=="
    asked.state.issued[token] = (kind, asked.now + life_s)
    return {"access_token": token, "expires_in": int(life_s), "token_type": "Bearer"}


def _check_client(asked: Asked) -> None:
    _check_grant(asked)
    if asked.values.get("client_id") != asked.state.settings["channel_id"]:
        raise oauth("invalid_client", "invalid client_id")
    if asked.values.get("client_secret") != asked.state.secret:
        raise oauth("invalid_client", "invalid client_secret")


def _check_grant(asked: Asked) -> None:
    if asked.values.get("grant_type") != "client_credentials":
        raise oauth("unsupported_grant_type", "grant_type must be client_credentials")


def _check_assertion(asked: Asked) -> str:
    """The key that signed an assertion. Its signature is not looked at: the public key stands in the vendor's console."""
    _check_grant(asked)
    head, claims = (_segment(asked.values.get("client_assertion"), number) for number in (0, 1))
    if asked.values.get("client_assertion_type") != _JWT or head is None or claims is None:
        raise oauth("invalid_request", "client_assertion is no JWT")
    if claims.get("iss") != asked.state.settings["channel_id"]:
        raise oauth("invalid_client", "iss of the client_assertion is another channel")
    return str(head.get("kid") or "")[:64]


def _segment(jwt: Any, number: int) -> Json | None:
    parts = jwt.split(".") if isinstance(jwt, str) else []
    if len(parts) != 3:
        return None
    try:
        value = msgspec.json.decode(urlsafe_b64decode(parts[number] + "=" * (-len(parts[number]) % 4)))
    except (ValueError, msgspec.DecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def verify(asked: Asked) -> Answered:
    """Whose a token is, and how long it lives."""
    token = asked.values.get("access_token")
    ends_at = ends(asked, token) if isinstance(token, str) else None
    if ends_at is None:
        raise oauth("invalid_request", "access_token invalid")
    return Answered(
        {"client_id": asked.state.settings["channel_id"], "expires_in": int(ends_at - asked.now), "scope": "P CM"}
    )


def ends(asked: Asked, token: str) -> float | None:
    """When a token ends (drill time), or ``None`` for one that does not count."""
    if token == asked.state.token:
        return asked.now + _LONG_S
    _, ends_at = asked.state.issued.get(token, ("", 0.0))
    return ends_at if ends_at > asked.now else None


def revoke(asked: Asked) -> Answered:
    """A token counts no more; one that never did is no mistake."""
    asked.state.issued.pop(str(asked.values.get("access_token")), None)
    return Answered()
