"""The ``message`` of a send, read and checked: what it says in neutral words, and what must be fetched for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from chatdrill.model import Keyboard, Part, Text
from chatdrill_fakes.families.meta import GraphError

from . import reading
from .attachments import Wanted, read_attachment
from .state import Json


class Draft(msgspec.Struct):
    """A message that fits the schema. ``record`` is its ``message`` object as the echo shows it, without files; ``free`` if it may be
    sent at any time."""

    kind: str
    parts: tuple[Part, ...] = ()
    record: Json = {}
    wanted: tuple[Wanted, ...] = ()
    keyboard: tuple[Keyboard, ...] = ()
    note: str | None = None
    free: bool = False

    @property
    def heavy(self) -> bool:
        """True for sound and video, which have a rate limit of their own."""
        return self.kind in ("audio", "video")


Reader = Callable[[Any, Any], Draft]
Refuse = Callable[[str], GraphError]


def read_content(
    asked: Any,
    message: Mapping[str, Any],
    text: str | None,
    readers: Mapping[str, Reader],
    empty: Refuse,
    refuse: Refuse,
) -> Draft:
    """A message that holds ``text``, or exactly one of what there are ``readers`` for. Raises what ``empty`` makes of a message with nothing
    in it, and ``refuse`` of one with too much."""
    others: list[str] = []
    if not readers.keys().isdisjoint(message):  # nearly no message
        others = [name for name in readers if message.get(name) is not None]
    if not others:
        if text is None:
            raise empty("Message cannot be empty, must provide valid attachment or text")
        return Draft("text", (Text(text=text),), {"text": text})
    if text is not None or len(others) > 1:
        raise refuse(f"Cannot send {' and '.join(['text'] * (text is not None) + others)} in one message")
    return readers[others[0]](asked, message[others[0]])


def read_images(asked: Any, value: Any, most: int, refuse: Refuse) -> Draft:
    """Several pictures in one message."""
    wanted = tuple(
        read_attachment(asked, one, where) for where, one in reading.objects(value, "message[attachments]", 1, most)
    )
    if any(one.type != "image" for one in wanted):
        raise refuse("Param message[attachments] can only hold images")
    return Draft("image", wanted=wanted)
