"""Requests on their way to another program, and how they end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec

from chatdrill.clock import Deadlines
from chatdrill.wire import HttpFailure, HttpResponse


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """How a request ended. ``took_s`` counts from just before it was written (from the start, if it never was)."""

    answer: HttpResponse | HttpFailure
    took_s: float
    note: str | None = None


Done = Callable[[Outcome], None]


class Carrier(Protocol):
    """The connection that carries an errand."""

    def cut(self) -> None:
        """Close now."""


class Errands(Protocol):
    """Who sends errands. ``now`` is a monotonic clock in seconds."""

    under_way: set[Errand]
    deadlines: Deadlines[Errand]

    @property
    def now(self) -> Callable[[], float]:
        """Real seconds since an arbitrary point."""


class Errand:
    """A request on its way; ``done`` is called exactly once, unless it is cancelled."""

    __slots__ = (
        "_due",
        "_errands",
        "answer_max_bytes",
        "began",
        "data",
        "done",
        "link",
        "method",
        "note",
        "over",
        "timeout_s",
    )

    def __init__(
        self, errands: Errands, data: bytes, method: str, timeout_s: float, max_bytes: int, done: Done
    ) -> None:
        self._errands = errands
        self.data = data
        self.method = method
        self.timeout_s = timeout_s
        self.answer_max_bytes = max_bytes
        self.done = done
        self.note: str | None = None
        self.link: Carrier | None = None
        self.over = False
        self.began = errands.now()
        loop = asyncio.get_running_loop()
        self._due = errands.deadlines.add(loop.time() + timeout_s, self, loop)
        errands.under_way.add(self)

    def end(self, answer: HttpResponse | HttpFailure, came_at: float | None = None) -> None:
        """Report the answer, which came in at ``came_at`` (``None``: now)."""
        if not self.over:
            self._stop()
            ended = self._errands.now() if came_at is None else came_at
            self.done(Outcome(answer, ended - self.began, self.note))

    def cancel(self) -> None:
        """Forget the request; nothing is reported."""
        if not self.over:
            self._stop()
            self._cut()

    def expire(self) -> None:
        """The time is over."""
        self.end(HttpFailure("timeout", f"no answer within {self.timeout_s:g} s"))
        self._cut()

    def _stop(self) -> None:
        self.over = True
        self._errands.deadlines.remove(self._due, self)
        self._errands.under_way.discard(self)

    def _cut(self) -> None:
        if self.link is not None:
            self.link.cut()
