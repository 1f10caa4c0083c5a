"""Which kinds of messages an act of a customer is: often several, as a photo with words that quotes something."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chatdrill.model import (
    Act,
    Block,
    Contact,
    Delete,
    Edit,
    Form,
    Location,
    Media,
    Order,
    Other,
    Press,
    React,
    Start,
    Text,
    Write,
)

LONG_CHARACTERS = 500
SHORT_CHARACTERS = 2
_MEDIA = {"video_note": "round video"}
_PARTS: Mapping[type, str] = {
    Location: "location",
    Contact: "contact",
    Order: "basket",
    Form: "form",
    Other: "unknown",
}


def kinds_of(act: Act, *, text_max: float, quotes_template: bool) -> frozenset[str]:
    """The kinds of an act; none for what is no message (typing, reading). ``text_max`` is the platform's longest text in characters,
    ``quotes_template``: the message that is pressed or quoted is a template."""
    read = _READERS.get(type(act))
    found = set() if read is None else set(read(act, text_max))
    if found and quotes_template:
        found.add("template reply")
    return frozenset(found)


def message_meant(act: Act) -> str | None:
    """The id of the message that an act answers or presses."""
    if isinstance(act, Write):
        return act.reply_to
    return act.message_id if isinstance(act, Press) else None


def text_of(act: Act) -> str | None:
    """The words of a message that is nothing but words."""
    if isinstance(act, Write) and len(act.parts) == 1 and isinstance(act.parts[0], Text):
        return act.parts[0].text
    return None


def _written(act: Write, text_max: float) -> Iterator[str]:
    for part in act.parts:
        if isinstance(part, Text):
            yield from _worded(part.text, text_max)
        elif isinstance(part, Media):
            yield _MEDIA.get(part.kind, part.kind)
            if part.caption is not None and part.caption.text:
                yield "caption"
        elif type(part) in _PARTS:
            yield _PARTS[type(part)]
    if sum(isinstance(part, Media) for part in act.parts) > 1:
        yield "album"
    if act.reply_to is not None:
        yield "quote"
    if act.forwarded:
        yield "forward"
    if act.referral is not None:
        yield "referral"


def _worded(text: str, text_max: float) -> Iterator[str]:
    yield _size(text, text_max)
    if text.startswith("/"):
        yield "command"
    if not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        yield "right-to-left"


def _size(text: str, text_max: float) -> str:
    length = len(text)
    if length >= text_max:
        return "longest text"
    if length >= LONG_CHARACTERS:
        return "long text"
    if not text.isascii() and not any(char.isalnum() for char in text):
        return "emoji"
    return "short text" if length <= SHORT_CHARACTERS else "text"


def _started(act: Start, _: float) -> Iterator[str]:
    yield "start" if act.payload is None and act.referral is None else "deep link"
    if act.referral is not None:
        yield "referral"


_READERS: Mapping[type, Callable[[Any, float], Iterator[str]]] = {
    Write: _written,
    Start: _started,
    Press: lambda _act, _max: iter(("press",)),
    Edit: lambda _act, _max: iter(("edit",)),
    Delete: lambda _act, _max: iter(("delete",)),
    React: lambda _act, _max: iter(("reaction",)),
    Block: lambda _act, _max: iter(("block",)),
}
