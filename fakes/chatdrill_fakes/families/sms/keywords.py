"""Words by which people leave an SMS programme, come back, or ask for help.

Source: twilio.com/docs, Messaging: opt-out keywords (2026); CTIA, Messaging Principles and Best Practices (2023).
"""

from __future__ import annotations

from typing import Literal

Keyword = Literal["STOP", "START", "HELP"]
_WORDS: dict[Keyword, tuple[str, ...]] = {
    "STOP": ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
    "START": ("START", "YES", "UNSTOP"),
    "HELP": ("HELP", "INFO"),
}
_KEYWORDS: dict[str, Keyword] = {word: kind for kind, words in _WORDS.items() for word in words}
_LONGEST = max(map(len, _KEYWORDS))


def keyword_in(text: str) -> Keyword | None:
    """What a message means that is nothing but one of the words, in any case and with spaces around."""
    word = text.strip()
    return _KEYWORDS.get(word.upper()) if len(word) <= _LONGEST else None


def is_out(was_out: bool, text: str) -> bool:
    """Whether a customer has left after this message."""
    word = keyword_in(text)
    return word == "STOP" or (was_out and word != "START")
