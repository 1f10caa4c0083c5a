"""Virtual time for a bot in another process: time passes while anything is under way, and jumps when all is quiet.

Quiet means: nothing that ``busy`` knows of is under way, and for ``settle_s`` real seconds nothing came in. What the bot
does in silence cannot be seen from here. Where its clock is ours (``chatdrill.preload``), ``follow`` says when its timers
are due and whether it does something, and no jump goes over a timer.

A thread of the bot may wake again and again for nothing (uvicorn's looks around ten times a second). When it has done just what
it did the last time, the next jump follows sooner; and when it has done so very often, its timer may be late, the later
the longer nothing has happened, for else it would hold the time up for ever.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from chatdrill.clock.jumping import Events, JumpingLoop, RealTimer, Stall
from chatdrill.clock.real import real_monotonic

_LOOK_S = 0.003
"""How often (real) the loop looks whether what is under way is over, where no socket will tell."""
_WAKE_S = 0.5
"""Real seconds that a thread of the bot may take to notice that its time has come; a stopped program never does."""
_SAME_S = 0.001
_TICKS_MAX = 200
_TICK_SETTLE_S = 0.004
LATE_SHARE = 1 / 200
_EARLY_SHARE, _EARLY_MAX_S = 1 / 20, 30.0


class Due(NamedTuple):
    """When a thread's wait ends, and when it began (the loop's time); ``thread`` tells threads apart, ``name`` is for
    people."""

    at: float
    begun: float
    thread: object
    name: str


class Follower(Protocol):
    """A program whose clock follows the drill's."""

    def dues(self) -> Iterable[Due]:
        """When its threads wake, the first due first; nothing where that is not known."""

    def is_running(self) -> bool:
        """True while it computes."""

    def activity(self) -> int:
        """A number that changes whenever one of its threads begins or ends a wait."""


class SettledLoop(JumpingLoop):
    """Its time begins at 0."""

    def __init__(self, *, settle_s: float) -> None:
        self._real_start = real_monotonic()
        self._ahead_s = 0.0
        self._settle_s = settle_s
        self._quiet_since = self._real_start
        self._ticks: Counter[object] = Counter()
        self._ticked: object = None  # the thread that the last jump was for
        self._ticked_at = 0.0
        self._activity_before = 0
        self._did: int | None = None
        self._usual: dict[object, int] = {}  # how much a thread does when it wakes for nothing
        self._noticed: dict[object, tuple[float, float]] = {}
        self._named: set[str] = set()
        self._alive_at = 0.0
        self._lazy: list[tuple[float, int, RealTimer]] = []
        self.follow: Follower | None = None
        super().__init__()

    @property
    def at(self) -> float:  # type: ignore[override]
        return self.time()

    def time(self) -> float:
        return real_monotonic() - self._real_start + self._ahead_s

    def alive(self, _record: object = None) -> None:
        """Something happened that the drill can see: a message, a call."""
        self._quiet_since = real_monotonic()
        self._alive_at = self.time()
        self._ticked = None
        self._ticks.clear()

    def call_lazily(self, delay_s: float, work: Callable[[], None]) -> RealTimer:
        """Do some work when ``delay_s`` have passed, but never jump for it: the end of a long poll is nothing to wait for."""
        timer = RealTimer(work)
        heapq.heappush(self._lazy, (self.time() + delay_s, next(self._numbers), timer))
        return timer

    def jump(self, seconds: float) -> None:
        """Move the time on, now."""
        self._ahead_s += max(0.0, seconds)
        self._quiet_since = real_monotonic()
        now = self.time()
        for tell in self.jumped:
            tell(now)

    # ---------------------------------------------------------------------------------------------- waiting

    def _wait(self, timeout: float | None) -> Events:
        if timeout is not None and timeout <= 0:
            return self._look(0.0)
        if not self._playing:
            return self._look(timeout)
        events = self._look(0.0)
        if events or self._ready:  # type: ignore[attr-defined]
            if events:
                self._quiet_since = real_monotonic()
            return events
        if self._is_busy():
            return self._look(_LOOK_S if timeout is None else min(timeout, _LOOK_S))
        settle_s = min(self._settle_s, _TICK_SETTLE_S) if self._is_as_usual() else self._settle_s
        left_s = self._quiet_since + settle_s - real_monotonic()
        if left_s > 0:
            if self._ticked is not None:  # no socket tells when a thread has done its bit
                left_s = min(left_s, _LOOK_S)
            return self._look(left_s if timeout is None else min(timeout, left_s))
        step_s = self._step(timeout)
        if step_s is None:
            return self._look(None)
        if step_s < 0:  # a thread of the bot is about to wake
            return self._look(_LOOK_S)
        self.jump(step_s)
        return []

    def _look(self, real_s: float | None) -> Events:
        while self._lazy and self._lazy[0][2].work is None:
            heapq.heappop(self._lazy)
        if self._lazy:
            left_s = max(0.0, self._lazy[0][0] - self.time())
            real_s = left_s if real_s is None else min(real_s, left_s)
        events = self._select(real_s)
        while self._lazy and self._lazy[0][0] <= self.time():
            work = heapq.heappop(self._lazy)[2].work
            if work is not None:
                self.call_soon(work)
        return events

    def _is_busy(self) -> bool:
        if (self.follow is not None and self.follow.is_running()) or any(busy() for busy in self.busy):
            self._quiet_since = real_monotonic()
            return True
        return False

    def _step(self, timeout: float | None) -> float | None:
        """Seconds to jump: to our next timer or the bot's, whichever is earlier.

        ``None``: nothing is due. Negative: what is due for the bot it has not noticed yet.
        """
        if self._ticked is not None and self._did is not None:
            self._usual[self._ticked] = self._did
        self._ticked = None
        now = self.time()
        theirs = None if self.follow is None else self._their_next(now)
        if theirs is None:
            return timeout
        left_s = theirs.at + self._late_s(theirs, now) - now
        if timeout is not None and timeout <= left_s:
            return timeout
        if left_s <= 0:
            return -1.0
        self._tick(theirs, left_s)
        return left_s

    def _is_as_usual(self) -> bool:
        """True once the thread that the last jump was for waits again, and has done what it does when there is nothing to
        do."""
        if self._ticked is None or self.follow is None:
            return False
        if self._did is None and any(
            due.thread == self._ticked and due.begun > self._ticked_at for due in self.follow.dues()
        ):
            self._did = self.follow.activity() - self._activity_before
        return self._did is not None and self._did == self._usual.get(self._ticked)

    def _their_next(self, now: float) -> Due | None:
        """The wait of the bot's that ends first."""
        dues = [due for due in self.follow.dues() if not self._is_stuck(due, now)] if self.follow is not None else []
        return min(dues, key=lambda due: due.at + self._late_s(due, now), default=None)

    def _is_stuck(self, due: Due, now: float) -> bool:
        """True if a wait's time has come and its thread does not notice: it is stopped, or dying."""
        if due.at > now:
            self._noticed.pop(due.thread, None)
            return False
        at, since = self._noticed.setdefault(due.thread, (due.at, real_monotonic()))
        if abs(at - due.at) > _SAME_S:
            self._noticed[due.thread] = due.at, real_monotonic()
            return False
        return real_monotonic() - since > _WAKE_S

    def _late_s(self, due: Due, now: float) -> float:
        if self._ticks[due.thread] < _TICKS_MAX:
            return 0.0
        quiet_s = now - self._alive_at
        return max(quiet_s * LATE_SHARE, min(quiet_s * _EARLY_SHARE, _EARLY_MAX_S))

    def _tick(self, due: Due, every_s: float) -> None:
        self._ticked, self._ticked_at, self._did = due.thread, self.time(), None
        self._activity_before = self.follow.activity() if self.follow is not None else 0
        self._ticks[due.thread] += 1
        if self._ticks[due.thread] == _TICKS_MAX and due.name not in self._named:
            self._named.add(due.name)
            self.stalled(Stall("timer", due.name, every_s, LATE_SHARE))
