"""Identifiers in LINE's own shapes: a letter and 32 hex digits for people and groups, ULIDs for events, UUIDs for requests."""

from __future__ import annotations

import re
from binascii import b2a_base64
from functools import lru_cache

from chatdrill.seeds import Stream

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(first + second for first in _CROCKFORD for second in _CROCKFORD)
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HOLDER = re.compile(r"[UCR][0-9a-f]{32}")


def _hex(chance: Stream) -> str:
    return chance.marked(f"{chance.getrandbits(128):032x}")


def holder(chance: Stream, letter: str) -> str:
    """A fresh id: ``U`` for a person, ``C`` for a group, ``R`` for a room."""
    return f"{letter}{_hex(chance)}"


def reply_token(chance: Stream) -> str:
    """A fresh token: 32 hex digits."""
    return _hex(chance)


def message_id(chance: Stream) -> str:
    """A fresh id: eighteen digits; one does not follow another."""
    return chance.marked(f"59{chance.getrandbits(53):016}"[:18])


def opaque(chance: Stream) -> str:
    """A quote token, a token to mark as read, a link token: nobody reads them."""
    drawn = b2a_base64(chance.getrandbits(120).to_bytes(15, "big"), newline=False)
    return chance.marked(drawn.translate(_URL_SAFE).decode())


def request_id(chance: Stream) -> str:
    """A UUID as the answer's header has it."""
    bits = chance.getrandbits(122)
    head = f"{bits >> 50:018x}"
    return f"{head[:8]}-{head[8:12]}-4{head[12:15]}-a{head[15:]}-{bits & 0xFFFFFFFFFFFF:012x}"


def event_id(chance: Stream, at: float) -> str:
    """A ULID: ten characters of milliseconds, sixteen of chance."""
    drawn = chance.getrandbits(80)
    pairs = "".join([_PAIRS[(drawn >> shift) & 1023] for shift in range(70, -1, -10)])
    return chance.marked(f"{_stamp(millis(at))}{pairs}")


@lru_cache(maxsize=1024)
def _stamp(ms: int) -> str:
    return "".join(_PAIRS[(ms >> shift) & 1023] for shift in range(40, -1, -10))


def is_uuid(value: str) -> bool:
    """True for the form that a retry key has."""
    return _UUID.fullmatch(value) is not None


def is_holder(value: object, letters: str = "UCR") -> bool:
    """True for the form of an id of a person, group or room."""
    return isinstance(value, str) and value[:1] in letters and _HOLDER.fullmatch(value) is not None


def millis(at: float) -> int:
    """Drill time in milliseconds."""
    return int(at * 1000)
