"""A gate, and the verdict on a run.

Every gate but those on a mean and a maximum has an *error budget*: the share of samples that may break the bar. ``p95 < 5s``
lets 5 % of the samples take longer, ``for 99%`` 1 %, and of ``errors < 1%`` the bar itself is the budget.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from chatdrill.errors import did_you_mean
from chatdrill_load.figures import (
    ABANDONED,
    ANSWERED,
    ARRIVALS,
    FAILED,
    LATE,
    UNANSWERED,
    UNMATCHED,
    Distribution,
    Reading,
    Window,
    samples_needed,
)
from chatdrill_load.gates.saying import bound, percent, plural, share_bound, times, took

Verdict = Literal["pass", "fail", "none", "inconclusive"]

Rate = tuple[str, tuple[str, ...], str]

RATES: dict[str, Rate] = {
    "errors": (FAILED, (ARRIVALS,), "conversations"),
    "abandoned": (ABANDONED, (ARRIVALS,), "conversations"),
    "unanswered": (UNANSWERED, (ANSWERED, UNANSWERED), "turns"),
    "late": (LATE, (ANSWERED, UNANSWERED), "turns"),
    "unmatched": (UNMATCHED, (ANSWERED, UNANSWERED), "turns"),
}
"""What is counted for each gate on a rate, what it is a share of, and what those are called."""

PERCENTILE, MAX, MEAN, SHARE, RATE = "p", "max", "mean", "share", "rate"

_SURE = 0.05  # with few samples, a percentile fails only if chance alone makes so many slow ones less often than this


class GateResult(NamedTuple):
    """The verdict on a gate.

    ``observed`` and ``bar`` are seconds, or shares (0 to 1) of a gate on a rate or a share; ``observed`` is ``None`` where
    there is no sample. ``budget_spent`` is 1 where the error budget is just used up, and ``None`` where there is none.
    """

    gate: str
    verdict: Verdict
    observed: float | None
    bar: float
    samples: int
    budget_spent: float | None
    words: str


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What was promised about ``measure``: a kind of latency, or one of ``RATES``.

    ``figure`` is ``p`` for a percentile, ``max``, ``mean``, ``share`` (so many percent within the bar) or ``rate``;
    ``percent`` belongs to ``p`` and ``share``. ``bar`` is in seconds, or a share of a rate. ``or_equal``: ``<=``.
    """

    text: str
    measure: str
    figure: str
    bar: float
    percent: float = 100.0
    or_equal: bool = False
    platform: str | None = None
    name: str | None = None

    def judge(self, figures: Reading) -> GateResult:
        """The verdict on a run, or on a window of it."""
        if self.figure == RATE:
            return self._of_rate(figures)
        found = figures.latency(self.measure, platform=self.platform, name=self.name)
        if not found.samples:
            return self._result("none", None, 0, None, self._nothing(figures))
        return self._of_share(found) if self.figure == SHARE else self._of_figure(found)

    def spent(self, windows: Iterable[Window]) -> list[tuple[float, float]]:
        """How the error budget went: at the end of each window (in seconds), the share of the budget of all windows that
        was spent until then. Empty for gates without a budget, and where there is no sample."""
        counts = [(window.t_s + window.length_s, *self.broken(window)) for window in windows]
        budget = self.allowed * sum(samples for _, _, samples in counts)
        if not budget:
            return []
        sums = _running(broken for _, broken, _ in counts)
        return [(end_s, broken / budget) for (end_s, _, _), broken in zip(counts, sums, strict=True)]

    @property
    def allowed(self) -> float:
        """The share of samples that may break the bar."""
        if self.figure == RATE:
            return self.bar
        return 0.0 if self.figure in (MAX, MEAN) else round(1 - self.percent / 100, 12)

    def broken(self, figures: Reading) -> tuple[int, int]:
        """How many samples broke the bar, and how many there are."""
        if self.figure == RATE:
            what, whole, _ = RATES[self.measure]
            return figures.counted(what, platform=self.platform), self._counted(figures, whole)
        found = figures.latency(self.measure, platform=self.platform, name=self.name)
        return self._slow(found), found.samples

    # --------------------------------------------------------------------------------------------------- judging

    def _of_rate(self, figures: Reading) -> GateResult:
        broken, samples = self.broken(figures)
        whole = RATES[self.measure][2]
        if not samples:
            return self._result(
                "none", None, 0, None, f"there were no {whole}{self._where()}, so no share of them either"
            )
        share = broken / samples
        words = (
            f"{self.measure}{self._where()} were {percent(share, self.bar)} of {samples:,} {whole}, "
            f"{self._beside(share)} {share_bound(self.bar)}"
        )
        spent = share / self.bar if self.bar else None
        return self._result(self._verdict(share), share, samples, spent, words)

    def _of_figure(self, found: Distribution) -> GateResult:
        value_s = self._value_s(found)
        words = (
            f"{self._what()} was {took(value_s, self.bar)} of {plural(found.samples, 'sample')}, "
            f"{self._beside(value_s)} {bound(self.bar)}"
        )
        verdict = self._verdict(value_s)
        if self._too_few(found):
            verdict, words = "inconclusive", f"{words}; {self._needs()}"
        return self._result(verdict, value_s, found.samples, self._spent(found), words)

    def _of_share(self, found: Distribution) -> GateResult:
        slow = self._slow(found)
        share = 1 - slow / found.samples
        verdict: Verdict = "pass" if slow <= self.allowed * found.samples + 1e-9 else "fail"
        asked = self.percent / 100
        side = "fewer than" if verdict == "fail" else "not fewer than"
        under = "within" if self.or_equal else "in less than"
        words = (
            f"{percent(share, asked)} of {plural(found.samples, 'sample')} of {self.measure}{self._where()} came {under} "
            f"{bound(self.bar)}, {side} {share_bound(asked)}{self._budget(found)}"
        )
        if self._too_few(found):
            verdict, words = "inconclusive", f"{words}; {self._needs()}"
        return self._result(verdict, share, found.samples, self._spent(found), words)

    def _value_s(self, found: Distribution) -> float:
        if self.figure == MAX:
            return found.max_s
        return found.mean_s if self.figure == MEAN else found.percentile_s(self.percent)

    def _slow(self, found: Distribution) -> int:
        return found.samples - found.within(self.bar, or_equal=self.or_equal)

    def _spent(self, found: Distribution) -> float | None:
        return self._slow(found) / (self.allowed * found.samples) if self.allowed else None

    def _verdict(self, value: float) -> Verdict:
        return "pass" if value < self.bar or (self.or_equal and value == self.bar) else "fail"

    def _too_few(self, found: Distribution) -> bool:
        """Too few samples to tell the percentile, unless so many are slow that it cannot be chance."""
        if not self.allowed or found.samples >= samples_needed(self.percent):
            return False
        return _at_least(self._slow(found), found.samples, self.allowed) > _SURE

    def _result(
        self, verdict: Verdict, observed: float | None, samples: int, spent: float | None, words: str
    ) -> GateResult:
        bar = self.percent / 100 if self.figure == SHARE else self.bar
        return GateResult(self.text, verdict, observed, bar, samples, spent, words)

    def _counted(self, figures: Reading, whats: Sequence[str]) -> int:
        return sum(figures.counted(what, platform=self.platform) for what in whats)

    # ---------------------------------------------------------------------------------------------------- saying

    def _what(self) -> str:
        figure = f"p{self.percent:g}" if self.figure == PERCENTILE else self.figure
        return f"{self.measure} {figure}{self._where()}"

    def _where(self) -> str:
        on = f" on {self.platform}" if self.platform else ""
        return f"{on} of {self.name!r}" if self.name else on

    def _beside(self, value: float) -> str:
        if self._verdict(value) == "pass":
            return "not more than" if self.or_equal else "less than"
        return "more than" if value > self.bar else "not less than"

    def _budget(self, found: Distribution) -> str:
        spent = self._spent(found)
        if spent is None:
            return ""
        if spent > 1:
            return f"; the error budget was spent {times(spent)}"
        return f"; {percent(spent)} of the error budget was spent"

    def _needs(self) -> str:
        what = f"p{self.percent:g}" if self.figure == PERCENTILE else f"{self.percent:g} %"
        return f"too few samples for {what}, which takes {samples_needed(self.percent):,}"

    def _nothing(self, figures: Reading) -> str:
        """Why there is no sample: nothing of that platform, of that name, or of that kind."""
        keys = list(figures.keys())
        for wanted, index in ((self.platform, 0), (self.name, 1), (self.measure, 2)):
            known = {key[index] for key in keys if key[index]}
            if wanted is not None and wanted not in known and known:
                near = did_you_mean(wanted, known)
                return f"there was no {self.measure}{self._where()}: nothing was measured for {wanted!r}{near}"
        return f"there was no {self.measure}{self._where()}, so nothing can be said about it"


def _running(values: Iterable[int]) -> list[int]:
    sums, whole = [], 0
    for value in values:
        whole += value
        sums.append(whole)
    return sums


def _at_least(slow: int, samples: int, share: float) -> float:
    """How likely so many of the samples, or more, are slow if ``share`` of all are: the tail of a binomial distribution."""
    return 1 - sum(math.comb(samples, n) * share**n * (1 - share) ** (samples - n) for n in range(slow))
