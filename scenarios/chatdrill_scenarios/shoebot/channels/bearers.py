"""Tokens of the Bot Connector: by whom a webhook was sent, as the published keys prove it (RS256, RFC 7518)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

ISSUER = "https://api.botframework.com"
SKEW_S = 300.0
# RFC 8017, 9.2: what stands before a digest of SHA-256.
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def unpacked(word: str) -> bytes:
    return base64.urlsafe_b64decode(word.encode() + b"=" * (-len(word) % 4))


def keys_in(published: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The keys of a JSON Web Key Set by their ids."""
    return {key["kid"]: key for key in published.get("keys") or ()}


def claims_of(token: str, keys: Mapping[str, Mapping[str, Any]]) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """What a token claims and the key that proves it, or None if none does."""
    try:
        head, claims, signature = token.split(".")
        about, said = json.loads(unpacked(head)), json.loads(unpacked(claims))
        key = keys[about["kid"]]
        numbers = (int.from_bytes(unpacked(word), "big") for word in (signature, key["e"], key["n"]))
        size = len(unpacked(key["n"]))
        opened = pow(*numbers).to_bytes(size, "big")
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    digest = _SHA256 + hashlib.sha256(f"{head}.{claims}".encode()).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return (said, key) if opened == padded and about.get("alg") == "RS256" else None


def is_due(claims: Mapping[str, Any], now: float) -> bool:
    """Whether the dates of a token are right, as far as clocks agree."""
    return float(claims["nbf"]) - SKEW_S <= now <= float(claims["exp"]) + SKEW_S
