"""Whoever computes without end in the loop's thread stops everybody, and no timer can fire; a thread of our own notices.

It raises ``BotStuck`` where the thread computes, at the next step of Python: the bot's call fails, and the drill goes on.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
import threading
from collections.abc import Callable
from types import FrameType

from chatdrill.clock.real import real_monotonic

_LOOK_S = 1.0


class BotStuck(BaseException):
    """Code of the bot kept the event loop for itself for too long. No ``Exception``: a bot would swallow it."""


class Watchdog:
    """Watches the thread that made it. ``bites`` is told, in another thread, what code held the loop for ``most_s`` (real);
    ``rounds`` says how often the loop has come round."""

    def __init__(self, most_s: float, rounds: Callable[[], int], bites: Callable[[str], None]) -> None:
        self._most_s = most_s
        self._rounds = rounds
        self._bites = bites
        self._thread = threading.get_ident()
        self._ended = threading.Event()
        self._callback: object = None
        self._since = 0.0
        threading.Thread(target=self._watch, name="chatdrill watchdog", daemon=True).start()

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_S):
            frame = sys._current_frames().get(self._thread)
            found = _callback_of(frame)
            callback = None if found is None else (self._rounds(), *found)
            if callback is None or callback != self._callback:
                self._callback, self._since = callback, real_monotonic()
            elif frame is not None and real_monotonic() - self._since > self._most_s:
                self._callback = None
                self._bites(f"{frame.f_code.co_qualname} ({_place(frame)})")
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(BotStuck))
            del frame


def _callback_of(frame: FrameType | None) -> tuple[int, int, int] | None:
    """What the loop is at, so that it can be told from what it does next; ``None`` while it waits."""
    while frame is not None and frame.f_back is not None:
        if frame.f_back.f_code is _RUN:
            return id(frame), id(frame.f_code), frame.f_lasti
        frame = frame.f_back
    return None


_RUN = asyncio.Handle._run.__code__


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}"
