"""Identifiers and moments in Zendesk's shapes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from chatdrill.seeds import Stream

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def number(chance: Stream) -> int:
    """A 64-bit id of a newer account: 14 digits. Source: ids in Zendesk's API reference, 2025."""
    return int(chance.digits(14))


def object_id(chance: Stream, at: float) -> str:
    """24 hexadecimal digits, the first eight of them the second of making: ids of Sunshine Conversations."""
    return f"{int(at) & 0xFFFFFFFF:08x}{chance.hex(16)}"


def ulid(chance: Stream, at: float) -> str:
    """26 characters of Crockford's base 32: ids of Support's webhooks and events."""
    return chance.marked(_base32(int(at * 1000), 10) + _base32(chance.getrandbits(80), 16))


def derived_ulid(text: str, at: float) -> str:
    """The same of the same text: an invocation keeps its id while the same bytes are sent again."""
    return _base32(int(at * 1000), 10) + _base32(int.from_bytes(hashlib.sha256(text.encode()).digest()[:10], "big"), 16)


def _base32(value: int, length: int) -> str:
    return "".join(_CROCKFORD[(value >> 5 * place) & 31] for place in range(length - 1, -1, -1))


def upload_token(chance: Stream) -> str:
    """A token of an upload."""
    return chance.marked("".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=15)))


def iso(at: float | None) -> str | None:
    """A moment as the Ticketing API writes it: ``2026-01-15T10:00:00Z``."""
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_ms(at: float | None) -> str | None:
    """A moment as Sunshine Conversations writes it: ``2026-01-15T10:00:00.000Z``."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: object) -> float | None:
    """Unix seconds of an ISO 8601 time with a zone, or ``None``."""
    try:
        at = datetime.fromisoformat(str(text))
        return at.timestamp() if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
