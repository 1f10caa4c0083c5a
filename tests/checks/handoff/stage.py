"""Time for generated conversations: several customers, the bot and the agents act side by side, whoever is next on the agenda.

A deed is a function without arguments; a script is a generator that yields the seconds until it goes on. Real time may be scaled,
and a scripted pause moves the drill time of one customer only, as it does in a run.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Self

import msgspec

from chatdrill.model import Agent
from chatdrill.trace import RunBegan, Skipped
from checks.handoff.traces import AGENTS, SUNDAY, Told

Deed = Callable[[], object]


class Stage(Told):
    """A trace that is told by an agenda. ``capacity`` is how many conversations each agent holds."""

    def __init__(self, *, capacity: int = 5, clock: str = "virtual", speed: float = 1.0, **case: Any) -> None:
        self.capacity, self.clock = capacity, clock
        self.agenda: list[tuple[float, int, str, Deed]] = []
        self.ahead: dict[str, float] = defaultdict(float)
        self.due = 0
        super().__init__(clock=clock, speed=1.0 if clock == "virtual" else speed, **case)

    def seat(self, key: str) -> Agent:
        return msgspec.structs.replace(AGENTS[key], capacity=self.capacity)

    def add(self, kind: type, *, after: float = 0.0, **fields: Any) -> Any:
        made = super().add(kind, after=after, **fields)
        if self.clock != "virtual" and kind is not RunBegan:
            conv = made.conv.rpartition("/")[2] if made.conv else None
            at = SUNDAY + self.now * self.speed + (self.ahead[conv] if conv else 0.0)
            self.made[-1] = made = msgspec.structs.replace(made, at=at)
        return made

    def drill(self, who: str) -> float:
        """What the clock of a customer shows."""
        return SUNDAY + self.now * self.speed + self.ahead[who]

    def later(self, seconds: float, who: str, deed: Deed) -> None:
        """Do it in so many seconds; the verbs are about ``who`` then."""
        self.due += 1
        heapq.heappush(self.agenda, (self.now + seconds, self.due, who, deed))

    def follow(self, who: str, script: Iterator[float]) -> None:
        """Play a script to its end."""

        def go_on() -> None:
            pause = next(script, None)
            if pause is not None:
                self.later(pause, who, go_on)

        self.later(0.0, who, go_on)

    def skipping(self, seconds: float) -> Iterator[float]:
        """A scripted pause, as a part of a script."""
        if self.clock == "virtual":
            yield seconds
        else:
            self.ahead[self.who] += seconds
        self.add(Skipped, seconds=seconds)

    def plays(self, *, until: float = float("inf")) -> Self:
        """Everything on the agenda is done, or what comes before ``until``."""
        while self.agenda and self.agenda[0][0] <= until:
            due, _, who, deed = heapq.heappop(self.agenda)
            self.now = max(self.now, due)
            self.to(who)
            deed()
        return self
