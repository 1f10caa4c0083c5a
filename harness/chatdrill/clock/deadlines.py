"""Ending many waits in time, at the cost of few timers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

W = TypeVar("W")

GRAIN_S = 1 / 32
"""Who waits for seconds does not mind. A power of two, so that moments are the same number for all."""


class Deadlines(Generic[W]):
    """Ends waits in time, by ``end``: one timer for all that end at the same moment. In a moment of virtual time thousands begin; where
    time passes no two are the same, so there they may end up to ``grain_s`` late, together with others. Such a timer is left alone
    when nobody waits for it any more: others soon will, and time that passes anyway wakes nobody who is not there."""

    def __init__(self, end: Callable[[W], None], grain_s: float = 0.0) -> None:
        self._end = end
        self._grain_s = grain_s
        self._waiting: dict[float, tuple[asyncio.TimerHandle, dict[W, None]]] = {}

    def add(self, deadline: float, waiter: W, loop: asyncio.AbstractEventLoop) -> float:
        """End a wait when the time of the event ``loop`` is ``deadline``; returns when that will be."""
        if self._grain_s:
            deadline = -(-deadline // self._grain_s) * self._grain_s
        due = self._waiting.get(deadline)
        if due is None:
            timer = loop.call_at(deadline, self._fire, deadline)
            due = self._waiting[deadline] = timer, {}
        due[1][waiter] = None
        return deadline

    def remove(self, deadline: float, waiter: W) -> None:
        """The wait that ``add`` said would end at ``deadline`` is over."""
        due = self._waiting.get(deadline)
        if due is None:
            return
        timer, waiters = due
        waiters.pop(waiter, None)
        if not waiters and not self._grain_s:
            timer.cancel()
            del self._waiting[deadline]

    def _fire(self, deadline: float) -> None:
        for waiter in self._waiting.pop(deadline)[1]:
            self._end(waiter)
