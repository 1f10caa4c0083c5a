"""An event loop whose time jumps: when nothing is ready and nothing is in flight, it is the next timer's turn at once.

``asyncio`` asks its selector to wait for the next timer; the selector here asks the loop instead, and the loop decides
whether to wait for sockets in real time or to jump. How it decides is what the two kinds of loop differ in:
``chatdrill.clock.exact`` (the bot lives in this process, time stands still between jumps) and
``chatdrill.clock.settled`` (the bot is another program, time passes while anything is under way).
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import selectors
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chatdrill.clock.real import Cancellable, real_monotonic

Events = list[tuple[selectors.SelectorKey, int]]

RESOLUTION_S = 1e-6
"""Timers closer than this are due together: sums of floats differ in the last digits."""


class _Selector(selectors.BaseSelector):
    """The machine's selector, but for the waiting."""

    def __init__(self, real: selectors.BaseSelector) -> None:
        self.real = real
        self.wait: Callable[[float | None], Events] = real.select

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self.real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self.real.unregister(fileobj)

    def select(self, timeout: float | None = None) -> Events:
        return self.wait(timeout)

    def close(self) -> None:
        self.real.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self.real.get_map()


class RealTimer:
    """Something due in real time."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.work: Callable[[], None] | None = work

    def cancel(self) -> None:
        """Call it off."""
        self.work = None


@dataclass(frozen=True)
class Stall:
    """Something that kept time from jumping.

    ``what``: ``spin`` (it never rests), ``block`` (it kept the loop for itself and was stopped), ``timer`` (it wakes every ``every_s`` for nothing, and may be late from now on by
    ``late_share`` of the quiet time), ``thread`` or ``request`` (it took longer than time waits for what it cannot see).
    ``who`` names the code, or the address.
    """

    what: Literal["spin", "block", "timer", "thread", "request"]
    who: str
    every_s: float = 0.0
    late_share: float = 0.0


class JumpingLoop(ABC, asyncio.SelectorEventLoop):
    """Base of the loops that jump. Jumps happen only while somebody is playing (``running``).

    ``jumped`` are called with the loop's new time after every jump. ``stalled`` is told of what kept time from jumping.
    ``signs`` is a number that grows whenever something happens that the drill can see.
    """

    at: float
    """Its time, in seconds from an arbitrary point; the same as ``time()``, and quicker to read."""

    def __init__(self) -> None:
        self._machine = _Selector(selectors.DefaultSelector())
        self._machine.wait = self._wait
        self._real_due: list[tuple[float, int, RealTimer]] = []
        self._numbers = itertools.count()
        self._playing = 0
        self.jumped: list[Callable[[float], None]] = []
        self.stalled: Callable[[Stall], None] = lambda _: None
        self.signs: Callable[[], int] = lambda: 0
        self._signs = 0
        super().__init__(self._machine)
        self._clock_resolution = RESOLUTION_S

    @abstractmethod
    def _wait(self, timeout: float | None) -> Events:
        """What asyncio's selector is asked: 0 where work is ready, ``None`` where there is no timer."""

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """While this is entered, time may jump."""
        self._playing += 1
        try:
            if self._playing == 1:
                self._began()
            yield
        finally:
            self._playing -= 1
            if not self._playing:
                self._ended()

    @abstractmethod
    def jump(self, seconds: float) -> None:
        """Move the time on, now."""

    def alive(self) -> None:
        """Something happened that the drill can see: a message, a call."""

    def _look_for_signs(self) -> None:
        """Find out whether something happened since the last time, by the number that ``signs`` gives."""
        signs = self.signs()
        if signs != self._signs:
            self._signs = signs
            self.alive()

    def show(self, start: float) -> None:
        """Drill time (Unix seconds) at the loop's time 0, for a loop that can make this process show it."""

    def unattended(self) -> contextlib.AbstractContextManager[None]:
        """While this is entered a bot comes up or goes down, and nobody plays: real time passes."""
        return contextlib.nullcontext()

    def call_lazily(self, delay_s: float, work: Callable[[], None]) -> Cancellable:
        """Do some work when ``delay_s`` have passed; a loop may decide that this is nothing to jump for."""
        return self.call_later(delay_s, work)

    def _began(self) -> None:
        """Somebody plays."""

    def _ended(self) -> None:
        """Nobody plays any more."""

    # -------------------------------------------------------------------------------------------- real time

    def call_real_later(self, real_s: float, work: Callable[[], None]) -> RealTimer:
        """Do some work ``real_s`` real seconds from now, however time jumps."""
        timer = RealTimer(work)
        heapq.heappush(self._real_due, (real_monotonic() + real_s, next(self._numbers), timer))
        return timer

    def _select(self, real_s: float | None) -> Events:
        """Wait for sockets, threads and real timers, at most ``real_s`` real seconds."""
        while self._real_due and self._real_due[0][2].work is None:
            heapq.heappop(self._real_due)
        if self._real_due:
            left_s = max(0.0, self._real_due[0][0] - real_monotonic())
            real_s = left_s if real_s is None else min(real_s, left_s)
        events = self._machine.real.select(real_s)
        self._fire_real()
        return events

    def _fire_real(self) -> None:
        while self._real_due and self._real_due[0][0] <= real_monotonic():
            work = heapq.heappop(self._real_due)[2].work
            if work is not None:
                self.call_soon(work)
