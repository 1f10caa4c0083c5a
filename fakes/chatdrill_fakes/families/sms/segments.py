"""How a text becomes segments of an SMS.

Source: 3GPP TS 23.038 (2024), default alphabet and extension table; TS 23.040 (2024), concatenation with an 8-bit reference, whose header
takes 6 of 140 bytes: 160 septets or 70 UTF-16 units alone, 153 or 67 in each part of several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Literal

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""Characters that take two septets, an escape and another one, which must not be torn apart."""
Alphabet = Literal["GSM-7", "UCS-2"]
ALONE: dict[Alphabet, int] = {"GSM-7": 160, "UCS-2": 70}
PART: dict[Alphabet, int] = {"GSM-7": 153, "UCS-2": 67}
_GSM7 = BASIC | EXTENDED
_TORN = re.compile("[\ufffd\ud800-\udfff]")
_BEYOND_BMP = 0xFFFF


@dataclass(frozen=True, slots=True)
class Segmented:
    """A text in segments: their alphabet, the words of each, and how many units (septets, UTF-16 units) the text has."""

    alphabet: Alphabet
    parts: tuple[str, ...]
    units: int

    @property
    def count(self) -> int:
        """How many segments are billed; an empty text is one."""
        return len(self.parts)


def alphabet_of(text: str) -> Alphabet:
    """One character beyond the default alphabet, and the whole text is sent in UCS-2."""
    return "GSM-7" if _GSM7.issuperset(text) else "UCS-2"


def units_in(text: str) -> int:
    """How long a text is in the units of its alphabet."""
    return sum(_widths(text, alphabet_of(text)))


def _widths(text: str, alphabet: Alphabet) -> list[int]:
    if alphabet == "GSM-7":
        return [2 if char in EXTENDED else 1 for char in text]
    return [2 if ord(char) > _BEYOND_BMP else 1 for char in text]


@lru_cache(maxsize=512)
def segmented(text: str) -> Segmented:
    """The segments of a text; neither an escape nor a surrogate pair is torn apart."""
    alphabet = alphabet_of(text)
    widths = _widths(text, alphabet)
    units = sum(widths)
    if units <= ALONE[alphabet]:
        return Segmented(alphabet, (text,), units)
    return Segmented(alphabet, tuple(_cut(text, widths, PART[alphabet])), units)


def _cut(text: str, widths: list[int], room: int) -> Iterator[str]:
    begun, left = 0, room
    for place, width in enumerate(widths):
        if width > left:
            yield text[begun:place]
            begun, left = place, room
        left -= width
    yield text[begun:]


def broken_at(text: str) -> int | None:
    """Where a character is torn: the place of half a surrogate pair or of a replacement character, as they are left by a bot that
    cuts texts by bytes or UTF-16 units; ``None`` if all of them are whole."""
    found = None if text.isascii() else _TORN.search(text)
    return None if found is None else found.start()


def prefix_within(text: str, units_max: int) -> str:
    """The longest beginning of a text that has at most so many units in the alphabet of the whole."""
    widths = _widths(text, alphabet_of(text))
    return text[: sum(total <= units_max for total in accumulate(widths))]
