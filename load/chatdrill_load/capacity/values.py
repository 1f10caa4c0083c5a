"""What the search is told, what it asks for and what it ends with. Rates are arriving customers per second."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from chatdrill.errors import UsageError
from chatdrill_load.capacity.knee import Knee

Phase = Literal["step", "confirm", "bisect", "repeat", "probe"]
LimitedBy = Literal["bot", "generator", "rate asked", "lowest rate", "recovery", "budget"]
EndedBy = Literal["precision", "trials", "time", "interrupted"]

_STEPS_MAX = 1000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How to search. Raises ``UsageError`` for what cannot be.

    Rates go up from ``start_per_s`` by ``factor`` to ``limit_per_s``, or through ``steps_per_s``, until something breaks;
    then the gap is halved (geometrically) until its ends are within ``precision`` of each other, and each end is tried
    ``repeats`` times in all. A trial lets the bot settle for ``settle_s``, then measures for ``measure_s``. At most
    ``trials_max`` trials are made, and none is begun that would end after ``time_max_s``.
    """

    start_per_s: float = 1.0
    limit_per_s: float = math.inf
    factor: float = 2.0
    steps_per_s: tuple[float, ...] = ()
    precision: float = 0.05
    repeats: int = 3
    settle_s: float = 30.0
    measure_s: float = 60.0
    trials_max: int = 40
    time_max_s: float = 2 * 3600.0
    # Latency counts from the moment a customer meant to write, so the generator's own lag is in it. A quarter of a second is a
    # tenth of the tightest bars that people write for a reply (two to three seconds).
    lag_max_s: float = 0.25
    shortfall_max: float = 0.05

    def __post_init__(self) -> None:
        for is_wrong, problem in self._problems():
            if is_wrong:
                raise UsageError(problem)

    def _problems(self) -> tuple[tuple[bool, str], ...]:
        steps = self.steps_per_s
        return (
            (not 0 < self.start_per_s < math.inf, f"the lowest rate must be above 0, not {self.start_per_s:g}/s"),
            (
                not steps and not self.factor > 1,
                f"each step must be a multiple above 1 of the last, not {self.factor:g}",
            ),
            (not all(0 < rate < math.inf for rate in steps), "every step must be a rate above 0"),
            (list(steps) != sorted(set(steps)), "the steps must rise from one to the next"),
            (
                not steps and self.limit_per_s < self.start_per_s,
                f"the highest rate ({self.limit_per_s:g}/s) is below the lowest ({self.start_per_s:g}/s)",
            ),
            (not self.precision > 0, f"the precision must be above 0, not {self.precision:g}"),
            (self.repeats < 1, f"a rate must be tried at least once, not {self.repeats} times"),
            (self.trials_max < 1, f"at least one trial must be allowed, not {self.trials_max}"),
            (self.settle_s < 0, f"settling cannot take {self.settle_s:g} s"),
            (not self.measure_s > 0, f"a trial must measure for longer than {self.measure_s:g} s"),
            (
                self.time_max_s < self.settle_s + self.measure_s,
                f"one trial takes {self.settle_s + self.measure_s:g} s, the whole search may take {self.time_max_s:g} s",
            ),
        )

    @property
    def lowest_per_s(self) -> float:
        """The first rate that is tried."""
        return self.steps_per_s[0] if self.steps_per_s else self.start_per_s

    @property
    def highest_per_s(self) -> float:
        """The highest rate that is asked for; infinite if nothing bounds it."""
        return self.steps_per_s[-1] if self.steps_per_s else self.limit_per_s

    def step_above(self, rate_per_s: float) -> float | None:
        """The next step up from a rate; ``None`` from the highest."""
        if self.steps_per_s:
            return next((step for step in self.steps_per_s if step > rate_per_s), None)
        return None if rate_per_s >= self.limit_per_s else min(rate_per_s * self.factor, self.limit_per_s)


@dataclass(frozen=True)
class Trial:
    """What to do next: let customers come at this rate, wait for ``settle_s``, then measure for ``measure_s``."""

    rate_per_s: float
    settle_s: float
    measure_s: float
    phase: Phase

    @property
    def length_s(self) -> float:
        return self.settle_s + self.measure_s


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a trial.

    ``broke`` names the gate that broke first, in words. ``achieved_per_s`` is the rate at which customers really came and
    ``lag_s`` by how much the generator was late (its p99 or maximum). ``latency_s`` is the percentile for the knee,
    ``took_s`` the time that the trial cost, if not what was planned.
    """

    held: bool
    achieved_per_s: float
    broke: str | None = None
    lag_s: float = 0.0
    latency_s: float | None = None
    took_s: float | None = None

    def __post_init__(self) -> None:
        if self.held == (self.broke is not None):
            raise UsageError("a trial that held broke nothing, and one that did not names the gate that broke first")


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """The highest rate at which the gates hold, and what is known about it.

    ``low_per_s`` is the highest rate at and below which every trial held, ``high_per_s`` the lowest at and above which none did
    (infinite if the bot was not shown to break); repeats that contradict each other move them apart. ``is_precise``: they
    were found to the precision that the plan asks for.
    """

    rate_per_s: float
    low_per_s: float
    high_per_s: float
    broke_first: str | None
    knee: Knee | None
    trials: tuple[tuple[Trial, Outcome], ...]
    limited_by: LimitedBy
    ended_by: EndedBy

    @property
    def is_precise(self) -> bool:
        return self.ended_by == "precision"

    def words(self) -> str:
        """What an engineer reads: the figure, what bounds it and what to do about it."""
        ended = "" if self.is_precise else f" {_ENDED[self.ended_by]}"
        known = _NOTHING_HELD if self.rate_per_s == 0 else _LIMITED
        return (
            known[self.limited_by].format(
                rate=_rate(self.rate_per_s),
                between=_between(self.low_per_s, self.high_per_s),
                broke=self.broke_first or "nothing",
                lowest=_rate(min((trial.rate_per_s for trial, _ in self.trials), default=0.0)),
            )
            + ended
        )


_LIMITED: dict[LimitedBy, str] = {
    "bot": "The bot holds {rate} ({between}); what breaks first: {broke}.",
    "generator": "The bot holds at least {rate}; above it the load generator was the limit, not the bot. "
    "Add workers or machines to go on.",
    "rate asked": "The bot holds at least {rate}, the highest rate that was asked for.",
    "lowest rate": "The bot does not hold even the lowest rate, {lowest}: {broke}. Start lower.",
    "recovery": "The bot held {rate} ({between}) until it was overloaded ({broke}), and has held nothing since, not even "
    "{lowest}: it does not recover by itself. Restart it between trials, or let it settle for longer.",
    "budget": "The bot holds at least {rate}; nothing broke so far.",
}
_NOTHING_HELD: dict[LimitedBy, str] = {
    **_LIMITED,
    "generator": "The load generator cannot make even {lowest}: nothing is known about the bot. Start lower, or add workers.",
    "budget": "Nothing was tried to the end.",
}
_ENDED: dict[EndedBy, str] = {
    "precision": "",
    "trials": "The search ended early: it had made as many trials as it may.",
    "time": "The search ended early: its time was up.",
    "interrupted": "The search was interrupted.",
}


def _rate(rate_per_s: float) -> str:
    return f"{rate_per_s:.3g}/s" if rate_per_s < 1000 else f"{rate_per_s:,.0f}/s"


def _between(low_per_s: float, high_per_s: float) -> str:
    if math.isinf(high_per_s):
        return f"at least {_rate(low_per_s)}"
    return f"between {_rate(low_per_s)} and {_rate(high_per_s)}"
