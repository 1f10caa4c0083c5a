"""The run over time: latencies above arrivals and open conversations, on one axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from chatdrill.engine.durations import say_seconds
from chatdrill_load.report.words import LAG_S, plural, took
from chatdrill_load.result import GateLine, LoadResult, Moment
from chatdrill_reports.html.axis import Axis, Tick
from chatdrill_reports.html.plot import (
    Box,
    Line,
    Panel,
    Plot,
    Point,
    area,
    bar,
    count_ticks,
    dots,
    height,
    latency_axis,
    strokes,
)

_FIGURES = ("p50", "p95", "p99")
_TROUBLES = ("unanswered", "failed", "late", "abandoned")
_TICKS = 7
_CROWDED = 4.0  # budgets; with more on the scale, its 0 lies upon its 100 %


def draw_run(result: LoadResult) -> Plot | None:
    """The run over time; ``None`` where nothing was measured."""
    moments = result.moments
    if not moments:
        return None
    time = _Time(moments)
    draw = (_latencies, _arrivals, _open, _troubles, _lag)
    panels = [one(moments, time) for one in draw]
    late = tuple(_late(moments, time))
    legend = [*((name, name) for name in _FIGURES), ("most", "slowest")]
    spikes = tuple(_spikes(result, time))
    legend += [("spike", "a spike, or all before a step down")] if spikes else []
    legend += [("lagging", "here chatdrill itself was the limit")] if late else []
    return Plot(
        title="Replies over time",
        panels=tuple(panel for panel in panels if panel is not None),
        axis=time.ticks(),
        said=_said(result, late),
        legend=tuple(legend),
        bands=(*spikes, *late),
        hits=tuple(Box(*time.span(one), look="hit", words=_words(one)) for one in moments),
        note="An interval's latencies are of those who meant to write in it.",
    )


class _Time:
    """The axis of all panels."""

    def __init__(self, moments: Sequence[Moment]) -> None:
        self._axis = Axis(1.0, moments[-1].t_s + moments[-1].length_s, logarithmic=False, first=0.0, last=100.0)

    def ticks(self) -> tuple[Tick, ...]:
        return self._axis.ticks(_TICKS)

    def at(self, t_s: float) -> float:
        return self._axis.x(t_s)

    def middle(self, moment: Moment) -> float:
        return self.at(moment.t_s + moment.length_s / 2)

    def span(self, moment: Moment) -> tuple[float, float, float, float]:
        left, right = self.at(moment.t_s), self.at(moment.t_s + moment.length_s)
        return left, 0.0, round(right - left, 2), 100.0


def _latencies(moments: Sequence[Moment], time: _Time) -> Panel | None:
    figures = (*_FIGURES, "max")
    values = {name: [getattr(one, f"{name}_s") for one in moments] for name in figures}
    known = [value for name in figures for value in values[name] if value is not None]
    if not known:
        return None
    axis = latency_axis(known)
    points = {
        name: [
            None if value is None else (time.middle(one), axis.x(value))
            for one, value in zip(moments, own, strict=True)
        ]
        for name, own in values.items()
    }
    between: list[Point | None] = [*points["p50"]]
    lines = [Line(area(between), "under"), Line(dots(points["max"]), "most")]
    lines += [Line(strokes(points[name]), name) for name in reversed(_FIGURES)]
    title = f"Latency of replies{', logarithmic' if axis.logarithmic else ''}"
    return Panel(title, 230, axis.ticks(say=took), tuple(lines))


def _arrivals(moments: Sequence[Moment], time: _Time) -> Panel:
    rates = [one.arrivals / one.length_s for one in moments]
    return _bars("Arrivals per second", moments, time, rates, "came")


def _bars(title: str, moments: Sequence[Moment], time: _Time, values: Sequence[float], look: str) -> Panel:
    ticks, top = count_ticks(max(values))
    boxes = []
    for one, value in zip(moments, values, strict=True):
        left, _, width, _ = time.span(one)
        boxes += [bar(left + width * 0.06, width * 0.88, height(value, top), look)] if value else []
    return Panel(title, 72, tuple(ticks), boxes=tuple(boxes))


def _open(moments: Sequence[Moment], time: _Time) -> Panel | None:
    if not any(one.open for one in moments):
        return None
    ticks, top = count_ticks(max(one.open for one in moments))
    points: list[Point | None] = [(time.middle(one), height(one.open, top)) for one in moments]
    lines = Line(area(points), "under"), Line(strokes(points), "open")
    return Panel("Open conversations, on average", 72, tuple(ticks), lines)


def _troubles(moments: Sequence[Moment], time: _Time) -> Panel | None:
    counts = [float(sum(getattr(one, name) for name in _TROUBLES)) for one in moments]
    if not any(counts):
        return None
    return _bars("Unanswered, late, failed, given up", moments, time, counts, "trouble")


def _lag(moments: Sequence[Moment], time: _Time) -> Panel | None:
    lags = [one.lag_s for one in moments]
    if not any(lags):
        return None
    axis = latency_axis([0.0, LAG_S, *lags], logarithmic=False)
    points: list[Point | None] = [(time.middle(one), axis.x(one.lag_s)) for one in moments]
    limit = Line(f"M0 {axis.x(LAG_S):g}H100", "limit")
    lines = Line(area(points), "under"), limit, Line(strokes(points), "own")
    return Panel("How late chatdrill itself was at worst", 72, axis.ticks(3, say=took), lines)


def _spikes(result: LoadResult, time: _Time) -> Iterator[Box]:
    """The stretches of the plan whose end is asked for a recovery."""
    for begins_s, ends_s in dict.fromkeys((one.begins_s, one.ends_s) for one in result.recoveries):
        left, right = (time.at(result.arrivals_t + at_s) for at_s in (begins_s, ends_s))
        yield Box(left, 0.0, round(right - left, 2), 100.0, "spike", f"a spike until {say_seconds(ends_s)}")


def _late(moments: Sequence[Moment], time: _Time) -> Iterator[Box]:
    """The stretches in which the generator was so late that it shows."""
    for late, group in groupby(moments, key=_is_late):
        own = list(group)
        if late:
            left, right = time.span(own[0])[0], sum(time.span(own[-1])[::2])
            worst = took(max(one.lag_s for one in own))
            yield Box(left, 0.0, round(right - left, 2), 100.0, "lagging", f"chatdrill itself was up to {worst} late")


def _is_late(one: Moment) -> bool:
    return one.lag_s > LAG_S


def _words(one: Moment) -> str:
    """What a reader sees who points at an interval."""
    lines = [f"{say_seconds(one.t_s)} to {say_seconds(one.t_s + one.length_s)}"]
    if one.p50_s is not None:
        lines.append(", ".join(f"{name} {took(getattr(one, f'{name}_s'))}" for name in _FIGURES))
        lines.append(f"slowest {took(one.max_s)}")
    lines.append(f"{plural(one.arrivals, 'arrival')}, {one.open:.3g} open on average")
    lines += [", ".join(f"{getattr(one, name):,} {name}" for name in ("answered", *_TROUBLES) if getattr(one, name))]
    lines += [f"chatdrill itself up to {took(one.lag_s)} late"] if _is_late(one) else []
    return "\n".join(filter(None, lines))


def _said(result: LoadResult, late: Sequence[Box]) -> str:
    known = [one for one in result.moments if one.p95_s is not None]
    if not known:
        return "No reply was measured."
    best, worst = (choose(known, key=lambda one: one.p95_s or 0.0) for choose in (min, max))
    words = f"p95 of the replies between {took(best.p95_s)} at {say_seconds(best.t_s)} and {took(worst.p95_s)} at {say_seconds(worst.t_s)}"
    return (
        f"{words}{'; chatdrill itself was late for a time' if late else ''}. The same figures are in the table below."
    )


def draw_budget(gate: GateLine, end_s: float) -> Plot | None:
    """How a gate's error budget went; ``None`` for a gate without one."""
    if not gate.spent:
        return None
    whole_s = max(end_s, gate.spent[-1][0])
    axis = Axis(1.0, whole_s, logarithmic=False, first=0.0, last=100.0)
    most = max(share for _, share in gate.spent)
    top = max(most, 1.0) * 1.12
    points: list[Point | None] = [(0.0, height(0.0, top))]
    points += [(axis.x(at_s), height(share, top)) for at_s, share in gate.spent]
    lines = (
        Line(area(points), "under spent" if most <= 1 else "under overspent"),
        Line(f"M0 {height(1.0, top):g}H100", "limit"),
        Line(strokes(points), "spent" if most <= 1 else "overspent"),
    )
    ticks = [Tick(height(0.0, top), "0")] if top < _CROWDED else []
    ticks += [Tick(height(1.0, top), "100 %")]
    ticks += [Tick(height(most, top), f"{most * 100:,.0f} %" if most < 10 else f"{most:,.0f} ×")] if most > 1.3 else []
    after = next((at_s for at_s, share in gate.spent if share > 1), None)
    note = f"used up after {say_seconds(after)}" if after is not None else f"{gate.spent[-1][1] * 100:.0f} % used"
    said = f"Error budget of {gate.gate}: {note}."
    return Plot("Error budget", (Panel("", 64, tuple(ticks), lines),), axis.ticks(4), said, note=note)
