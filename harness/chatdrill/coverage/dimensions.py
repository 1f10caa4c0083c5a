"""The five dimensions of a conversation and their values, in words. A *cell* is a pair of values of two dimensions.

``weight`` says how often bots have trouble there (1 to 3): it orders what is missing and has no other meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from chatdrill.serve.faults import KINDS as FAULT_KINDS

Dimension = Literal["platform", "state", "kind", "fault", "time"]
DIMENSIONS: tuple[Dimension, ...] = ("platform", "state", "kind", "fault", "time")
NO_FAULT = "none"


@dataclass(frozen=True)
class Value:
    """One value of a dimension."""

    name: str
    about: str
    weight: int = 1


STATES = (
    Value("first contact", "the customer has not said anything yet", 2),
    Value("waiting", "the customer has spoken and the bot has not answered yet", 3),
    Value("answered", "the bot has answered, and shows nothing to press", 1),
    Value("buttons", "the bot's last message has buttons, a keyboard or a list", 3),
    Value("reminded", "the bot has spoken unasked: ten minutes or more after the customer's last word", 2),
    Value("nudged", "the customer has just asked where the answer is", 2),
    Value("hours later", "nothing was said for an hour or more", 1),
    Value("days later", "nothing was said for a day or more: outside of the messaging window, where the platform has one", 3),
    Value("unblocked", "the customer had blocked the bot, and this is the first word since", 1),
    Value("in the queue", "a person was asked for and nobody has come yet", 3),
    Value("with an agent", "a person has the conversation", 3),
    Value("back to the bot", "a person has had the conversation, and the bot has it again", 2),
    Value("ticket closed", "the first word after the helpdesk closed the ticket", 2),
    Value("ticket reopened", "the first word after a closed ticket was opened again", 2),
)  # fmt: skip
DESK_STATES = frozenset(value.name for value in STATES[-5:])

KINDS = (
    Value("text", "a sentence or a few", 1),
    Value("short text", "one or two characters: ok, 1, ?", 2),
    Value("long text", "500 characters or more", 2),
    Value("longest text", "as long as the platform takes it", 3),
    Value("emoji", "emoji and no words", 2),
    Value("right-to-left", "Arabic, Hebrew", 2),
    Value("command", "a text that begins with a slash", 1),
    Value("burst", "a further message within ten seconds, before the bot has answered", 3),
    Value("photo", "a photo", 2),
    Value("album", "several files in one message", 3),
    Value("caption", "a file with words", 2),
    Value("voice", "a voice note", 3),
    Value("audio", "a piece of music", 1),
    Value("video", "a video", 1),
    Value("round video", "a round video message", 1),
    Value("animation", "a GIF", 1),
    Value("document", "a document", 2),
    Value("sticker", "a sticker", 2),
    Value("location", "a point on the map", 2),
    Value("contact", "a contact card", 2),
    Value("basket", "an order of the vendor's catalogue", 1),
    Value("form", "a form that was filled in", 1),
    Value("unknown", "something that has no name here: a die, a poll, a reel", 2),
    Value("quote", "an answer to one certain message", 2),
    Value("forward", "a forwarded message", 1),
    Value("press", "a button is pressed", 2),
    Value("template reply", "a press on, or an answer to, a template", 2),
    Value("reaction", "a reaction to a message", 1),
    Value("edit", "an own message is changed", 3),
    Value("delete", "an own message is deleted", 2),
    Value("start", "the chat is opened", 1),
    Value("deep link", "the chat is opened by a link that carries something", 2),
    Value("referral", "the customer comes from an advertisement, a product or a plugin", 1),
    Value("block", "the bot is blocked", 1),
)

_HEAVY = ("duplicate", "concurrent-duplicate", "reorder", "lost-ack", "restart", "api-error")
FAULTS = tuple(Value(kind.name, kind.about, 3 if kind.name in _HEAVY else 2) for kind in FAULT_KINDS.values())

TIMES = (
    Value("weekday", "Monday to Friday, from 06:00 to 22:00", 1),
    Value("weekend", "Saturday or Sunday, from 06:00 to 22:00", 2),
    Value("night", "from 22:00 to 06:00", 2),
    Value("clock change", "a day that is an hour longer or shorter", 2),
    Value("open", "within the hours of the calendar", 1),
    Value("closed", "outside the hours of the calendar", 3),
    Value("holiday", "a day without hours whose weekday usually has them", 2),
)
CALENDAR_TIMES = frozenset({"open", "closed", "holiday"})

VALUES: Mapping[Dimension, Mapping[str, Value]] = {
    "platform": {},
    "state": {value.name: value for value in STATES},
    "kind": {value.name: value for value in KINDS},
    "fault": {value.name: value for value in FAULTS},
    "time": {value.name: value for value in TIMES},
}
"""The values by name; platforms are those that a trace has."""

Pair = tuple[Dimension, Dimension]
_ORDER: tuple[Dimension, ...] = ("kind", "state", "platform", "fault", "time")
PAIRS: tuple[Pair, ...] = tuple(combinations(_ORDER, 2))
"""All pairs of dimensions: each is a table with the first one's values as its rows."""


def weight_of(dimension: Dimension, name: str) -> int:
    """The weight of a value."""
    value = VALUES[dimension].get(name)
    return 1 if value is None else value.weight
