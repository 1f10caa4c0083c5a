"""A load run on the terminal, while it goes on: one line that renews itself, or a line now and then where there is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable

import gevent

_EVERY_S = 1.0
_LINE_EVERY_S = 10.0


class LiveLine:
    """Prints ``words()`` on standard error until ``end``."""

    def __init__(self, words: Callable[[], str]) -> None:
        self._words = words
        self._live = sys.stderr.isatty()
        self._greenlet = gevent.spawn(self._run)

    def _run(self) -> None:
        while True:
            gevent.sleep(_EVERY_S if self._live else _LINE_EVERY_S)
            self._write(f"\r\x1b[K{self._words()}" if self._live else f"{self._words()}\n")

    def end(self) -> None:
        """Leave the line."""
        self._greenlet.kill()
        if self._live:
            self._write("\r\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):  # closed, or its reader went away
            pass


def clock_words(seconds: float) -> str:
    """``83`` as ``01:23``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
