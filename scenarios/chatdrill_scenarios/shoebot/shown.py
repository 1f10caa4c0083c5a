"""What the agents are shown of what was said: words for all that is none, and no card numbers. Pure."""

from __future__ import annotations

import re

from .model import Picture, Pin, Reply, Say

SHOWN = {
    "sticker": "[sticker]", "voice": "[voice message]", "audio": "[audio]", "video": "[video]", "photo": "[photo]",
    "document": "[file]", "other": "[a message of a kind that cannot be shown]",
}  # fmt: skip
UNSENT = "[the customer has taken this message back]"
# Thirteen to nineteen digits, perhaps in groups; Luhn's sum decides whether it is a card.
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


def without_cards(words: str) -> str:
    """Card numbers are nobody's business: all but the last four digits are hidden."""
    return _CARD.sub(lambda match: _masked(match[0]), words)


def _masked(number: str) -> str:
    digits = [int(char) for char in number if char.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return f"[card …{number[-4:]}]" if sum(doubled) % 10 == 0 else number


def reply_words(reply: Reply) -> str:
    """An answer of the bot as words."""
    match reply:
        case Say(text=words):
            return words
        case Pin(title=title, address=address):
            return f"[location] {title}, {address}"
        case Picture(caption=caption):
            return f"[picture] {caption}"
    return ""
