"""A bot in this process that blocks the loop would end the fuzzing, and nobody would know why: it is interrupted where it blocks."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

BLOCKED_S = 10.0
"""Longer than anything that a bot may do without letting others run."""


class Blocked(Exception):
    """The bot blocked the event loop."""


class Unblocking:
    """While it is entered: raises ``Blocked`` in whatever runs if ``progress()`` does not change for ``BLOCKED_S`` real seconds. A bot that
    handles a webhook then answers like one that crashed. Only the main thread of a system with timers can do that."""

    def __init__(self, progress: Callable[[], int]) -> None:
        self._progress = progress
        self._seen = -1
        self._before: Any = None
        self._works = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    def __enter__(self) -> None:
        if self._works:
            self._before = signal.signal(signal.SIGALRM, self._look)
            signal.setitimer(signal.ITIMER_REAL, BLOCKED_S, BLOCKED_S)

    def __exit__(self, *details: object) -> None:
        if self._works:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)

    def _look(self, _number: int, frame: FrameType | None) -> None:
        progress, before = self._progress(), self._seen
        self._seen = progress
        if progress == before and frame is not None and _is_foreign(frame):
            raise Blocked(f"the bot blocked the event loop for more than {BLOCKED_S:g} s")


def _is_foreign(frame: FrameType | None) -> bool:
    """True if the bot runs: somewhere above the frame chatdrill has called its application."""
    while frame is not None:
        if frame.f_globals.get("__name__") == "chatdrill.serve.asgi":
            return True
        frame = frame.f_back
    return False
