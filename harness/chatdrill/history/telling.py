"""Trends in words, with the statistics that say why. All reports use the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from chatdrill.checks.rates import CONFIDENCE
from chatdrill.history.summary import CaseSummary, measure_parts
from chatdrill.history.trends import CaseTrend, Slower, Trends
from chatdrill.trace.transcript.phrases import one_line, platform_title, seconds

_MARKS = {"pass": "✓", "fail": "✗", "error": "!", "inconclusive": "?", "none": "–", None: "·"}
_CASES_MAX = 20
_NAME_MAX = 70


class Group(NamedTuple):
    """Cases of one scenario of which the same is to be said; ``first`` stands for all."""

    first: CaseTrend
    cases: tuple[CaseSummary, ...]


def grouped(cases: Iterable[CaseTrend]) -> list[Group]:
    """The cases by their scenarios, in order: a scenario with twenty rows on ten platforms is told once."""
    found: dict[str, list[CaseTrend]] = {}
    for one in cases:
        found.setdefault(one.now.name, []).append(one)
    return [Group(own[0], tuple(one.now for one in own)) for own in found.values()]


def title(cases: Sequence[CaseSummary]) -> str:
    """``A torn shoe · Telegram``; of several ``A torn shoe · Telegram, Viber (12 conversations)``."""
    first = cases[0]
    platforms = ", ".join(platform_title(name) for name in dict.fromkeys(one.platform for one in cases))
    row = one_line(first.row, 40) if len(cases) == 1 else ""
    words = " · ".join(filter(None, (one_line(first.name, _NAME_MAX), platforms, row)))
    return f"{words} ({len(cases)} conversations)" if len(cases) > 1 else words


def strip(one: CaseTrend) -> str:
    """The verdicts as signs, the oldest first: ``✓✓✗✓✗``; a dot where the case was not played."""
    return "".join(_MARKS[verdict] for verdict in one.verdicts)


def why(one: CaseTrend) -> str:
    """What is said of the case, and why: ``passed 9 of 12 times (47–91 %), changed 4 times``."""
    return "; ".join(filter(None, (_of_verdicts(one), *map(slower_words, one.slower))))


def _of_verdicts(one: CaseTrend) -> str:
    if one.kind == "flaky":
        interval = f"{one.rate.low * 100:.0f}–{one.rate.high * 100:.0f} %"
        changed = f", changed {_times(one.changes)}" if one.changes else ", within one run"
        return f"flaky: passed {one.passes} of {_times(one.tries)} ({interval} at {CONFIDENCE * 100:.0f} %){changed}"
    if one.kind == "broke":
        chance = f"at most {percent(one.chance)} likely by chance"
        return f"failed {_row(one.row)} after it had passed {_row(one.passed_row)}; {chance}"
    return f"passed {_row(one.row)} after failures" if one.kind == "mended" else ""


def slower_words(one: Slower) -> str:
    """``first answer 3.4 s, 2.8 times the usual 1.2 s (up to 1.6 s from 12 runs; chance 0.02 %)``."""
    name, calendar = measure_parts(one.measure)
    clock = f" in working time ({one_line(calendar, 30)})" if calendar else ""
    usual = one.expected
    times = f"{one.now_s / max(usual.usual, 1e-6):.1f} times the usual {seconds(usual.usual)}"
    return (
        f"slower: {name.replace('_', ' ')}{clock} {seconds(one.now_s)}, {times} "
        f"(up to {seconds(usual.high)} expected from {one.runs} runs; chance {percent(usual.chance)})"
    )


def percent(share: float) -> str:
    """``4.2 %``, ``0.03 %``, ``less than 0.01 %``."""
    return "less than 0.01 %" if share < 0.0001 else f"{share * 100:.2g} %"


def _row(count: int) -> str:
    return "once" if count == 1 else f"{count} times in a row"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def trend_lines(told: Trends) -> Iterator[str]:
    """What people should look at, for a terminal."""
    if not told.runs:
        yield "There is one run; what is flaky or slower the next ones tell."
        return
    for head, cases in (("Flaky", told.of("flaky")), ("Broke", told.of("broke")), ("Slower than before", told.slower)):
        if cases:
            yield f"{head} (of {told.runs + 1} runs)"
            yield from case_lines(cases)
            yield ""
    if told.left_out:
        yield f"{told.left_out} more runs in which most conversations failed are left out."
    if not (told.of("flaky") or told.of("broke") or told.slower):
        yield f"Nothing is flaky, broke or is slower in {told.runs + 1} runs."


def case_lines(cases: Iterable[CaseTrend]) -> Iterator[str]:
    """Two lines for each scenario: the verdicts and name of its first case, and why it is here."""
    found = grouped(cases)
    for group in found[:_CASES_MAX]:
        one = group.first
        yield f"  {strip(one)}  {title(group.cases)}"
        yield f"      {why(one) or f'passed {one.passes} of {_times(one.tries)}'}"
    if len(found) > _CASES_MAX:
        yield f"  and {len(found) - _CASES_MAX} more scenarios"
