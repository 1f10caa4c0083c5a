"""Phone numbers and other senders of an SMS.

Source: ITU-T E.164 (2010): up to 15 digits, the first not zero; twilio.com/docs and infobip.com/docs (2026): short codes have 5 or 6
digits (some countries 3 to 8), alphanumeric senders up to 11 characters of which one is a letter, and cannot be answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from chatdrill.seeds import Stream

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT = re.compile(r"[0-9]{3,8}")
_ALPHA = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_+.-]{1,11}")
_NOT_DIGITS = re.compile(r"[^0-9]")
_SEPARATORS = re.compile(r"[ ().-]")


@lru_cache(maxsize=4096)
def e164(number: str) -> str | None:
    """A number as gateways spell it, without what people write between its digits; ``None`` for what is none."""
    bare = _SEPARATORS.sub("", number)
    return bare if _E164.fullmatch(bare) else None


def is_e164(number: str) -> bool:
    """True for ``+`` and 7 to 15 digits."""
    return _E164.fullmatch(number) is not None


def is_short_code(sender: str) -> bool:
    """True for a number of a few digits."""
    return _SHORT.fullmatch(sender) is not None


def is_alphanumeric(sender: str) -> bool:
    """True for a name in the place of a number."""
    return _ALPHA.fullmatch(sender) is not None


def number_of(phone: str, chance: Stream) -> str:
    """The digits of a customer's phone; of one who has none, a number that is reserved for fiction."""
    return _NOT_DIGITS.sub("", phone).lstrip("0")[:15] or f"1202555{chance.digits(8)[-4:]}"


def free_number(digits: str, taken: Callable[[str], bool], chance: Stream) -> str:
    """``digits``, or the next number that is not ``taken``. Where several workers hold the account, its last two digits are the worker's."""
    digits = chance.marked(digits)
    while taken(digits):
        digits = str(chance.following(int(digits)))
    return digits
