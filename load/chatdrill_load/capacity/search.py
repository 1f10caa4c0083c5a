"""The search itself: a state machine whose only state is the history of its trials.

1. *Step* up until something does not hold, and *confirm* that once before it is believed: a false alarm at a low step would
   otherwise send the search into the wrong gap.
2. *Bisect* between the highest rate that mostly held and the lowest that mostly did not, on a scale of ratios.
3. *Repeat* both ends. If the majority turns one over, the gap has moved and the search goes on from there. Where repeats
   contradict each other the interval is wider than the gap, and its upper end is repeated too.
4. *Probe* the lowest rate if nothing has held since the first break although it should: a bot that does not recover from one
   overload would otherwise be searched downwards for ever.

The ends of the interval are rates that were tried, no confidence bounds: three trials that agree by chance can put an end on the
wrong side of the truth, by about as much as the percentile is uncertain in one trial. Of 1,000 searches on a curve of M/M/1
whose p95 was off by 2 %, 10 % and 30 % (one standard deviation), 1, 3 and 11 missed the truth, by 1.2 % at most; with five
repeats none did.

A trial in which the generator fell behind counts as one that did not hold, since more load cannot be made; if that is what
bounds the search, the answer says so and claims nothing about the bot above it.
"""

from __future__ import annotations

import math

from chatdrill.errors import UsageError
from chatdrill_load.capacity.knee import knee
from chatdrill_load.capacity.ledger import Ledger
from chatdrill_load.capacity.values import Capacity, EndedBy, LimitedBy, Outcome, Phase, Plan, Trial

_PROBES = 2  # one failure of the lowest rate may be chance, two in a row after an overload are not


class Search:
    """Asks for trials until it knows the capacity."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._history: list[tuple[Trial, Outcome]] = []
        self._asked: Trial | None = None

    def next(self) -> Trial | Capacity:
        """The next trial, or the answer. Asking again before the outcome is told gives the same."""
        if self._asked is None:
            step = self._wanted()
            if step is None:
                return self._capacity("precision")
            if (spent := self._over_budget(step)) is not None:
                return self._capacity(spent)
            self._asked = step
        return self._asked

    def tell(self, outcome: Outcome) -> None:
        """What came of the trial that was asked for. Raises ``UsageError`` if none was."""
        if self._asked is None:
            raise UsageError("no trial was asked for: call next() first")
        self._history.append((self._asked, outcome))
        self._asked = None

    def interrupted(self) -> Capacity:
        """What is known now, for whoever has to stop; a trial under way is forgotten."""
        return self._capacity("interrupted")

    # ------------------------------------------------------------------------------------------ what next

    def _wanted(self) -> Trial | None:
        ledger = Ledger(self.plan, self._history)
        found = self._probe(ledger) if ledger.looks_dead() else self._narrow(ledger)
        return None if found is None else self._trial(*found)

    def _probe(self, ledger: Ledger) -> tuple[float, Phase] | None:
        lowest = self.plan.lowest_per_s
        probes = sum(trial.rate_per_s == lowest for trial, _ in ledger.since_the_break())
        return (lowest, "probe") if probes < _PROBES else None

    def _narrow(self, ledger: Ledger) -> tuple[float, Phase] | None:
        low, high = ledger.edges()
        if high is None:
            return self._upwards(ledger, low)
        if low is None:
            return self._again(ledger, high)
        if ledger.tries(high) == 1 and self._is_step(high):
            return high, "confirm"
        if high > low * (1 + self.plan.precision):
            return self._between(ledger, low, high)
        return self._again(ledger, low) or self._again(ledger, high) or self._settle(ledger, high)

    def _settle(self, ledger: Ledger, high: float) -> tuple[float, Phase] | None:
        """Where repeats contradicted each other, the interval ends above the gap: at a rate that must be as well known.

        Its lower end needs no more trials: every rate above it that held speaks for it too.
        """
        most = ledger.interval()[1]
        if math.isfinite(most):
            return self._again(ledger, most)
        above = None if ledger.generator_broke(high) else self.plan.step_above(ledger.highest())
        return None if above is None else (above, "step")

    def _upwards(self, ledger: Ledger, low: float | None) -> tuple[float, Phase] | None:
        if low is None:
            return self.plan.lowest_per_s, "step"
        above = self.plan.step_above(low)
        return self._again(ledger, low) if above is None else (above, "step")

    def _between(self, ledger: Ledger, low: float, high: float) -> tuple[float, Phase]:
        if ledger.tries(high) > 1 and ledger.is_tied(high) and ledger.tries(high) < self.plan.repeats:
            return high, "confirm"
        return math.sqrt(low * high), "bisect"

    def _again(self, ledger: Ledger, rate_per_s: float) -> tuple[float, Phase] | None:
        return (rate_per_s, "repeat") if ledger.tries(rate_per_s) < self.plan.repeats else None

    def _is_step(self, rate_per_s: float) -> bool:
        """Whether it was a step up that found this rate; with one repeat there is nothing to confirm with."""
        return self.plan.repeats > 1 and any(
            trial.rate_per_s == rate_per_s and trial.phase == "step" for trial, _ in self._history
        )

    def _trial(self, rate_per_s: float, phase: Phase) -> Trial:
        return Trial(rate_per_s, self.plan.settle_s, self.plan.measure_s, phase)

    def _over_budget(self, step: Trial) -> EndedBy | None:
        if len(self._history) >= self.plan.trials_max:
            return "trials"
        spent_s = Ledger(self.plan, self._history).spent_s()
        return "time" if spent_s + step.length_s > self.plan.time_max_s else None

    # ------------------------------------------------------------------------------------------ the answer

    def _capacity(self, ended_by: EndedBy) -> Capacity:
        ledger = Ledger(self.plan, self._history)
        is_dead = ledger.looks_dead() and self._probe(ledger) is None
        seen = ledger.before_the_first_break() if is_dead else ledger
        low, high = seen.edges()
        limited_by: LimitedBy = "recovery" if is_dead else self._limit(ledger, low, high)
        least, most = seen.interval()
        return Capacity(
            rate_per_s=low or 0.0,
            low_per_s=least,
            high_per_s=most,
            broke_first=None if high is None else seen.broke_first(high),
            knee=knee(seen.latencies()),
            trials=tuple(self._history),
            limited_by=limited_by,
            ended_by=ended_by,
        )

    def _limit(self, ledger: Ledger, low: float | None, high: float | None) -> LimitedBy:
        if high is None:
            return "rate asked" if low is not None and low >= self.plan.highest_per_s else "budget"
        if ledger.generator_broke(high):
            return "generator"
        return "bot" if low is not None else "lowest rate"
