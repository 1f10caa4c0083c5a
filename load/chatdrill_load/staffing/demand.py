"""What was measured of the handoffs, and how customers are drawn from it again.

Handling times and patience are drawn one by one from what was measured (the bootstrap of B. Efron, 1979). Gaps between
handoffs come in bursts, so they are drawn in blocks of neighbours (H. R. Künsch, 1989) around a circle (D. N. Politis,
J. P. Romano, 1992), which gives every gap the same chance; blocks as long as the cube root of the number of gaps
(P. Hall, J. Horowitz, B.-Y. Jing, 1995). Fewer gaps than ``GAPS_MIN`` say little about how they are spread: then they are taken to
be exponential, those of customers who do not know of each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from chatdrill.errors import UsageError
from chatdrill.seeds import Seed, Stream

GAPS_MIN = 30  # the usual size from which a sample is said to show its shape
_PART_MIN = 0.1  # of an hour


class Customer(NamedTuple):
    """Somebody who needs a human: when, for how long, and how long they would wait. Seconds."""

    arrival_s: float
    handling_s: float
    patience_s: float


@dataclass(frozen=True, kw_only=True)
class Demand:
    """The handoffs of a run. Raises ``UsageError`` for what cannot be.

    ``arrivals_s`` are the moments at which customers began to wait for a human, seconds since the start of a run that lasted
    ``until_s``; ``handling_s`` how long agents had each of them, one at a time. ``patience_s`` is how long customers are ready to
    wait: a sample, the mean of an exponential patience (see ``mean_patience_s``), or ``None`` if nobody gives up.
    """

    arrivals_s: Sequence[float]
    until_s: float
    handling_s: Sequence[float]
    patience_s: Sequence[float] | float | None = None

    def __post_init__(self) -> None:
        for is_wrong, problem in self._problems():
            if is_wrong:
                raise UsageError(problem)

    def _problems(self) -> tuple[tuple[bool, str], ...]:
        patience = self._patience_sample()
        return (
            (not 0 < self.until_s < math.inf, f"the run must have lasted for some time, not {self.until_s} s"),
            (not all(0 <= at <= self.until_s for at in self.arrivals_s), "a handoff lies outside the run"),
            (bool(self.arrivals_s) and not self.handling_s, "no handling time was measured: was any handoff finished?"),
            (not all(0 < one < math.inf for one in self.handling_s), "every handling time must be above 0 s"),
            (patience is not None and not patience, "a sample of patience is empty; None if nobody gives up"),
            (not all(0 < one < math.inf for one in patience or ()), "every patience must be above 0 s and end"),
        )

    def _patience_sample(self) -> Sequence[float] | None:
        return [self.patience_s] if isinstance(self.patience_s, int | float) else self.patience_s

    @property
    def mean_handling_s(self) -> float:
        return fmean(self.handling_s) if self.handling_s else 0.0

    @property
    def mean_patience_s(self) -> float | None:
        sample = self._patience_sample()
        return None if sample is None else fmean(sample)

    def hours(self, hour_s: float) -> Iterator[HourDemand]:
        """The run, cut into hours; of the last one perhaps only a part was measured.

        A part so short that a single handoff in it would look like a rush is counted with the hour before.
        """
        count = max(1, math.ceil(self.until_s / hour_s - _PART_MIN))
        cut: list[list[float]] = [[] for _ in range(count)]
        for at in sorted(self.arrivals_s):
            cut[min(int(at / hour_s), count - 1)].append(at)
        for index, some in enumerate(cut):
            until_s = self.until_s if index == count - 1 else (index + 1) * hour_s
            yield HourDemand(self, index, tuple(some), until_s - index * hour_s)


@dataclass(frozen=True)
class HourDemand:
    """The handoffs of one hour, of which ``measured_s`` seconds were measured."""

    demand: Demand
    hour: int
    arrivals_s: tuple[float, ...]
    measured_s: float

    @property
    def rate_per_s(self) -> float:
        return len(self.arrivals_s) / self.measured_s

    def customers(self, seed: Seed, until_s: float) -> list[Customer]:
        """Customers of a time such as this hour, from 0 to ``until_s``."""
        handling, patience = seed.stream("handling"), self._patience(seed.stream("patience"))
        drawn: list[Customer] = []
        now_s = 0.0
        for gap_s in self._gaps(seed.stream("gaps")):
            now_s += gap_s
            if now_s >= until_s:
                return drawn
            drawn.append(Customer(now_s, handling.choice(self.demand.handling_s), next(patience)))
        return drawn

    def _gaps(self, chance: Stream) -> Iterator[float]:
        """Endless gaps whose mean is that of the hour; none if nobody came."""
        gaps = [later - earlier for earlier, later in pairwise(self.arrivals_s)]
        if len(gaps) < GAPS_MIN or not sum(gaps):
            while self.rate_per_s:
                yield chance.expovariate(self.rate_per_s)
            return
        stretch = 1 / (self.rate_per_s * fmean(gaps))
        length = round(len(gaps) ** (1 / 3))
        while True:
            start = chance.randrange(len(gaps))
            for offset in range(length):
                yield gaps[(start + offset) % len(gaps)] * stretch

    def _patience(self, chance: Stream) -> Iterator[float]:
        given = self.demand.patience_s
        while True:
            if given is None:
                yield math.inf
            elif isinstance(given, int | float):
                yield chance.expovariate(1 / given)
            else:
                yield chance.choice(given)


def mean_patience_s(waited_s: Sequence[float], gave_up: int) -> float | None:
    """The mean patience behind a run in which ``gave_up`` of the customers who waited so long left; ``None`` if nobody did.

    Who was answered would have waited longer still, so the mean wait of those who left is too short. For an exponential
    patience the likeliest mean is the time that all have waited, divided by the number of those who left
    (A. Mandelbaum, S. Zeltyn, "The Palm/Erlang-A Queue", 2005, section 5).
    """
    if not 0 <= gave_up <= len(waited_s):
        raise UsageError(f"{gave_up} of {len(waited_s)} customers cannot have given up")
    return sum(waited_s) / gave_up if gave_up else None
