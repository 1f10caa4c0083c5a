"""Identifiers in WeChat's own shapes."""

from __future__ import annotations

from chatdrill.seeds import Stream

OPENID_SIZE, MEDIA_ID_SIZE = 28, 64


def open_id(chance: Stream) -> str:
    """How one account knows a person: 28 characters, the first an ``o``."""
    return chance.marked(f"o{chance.base64url(OPENID_SIZE - 1)}")


def union_id(open_id: str) -> str:
    """How all accounts of one owner know the person."""
    return f"oU{open_id[2:]}"


def message_id(chance: Stream) -> str:
    """The number of a customer's message: 17 digits, beyond 2^53 and below 2^63."""
    return f"2{chance.digits(16)}"


def media_id(chance: Stream) -> str:
    """A file: 64 characters that need no quoting in an address."""
    return chance.base64url(MEDIA_ID_SIZE)


def access_token(chance: Stream) -> str:
    """A token: the length of today's, which are to be taken for up to 512 characters."""
    return f"98_{chance.base64url(135)}"


def rid(now: float, number: int) -> str:
    """What stands behind every error: three groups of eight hexadecimal digits."""
    return f"{int(now) & 0xFFFFFFFF:08x}-{number * 0x9E3779B1 & 0xFFFFFFFF:08x}-{number * 0x85EBCA6B & 0xFFFFFFFF:08x}"
