"""Identifiers in Slack's own shapes: a letter or two, and ten capitals or digits; for messages the time to the microsecond."""

from __future__ import annotations

from hashlib import sha256

from chatdrill.seeds import Stream

_BITS = 36  # nine hexadecimal digits


def drawn(chance: Stream, prefix: str) -> str:
    """A fresh id (``U`` a person, ``D`` a direct message, ``F`` a file, ``V`` a view, ``Ev`` an event); a worker's mark ends it."""
    return chance.marked(f"{prefix}0{chance.getrandbits(_BITS):09X}")


def trigger(chance: Stream) -> str:
    """A fresh trigger: two numbers and hexadecimal digits."""
    return f"{chance.digits(13)}.{chance.digits(12)}.{chance.hex(32)}"


def uuid_of(words: str) -> str:
    """Words as a UUID; the same ones give the same."""
    digits = sha256(words.encode("utf-8", "replace")).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def seconds(ts: str) -> float | None:
    """The moment that a ``ts`` names, or ``None`` for what is none."""
    whole, dot, rest = ts.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 12) or (
        dot and not (rest.isascii() and rest.isdigit())
    ):
        return None
    return float(ts[:24]) if len(rest) <= 9 else None
