"""A run beside an earlier one: whose verdict is another one, and what became slower by more than chance.

Two runs of a suite play the same conversations, so each is compared with itself: the factor by which its usual answer takes longer. The
factor of the whole is the median of those, with an interval that assumes nothing of their distribution. What differs between two runs
besides the bot, such as a busier machine, two runs cannot tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import exp, log
from statistics import median
from typing import Literal, NamedTuple

from chatdrill.checks.repeats import BAD
from chatdrill.checks.sla.percentiles import percentile
from chatdrill.history.numbers import median_interval
from chatdrill.history.summary import CaseSummary, RunSummary

Meaning = Literal["slower", "faster", "noise", "unknown"]
LEAST_S = 0.001
"""Times below are as good as none: no factor is made of them."""
FACTOR_MIN = 1.05
RULE = (
    "slower or faster: the middle of the factors by which each conversation's usual answer takes longer lies, with 95 % confidence, on one "
    "side of 1 (the interval of the sign test), and is off by at least 5 %. What else differs between two runs, such as a busier machine, "
    "the rule cannot see"
)


class Turned(NamedTuple):
    """A case whose verdict is another one now."""

    now: CaseSummary
    before: CaseSummary

    @property
    def kind(self) -> Literal["broke", "mended", "other"]:
        """Whether it fails now, fails no longer, or something else."""
        if self.now.verdict in BAD:
            return "other" if self.before.verdict in BAD else "broke"
        return "mended" if self.before.verdict in BAD and self.now.verdict == "pass" else "other"


class Pair(NamedTuple):
    """One measure on one platform (``*``: all) in both runs, in seconds. ``factor`` is the usual one of ``cases`` conversations that are
    in both, from ``low`` to ``high``; ``None`` where they are too few."""

    measure: str
    platform: str
    now: tuple[int, float, float]
    before: tuple[int, float, float]
    cases: int
    factor: float | None
    low: float | None
    high: float | None
    means: Meaning


class Delay(NamedTuple):
    """One case of which one measure took longer: the usual time in both runs, in seconds. By itself it says little."""

    now: CaseSummary
    measure: str
    now_s: float
    before_s: float


class Comparison(NamedTuple):
    """All of it. ``delays`` are the cases that lost the most time, ``cautions`` what makes the two hard to compare."""

    turned: tuple[Turned, ...]
    only_now: tuple[CaseSummary, ...]
    only_before: tuple[CaseSummary, ...]
    pairs: tuple[Pair, ...]
    delays: tuple[Delay, ...]
    cautions: tuple[str, ...]

    def of(self, kind: str) -> list[Turned]:
        """The cases that ``broke``, were ``mended`` or changed in an ``other`` way."""
        return [one for one in self.turned if one.kind == kind]

    def meaning(self, means: Meaning) -> list[Pair]:
        """What is ``slower``, ``faster`` ..."""
        return [pair for pair in self.pairs if pair.means == means]


def compare(now: RunSummary, before: RunSummary) -> Comparison:
    """A run beside an earlier one."""
    ours, theirs = now.by_case, before.by_case
    both = [(case, theirs[case.case]) for case in now.cases if case.case in theirs]
    return Comparison(
        turned=tuple(Turned(*pair) for pair in both if pair[0].verdict != pair[1].verdict),
        only_now=tuple(case for case in now.cases if case.case not in theirs),
        only_before=tuple(case for case in before.cases if case.case not in ours),
        pairs=tuple(_pairs(both)),
        delays=tuple(_delays(both)),
        cautions=tuple(_cautions(now, before)),
    )


_Both = tuple[CaseSummary, CaseSummary]


def _pairs(both: Sequence[_Both]) -> Iterator[Pair]:
    groups: dict[tuple[str, str], list[_Both]] = defaultdict(list)
    for pair in both:
        for measure in pair[0].latencies.keys() & pair[1].latencies.keys():
            groups[measure, pair[0].platform].append(pair)
            groups[measure, "*"].append(pair)
    platforms = {platform for _, platform in groups} - {"*"}
    for measure, platform in sorted(groups):
        if platform != "*" or len(platforms) > 1:
            yield _pair(measure, platform, groups[measure, platform])


def _pair(measure: str, platform: str, both: Sequence[_Both]) -> Pair:
    shapes = [_shape(value for case in side for value in case.latencies[measure]) for side in zip(*both, strict=True)]
    factors = [log(_usual(now, measure) / _usual(before, measure)) for now, before in both]
    middle = median_interval(factors)
    factor, low, high = (None, None, None) if middle is None else (exp(value) for value in middle)
    return Pair(measure, platform, shapes[0], shapes[1], len(both), factor, low, high, _means(factor, low, high))


def _shape(values: Iterable[float]) -> tuple[int, float, float]:
    ordered = sorted(values)
    return len(ordered), percentile(ordered, 50), percentile(ordered, 95)


def _usual(case: CaseSummary, measure: str) -> float:
    return max(median(case.latencies[measure]), LEAST_S)


def _means(factor: float | None, low: float | None, high: float | None) -> Meaning:
    if factor is None or low is None or high is None:
        return "unknown"
    if low > 1 and factor >= FACTOR_MIN:
        return "slower"
    return "faster" if high < 1 and factor <= 1 / FACTOR_MIN else "noise"


_DELAYS_MAX = 10
_DELAY_MIN_S = 0.05


def _delays(both: Sequence[_Both]) -> list[Delay]:
    found = [
        Delay(now, measure, _usual(now, measure), _usual(before, measure))
        for now, before in both
        for measure in now.latencies.keys() & before.latencies.keys()
    ]
    late = [one for one in found if one.now_s - one.before_s >= max(_DELAY_MIN_S, one.before_s * (FACTOR_MIN - 1))]
    return sorted(late, key=lambda one: (one.before_s - one.now_s, one.now.case, one.measure))[:_DELAYS_MAX]


_ABOUT: Mapping[str, str] = {
    "clock": "time went differently: {before} then, {now} now",
    "speed": "customers were of another speed: {before:g} then, {now:g} now",
    "desk": "another helpdesk was behind the bot: {before} then, {now} now",
    "version": "chatdrill was another: {before} then, {now} now",
}


def _cautions(now: RunSummary, before: RunSummary) -> Iterator[str]:
    for name, words in _ABOUT.items():
        values = getattr(before, name), getattr(now, name)
        if values[0] != values[1]:
            yield words.format(before=values[0] or "none", now=values[1] or "none")
    if not before.by_case.keys() & now.by_case.keys():
        yield "no conversation is in both"
