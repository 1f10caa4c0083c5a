"""Identifiers in Viber's own shapes: sixteen bytes in Base64 for a customer, nineteen digits for a message."""

from __future__ import annotations

from base64 import b64encode

from chatdrill.seeds import Stream

_OWNED = 21
"""Characters of a customer's id before its last one, which has only four values, and the two ``=``."""


def user_id(chance: Stream) -> str:
    """A fresh id: 24 characters, ``/`` and ``+`` among them. A worker's mark stands where Base64 stays whole."""
    drawn = b64encode(chance.getrandbits(128).to_bytes(16, "big")).decode()
    return f"{chance.marked(drawn[:_OWNED])}{drawn[_OWNED:]}"


def owned_part(user_id: str) -> str:
    """The part of a customer's id that ends in the mark of the worker who handed it out."""
    return user_id[:_OWNED]


def message_token(chance: Stream) -> str:
    """A fresh token: nineteen digits, a number beyond 2^53 and below 2^63."""
    return f"5{chance.digits(18)}"


def millis(at: float) -> int:
    """Drill time in milliseconds."""
    return int(at * 1000)
