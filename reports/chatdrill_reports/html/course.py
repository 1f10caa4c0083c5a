"""Latency over time: each answer at the moment when the customer meant to be answered, and what was usual around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatdrill.checks.results import CaseJudgement, Latency
from chatdrill.checks.sla.percentiles import percentile
from chatdrill.checks.sla.promises import ACK
from chatdrill.trace.transcript.phrases import length, one_line, platform_title, seconds
from chatdrill_reports.html.axis import Axis, Tick
from chatdrill_reports.html.plot import (
    Box,
    Line,
    Panel,
    Plot,
    Point,
    bar,
    count_ticks,
    dots,
    height,
    latency_axis,
    strokes,
)
from chatdrill_reports.words import counted, latency_name

_BINS = 48
_TICKS = 7
_PANELS_MAX = 4
_ANSWERS_MIN = 5
_DOTS_MAX = 2_000
_SAID_MAX = 2
_DAY_S = 86_400.0
_LEAST_S = 0.01
"""What is quicker lies at the edge: nobody waits for it."""


class Answer(NamedTuple):
    """A latency, and when it began: seconds since the run did, of drill time where time is virtual. ``place`` is where it is drawn."""

    at_s: float
    latency: Latency
    place: float = 0.0


@dataclass(frozen=True)
class Course:
    """What the drawing is about. ``began_at`` is the drill time of the run's beginning; clocks are read in ``zone``."""

    answers: Sequence[Answer]
    spans: Sequence[tuple[float, float]]
    names: Mapping[str, str]
    began_at: float
    is_virtual: bool
    zone: ZoneInfo
    bounds: Mapping[tuple[str, str | None], float]


def draw(course: Course) -> Plot | None:
    """The drawing; ``None`` where too few answers were measured to have a course.

    A run of days or months is mostly silence: its answers stand in the order in which customers wrote, at equal distances.
    """
    kinds = _kinds(course.answers)
    if not kinds:
        return None
    time = _Time(course)
    placed = {kind: [one._replace(place=time.place(one)) for one in found] for kind, found in kinds.items()}
    panels = [_panel(name, calendar, found, time, course) for (name, calendar), found in placed.items()]
    kind_of_time = "drill time" if course.is_virtual else "real time"
    where = "in the order in which customers wrote" if time.by_order else "where the customer had spoken"
    return Plot(
        title="Response times in the course of the run",
        panels=tuple(panels) if time.by_order else (*panels, _open(course, time)),
        axis=time.ticks(),
        said=_said(kinds),
        legend=tuple(_legend(course, kinds)),
        hits=tuple(_hits(placed, time, course)),
        note=f"In {kind_of_time}; each answer stands {where}.",
    )


_Kinds = Mapping[tuple[str, str | None], Sequence[Answer]]


def _kinds(answers: Iterable[Answer]) -> _Kinds:
    found: dict[tuple[str, str | None], list[Answer]] = {}
    for one in answers:
        if one.latency.name != ACK:
            found.setdefault((one.latency.name, one.latency.calendar), []).append(one)
    enough = [(kind, own) for kind, own in found.items() if len(own) >= _ANSWERS_MIN]
    return dict(sorted(enough, key=lambda item: -len(item[1]))[:_PANELS_MAX])


def _legend(course: Course, kinds: _Kinds) -> Iterator[tuple[str, str]]:
    yield from (("answers", "an answer"), ("p50", "p50 of an interval"), ("p95", "p95"))
    if any(kind in course.bounds for kind in kinds):
        yield from (("late", "later than promised"), ("limit", "promised"))


class _Time:
    """The axis of all panels: the run from its first word to its last, or its answers in order; in equal intervals."""

    def __init__(self, course: Course) -> None:
        moments = [one.at_s for one in course.answers] + [at for span in course.spans for at in span]
        self._first, last = min(moments), max(moments)
        self.by_order = course.is_virtual and last - self._first > _DAY_S
        self._order = {id(one.latency): float(n) for n, one in enumerate(course.answers)}
        self._length = float(len(course.answers)) if self.by_order else max(last - self._first, 0.001)
        self._axis = Axis(1.0, self._length, logarithmic=False, first=0.0, last=100.0)
        self._course = course

    def place(self, one: Answer) -> float:
        """Where an answer stands: its number, or seconds since the first word."""
        return self._order[id(one.latency)] + 0.5 if self.by_order else self.since(one.at_s)

    def since(self, at_s: float) -> float:
        return at_s - self._first

    def x(self, place: float) -> float:
        return self._axis.x(place)

    def bin(self, place: float) -> int:
        return min(_BINS - 1, int(place / self._length * _BINS))

    def span(self, number: int) -> tuple[float, float]:
        return round(100 / _BINS * number, 3), round(100 / _BINS, 3)

    def words(self, number: int) -> str:
        begins, ends = (self._length / _BINS * (number + part) for part in (0, 1))
        if self.by_order:
            return f"{self._date(begins):%a %d %b %H:%M} to {self._date(ends):%a %d %b %H:%M}"
        return f"{length(begins)} to {length(ends)}"

    def _date(self, place: float) -> dt.datetime:
        one = self._course.answers[min(int(place), len(self._course.answers) - 1)]
        return dt.datetime.fromtimestamp(self._course.began_at + one.at_s, self._course.zone)

    def ticks(self) -> tuple[Tick, ...]:
        if not self.by_order:
            return self._axis.ticks(_TICKS)
        places = [self._length / _TICKS * number for number in range(_TICKS)]
        return tuple(Tick(self.x(place), f"{self._date(place):%d %b %H:%M}") for place in places)


def _panel(name: str, calendar: str | None, answers: Sequence[Answer], time: _Time, course: Course) -> Panel:
    bound = course.bounds.get((name, calendar))
    axis = latency_axis([max(one.latency.seconds, _LEAST_S) for one in answers] + ([bound] if bound else []))
    usual = {figure: _figure(answers, percent, time, axis) for figure, percent in (("p50", 50), ("p95", 95))}
    clock = counted(answers[0].latency)
    title = f"{latency_name(name)}{f', {clock}' if clock else ''}{', logarithmic' if axis.logarithmic else ''}"
    lines = [Line(_dots(answers, time, axis, late=None), "answers")]
    lines += [Line(strokes(usual[figure]), figure) for figure in ("p95", "p50")]
    if bound:
        lines += [Line(f"M0 {axis.x(bound):g}H100", "limit"), Line(_dots(answers, time, axis, late=bound), "late")]
    return Panel(title, 170, axis.ticks(4, say=seconds), tuple(line for line in lines if line.path))


def _dots(answers: Sequence[Answer], time: _Time, axis: Axis, *, late: float | None) -> str:
    """All answers, or the late ones; evenly picked where they are too many to be told apart."""
    chosen = [one for one in answers if late is None or one.latency.seconds > late]
    step = max(1, len(chosen) // _DOTS_MAX)
    return dots((time.x(one.place), axis.x(one.latency.seconds)) for one in chosen[::step])


def _figure(answers: Sequence[Answer], percent: float, time: _Time, axis: Axis) -> list[Point | None]:
    """A percentile of each interval in which there were answers, in its middle."""
    bins: dict[int, list[float]] = {}
    for one in answers:
        bins.setdefault(time.bin(one.place), []).append(one.latency.seconds)
    points = {number: axis.x(percentile(sorted(values), percent)) for number, values in bins.items()}
    return [(time.span(n)[0] + time.span(n)[1] / 2, points[n]) if n in points else None for n in range(_BINS)]


def _open(course: Course, time: _Time) -> Panel:
    counts = [0] * _BINS
    for begins, ends in course.spans:
        for number in range(time.bin(time.since(begins)), time.bin(time.since(ends)) + 1):
            counts[number] += 1
    ticks, top = count_ticks(max(counts), 2)
    boxes = [
        bar(left + width * 0.06, width * 0.88, height(count, top), "came")
        for count, (left, width) in _placed(counts, time)
    ]
    return Panel("Conversations open", 56, tuple(ticks), boxes=tuple(boxes))


def _placed(counts: Sequence[int], time: _Time) -> Iterator[tuple[int, tuple[float, float]]]:
    return ((count, time.span(number)) for number, count in enumerate(counts) if count)


def _hits(kinds: _Kinds, time: _Time, course: Course) -> Iterator[Box]:
    """What a reader sees who points at an interval: its figures, and who waited the longest."""
    bins: dict[int, list[Latency]] = {}
    for answers in kinds.values():
        for one in answers:
            bins.setdefault(time.bin(one.place), []).append(one.latency)
    for number in sorted(bins):
        left, width = time.span(number)
        slowest = sorted(bins[number], key=lambda one: -one.seconds)[:_SAID_MAX]
        lines = [time.words(number), f"{len(bins[number])} answers, the slowest:"]
        lines += [f"{seconds(one.seconds)} {_name(one, course.names)}" for one in slowest]
        yield Box(left, 0.0, width, 100.0, "hit", "\n".join(lines))


def _name(one: Latency, names: Mapping[str, str]) -> str:
    return f"{one_line(names.get(one.case, one.case), 60)} · {platform_title(one.platform)}"


def _said(kinds: _Kinds) -> str:
    parts = []
    for (name, _), answers in kinds.items():
        slowest = max(answers, key=lambda one: one.latency.seconds)
        parts.append(f"{latency_name(name)}: {len(answers)} answers, the slowest {seconds(slowest.latency.seconds)}")
    return "; ".join(parts) + ". Percentiles are in the table below."


def names_of(cases: Iterable[CaseJudgement]) -> dict[str, str]:
    """The names of cases by their ids."""
    return {case.case: case.name for case in cases}
