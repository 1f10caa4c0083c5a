"""Repeats in words: every report has the same rows in the same order, and says the same of what failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from chatdrill.checks.rates import CONFIDENCE
from chatdrill.checks.repeats import BAD, overall
from chatdrill.checks.results import CaseJudgement, Cause, FailedRepeat, Judgement, Repeats
from chatdrill.engine.copies import copied, repeat_of
from chatdrill.trace.transcript.phrases import one_line, platform_title
from chatdrill_reports.service import counted

HINT = f"the interval: where the rate lies with a confidence of {CONFIDENCE * 100:.0f} % (Wilson); pass^k: the chance that k tries in a row all pass"
_BAR_CELLS = 20
_FAILED_MAX = 10
_CAUSES: dict[Cause, str] = {
    "seed": "fails with this seed every time",
    "chance": "same seed, different outcome: the bot or its surroundings do not behave the same twice",
    "unknown": "nobody knows whether the seed decides it",
}


@dataclass(frozen=True)
class Row:
    """The repeats of one case, ready to be shown."""

    repeats: Repeats

    @property
    def name(self) -> str:
        """The name of the scenario and its row."""
        row = ", ".join(f"{key} {value}" for key, value in self.repeats.row.items())
        return one_line(" · ".join(filter(None, (self.repeats.name, row))), 80)

    @property
    def platform(self) -> str:
        """The title of the platform."""
        return platform_title(self.repeats.platform)

    @property
    def passed(self) -> str:
        """``17 of 20``, and how many were not decided."""
        undecided = f", {self.repeats.undecided} undecided" if self.repeats.undecided else ""
        return f"{self.repeats.passes} of {self.repeats.tries}{undecided}"

    @property
    def rate(self) -> str:
        """The share that passed."""
        return "" if self.repeats.rate is None else percent(self.repeats.rate)

    @property
    def interval(self) -> str:
        """``64–95 %``."""
        return f"{self.repeats.low * 100:.0f}–{self.repeats.high * 100:.0f} %"

    @property
    def bar(self) -> str:
        """The interval from 0 to 100 %, drawn in letters: ``[.....--o----...]``, the rate being the ``o``."""
        one, last = self.repeats, _BAR_CELLS - 1
        low, high = round(one.low * last), round(one.high * last)
        at = None if one.rate is None else round(one.rate * last)
        return f"[{''.join('o' if n == at else '-' if low <= n <= high else '.' for n in range(_BAR_CELLS))}]"

    @property
    def power(self) -> str:
        """The last of pass^k."""
        return percent(self.repeats.pass_k[-1]) if self.repeats.pass_k else ""

    @property
    def mark(self) -> str:
        """What kind of case it is, in a word."""
        return "flaky" if self.repeats.is_flaky else ""

    @cached_property
    def failed(self) -> Sequence[tuple[str, str, FailedRepeat]]:
        """What failed: which repeat, why in words, and the repeat itself; no more than a reader takes in."""
        flaky = self.repeats.is_flaky
        return [(number_of(one.case), cause(one), one) for one in self.repeats.failed[:_FAILED_MAX]] if flaky else []

    @property
    def more(self) -> str:
        """How many more failed, in words."""
        count = len(self.repeats.failed) - _FAILED_MAX
        return f"and {counted(count, 'more repeat')}" if self.failed and count > 0 else ""


def rows(judgement: Judgement) -> list[Row]:
    """The flaky first, then what always fails or is undecided, then what always passes; the lowest rate first."""

    def rank(one: Repeats) -> tuple[bool, bool, float]:
        return not one.is_flaky, one.verdict == "pass", one.rate or 0.0

    return [Row(one) for one in sorted(judgement.repeats, key=rank)]


def percent(share: float) -> str:
    """``95 %``, ``66.7 %``; 100 and 0 only where it is exactly that."""
    if 0 < share < 1:
        share = min(max(share, 0.001), 0.999)
    return f"{share * 100:.1f}".removesuffix(".0") + " %"


def powers(judgement: Judgement) -> str:
    """``pass^1 67 %, pass^2 40 %``: the mean over all cases."""
    return ", ".join(f"pass^{row} {percent(value)}" for row, value in enumerate(overall(judgement.repeats), start=1))


def last_power(judgement: Judgement) -> str:
    """The head of the column with the last of pass^k."""
    return f"pass^{max((len(one.pass_k) for one in judgement.repeats), default=1)}"


def cause(failed: FailedRepeat) -> str:
    """What playing it again with the same seed says."""
    if not failed.again:
        return "was not played again"
    bad = sum(verdict in BAD for verdict in failed.again)
    return f"{_CAUSES[failed.cause]} (failed {bad} of {counted(len(failed.again), 'further time')})"


def number_of(case: str) -> str:
    """``~3``; the id itself where it is no repeat."""
    number = repeat_of(case)
    return case if number is None else f"~{number}"


def told_in_full(judgement: Judgement) -> Iterator[CaseJudgement]:
    """The cases with findings; of the repeats of one case that failed, the first stands for all."""
    seen: set[str] = set()
    for case in judgement.cases:
        copy = copied(case.case) if judgement.repeats else None
        name = case.case if copy is None else copy.case
        if case.findings and name not in seen:
            yield case
            seen.add(name)


def left_out(judgement: Judgement) -> str:
    """How many repeats that failed are not told in full, in words."""
    count = sum(bool(case.findings) for case in judgement.cases) - len(list(told_in_full(judgement)))
    noun = counted(count, "further repeat")
    return f"{noun} with findings: in the HTML report and the trace." if count else ""
