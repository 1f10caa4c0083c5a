"""One timer for each conversation that waits for something: it sleeps until then, and costs nothing meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Timers:
    """`ring` is called with the conversation whose time has come."""

    def __init__(self, ring: Callable[[str], None]) -> None:
        self._ring = ring
        self._loop = asyncio.get_running_loop()
        self._handles: dict[str, asyncio.TimerHandle] = {}

    def set(self, conversation: str, due: float | None) -> None:
        """Rings at `due` (Unix seconds) instead of whenever it would have rung; None: not at all."""
        if handle := self._handles.pop(conversation, None):
            handle.cancel()
        if due is not None:
            wait_s = max(due - time.time(), 0.0)
            self._handles[conversation] = self._loop.call_later(wait_s, self._fire, conversation)

    def close(self) -> None:
        for handle in self._handles.values():
            handle.cancel()
        self._handles.clear()

    def _fire(self, conversation: str) -> None:
        del self._handles[conversation]
        self._ring(conversation)
