"""Ids and tokens in the shapes that amoCRM gives them."""

from __future__ import annotations

import base64

import msgspec

from chatdrill.seeds import Stream

_JWT_HEAD = {"typ": "JWT", "alg": "RS256"}
_UID_DIGITS, _SIGNATURE_BYTES, _REFRESH_DIGITS = 60, 256, 180


def uuid(chance: Stream) -> str:
    """A random UUID, version 4."""
    digits = chance.hex(31)
    variant = "89ab"[int(digits[15], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-{variant}{digits[16:19]}-{digits[19:31]}"


def uid(chance: Stream) -> str:
    """The id of an incoming lead."""
    return chance.hex(_UID_DIGITS)


def access_token(chance: Stream, client_id: str, account_id: int, user_id: int, until: float) -> str:
    """A JSON web token that says whose it is; its signature is invented."""
    claims = {
        "aud": client_id,
        "jti": chance.hex(80),
        "exp": int(until),
        "sub": str(user_id),
        "account_id": account_id,
        "scopes": ["crm", "notifications", "push_notifications", "files"],
    }
    signature = bytes.fromhex(
        chance.hex(2 * _SIGNATURE_BYTES)
    )  # of whole bytes: clients decode it, though they do not check it
    parts = (msgspec.json.encode(_JWT_HEAD), msgspec.json.encode(claims), signature)
    return ".".join(map(_base64url, parts))


def refresh_token(chance: Stream) -> str:
    """A refresh token, or an authorization code: they look alike."""
    return "def502" + chance.hex(_REFRESH_DIGITS)


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
