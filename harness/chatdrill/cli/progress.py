"""Progress of a long run: a line that renews itself on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time

from chatdrill.checks.results import CaseJudgement

_LINE_EVERY_S = 10.0


class Progress:
    """Counts conversations on standard error."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._failed = 0
        self._live = sys.stderr.isatty()
        self._last = time.monotonic()

    def __call__(self, judgement: CaseJudgement) -> None:
        """One more conversation is over."""
        self._done += 1
        self._failed += judgement.verdict in ("fail", "error")
        words = f"{self._done} of {self._total} conversations"
        if self._failed:
            words += f", {self._failed} failed"
        if self._live:
            print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self._last > _LINE_EVERY_S:
            self._last = time.monotonic()
            print(words, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self._live and self._done:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
