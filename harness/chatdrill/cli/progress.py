"""Progress of a long run: a line that renews itself on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys

from chatdrill.clock import WallClock

_LINE_EVERY_S = 10.0
_FRAME_S = 0.1


class Progress:
    """Counts conversations (or ``what`` else) on standard error. Nobody need listen there: what cannot be written is not."""

    def __init__(self, total: int, what: str = "conversations", stopped: str = "stopped early") -> None:
        self._total, self._what, self._words = total, what, stopped
        self._done = 0
        self._stopped = 0
        self._live = sys.stderr.isatty()
        self._clock = WallClock()
        self._last = self._clock.monotonic()
        self._dirty = False

    def __call__(self, is_whole: bool) -> None:
        """One more conversation is over, or was stopped because an expectation was not met."""
        self._done += 1
        self._stopped += not is_whole
        words = f"{self._done} of {self._total} {self._what}"
        self.show(words + (f", {self._stopped} {self._words}" if self._stopped else ""))

    def show(self, words: str) -> None:
        """How far it is, as often as that is news."""
        now = self._clock.monotonic()
        if now - self._last >= (_FRAME_S if self._live else _LINE_EVERY_S):
            self._last = now
            self._write(f"\r\x1b[K{words}" if self._live else f"{words}\n")
            self._dirty = self._live

    def end(self) -> None:
        """Leave the line."""
        if self._dirty:
            self._write("\r\x1b[K")
            self._dirty = False

    def say(self, words: str) -> None:
        """A line of its own."""
        self.end()
        self._write(f"{words}\n")

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):  # closed, or its reader went away
            pass
