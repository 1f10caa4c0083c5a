"""The event loop that everything runs on."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

from chatdrill.clock.settled import SettledLoop

T = TypeVar("T")

_YOUNG_MAX = 200_000
_BRIEF_MAX = 2_000  # objects: less than two milliseconds
"""More than a thousand customers make in one moment of virtual time: what lives for one turn is gone before anybody looks.
So many objects of a few dozen bytes are some 20 MB that may lie about."""


def new_loop() -> asyncio.AbstractEventLoop:
    """The fastest event loop there is: uvloop's, or asyncio's own where uvloop does not exist."""
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


def new_exact_loop() -> asyncio.AbstractEventLoop:
    """A loop whose time jumps, for a bot in this process. It is imported here because time-machine takes its time."""
    with _no_pytest():
        from chatdrill.clock.exact import ExactLoop

    return ExactLoop()


def new_passing_loop() -> asyncio.AbstractEventLoop:
    """The same, whose time passes until somebody lets it jump."""
    with _no_pytest():
        from chatdrill.clock.passing import PassingLoop

    return PassingLoop()


@contextlib.contextmanager
def _no_pytest() -> Iterator[None]:
    """time-machine imports pytest if it can, for a fixture that nobody needs here: a tenth of a second."""
    hidden = "pytest" not in sys.modules
    if hidden:
        sys.modules["pytest"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules["pytest"]


def new_settled_loop(settle_s: float) -> asyncio.AbstractEventLoop:
    """A loop whose time jumps after ``settle_s`` real seconds of quiet, for a bot in another process."""
    return SettledLoop(settle_s=settle_s)


def collect_less() -> None:
    """A run keeps its records, so Python's garbage collector would look through ever more objects that live on: it took
    a quarter of the time. From here on it comes less often."""
    gc.set_threshold(_YOUNG_MAX, 1_000, 1_000)
    gc.enable()


def collect_briefly() -> None:
    """Where thousands wait for answers, one look through 200,000 objects takes a tenth of a second, in which nobody is heard. What stands
    by now is not looked through any more, and what comes is looked through in small parts; in all that takes no longer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_BRIEF_MAX, 1_000, 1_000)


def uncancel() -> None:
    """Ctrl-C was heeded; what follows is to be reported in peace."""
    task = asyncio.current_task()
    while task is not None and task.cancelling():
        task.uncancel()


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a program to its end like ``asyncio.run``, on the fastest loop."""
    collect_less()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(main)
