"""What is loaded into a bot before its own code: a clock that is moved from outside, and the way to the fakes (``detour``).

The clock of a bot that chatdrill starts is moved so that its wall clock and its timers follow a jump.

A small C library (``native/``) is loaded before the bot's own (``LD_PRELOAD``); it is built once, on first use, and kept
in the user's cache. Where that cannot be, libfaketime moves what the bot reads, but not its timers.

    found = find()                                   what this machine has
    reach(["python", "bot.py"], Path(), os.environ)  whether a program can be reached at all
    with MovedClock(found.shim, start=...) as clock: start the bot with clock.environment, then clock.move_to(...)

``python -m chatdrill.preload`` builds the library beforehand, as for an image of a container.
"""

from chatdrill.preload.building import Available, build, find
from chatdrill.preload.detour import Detour
from chatdrill.preload.faketime import FaketimeClock
from chatdrill.preload.moved import MovedClock, Wait
from chatdrill.preload.ports import listening
from chatdrill.preload.programs import Reachable, reach
from chatdrill.preload.trial import Trial, try_shim

__all__ = [
    "Available",
    "Detour",
    "FaketimeClock",
    "MovedClock",
    "Reachable",
    "Trial",
    "Wait",
    "build",
    "find",
    "listening",
    "reach",
    "try_shim",
]
