"""Texts in pieces of a legal length that together say the same."""

from __future__ import annotations

import unicodedata

# Zero-width joiner, and the letters of flags, which come in pairs.
_JOINER = "\u200d"
_FLAGS = range(0x1F1E6, 0x1F200)
_TONES = range(0x1F3FB, 0x1F400)
_BACK_MAX = 64


def pieces(text: str, length_max: int) -> list[str]:
    """The pieces in order; joined they are the text. Cut behind a space where there is one in the last fifth, and never
    within what a reader sees as one sign."""
    found = []
    while len(text) > length_max:
        at = _place(text, length_max)
        found.append(text[:at])
        text = text[at:]
    return [*found, text]


def _place(text: str, length_max: int) -> int:
    for at in range(length_max, length_max * 4 // 5, -1):
        if text[at - 1].isspace():
            return at
    for at in range(length_max, max(length_max - _BACK_MAX, 0), -1):
        if not _is_within_sign(text, at):
            return at
    return length_max


def _is_within_sign(text: str, at: int) -> bool:
    """True if what stands before and behind the place belongs together."""
    before, behind = text[at - 1], text[at]
    if _JOINER in (before, behind) or ord(behind) in _TONES:
        return True
    if ord(before) in _FLAGS and ord(behind) in _FLAGS:
        start = at
        while start and ord(text[start - 1]) in _FLAGS:
            start -= 1
        return (at - start) % 2 == 1
    return unicodedata.category(behind) in ("Mn", "Mc", "Me") or (before, behind) == ("\r", "\n")
