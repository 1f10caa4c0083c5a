"""Time as an object that is passed: the only package that reads a clock.

*Drill time* is what the customers' phones and the payloads show, in Unix seconds (UTC). *Real time* is what the
machine spends. A wall clock runs the first ``speed`` times as fast as the second; there, a conversation may be ahead
of the clock (a scripted pause was skipped, or its scenario starts on another day): that is a plain number of seconds
that travels with the conversation, see ``chatdrill.wire.state.Chat.ahead_s``. A virtual clock jumps to the next thing
due whenever nothing is in flight, for everybody at once: no conversation is ahead of it.
"""

from __future__ import annotations

from chatdrill.clock.clocks import Clock, VirtualClock, WallClock, iso
from chatdrill.clock.deadlines import GRAIN_S, Deadlines
from chatdrill.clock.jumping import JumpingLoop, Stall
from chatdrill.clock.real import poll_later, real_later, real_monotonic, real_now

__all__ = [
    "GRAIN_S",
    "Clock",
    "Deadlines",
    "JumpingLoop",
    "Stall",
    "VirtualClock",
    "WallClock",
    "iso",
    "poll_later",
    "real_later",
    "real_monotonic",
    "real_now",
]
