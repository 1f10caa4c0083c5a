"""Programs that are started under a preloaded clock, and jumps until they end."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chatdrill.clock import real_monotonic
from chatdrill.preload import MovedClock
from chatdrill.preload.threads import children_of, state_of, threads_of

LIMIT_S = 60.0
SETTLE_S = 0.03
LONG_S = 60.0
"""Shorter waits are the habits of a runtime and end by themselves."""
EARLY_S = 0.01
"""Clocks are read one after the other, and some in whole milliseconds."""
LATE_S = 10.0
"""Real seconds that a busy machine may add to the waits of a program, by all that it does beside."""


@contextmanager
def started(
    clock: MovedClock, command: Sequence[str | Path], *, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[str]]:
    """A program under the clock, whose output can be read; it is ended at the end."""
    words = [str(word) for word in command]
    environment = {**os.environ, **clock.environment, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(words, env=environment, stdin=stdin, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def until(true: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    """Look again and again until something is true, but not for ever."""
    begun = real_monotonic()
    while not true():
        assert real_monotonic() - begun < LIMIT_S, "it never came true"
        rest(process)


def rest(process: subprocess.Popen[str] | None) -> None:
    """Leave the processor to others for a moment."""
    if process is None:
        os.sched_yield()
        return
    try:
        process.wait(0.002)
    except subprocess.TimeoutExpired:
        pass


class Quiet:
    """Says whether nothing has moved in a program for a while: then it has done what it had to do."""

    def __init__(self, clock: MovedClock) -> None:
        self._clock = clock
        self._activity = -1
        self._since = 0.0

    def __call__(self) -> bool:
        activity = self._clock.activity()
        if activity != self._activity:
            self._activity, self._since = activity, real_monotonic()
        return real_monotonic() - self._since > SETTLE_S


def long_due(clock: MovedClock) -> float | None:
    """When the first long wait ends; None while there is none, or while somebody has yet to notice the last jump."""
    waits = [wait for wait in clock.waits() if wait.due is not None and wait.due - wait.begun > LONG_S]
    return waits[0].due if waits and waits[0].due > clock.now() else None


def computes(process: int) -> bool:
    """True if a program, or one that it has started, has something to do and perhaps no processor to do it on."""
    threads = threads_of(process)
    if any(state_of(process, thread)[1] in ("R", "D") for thread in threads):
        return True
    children: list[int] = []
    with contextlib.suppress(OSError):  # a thread that has just ended, or a kernel that does not tell
        children = [child for thread in threads for child in children_of(process, thread)]
    return any(map(computes, children))


def lasted(span_s: float, wanted_s: float) -> bool:
    """True if a program that had to wait for ``wanted_s`` took that long."""
    return wanted_s - EARLY_S <= span_s <= wanted_s + LATE_S


def play(clock: MovedClock, process: subprocess.Popen[str]) -> str:
    """Jump from one long wait to the next until the program ends; what it printed."""
    quiet = Quiet(clock)

    def ended() -> bool:
        due = long_due(clock)
        if due is not None and quiet() and not computes(process.pid):
            clock.move_to(due)
        return process.poll() is not None

    until(ended, process)
    assert process.stdout is not None
    return process.stdout.read()
