"""What the agents are shown of what was said: words for all that is none, and no card numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .model import Event, Picture, Pin, Reply, Say

_SHOWN = {
    "sticker": "[sticker]", "voice": "[voice message]", "audio": "[audio]", "video": "[video]", "photo": "[photo]",
    "document": "[file]", "other": "[a message of a kind that cannot be shown]",
}  # fmt: skip
_UNSENT = "[the customer has taken this message back]"
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


def event_words(event: Event) -> str:
    """What a customer did as words."""
    if event.kind == "location":
        return f"[location] {event.latitude:.5f}, {event.longitude:.5f}"
    if event.kind == "contact":
        return f"[contact] {event.phone}"
    if event.is_unsent:
        return _UNSENT
    return without_cards(event.text) or _SHOWN.get(event.kind, "")


def left_of(burst: Iterable[Event]) -> list[Event]:
    """A burst without what was written and taken back in it."""
    events = list(burst)
    here = {event.id.partition("#")[0] for event in events}
    gone = {event.message_id for event in events if event.is_unsent}
    return [
        event
        for event in events
        if event.id.partition("#")[0] not in gone and not (event.is_unsent and event.message_id in here)
    ]
