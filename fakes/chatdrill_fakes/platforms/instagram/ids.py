"""Ids in the shapes that Instagram gives out. Every one is drawn from the channel's own stream of chance."""

from __future__ import annotations

from binascii import b2a_base64
from functools import lru_cache

from chatdrill.seeds import Stream

INBOX_APP = "1217981644879628"
"""The app that owns a thread while a person answers in Instagram's own inbox (Meta: conversation routing)."""
_THREAD_DIGITS, _ITEM_DIGITS = 39, 35
_ESCAPES = (("Z", "ZA"), ("+", "ZB"), ("/", "ZC"), ("=", "ZD"))


def thread(chance: Stream) -> str:
    """The number of a thread, which is a part of the ids of its messages."""
    return chance.digits(_THREAD_DIGITS)


def mid(own_id: str, thread_number: str, chance: Stream) -> str:
    """A message id: account, thread and item in Base64, with the signs that are no letters spelt out."""
    head, rest = _head(own_id, thread_number)
    item = 10 ** (_ITEM_DIGITS - 1) + chance.getrandbits(
        112
    )  # fewer than 10 ** 34, so the digits are as many as they should be
    return chance.marked(head + _spelt(f"{rest}{item}"))


@lru_cache(maxsize=4096)
def _head(own_id: str, thread_number: str) -> tuple[str, str]:
    """What is the same in all ids of a thread, spelt as far as groups of three go; and what is left of it, as it is."""
    plain = f"ig_dm_item:1:IGMessageID:{own_id}:{thread_number}:"
    whole = len(plain) - len(plain) % 3
    return _spelt(plain[:whole]), plain[whole:]


def thread_id(own_id: str, thread_number: str, chance: Stream) -> str:
    """A conversation id, in the same spelling."""
    return chance.marked(_spelt(f"ig_dm_thread:1:{own_id}:{thread_number}"))


def _spelt(plain: str) -> str:
    found = b2a_base64(plain.encode(), newline=False).decode()
    for sign, spelling in _ESCAPES:
        if sign in found:
            found = found.replace(sign, spelling)
    return found
