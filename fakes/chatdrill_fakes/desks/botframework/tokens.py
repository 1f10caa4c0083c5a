"""What makes the bot believe the hub: a JSON Web Token as the Bot Connector signs them, a word that both know, or nothing.

A bot of an SDK asks ``/v1/.well-known/openidconfiguration`` for the keys and checks issuer, audience, dates, ``serviceurl`` and
that the key is endorsed for the channel (Microsoft, Authenticate requests from the Bot Connector service, 2025). The key of
chatdrill is printed here, so it proves nothing outside of a drill.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Any

import msgspec

from chatdrill_fakes.desks.botframework.state import BotFrameworkState

ISSUER = "https://api.botframework.com"
KEY_ID = "chatdrill-hub"
_P = int(
    "d77555160e63fdb4b2ba551386459201f6d576b6c341c21041caff9122aa6ed3e0c278d74ee8b15f7fa2b0cc590f8e56"
    "0d517027a818044d40c3d6856b8e98e48a0da17dd13431791ce80d3e88d53800924767c85051bc93caa0ab487277253d"
    "50a5019bf6d5251338cbc23e0583eb72c968e9957eb8018f06dc3a21f073f543",
    16,
)
_Q = int(
    "c686c8570653c88e0fad738835a1c255905c3199e6e78fe86b3f5ca63dde6de4c88b1122deb35304b5ad6c43f9e6e101"
    "0e7af6cdd02917cb02d60aae6dd128b4772b0576c385ac2987e06e1c940c39443e5a7746444280874bebf0079b115a51"
    "271458d56d66b12f0842ccb7ff84e9cedafa1ad88ba30b59f863bdf7a65c0a6d",
    16,
)
_MODULUS, _EXPONENT = _P * _Q, 65_537
_PRIVATE = pow(_EXPONENT, -1, (_P - 1) * (_Q - 1))
_SIZE_BYTES = 256
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, 9.2: what stands before the digest
_ENDS = 4_102_444_800  # 2100: the clocks of a drill run ahead, and one token serves a whole run
_ENDED = 3_600  # 1970: over by any clock


def token_of(state: BotFrameworkState, base_url: str) -> str:
    """The token that the hub at ``base_url`` shows; empty for a bot without an app id, as the Emulator does it."""
    settings = state.settings
    if settings["hub_token"] or not settings["app_id"]:
        return settings["hub_token"]
    return _signed(settings["app_id"], base_url, _ENDS)


def wrong(state: BotFrameworkState) -> str:
    """One that nobody may believe."""
    head, dot, signature = token_of(state, state.base_url).rpartition(".")
    return f"{head}{dot}{signature[::-1]}" if dot else f"not-{signature}"


def stale(state: BotFrameworkState) -> str | None:
    """One that has run out; ``None`` where the token has no date."""
    has_date = state.settings["app_id"] and not state.settings["hub_token"]
    return _signed(state.settings["app_id"], state.base_url, _ENDED) if has_date else None


@lru_cache(maxsize=64)
def _signed(app_id: str, base_url: str, ends: int) -> str:
    """RS256 (RFC 7518, 3.3); the modulus is small enough for plain arithmetic, and a run needs one or two."""
    head = {"typ": "JWT", "alg": "RS256", "kid": KEY_ID, "x5t": KEY_ID}
    claims = {"serviceurl": f"{base_url}/", "nbf": 0, "exp": ends, "iss": ISSUER, "aud": app_id}
    text = f"{_base64url(msgspec.json.encode(head))}.{_base64url(msgspec.json.encode(claims))}"
    digest = _SHA256 + hashlib.sha256(text.encode()).digest()
    padded = b"\x00\x01".ljust(_SIZE_BYTES - len(digest) - 1, b"\xff") + b"\x00" + digest
    signature = pow(int.from_bytes(padded, "big"), _PRIVATE, _MODULUS)
    return f"{text}.{_base64url(signature.to_bytes(_SIZE_BYTES, 'big'))}"


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def keys(channel_id: str) -> dict[str, Any]:
    """The public key as a JSON Web Key Set, endorsed for the hub's channel."""
    size = (_EXPONENT.bit_length() + 7) // 8
    numbers = {
        "n": _base64url(_MODULUS.to_bytes(_SIZE_BYTES, "big")),
        "e": _base64url(_EXPONENT.to_bytes(size, "big")),
    }
    return {
        "keys": [{"kty": "RSA", "use": "sig", "kid": KEY_ID, "x5t": KEY_ID, **numbers, "endorsements": [channel_id]}]
    }
