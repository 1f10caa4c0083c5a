"""The percentile plot of HdrHistogram: latency over percentiles, each further nine as wide as the one before."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from chatdrill_load.report.words import KINDS, sums, took
from chatdrill_load.result import LoadResult
from chatdrill_reports.html.axis import Tick
from chatdrill_reports.html.plot import Box, Label, Line, Panel, Plot, Point, apart, latency_axis, strokes

_KINDS = ("first_reply", "next_reply", "ack")
_TICKS = (0.0, 50.0, 90.0, 99.0, 99.9, 99.99, 99.999)
_NARROW = ("50",)
_LEAST_NINES = 2.0

Curve = list[tuple[float, float]]
"""Nines and seconds."""


def draw_nines(result: LoadResult, baseline: LoadResult | None = None) -> Plot | None:
    """The curves of a run, and of the baseline broken; ``None`` where nothing was measured. A curve ends where it takes more samples
    than there are: what follows is the maximum."""
    now, before = _curves(result), _curves(baseline) if baseline else {}
    everything = [*now.values(), *before.values()]
    if not now:
        return None
    last = max(_LEAST_NINES, *(curve[-1][0] for curve in everything))
    axis = latency_axis([seconds for curve in everything for _, seconds in curve], logarithmic=True)

    def points(curve: Curve) -> list[Point | None]:
        return [(round(100 * nines / last, 2), axis.x(seconds)) for nines, seconds in curve]

    lines = [Line(strokes(points(curve)), f"kind-{kind} was") for kind, curve in before.items()]
    lines += [Line(strokes(points(curve)), f"kind-{kind}") for kind, curve in now.items()]
    ends = {kind: end for kind, curve in now.items() if (end := points(curve)[-1]) is not None}
    labels = apart([Label(*end, KINDS[kind], f"kind-{kind}") for kind, end in ends.items()])
    legend = [(f"kind-{kind}", KINDS[kind].lower()) for kind in now]
    legend += [("was", "the same in the baseline")] if before else []
    return Plot(
        title="Latency by percentile",
        panels=(Panel("Latency, logarithmic", 300, axis.ticks(say=took), tuple(lines), labels=labels),),
        axis=tuple(Tick(round(100 * _nines(one) / last, 2), f"{one:g} %") for one in _TICKS if _nines(one) <= last),
        said=_said(result),
        legend=tuple(legend),
        note="Each step to the right is one more nine. A curve ends at its slowest sample.",
        hits=tuple(_hits(now, before, last)),
    )


def _nines(percent: float) -> float:
    return -math.log10(1 - percent / 100)


def _curves(result: LoadResult) -> dict[str, Curve]:
    """The curves as far as samples tell them, and at their end the slowest."""
    whole = sums(result.rows)
    found = {}
    for kind in _KINDS:
        if kind in result.curves and kind in whole:
            samples, slowest_s = whole[kind].samples, whole[kind].max_s
            pairs = zip(map(_nines, result.percentiles), result.curves[kind], strict=True)
            found[kind] = _cut(list(pairs), math.log10(max(samples, 2)), slowest_s)
    return found


def _cut(curve: Curve, last: float, slowest_s: float) -> Curve:
    kept = [(nines, seconds) for nines, seconds in curve if nines < last]
    return [(0.0, curve[0][1]), *kept, (last, slowest_s)]


def _hits(now: dict[str, Curve], before: dict[str, Curve], last: float) -> Iterator[Box]:
    """A column for each sixth of a nine, with what the curves say there."""
    columns = math.ceil(last * 6)
    for number in range(columns):
        nines = (number + 0.5) * last / columns
        lines = [f"{100 * (1 - 10**-nines):.{max(1, math.ceil(nines))}f} % took at most"]
        for kind, curve in now.items():
            lines += (
                [f"{KINDS[kind].lower()} {took(value)}{_was(before.get(kind), nines)}"]
                if (value := _at(curve, nines))
                else []
            )
        width = 100 / columns
        yield Box(round(number * width, 2), 0.0, round(width, 2), 100.0, "hit", "\n".join(lines))


def _was(curve: Curve | None, nines: float) -> str:
    value = _at(curve, nines) if curve else None
    return f" (baseline {took(value)})" if value else ""


def _at(curve: Sequence[tuple[float, float]], nines: float) -> float | None:
    return next((seconds for place, seconds in curve if place >= nines), None)


def _said(result: LoadResult) -> str:
    rows = sums(result.rows)
    parts = [
        f"{KINDS[kind].lower()} p50 {took(rows[kind].percentiles_s['p50'])}, p99 {took(rows[kind].percentiles_s['p99'])}"
        for kind in _KINDS
        if kind in rows and kind in result.curves
    ]
    return f"{'; '.join(parts)}. The table of percentiles has the same figures."
