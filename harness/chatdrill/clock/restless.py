"""Programs that will not let time jump: they spin, or set a timer every second for ever. They are bounded, and named.

*Spinning*: so many turns of the loop without a moment's rest mean that the work never ends; the time goes on beside it.
*Busy timers*: two quiet days have 172,800 seconds, and a program that wakes in each of them costs as many turns. Once
so many jumps have led to nothing that the drill can see, the timers that come again and again may be late, in proportion
to how long nothing has happened: so many days cost no more than so many hours, and the delay stays below a two-thousandth
of the quiet time.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Literal

from chatdrill.clock.jumping import Stall

_SPIN_TURNS = 20_000
_SPIN_TURNS_AGAIN = 1_000
_SPIN_TURNS_ALIVE = 400_000
"""As long as the drill sees something happen (a bot that writes to thousands of people, say) it takes more of them."""
_SUSPECTS_MAX = 50
_BLOCK_LOOKS = 8
_BLOCKS = 30
"""Who is ready in so many blocks of looks in a row (the loop looks every 61 turns) is one that spins."""
_IDLE_JUMPS_MAX = 5_000
_LATE_SHARE = 1 / 2_000
_OFTEN = 50
"""A timer that comes this often while nothing else happens is a busy one, unless so many have waited from the start."""


class Watch:
    """Watches one loop. ``stalled`` is told of each culprit once."""

    def __init__(self, stalled: Callable[[Stall], None]) -> None:
        self._stalled = stalled
        self._named: set[tuple[str, str]] = set()
        self._spinning = False
        self._looks = 0
        self._block: set[str] = set()
        self._blocks: dict[str, int] = {}
        self._idle_jumps = 0
        self._quiet_since = 0.0
        self._seen: Counter[str] = Counter()
        self._waiting: dict[str, int] = {}
        self._look_at: dict[str, int] = {}
        self._last: dict[str, float] = {}
        self._often: set[str] = set()

    def alive(self, now: float) -> None:
        """Something happened that the drill can see: a message, a call."""
        self._idle_jumps = 0
        self._quiet_since = now
        if self._seen:
            self._seen.clear()
            self._waiting.clear()
            self._last.clear()
            self._often.clear()

    # ------------------------------------------------------------------------------------------------ spinning

    def rested(self) -> None:
        """For once no work was ready."""
        self._looks = 0
        self._block.clear()
        self._blocks.clear()

    def spins(self, turns: int, quiet_turns: int, ready: Sequence[Any]) -> bool:
        """True if work has been ready for so many ``turns`` in a row that it will always be; in the ``quiet_turns`` last of
        them nothing happened that the drill can see. To be asked now and then while work is ready."""
        most = _SPIN_TURNS_AGAIN if self._spinning else _SPIN_TURNS
        if quiet_turns > most / 10 or turns > _SPIN_TURNS_ALIVE / 2:
            self._look(ready)
        if quiet_turns < most and turns < _SPIN_TURNS_ALIVE:
            return False
        self._spinning = True
        return True

    def wakes(self, handle: Any) -> None:
        """It is the turn of a timer: whoever waited for it has rested."""
        who = owner(handle)
        self._block.discard(who)
        self._blocks.pop(who, None)

    def _look(self, ready: Sequence[Any]) -> None:
        """Name who is ready in every block of looks; whoever does a long piece of work beside comes to its end."""
        self._looks += 1
        suspects = range(
            min(len(ready), _SUSPECTS_MAX)
        )  # by number: meanwhile threads may call in, at the end of the queue
        self._block.update(owner(ready[number]) for number in suspects)
        if self._looks < _BLOCK_LOOKS:
            return
        self._blocks = {who: self._blocks.get(who, 0) + 1 for who in self._block}
        self._looks = 0
        self._block.clear()
        for who, blocks in self._blocks.items():
            if blocks >= _BLOCKS:
                self._name("spin", who)

    def blocks(self, who: str) -> None:
        """Somebody keeps the loop from its next turn until a moment has come."""
        self._name("spin", who)

    # ------------------------------------------------------------------------------------------------- timers

    def target(self, scheduled: Sequence[Any], now: float) -> float:
        """The moment to jump to: the next timer's, unless that is one of those that come too often.

        ``scheduled`` is asyncio's heap, its first element not cancelled.
        """
        due: float = scheduled[0].when()
        self._idle_jumps += 1
        if self._idle_jumps <= _IDLE_JUMPS_MAX:
            return due
        self._sample(scheduled, due)
        if not self._often:
            return due
        late = due + (now - self._quiet_since) * _LATE_SHARE
        waiting = (handle for handle in scheduled if handle.when() < late and not handle.cancelled())
        others = (handle.when() for handle in waiting if owner(handle) not in self._often)
        return min(others, default=late)

    def _sample(self, scheduled: Sequence[Any], due: float) -> None:
        who = owner(scheduled[0])
        if not self._seen[who]:
            self._waiting[who] = _count(scheduled, who)
            self._look_at[who] = _OFTEN
        self._seen[who] += 1
        if self._seen[who] == self._look_at[who]:
            if self._waiting[who] - _count(scheduled, who) >= self._seen[who] / 2:
                self._look_at[who] *= 2  # many that come once each, such as the ends of many sessions
            else:
                self._often.add(who)
                self._name("timer", who, due - self._last[who])
        self._last[who] = due

    def _name(self, kind: Literal["spin", "timer"], who: str, every_s: float = 0.0) -> None:
        if (kind, who) not in self._named:
            self._named.add((kind, who))
            self._stalled(Stall(kind, who, every_s, _LATE_SHARE if kind == "timer" else 0.0))


# --------------------------------------------------------------------------------------------------- who is it


def _count(scheduled: Sequence[Any], who: str) -> int:
    return sum(owner(handle) == who for handle in scheduled if not handle.cancelled())


def owner(handle: Any) -> str:
    """The code behind a handle of the loop: the coroutine that waits, or the function that is called."""
    callback, args = handle._callback, handle._args or ()
    if args and asyncio.isfuture(args[0]):
        waiting = getattr(args[0], "_callbacks", None) or ()
        callback = next((entry[0] for entry in waiting), callback)
    task = getattr(callback, "__self__", None)
    task = getattr(task, "_task", None) or task  # a time-out of asyncio
    if isinstance(task, asyncio.Task):
        return _coroutine(task.get_coro())
    name = getattr(task, "name", None)  # a thread that sleeps
    return name if callback == getattr(task, "wake", None) and isinstance(name, str) else name_of(callback)


def _coroutine(coroutine: Any) -> str:
    code = getattr(coroutine, "cr_code", None) or getattr(coroutine, "gi_code", None)
    name = getattr(coroutine, "__qualname__", None) or repr(coroutine)
    return name if code is None else code_name(name, code)


def name_of(function: Any) -> str:
    """A function by its name and where it stands."""
    while isinstance(function, functools.partial):
        own = getattr(function.func, "__self__", None)  # asyncio.to_thread runs it in the caller's context
        function = function.args[0] if isinstance(own, contextvars.Context) else function.func
    code = getattr(function, "__code__", None) or getattr(getattr(function, "__func__", None), "__code__", None)
    name = getattr(function, "__qualname__", None) or repr(function)
    return name if code is None else code_name(name, code)


def code_name(name: str, code: Any) -> str:
    """A piece of code by its name and where it begins."""
    return f"{name} ({code.co_filename.rpartition('/')[2]}:{code.co_firstlineno})"
