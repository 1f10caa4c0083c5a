"""A bot's threads must not keep this process from its end.

Python waits for every thread when it ends, unless that is a daemon; threads inherit that from the one that starts them. It
waits for those of a ``ThreadPoolExecutor`` in any case, and keeps a list of them.
"""

from __future__ import annotations

import concurrent.futures.thread
import threading
from collections.abc import Iterable


class Mothering:
    """From ``begin`` to ``end``, threads that the calling thread starts are daemons."""

    def __init__(self) -> None:
        self._mother: threading.Thread | None = None

    def begin(self) -> None:
        """Threads that this one starts from here on are daemons."""
        thread = threading.current_thread()
        if self._mother is None and not thread.daemon:
            self._mother = thread
            thread._daemonic = True  # type: ignore[attr-defined]  # Python lets nobody set it once a thread runs

    def end(self) -> None:
        """They are not any more."""
        if self._mother is not None:
            self._mother._daemonic = False  # type: ignore[attr-defined]
            self._mother = None


def leave_behind(threads: Iterable[threading.Thread]) -> None:
    """Python's end does not wait for these threads of executors."""
    for thread in threads:
        concurrent.futures.thread._threads_queues.pop(thread, None)  # type: ignore[attr-defined]
