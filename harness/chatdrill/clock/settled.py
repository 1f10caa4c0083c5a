"""Virtual time for a bot in another process: time passes while anything is under way, and jumps when all is quiet.

Quiet means: nothing that ``busy`` knows of is under way, and for ``settle_s`` real seconds nothing came in. What the bot
does in silence cannot be seen from here. Where its clock is ours (``chatdrill.preload``), ``follow`` says when its timers
are due and whether it does something, and no jump goes over a timer. A bot that is seen to be still needs no settling, and
one that waits for another program's answer is waited for.

A thread of the bot may wake again and again for nothing (uvicorn's looks around ten times a second). When it has done just what
it did the last time, the next jump follows sooner; and when it has done so very often, its timer may be late, the later
the longer nothing has happened, for else it would hold the time up for ever.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, Protocol

from chatdrill.clock.jumping import Events, JumpingLoop, RealTimer, Stall
from chatdrill.clock.real import real_monotonic

_LOOK_S = 0.003
"""How often (real) the loop looks whether what is under way is over, where no socket will tell."""
_WAKE_S = 0.5
"""Real seconds that a thread of the bot may take to notice that its time has come; a stopped program never does."""
_SAME_S = 0.001
_STILL_S = 0.006
"""Real seconds in which nothing may move before a bot is asked whether it is still: a packet or a thread may be on its way."""
_GLANCE_S = 0.00005
_PATIENCE_S = 10.0
"""Real seconds in which a bot may compute, or wait for another program; then time goes on without that."""
_TICKS_MAX = 200
_TICK_SETTLE_S = 0.05
LATE_SHARE = 1 / 10_000
_EARLY_SHARE, _EARLY_MAX_S = 1 / 20, 25.0
"""In less than thirty seconds without a heartbeat gunicorn kills its workers."""
_ASK_TICKS = 4
"""Whether a bot does more than tick is asked at every so many of the ticks that follow one another quickly."""
_HURRY_TICKS = 3


class Due(NamedTuple):
    """When a thread's wait ends, and when it began (the loop's time); ``thread`` tells threads apart, ``turns`` grows whenever
    it begins or ends a wait."""

    at: float
    begun: float
    thread: object
    turns: int


class Follower(Protocol):
    """A program whose clock follows the drill's."""

    def dues(self) -> Iterable[Due]:
        """When its threads wake; nothing where that is not known."""

    def name_of(self, thread: object) -> str | None:
        """For people; None if that thread is dead."""

    def is_running(self) -> bool:
        """True while it computes."""

    def is_asleep(self) -> bool:
        """True if all its threads sleep, and are seen to."""

    def is_still(self) -> bool:
        """True if nothing can happen in it before its next timer, or a word to it that would be seen."""

    def asked(self) -> Iterable[str]:
        """The addresses of other programs that owe it an answer."""

    def hurry(self, hurried: bool) -> None:
        """Whether its threads should notice a jump at once, at the price of some work of the processor."""

    def activity(self) -> int:
        """A number that changes whenever one of its threads begins or ends a wait."""


class SettledLoop(JumpingLoop):
    """Its time begins at 0. ``busy`` are asked before a jump: each is true while something is under way that no timer or
    socket of this loop tells. ``hoping`` are asked likewise: each is true while something may yet come from the bot, which
    holds the time unless the bot is seen to be still."""

    def __init__(self, *, settle_s: float) -> None:
        self._real_start = real_monotonic()
        self._ahead_s = 0.0
        self._settle_s = settle_s
        self._quiet_since = self._real_start
        self._ticks: Counter[object] = Counter()
        self._ticked: object = None  # the thread that the last jump was for
        self._ticked_at = 0.0
        self._turns_before = 0
        self._did: int | None = None
        self._usual: dict[object, int] = {}  # how much a thread does when it wakes for nothing
        self._hurried = False
        self._noticed: dict[object, tuple[float, float]] = {}
        self._named: set[str] = set()
        self._alive_at = 0.0
        self._lazy: list[tuple[float, int, RealTimer]] = []
        self._moved_at = self._real_start  # when anything was last seen to move, real
        self._activity_seen = self._still_looks = 0
        self._running_since: float | None = None
        self._owed: dict[str, float] = {}  # who owes the bot an answer, since when (real)
        self._left: Counter[str] = Counter()
        self._left_now: set[str] = set()
        self.follow: Follower | None = None
        self.busy: list[Callable[[], bool]] = []
        self.hoping: list[Callable[[], bool]] = []
        super().__init__()

    @property
    def at(self) -> float:  # type: ignore[override]
        return self.time()

    def time(self) -> float:
        return real_monotonic() - self._real_start + self._ahead_s

    def alive(self) -> None:
        """Something happened that the drill can see: a message, a call."""
        self._quiet_since = self._moved_at = real_monotonic()
        self._alive_at = self.time()
        self._ticked = self._running_since = None
        if self._ticks:
            self._ticks.clear()
            self._hurry(False)

    def call_lazily(self, delay_s: float, work: Callable[[], None]) -> RealTimer:
        """Do some work when ``delay_s`` have passed, but never jump for it: the end of a long poll is nothing to wait for."""
        timer = RealTimer(work)
        heapq.heappush(self._lazy, (self.time() + delay_s, next(self._numbers), timer))
        return timer

    def jump(self, seconds: float) -> None:
        """Move the time on, now."""
        self._ahead_s += max(0.0, seconds)
        self._quiet_since = self._moved_at = real_monotonic()
        now = self.time()
        for tell in self.jumped:
            tell(now)

    # ---------------------------------------------------------------------------------------------- waiting

    def _wait(self, timeout: float | None) -> Events:
        self._look_for_signs()
        if timeout is not None and timeout <= 0:
            return self._look(0.0)
        if not self._playing:
            return self._look(timeout)
        events = self._look(0.0)
        if events or self._ready:  # type: ignore[attr-defined]
            if events:
                self._quiet_since = self._moved_at = real_monotonic()
            return events
        if not self._is_quiet():
            return self._look_again(timeout)
        step_s = self._step(timeout)
        if step_s is None:
            return self._look(None)
        if step_s < 0:  # a thread of the bot is about to wake
            return self._look_again(None)
        self.jump(step_s)
        return []

    def _look_again(self, timeout: float | None) -> Events:
        """A little later. No socket tells what a thread does; the machine's selector waits for a millisecond at least."""
        if self._ticked is not None and self._ticks[self._ticked] > _HURRY_TICKS:
            time.sleep(_GLANCE_S)
            return self._look(0.0)
        if self.follow is None and not self._holds():
            left_s = self._quiet_since + self._settle_s - real_monotonic()
        else:
            left_s = _LOOK_S
        return self._look(max(0.0, left_s if timeout is None else min(timeout, left_s)))

    # ------------------------------------------------------------------------------------------- is it quiet?

    def _is_quiet(self) -> bool:
        """True if nothing is under way, and nothing will come of itself."""
        if self._holds():
            self._quiet_since = real_monotonic()
            return False
        if self._is_still():
            return not self._is_owed()
        if any(hope() for hope in self.hoping):
            self._quiet_since = real_monotonic()
            return False
        settle_s = self._settle_s
        if (ticks := self._ticks[self._ticked]) > _HURRY_TICKS and self._is_as_usual():
            if ticks % _ASK_TICKS or (self.follow is not None and self.follow.is_asleep() and not self._is_owed()):
                return True
            settle_s = min(settle_s, _TICK_SETTLE_S)
        return real_monotonic() - self._quiet_since >= settle_s and not self._is_owed()

    def _holds(self) -> bool:
        return self._is_running() or any(busy() for busy in self.busy)

    def _is_running(self) -> bool:
        """True while the bot computes, but not for ever."""
        if self.follow is None or not self.follow.is_running():
            self._running_since = None
            return False
        now = real_monotonic()
        if self._running_since is None:
            self._running_since = now
        if now - self._running_since < _PATIENCE_S:
            return True
        self._name("thread", "a thread of the bot that computes all the time")
        return False

    def _is_still(self) -> bool:
        if self.follow is None:
            return False
        activity, now = self.follow.activity(), real_monotonic()
        if activity != self._activity_seen:
            self._activity_seen, self._moved_at = activity, now
        # Threads are looked at one by one: one may wake another behind our back, and two looks in a row will tell.
        self._still_looks = self._still_looks + 1 if now - self._moved_at >= _STILL_S and self.follow.is_still() else 0
        return self._still_looks > 1

    def _is_owed(self) -> bool:
        """True while other programs owe the bot an answer, but of each not for ever."""
        if self.follow is None:
            return False
        now = real_monotonic()
        self._owed = {who: self._owed.get(who, now) for who in self.follow.asked()}
        self._left_now &= self._owed.keys()
        for who, since in self._owed.items():
            if who not in self._left_now and now - since >= _PATIENCE_S / 2 ** self._left[who]:
                self._left[who] += 1
                self._left_now.add(who)
                self._name("request", who)
        if self._owed.keys() <= self._left_now:
            return False
        self._quiet_since = self._moved_at = now
        return True

    def _name(self, what: Literal["thread", "request", "timer"], who: str, **more: float) -> None:
        if who not in self._named:
            self._named.add(who)
            self.stalled(Stall(what, who, **more))

    def _hurry(self, hurried: bool) -> None:
        if self.follow is not None and hurried != self._hurried:
            self._hurried = hurried
            self.follow.hurry(hurried)

    # ------------------------------------------------------------------------------------------------ looking

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

    # ------------------------------------------------------------------------------------------------ jumping

    def _step(self, timeout: float | None) -> float | None:
        """Seconds to jump: to our next timer or the bot's, whichever is earlier.

        ``None``: nothing is due. Negative: what is due for the bot it has not noticed yet.
        """
        if self._ticked is not None and self._did is not None:
            self._usual[self._ticked] = self._did
        self._ticked = None
        now = self.time()
        if timeout is not None:  # asyncio asks for a day at most
            timeout = max(timeout, self._scheduled[0].when() - now)  # type: ignore[attr-defined]
        theirs = None if self.follow is None else self._their_next(now)
        if theirs is None:
            return timeout
        left_s = theirs.at + self._late_s(theirs, now) - now
        if timeout is not None and timeout <= left_s:
            return timeout
        if left_s <= 0:
            return -1.0
        if self._lazy and self._lazy[0][0] < now + left_s:  # the bot gives up a poll later than we end it
            return max(0.0, self._lazy[0][0] - now)
        self._tick(theirs, left_s)
        return left_s

    def _is_as_usual(self) -> bool:
        """True once the thread that the last jump was for waits again, and has done what it does when there is nothing to
        do."""
        if self._ticked is None or self.follow is None:
            return False
        if self._did is None:
            own = (due for due in self.follow.dues() if due.thread == self._ticked and due.begun > self._ticked_at)
            self._did = next((due.turns - self._turns_before for due in own), None)
        return self._did is not None and self._did == self._usual.get(self._ticked)

    def _their_next(self, now: float) -> Due | None:
        """The wait of the bot's that ends first."""
        if self.follow is None:
            return None
        dues = [due for due in self.follow.dues() if not self._is_stuck(due, now)]
        while dues:
            first = min(dues, key=lambda due: due.at + self._late_s(due, now))
            if self.follow.name_of(first.thread) is not None:
                return first
            dues.remove(first)
        return None

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
        self._turns_before = due.turns
        self._ticks[due.thread] += 1
        self._hurry(self._ticks[due.thread] >= _HURRY_TICKS)
        if self._ticks[due.thread] == _TICKS_MAX and self.follow is not None:
            self._name("timer", self.follow.name_of(due.thread) or "a thread", every_s=every_s, late_share=LATE_SHARE)
