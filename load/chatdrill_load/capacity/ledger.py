"""What was seen at each rate, and what that says about the bot. Pure functions of the history of a search."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from chatdrill_load.capacity.values import Outcome, Plan, Trial

History = Sequence[tuple[Trial, Outcome]]

_SIGMAS = 4.0  # one Poisson count in 30,000 lies further below its mean


def was_behind(plan: Plan, trial: Trial, outcome: Outcome) -> bool:
    """The generator did not produce what was asked of it, so a gate that broke proves nothing about the bot.

    A trial that holds although the generator was late is evidence: its customers waited longer, not shorter. One with too
    few customers is none. Random arrivals may fall short by chance, so four standard deviations are allowed for.
    """
    by_chance = _SIGMAS * math.sqrt(trial.rate_per_s / trial.measure_s)
    least_per_s = trial.rate_per_s * (1 - plan.shortfall_max) - by_chance
    return outcome.achieved_per_s < least_per_s or (not outcome.held and outcome.lag_s > plan.lag_max_s)


class Ledger:
    """The history, counted by rate."""

    def __init__(self, plan: Plan, history: History) -> None:
        self._plan = plan
        self._history = history
        self._held: dict[float, list[bool]] = {}
        for trial, outcome in history:
            self._held.setdefault(trial.rate_per_s, []).append(self.holds(trial, outcome))

    def holds(self, trial: Trial, outcome: Outcome) -> bool:
        """The bot held, and it did so at the rate of the trial."""
        return outcome.held and not was_behind(self._plan, trial, outcome)

    def tries(self, rate_per_s: float) -> int:
        return len(self._held.get(rate_per_s, ()))

    def highest(self) -> float:
        """The highest rate that was tried."""
        return max(self._held, default=0.0)

    def is_tied(self, rate_per_s: float) -> bool:
        seen = self._held.get(rate_per_s, ())
        return 2 * sum(seen) == len(seen)

    def edges(self) -> tuple[float | None, float | None]:
        """The highest rate that mostly held below the lowest that mostly did not, and that one. A tie is no yes."""
        high = min(self._rates(lambda seen: 2 * sum(seen) <= len(seen)), default=None)
        ceiling = math.inf if high is None else high
        lows = [rate for rate in self._rates(lambda seen: 2 * sum(seen) > len(seen)) if rate < ceiling]
        return max(lows, default=None), high

    def _rates(self, is_so: Callable[[Sequence[bool]], bool]) -> list[float]:
        return [rate for rate, seen in self._held.items() if is_so(seen)]

    def interval(self) -> tuple[float, float]:
        """The highest rate at and below which every trial held (0: none), the lowest at and above which none did.

        Of the bot only: what the generator spoilt bounds the search, not the bot.
        """
        held: dict[float, list[bool]] = {}
        for trial, outcome in self._history:
            if not self._is_generators(trial, outcome):
                held.setdefault(trial.rate_per_s, []).append(outcome.held)
        return _always_held(held), _never_held(held)

    def before_the_first_break(self) -> Ledger:
        """The same until the bot was first seen to break, that trial included."""
        first = self._first_break()
        return self if first is None else Ledger(self._plan, self._history[: first + 1])

    def _first_break(self) -> int | None:
        return next((at for at, pair in enumerate(self._history) if not self.holds(*pair)), None)

    def since_the_break(self) -> History:
        """Everything after the bot was first seen to break; nothing if it never was."""
        first = self._first_break()
        return () if first is None else self._history[first + 1 :]

    def looks_dead(self) -> bool:
        """Nothing held since the first break, and among it a rate at or below one that had held before."""
        since = self.since_the_break()
        if not since or any(self.holds(*pair) for pair in since):
            return False
        low = self.before_the_first_break().interval()[0]
        return any(trial.rate_per_s <= low and not self._is_generators(trial, outcome) for trial, outcome in since)

    def generator_broke(self, rate_per_s: float) -> bool:
        """Most of what did not hold at this rate was the generator's doing."""
        bad = [pair for pair in self._history if pair[0].rate_per_s == rate_per_s and not self.holds(*pair)]
        return 2 * sum(self._is_generators(*pair) for pair in bad) > len(bad)

    def _is_generators(self, trial: Trial, outcome: Outcome) -> bool:
        return was_behind(self._plan, trial, outcome)

    def broke_first(self, rate_per_s: float) -> str | None:
        """The gate that broke first most often at this rate, by the bot's own doing."""
        words = Counter(
            outcome.broke
            for trial, outcome in self._history
            if trial.rate_per_s == rate_per_s and outcome.broke and not self._is_generators(trial, outcome)
        )
        return words.most_common(1)[0][0] if words else None

    def latencies(self) -> list[tuple[float, float]]:
        """The points of the latency curve, without those that the generator spoilt."""
        return [
            (trial.rate_per_s, outcome.latency_s)
            for trial, outcome in self._history
            if outcome.latency_s is not None and math.isfinite(outcome.latency_s)
            if not self._is_generators(trial, outcome)
        ]

    def spent_s(self) -> float:
        return sum(trial.length_s if one.took_s is None else one.took_s for trial, one in self._history)


def _always_held(held: Mapping[float, Sequence[bool]]) -> float:
    best = 0.0
    for rate in sorted(held):
        if not all(held[rate]):
            break
        best = rate
    return best


def _never_held(held: Mapping[float, Sequence[bool]]) -> float:
    best = math.inf
    for rate in sorted(held, reverse=True):
        if any(held[rate]):
            break
        best = rate
    return best
