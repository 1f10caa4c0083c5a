"""How time goes in a run: the event loop and the clock that the settings ask for."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable

from chatdrill.clock import Clock, JumpingLoop, VirtualClock, WallClock
from chatdrill.engine.cases import Case
from chatdrill.engine.scenario import read_start
from chatdrill.errors import ScenarioError, SettingsError
from chatdrill.run.settings import Settings
from chatdrill.serve.loop import new_exact_loop, new_loop, new_passing_loop, new_settled_loop

VIRTUAL_START = dt.datetime(2026, 1, 12, 9, 0, tzinfo=dt.UTC).timestamp()
"""Where a virtual clock begins when nobody says it, a Monday morning: the same seed must give the same trace tomorrow."""


_COMES_UP_S = 60.0
"""A bot needs some time to come up and to say where its updates go; it must not use up the time of the first scenario."""


def loop_factory(settings: Settings, *, by_hand: bool = False) -> Callable[[], asyncio.AbstractEventLoop]:
    """What makes the event loop of a run; ``by_hand`` time passes, and jumps when somebody says so. Raises ``SettingsError`` for a virtual clock that is to run faster."""
    if settings["clock"] != "virtual":
        return new_loop
    if settings["speed"] != 1:
        raise SettingsError(
            "speed: a virtual clock jumps, it does not run faster; leave one of the two out (speed may come from the file, CHATDRILL_SPEED or --speed)"
        )
    if settings["app"]:
        return new_passing_loop if by_hand else new_exact_loop
    return lambda: new_settled_loop(settings["settle"])


def make_clock(settings: Settings, cases: Iterable[Case] = ()) -> Clock:
    """The clock of the running loop. Where the settings do not say when it begins, that is when the first of the cases
    does."""
    loop = asyncio.get_running_loop()
    start = _start(settings, cases)
    if not isinstance(loop, JumpingLoop):
        return WallClock(speed=settings["speed"], start=start)
    clock = VirtualClock(loop, start=VIRTUAL_START if start is None else start, comes_up_s=_COMES_UP_S)
    loop.show(clock.now() - loop.at)
    return clock


def _start(settings: Settings, cases: Iterable[Case]) -> float | None:
    given = settings["start"]
    if given is None:
        starts = [case.scenario.starts_at for case in cases if case.scenario.starts_at is not None]
        return min(starts) if starts and settings["clock"] == "virtual" else None
    if given == "now":
        return WallClock().now()
    try:
        return read_start(given)[0]
    except ScenarioError as error:
        raise SettingsError(f"start: {error}") from error
