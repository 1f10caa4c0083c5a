"""What many runs of a suite say of each case: that it is flaky, that it broke and when, that it is slower than it was; and why so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import Literal, NamedTuple

from chatdrill.checks.rates import Interval, wilson
from chatdrill.checks.repeats import BAD
from chatdrill.checks.results import Verdict
from chatdrill.history.numbers import EARLIER_MIN, Forecast, discoveries, forecast
from chatdrill.history.summary import CaseSummary, RunSummary

WINDOW = 20
"""So many runs are looked at: what was longer ago is about another bot."""
CHANGES_MIN = 2
_FACTOR_MIN = 1.25
_LATER_MIN_S = 0.05
_LEAST_S = 0.001
_SPREAD = 0.05
_MOST, _SUITE_MIN = 0.5, 5
FLAKY_RULE = (
    f"flaky: among the last {WINDOW} runs the verdict changed between passed and failed at least twice, or repeats of one run disagreed. One change is "
    "a bot that broke or was mended, and runs in which most conversations failed are left out. The interval: where the rate lies with 95 % confidence (Wilson)"
)
SLOWER_RULE = (
    f"slower: the usual answer takes at least {_FACTOR_MIN:g} times as long as usual and {_LATER_MIN_S * 1000:.0f} ms longer, and lies beyond what at least "
    f"{EARLIER_MIN} earlier runs let expect (a prediction interval of their logarithms, Student's t); of all that are called slower at most 5 % "
    "are so by chance (Benjamini and Hochberg)"
)

Kind = Literal["flaky", "broke", "mended", "new", "steady"]


class Slower(NamedTuple):
    """A measure that takes longer than it did: now, and what ``runs`` earlier runs let expect (``expected``), in seconds."""

    measure: str
    now_s: float
    runs: int
    expected: Forecast


class CaseTrend(NamedTuple):
    """A case over the runs. ``verdicts`` begin with the oldest and end with this run's, ``None`` where it was not played; ``tries`` and
    ``passes`` count over all of them, ``rate`` is their interval. ``row`` is how many runs the present verdict has stood, and ``passed_row`` how many in a row had
    passed before it broke."""

    now: CaseSummary
    verdicts: tuple[Verdict | None, ...]
    kind: Kind
    changes: int
    tries: int
    passes: int
    rate: Interval
    row: int
    passed_row: int
    slower: tuple[Slower, ...] = ()

    @property
    def chance(self) -> float:
        """Of a case that broke: how likely so many failures in a row were at most, if it were as apt to pass as what went before
        shows with confidence."""
        return float((1 - wilson(self.passed_row, self.passed_row).low) ** self.row)


class Trends(NamedTuple):
    """All cases of a run over the runs before it, of which there were ``runs``; ``left_out`` more in which most of them failed are about
    a bot that was broken, and say nothing of single cases."""

    cases: tuple[CaseTrend, ...]
    runs: int
    left_out: int = 0

    def of(self, kind: Kind) -> list[CaseTrend]:
        """The cases of a kind, those that change the most first."""
        return sorted((one for one in self.cases if one.kind == kind), key=lambda one: (-one.changes, one.now.case))

    @property
    def slower(self) -> list[CaseTrend]:
        """The cases that take longer than they did, the surest first."""
        return sorted(
            (one for one in self.cases if one.slower), key=lambda one: (one.slower[0].expected.chance, one.now.case)
        )


def trends(now: RunSummary, earlier: Sequence[RunSummary]) -> Trends:
    """``earlier`` are runs of the same suite, the oldest first; the last of them are looked at. Times are compared with those of runs whose time
    went the same way."""
    runs, left_out = _without_broken(earlier[-(WINDOW - 1) :])
    told = [(run, run.by_case) for run in runs]
    cases = [_trend(case, [cases.get(case.case) for _, cases in told]) for case in now.cases]
    like = [cases for run, cases in told if (run.clock, run.speed) == (now.clock, now.speed)]
    late = _late(now.cases, [[cases[case.case] for cases in like if case.case in cases] for case in now.cases])
    return Trends(tuple(one._replace(slower=tuple(late.get(one.now.case, ()))) for one in cases), len(runs), left_out)


def _without_broken(runs: Sequence[RunSummary]) -> tuple[list[RunSummary], int]:
    """The runs without those in which most cases failed, where that is not how it usually was; and how many those are."""
    shares = [sum(one.verdict in BAD for one in run.cases) / max(1, len(run.cases)) for run in runs]
    if not runs or median(shares) > _MOST / 2:
        return list(runs), 0
    kept = [run for run, share in zip(runs, shares, strict=True) if share <= _MOST or len(run.cases) < _SUITE_MIN]
    return kept, len(runs) - len(kept)


# ------------------------------------------------------------------------------------------------------- verdicts


def _trend(now: CaseSummary, earlier: Sequence[CaseSummary | None]) -> CaseTrend:
    seen = [*earlier, now]
    played = [one for one in seen if one is not None]
    decided = [one.verdict in BAD for one in played if one.verdict == "pass" or one.verdict in BAD]
    stretches = [(bad, len(list(group))) for bad, group in groupby(decided)]
    tries, passes = sum(one.tries for one in played), sum(one.passes for one in played)
    changes = sum(one != other for one, other in pairwise(decided))
    return CaseTrend(
        now=now,
        verdicts=tuple(None if one is None else one.verdict for one in seen),
        kind=_kind(played, stretches, changes),
        changes=changes,
        tries=tries,
        passes=passes,
        rate=wilson(passes, tries),
        row=stretches[-1][1] if stretches else 0,
        passed_row=stretches[-2][1] if len(stretches) > 1 else 0,
    )


def _kind(played: Sequence[CaseSummary], stretches: Sequence[tuple[bool, int]], changes: int) -> Kind:
    if changes >= CHANGES_MIN or any(0 < one.passes < one.tries for one in played):
        return "flaky"
    if len(played) == 1:
        return "new"
    if changes == 1 and played[-1].verdict in (*BAD, "pass"):
        return "broke" if stretches[-1][0] else "mended"
    return "steady"


# ---------------------------------------------------------------------------------------------------------- times


def _late(cases: Iterable[CaseSummary], earlier: Iterable[Sequence[CaseSummary]]) -> dict[str, list[Slower]]:
    asked = [(case, slower) for case, before in zip(cases, earlier, strict=True) for slower in _forecasts(case, before)]
    sure = discoveries([slower.expected.chance for _, slower in asked])
    found: dict[str, list[Slower]] = {}
    for (case, slower), is_sure in zip(asked, sure, strict=True):
        usual = slower.expected.usual
        if is_sure and slower.now_s >= max(usual * _FACTOR_MIN, usual + _LATER_MIN_S):
            found.setdefault(case.case, []).append(slower)
    return found


def _forecasts(case: CaseSummary, earlier: Sequence[CaseSummary]) -> Iterator[Slower]:
    for measure, values in case.latencies.items():
        before = [median(one.latencies[measure]) for one in earlier if one.latencies.get(measure)]
        now_s = median(values)
        expected = forecast(before, now_s, least=_LEAST_S, spread=_SPREAD)
        if expected is not None:
            yield Slower(measure, now_s, len(before), expected)
