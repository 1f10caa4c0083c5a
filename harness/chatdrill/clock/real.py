"""The machine's own time, and timers in it: they hold however time goes in the drill."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Cancellable(Protocol):
    """Something that is to happen and may be called off."""

    def cancel(self) -> None:
        """Call it off."""


real_monotonic: Callable[[], float] = time.monotonic
"""The machine's own seconds since an arbitrary point, however time goes in the drill. It is read dozens of times for every
message, so it is the machine's function itself, taken before anybody can show another time."""

_hidden: list[tuple[float, float]] = []
"""The machine's time and ``real_monotonic()`` when this process began to show another time."""


def hide() -> None:
    """This process will show another time. Calls may nest."""
    _hidden.append((real_now(), real_monotonic()))


def unhide() -> None:
    """It does not any more."""
    _hidden.pop()


def real_now() -> float:
    """The machine's own time, Unix seconds: for programs outside the drill."""
    if not _hidden:
        return time.time()
    then, at = _hidden[-1]
    return then + real_monotonic() - at


def real_later(real_s: float, work: Callable[[], None]) -> Cancellable:
    """Do some work ``real_s`` real seconds from now, on the running loop, whatever kind of loop that is."""
    loop = asyncio.get_running_loop()
    later = getattr(loop, "call_real_later", None)
    made: Cancellable = loop.call_later(real_s, work) if later is None else later(real_s, work)
    return made


def poll_later(delay_s: float, work: Callable[[], None]) -> Cancellable:
    """End a long poll after ``delay_s``, on the running loop: time that jumps does not jump to that."""
    loop = asyncio.get_running_loop()
    made: Cancellable = getattr(loop, "call_lazily", loop.call_later)(delay_s, work)
    return made
