"""The passage of time in a chat: what a reader is told between two items."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.trace.transcript.phrases import day, later
from chatdrill.trace.transcript.views import Mark

_PAUSE_S = 600.0
"""A silence from which on a reader is told how long it was; shorter ones stand beside the message that ended them."""


class Passage:
    """Goes through a chat from moment to moment.

    Days begin as in ``zone``. Where time ``jumps``, a long silence becomes a mark; else a skipped pause is a record.
    """

    def __init__(self, *, zone: str = "UTC", jumps: bool = False) -> None:
        self._zone = zone
        self._jumps = jumps
        self._day = ""
        self._last_at: float | None = None

    def marks(self, at: float) -> Iterator[Mark]:
        """What lies between the last moment and this one: a long silence, the beginning of a day."""
        if self._jumps and self._last_at is not None and at - self._last_at >= _PAUSE_S:
            yield Mark(kind="pause", text=later(at - self._last_at), at=at)
        self._last_at = at
        today = day(at, self._zone)
        if today != self._day:
            self._day = today
            yield Mark(kind="day", text=today, at=at)
