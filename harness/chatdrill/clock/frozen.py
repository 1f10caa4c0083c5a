"""This process shows drill time: what ``time`` and ``datetime`` say follows the loop, and ``time.sleep`` costs nothing.

The wall clock is drill time in every thread. ``time.monotonic`` and ``time.sleep`` are the drill's in the loop's thread
and in those that work for it; others (a test runner's, say) may have a loop of their own that needs them as they are.
"""

from __future__ import annotations

import asyncio
import functools
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import time_machine

from chatdrill.clock.jumping import JumpingLoop
from chatdrill.clock.outside import Job, current_job
from chatdrill.clock.real import hide, real_monotonic, unhide
from chatdrill.clock.restless import code_name

_real_sleep = time.sleep
_real_monotonic_ns = time.monotonic_ns
_OWN = {"chatdrill", "pytest", "_pytest", "xdist", "execnet", "pytest_asyncio"}
_LOOKING = ("chatdrill", "time_machine")
_LOOKS_MAX = 100_000
_LOOK_S = 0.001
_LOOK_SHARE = 1 / 1_000
_shown: dict[int, FrozenTime] = {}
"""What is shown, by the thread of the loop."""


class FrozenTime:
    """``start`` (Unix seconds) is drill time at the loop's time 0; ``pass_by`` lets time pass while the loop is blocked.

    Who looks at the clock again and again, and meanwhile keeps the loop from its next turn, waits for the time to come. So it
    passes with every look, first by milliseconds, then by a share of what has passed; ``waits`` is told who that is.
    """

    def __init__(
        self,
        start: float,
        loop: asyncio.AbstractEventLoop,
        pass_by: Callable[[float], None],
        waits: Callable[[str], None],
    ) -> None:
        self._start = start
        self._monotonic_start = real_monotonic() - loop.time()
        self._loop = loop
        self.pass_by = pass_by
        self._waits = waits
        self._looks = 0
        self._looks_since = 0.0
        self._travel: time_machine.travel | None = None
        self._traveller: time_machine.Traveller | None = None
        self._thread = 0

    def begin(self, now: float) -> None:
        """Show drill time from here on; ``now`` is the loop's."""
        self._thread = threading.get_ident()
        travel = time_machine.travel(self._start + now, tick=False)
        hide()
        try:
            self._traveller = travel.start()
        except BaseException:  # another library that freezes time is at it
            unhide()
            raise
        self._travel = travel
        self._traveller.time_ns = functools.partial(self._time_ns, self._traveller)  # type: ignore[method-assign]
        if not _shown:
            _exchange()
        _shown[self._thread] = self

    def move(self, now: float) -> None:
        """The loop's time is ``now``."""
        if self._traveller is not None:
            self._traveller.move_to(self._start + now)

    def end(self) -> None:
        """Show the machine's time again."""
        if self._travel is None:
            return
        del _shown[self._thread]
        if not _shown:
            _restore()
        self._travel.stop()
        self._travel = self._traveller = None
        unhide()

    def monotonic(self) -> float:
        """What ``time.monotonic`` says: it goes on from where the machine's was, as fast as the drill's time."""
        self._looked_at()
        return self._monotonic_start + self._loop.time()

    # ---------------------------------------------------------------------------------------- who waits by looking

    def turned(self) -> None:
        """The loop has come to its next turn."""
        self._looks = 0

    def _time_ns(self, traveller: time_machine.Traveller) -> int:
        self._looked_at()
        return time_machine.Traveller.time_ns(traveller)

    def _looked_at(self) -> None:
        if threading.get_ident() != self._thread:
            return
        self._looks += 1
        if self._looks < _LOOKS_MAX:
            return
        if self._looks == _LOOKS_MAX:
            self._looks_since = self._loop.time()
            self._waits(_looker())
        self.pass_by(max(_LOOK_S, (self._loop.time() - self._looks_since) * _LOOK_SHARE))


def _looker() -> str:
    """The code that asked for the time."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _LOOKING:
        frame = frame.f_back
    return "the bot" if frame is None else code_name(frame.f_code.co_qualname, frame.f_code)


# A program may keep these functions (``from time import sleep``), so they look at every call whose time it is.


def _frozen_here(job: Job | None) -> FrozenTime | None:
    if job is None:
        return _shown.get(threading.get_ident())
    return next((frozen for frozen in tuple(_shown.values()) if frozen._loop is job.loop), None)


def _sleep(seconds: float) -> None:
    """Who sleeps in the loop's thread blocks everybody while the time passes; in a thread that works for it the loop goes
    on and wakes it. Other threads are nobody's here: they sleep really."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    job = current_job()
    frozen = _frozen_here(job)
    if job is not None and seconds:
        job.sleep(seconds)
    elif job is None and frozen is not None:
        frozen.pass_by(seconds)
    else:
        _real_sleep(seconds)


def _monotonic() -> float:
    frozen = _frozen_here(current_job())
    return real_monotonic() if frozen is None else frozen.monotonic()


def _monotonic_ns() -> int:
    frozen = _frozen_here(current_job())
    return _real_monotonic_ns() if frozen is None else round(frozen.monotonic() * 1e9)


_OURS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "sleep": (time.sleep, _sleep),
    "monotonic": (time.monotonic, _monotonic),
    "monotonic_ns": (time.monotonic_ns, _monotonic_ns),
}
_exchanged: list[tuple[dict[str, Any], str]] = []
_without: dict[str, object] = {}
"""Modules that have none of them: a program of thousands of modules is looked through once, not at every beginning."""


def _exchange() -> None:
    """Put ours in the place of the machine's functions, in ``time`` and in the libraries that have taken them from there
    (``from time import monotonic``), or else a library's idle connection never grows old."""
    for module_name, module in tuple(sys.modules.items()):
        if _without.get(module_name) is module:
            continue
        root = module_name.partition(".")[0]
        names = getattr(module, "__dict__", {})
        found = [name for name, (machines, _) in _OURS.items() if names.get(name) is machines]
        if not found or (module is not time and (root in sys.stdlib_module_names or root in _OWN)):
            _without[module_name] = module
            continue
        for name in found:
            names[name] = _OURS[name][1]
            _exchanged.append((names, name))


def _restore() -> None:
    for names, name in _exchanged:
        names[name] = _OURS[name][0]
    _exchanged.clear()


def move_along(start: float, loop: JumpingLoop) -> None:
    """Let this process show drill time from here on, for a loop whose time passes and jumps. ``start``: as ``FrozenTime``."""
    hide()
    traveller = time_machine.travel(start + loop.at, tick=True).start()
    loop.jumped.append(lambda now: traveller.move_to(start + now))
