"""A message of the bot's on its way."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from chatdrill.model import Part
from chatdrill_fakes.platforms.line.state import Pressable


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a message names: which property, where it lies, what LINE takes there, and how large it may be."""

    name: str
    url: str
    max_bytes: int
    mimes: frozenset[str]


class Draft(msgspec.Struct):
    """``parts`` are what the customer sees, a media part first, whose file is the first of ``wanted``. ``quote`` is the token of what it
    answers, ``mentions`` that it names people, ``tracking`` the id of a film whose end is told."""

    kind: str
    parts: tuple[Part, ...] = ()
    pressables: list[Pressable] = []
    wanted: list[Wanted] = []
    quote: str | None = None
    sender: str | None = None
    mentions: bool = False
    tracking: str | None = None
    has_quick: bool = False

    @property
    def is_plain(self) -> bool:
        """True for a message that may go to any chat."""
        return not self.mentions and not self.tracking and self.quote is None
