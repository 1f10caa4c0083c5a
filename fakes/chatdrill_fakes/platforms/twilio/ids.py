"""Identifiers in Twilio's own shapes: two letters and 32 hexadecimal digits."""

from __future__ import annotations

import re
from email.utils import formatdate
from functools import lru_cache
from hashlib import blake2b

from chatdrill.seeds import Stream

_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")


def sid(kind: str, chance: Stream) -> str:
    """A fresh id; it ends in the mark of the worker who hands it out."""
    return kind + chance.marked(f"{chance.getrandbits(128):032x}")


def is_sid(value: str, *kinds: str) -> bool:
    """True for an id of one of these kinds."""
    return _SID.fullmatch(value) is not None and value[:2] in kinds


def idempotency_token(id: str) -> str:
    """What stays the same when a webhook is tried again."""
    word = blake2b(id.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"{word[:8]}-{word[8:12]}-4{word[13:16]}-8{word[17:20]}-{word[20:]}"


@lru_cache(maxsize=1024)
def _date(second: int) -> str:
    return formatdate(second).replace("-0000", "+0000")


def rfc2822(at: float | None) -> str | None:
    """A date as the REST API writes it, in UTC."""
    return None if at is None else _date(int(at))
