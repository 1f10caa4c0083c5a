"""How the bot follows a virtual clock: the tier of a run, and what the run cannot show for it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from chatdrill.clock import Clock, VirtualClock
from chatdrill.clock.settled import Due, SettledLoop
from chatdrill.errors import SettingsError
from chatdrill.preload import FaketimeClock, MovedClock, find, reach
from chatdrill.run.settings import Settings

Tier = Literal["in-process", "preload", "faketime", "cooperative"]


_SLICE_S, _HURRIED_SLICE_S = 0.002, 0.0001
"""Real seconds until a thread of the bot notices a jump: so much longer takes every step from timer to timer. The second is
for two threads that wait; each further one is some more work for the processor."""


@dataclass(frozen=True)
class Following:
    """``tier`` names the way; ``clock`` is what moves the time of a bot that chatdrill starts; ``because`` is why no better
    way was taken, if there was one to take."""

    tier: Tier
    clock: MovedClock | FaketimeClock | None = None
    because: str | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables for the bot."""
        return {} if self.clock is None else self.clock.environment

    def close(self) -> None:
        """The run is over."""
        if self.clock is not None:
            self.clock.close()


def following(settings: Settings, clock: Clock, environment: Mapping[str, str]) -> Following | None:
    """How the bot of these settings follows ``clock``; ``None`` where time passes by itself.

    ``environment`` is what its command gets beside this process's own. Raises ``SettingsError`` if the way that the settings
    ask for is none.
    """
    if not isinstance(clock, VirtualClock):
        return None
    if not isinstance(clock.loop, SettledLoop):
        return Following("in-process")
    found = _choose(settings, clock.now(), environment)
    if found.clock is not None:
        moved = found.clock
        clock.loop.jumped.append(lambda _: moved.move_to(clock.now()))
        clock.loop.follow = _Threads(moved, clock)
    return found


def _choose(settings: Settings, start: float, environment: Mapping[str, str]) -> Following:
    wanted = settings["bot_clock"]
    if settings["command"] is None or wanted == "cooperative":
        if wanted in ("preload", "faketime"):
            raise SettingsError(f"bot_clock: {wanted} is for a bot that chatdrill starts (--command)")
        return Following("cooperative")
    inherited = {**os.environ, **environment}
    reached = reach(shlex.split(settings["command"]), settings.folder("command"), inherited)
    available = find()
    if not reached.reached:
        return _less(wanted, Following("cooperative", because=reached.words))
    if wanted != "faketime" and available.shim is not None:
        return Following("preload", MovedClock(available.shim, start=start, slice_s=_SLICE_S, inherited=inherited))
    if wanted != "preload" and available.faketime is not None:
        clock = FaketimeClock(available.faketime, start=start, inherited=inherited)
        return Following("faketime", clock, because=None if wanted == "faketime" else available.why_not)
    return _less(wanted, Following("cooperative", because=available.why_not))


def _less(wanted: str, found: Following) -> Following:
    if wanted != "auto":
        raise SettingsError(f"bot_clock: {wanted} cannot be: {found.because}")
    return found


class _Threads:
    """The threads of a bot whose clock is moved, in the loop's time."""

    def __init__(self, moved: MovedClock | FaketimeClock, clock: VirtualClock) -> None:
        self._moved = moved
        self._clock = clock

    def dues(self) -> Iterable[Due]:
        """When they wake."""
        to_loop = self._clock.loop.time() - self._clock.now()
        for wait in self._moved.deadlines():
            yield Due(wait.due + to_loop, wait.begun + to_loop, wait.owner, wait.turns)

    def name_of(self, thread: object) -> str | None:
        """What one of them is called."""
        name = self._moved.name_of(thread)
        return None if name is None else f"the thread {name} of the bot"

    def is_running(self) -> bool:
        """True while one of them computes."""
        return self._moved.is_running()

    def is_asleep(self) -> bool:
        """True if all of them sleep."""
        return self._moved.is_asleep()

    def is_still(self) -> bool:
        """The same, and nobody speaks to them unseen."""
        return self._moved.is_asleep() and not self._moved.speaks_unseen()

    def asked(self) -> list[str]:
        """Other programs that owe the bot an answer."""
        return self._moved.asked()

    def hurry(self, hurried: bool) -> None:
        """Let them notice a jump at once, at the price of some work of the processor."""
        if isinstance(self._moved, MovedClock):
            waiting = sum(1 for _ in self._moved.deadlines())
            self._moved.slice_s = min(_SLICE_S, _HURRIED_SLICE_S * waiting / 2) if hurried and waiting else _SLICE_S

    def activity(self) -> int:
        """Grows when one of them begins or ends a wait."""
        return self._moved.activity()
