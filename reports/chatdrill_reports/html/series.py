"""What came before, drawn: this run beside its baseline, the runs of the suite in a row, and the cases that are not what they were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from chatdrill.checks.results import Verdict
from chatdrill.checks.sla.percentiles import percentile
from chatdrill.history import CaseTrend, Comparison, Past, RunSummary, Turned, measure_parts
from chatdrill.history.comparing import RULE
from chatdrill.history.telling import grouped, title, why
from chatdrill.history.trends import FLAKY_RULE, SLOWER_RULE
from chatdrill.trace.transcript.phrases import one_line, platform_title, seconds
from chatdrill_reports.html.axis import Tick
from chatdrill_reports.html.conversations import Conversation
from chatdrill_reports.html.plot import Box, Line, Panel, Plot, area, dots, latency_axis, strokes
from chatdrill_reports.past import factor_words, head
from chatdrill_reports.words import VERDICT_WORDS, latency_name

_CASES_MAX = 15
_TICKS_MAX = 8
_FIRST = "first_response"
_HALF = 50.0
_LOOKS: Mapping[Verdict, str] = {
    "pass": "k-pass",
    "fail": "k-fail",
    "error": "k-error",
    "inconclusive": "k-open",
    "none": "k-none",
}
_ORDER: tuple[Verdict, ...] = ("pass", "none", "inconclusive", "fail", "error")


@dataclass(frozen=True)
class Beside:
    """A case now and before, with its conversation in the page, if it has one."""

    name: str
    platform: str
    row: str
    others: str
    now: Verdict
    before: Verdict
    why: str
    one: Conversation | None


@dataclass(frozen=True)
class Row:
    """A measure on a platform in both runs, in words; ``means`` says what became of it."""

    name: str
    platform: str
    cells: tuple[str, ...]
    factor: str
    means: str
    interval: tuple[float, float, float] | None


@dataclass(frozen=True)
class Told:
    """A case over the runs: a sign for each, and why it is here. ``others`` says of how many of its scenario the same is to be said."""

    kind: str
    name: str
    platform: str
    row: str
    others: str
    verdicts: Sequence[Verdict | None]
    words: str
    one: Conversation | None


def gather(past: Past, told: Mapping[str, Conversation]) -> Mapping[str, Any] | None:
    """What the section draws; ``None`` for a first run that is set beside nothing."""
    if past.comparison is None and past.trends is None:
        return None
    names: dict[str, Any] = {"head": head(past), "past": past, "rules": [], "turned": (), "rows": (), "cautions": ()}
    if past.comparison is not None:
        names |= _compared(past.comparison, told)
        names["rules"] += [RULE] if past.comparison.pairs else []
    found = list(_trends(past, told))
    names |= {"plot": _runs(past), "trends": found[:_CASES_MAX], "trends_more": max(0, len(found) - _CASES_MAX)}
    names["rules"] += [FLAKY_RULE, SLOWER_RULE] if names["trends"] else []
    names["left_out"] = past.trends.left_out if past.trends is not None else 0
    return {**names, "summary": _summary(past), "when": _when}


def _when(at: float) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M UTC") if at else ""


def _summary(past: Past) -> list[tuple[str, int, str]]:
    """Counts for the tiles: words, how many, and the look."""
    found, told = past.comparison, past.trends
    tiles: list[tuple[str, int, str]] = []
    if found is not None:
        tiles += [("fail now", len(found.of("broke")), "fail"), ("mended", len(found.of("mended")), "pass")]
        tiles += [("new here", len(found.only_now), "none"), ("gone", len(found.only_before), "none")]
    if told is not None:
        tiles += [("flaky", len(told.of("flaky")), "inconclusive"), ("slower", len(told.slower), "inconclusive")]
    return [tile for tile in tiles if tile[1] or tile[0] in ("fail now", "flaky", "slower")]


# -------------------------------------------------------------------------------------------------- the baseline


def _compared(found: Comparison, told: Mapping[str, Conversation]) -> dict[str, Any]:
    turned = list(_turned(found, told))
    return {
        "turned": turned[:_CASES_MAX],
        "turned_more": max(0, len(turned) - _CASES_MAX),
        "rows": list(_rows(found)),
        "delays": [(one, told.get(one.now.case), _measure(one.measure)) for one in found.delays],
        "only_now": [title([case]) for case in found.only_now],
        "only_before": [title([case]) for case in found.only_before],
        "cautions": found.cautions,
    }


def _turned(found: Comparison, told: Mapping[str, Conversation]) -> Iterator[Beside]:
    """The first case of each scenario, those that fail now first."""
    order = {"broke": 0, "other": 1, "mended": 2}
    groups: dict[tuple[int, str], list[Turned]] = {}
    for one in found.turned:
        groups.setdefault((order[one.kind], one.now.name), []).append(one)
    for (_, name), own in sorted(groups.items(), key=lambda item: item[0][0]):
        first, checks = own[0], dict.fromkeys(check for one in own for check in one.now.failed or one.before.failed)
        others = f"{len(own) - 1} more of this scenario" if len(own) > 1 else ""
        cases = first.now, first.before
        yield Beside(
            name,
            cases[0].platform,
            cases[0].row,
            others,
            cases[0].verdict,
            cases[1].verdict,
            ", ".join(checks),
            told.get(cases[0].case),
        )


def _measure(measure: str) -> str:
    name, calendar = measure_parts(measure)
    return f"{latency_name(name)}{f', working time ({one_line(calendar, 30)})' if calendar else ''}"


_AXIS = (0.5, 2.0)


def _rows(found: Comparison) -> Iterator[Row]:
    for pair in found.pairs:
        platform = "all" if pair.platform == "*" else platform_title(pair.platform)
        cells = tuple(seconds(value) for value in (pair.before[1], pair.now[1], pair.before[2], pair.now[2]))
        interval = None
        if pair.factor is not None and pair.low is not None and pair.high is not None:
            interval = (_place(pair.low), _place(pair.factor), _place(pair.high))
        yield Row(_measure(pair.measure), platform, cells, factor_words(pair), pair.means, interval)


def _place(factor: float) -> float:
    """Where a factor lies on the small axis, in percent: half as long at its beginning, as long in the middle, twice at its end."""
    low, high = _AXIS
    share = (
        (min(high, max(low, factor)) - low) / (1 - low) / 2
        if factor < 1
        else 0.5 + (min(high, factor) - 1) / (high - 1) / 2
    )
    return round(share * 100, 1)


# --------------------------------------------------------------------------------------------------- the history


def _runs(past: Past) -> Plot | None:
    """The runs of the suite in a row: how their conversations went, and how long first answers took."""
    runs = [*past.earlier, past.now]
    if len(runs) < 3:
        return None
    width = 100 / len(runs)
    panels = [_outcomes(runs, width)]
    latency = _latency(runs, width)
    panels += [latency] if latency is not None else []
    seen = {verdict for run in runs for verdict in _ORDER if run.count(verdict)}
    legend = [(_LOOKS[verdict], VERDICT_WORDS[verdict]) for verdict in _ORDER if verdict in seen]
    legend += [("p50", "p50 of first answers"), ("p95", "p95")] if latency is not None else []
    hits = tuple(
        Box(round(width * n, 3), 0.0, round(width, 3), 100.0, "hit", _words(run)) for n, run in enumerate(runs)
    )
    said = f"{len(runs)} runs, the last at the right: {past.now.count('pass')} of {len(past.now.cases)} conversations passed in this one."
    title = f"The last {len(runs)} runs"
    return Plot(title, tuple(panels), _numbers(runs, width), said, legend=tuple(legend), hits=hits)


def _outcomes(runs: Sequence[RunSummary], width: float) -> Panel:
    boxes = [box for n, run in enumerate(runs) for box in _stack(run, n * width, width)]
    ticks = (Tick(100.0, "0"), Tick(52.0, "50 %"), Tick(4.0, "100 %"))
    return Panel("Conversations", 96, ticks, boxes=tuple(boxes))


def _stack(run: RunSummary, x: float, width: float) -> Iterator[Box]:
    below = 100.0
    for verdict in _ORDER:
        size = run.count(verdict) / max(1, len(run.cases)) * 96.0
        if size:
            below -= size
            yield Box(
                round(x + width * 0.1, 3), round(below, 2), round(width * 0.8, 3), round(size, 2), _LOOKS[verdict]
            )


def _latency(runs: Sequence[RunSummary], width: float) -> Panel | None:
    values = [sorted(_firsts(run)) for run in runs]
    known = (
        [value for own in values for value in (percentile(own, 50), percentile(own, 95)) if own] if any(values) else []
    )
    if not any(known):
        return None
    axis = latency_axis(known)
    lines = []
    for figure, percent in (("p95", 95.0), ("p50", _HALF)):
        points = [
            (round(width * (n + 0.5), 3), axis.x(percentile(own, percent))) if own else None
            for n, own in enumerate(values)
        ]
        lines += [Line(area(points), "under")] if figure == "p50" else []
        lines += [Line(strokes(points), figure), Line(dots(points), f"{figure} knot")]
    title = f"{latency_name(_FIRST)}{', logarithmic' if axis.logarithmic else ''}"
    return Panel(title, 120, axis.ticks(3, say=seconds), tuple(lines))


def _firsts(run: RunSummary) -> Iterator[float]:
    return (value for case in run.cases for value in case.latencies.get(_FIRST, ()))


def _numbers(runs: Sequence[RunSummary], width: float) -> tuple[Tick, ...]:
    step = max(1, len(runs) // _TICKS_MAX)
    last = len(runs) - 1
    places = [n for n in range(len(runs)) if (last - n) % step == 0]
    return tuple(
        Tick(round(width * (n + 0.5), 2), "this run" if n == last else f"{runs[n].number or ''}") for n in places
    )


def _words(run: RunSummary) -> str:
    number = f"Run {run.number}" if run.number else "This run"
    counts = ", ".join(
        f"{count} {VERDICT_WORDS[verdict]}" for verdict in reversed(_ORDER) if (count := run.count(verdict))
    )
    firsts = sorted(_firsts(run))
    times = (
        f"\nfirst answers: p50 {seconds(percentile(firsts, 50))}, p95 {seconds(percentile(firsts, 95))}"
        if firsts
        else ""
    )
    return f"{number}, {_when(run.at)}\n{counts}{times}\nseed {run.seed}, bot {one_line(run.bot, 60)}"


_KINDS = ("flaky", "broke", "steady", "new", "mended")


def _trends(past: Past, told: Mapping[str, Conversation]) -> Iterator[Told]:
    found = past.trends
    if found is None:
        return
    shown = [one for one in found.cases if one.slower or one.kind in ("flaky", "broke", "mended")]
    ranked = sorted(shown, key=lambda case: (_KINDS.index(case.kind), -case.changes, case.now.case))
    for kind, cases in groupby(ranked, key=lambda case: "slower" if case.kind in ("steady", "new") else case.kind):
        for group in grouped(cases):
            one = group.first
            others = f"{len(group.cases) - 1} more of this scenario" if len(group.cases) > 1 else ""
            yield Told(
                kind,
                one.now.name,
                one.now.platform,
                one.now.row,
                others,
                one.verdicts,
                why(one),
                told.get(one.now.case),
            )


def trend_kinds(one: CaseTrend | None) -> list[str]:
    """The words by which a case is marked in the table of the suite."""
    if one is None:
        return []
    return [word for word, holds in (("flaky", one.kind == "flaky"), ("slower", bool(one.slower))) if holds]
