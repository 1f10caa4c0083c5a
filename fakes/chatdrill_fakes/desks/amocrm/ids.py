"""Ids and tokens in the shapes that amoCRM gives them."""

from __future__ import annotations

import base64

import msgspec

from chatdrill.seeds import Stream

_JWT_HEAD = {"typ": "JWT", "alg": "RS256"}
_UID_DIGITS, _SIGNATURE_LENGTH, _REFRESH_DIGITS = 60, 86, 180


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
    return f"{_base64url(_JWT_HEAD)}.{_base64url(claims)}.{chance.base64url(_SIGNATURE_LENGTH)}"


def refresh_token(chance: Stream) -> str:
    """A refresh token, or an authorization code: they look alike."""
    return "def502" + chance.hex(_REFRESH_DIGITS)


def _base64url(value: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).rstrip(b"=").decode()
