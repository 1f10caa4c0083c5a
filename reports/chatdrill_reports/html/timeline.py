"""The days of a long conversation on one axis: when the customer spoke, when the bot answered, and what it did by itself.

Only geometry. Positions are in percent of the width, so that the drawing fits any screen and its text keeps its size.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from chatdrill.calendars import Calendar
from chatdrill.trace.transcript import Bubble, Item, Mark, View
from chatdrill.trace.transcript.phrases import clock_time, length, one_line
from chatdrill_reports.html.owners import Reign, reigns

_HOUR_S, _DAY_S = 3_600.0, 86_400.0
_SHORTEST_S = 12 * _HOUR_S  # what is over on the same day needs no axis of days
_BY_ITSELF_S = 600.0  # what a bot says so long after the customer's last word is no answer
_LEFT, _RIGHT = 0.5, 99.5
_TOP, _LANE_PX, _BELOW_PX, _OWNERS_PX = 4, 46, 22, 44
_NEAR = 0.8  # percent of the width in which messages are drawn as one
_TITLES_MAX = 4
_TICKS_MAX = 9
_STEPS_DAYS = (1, 2, 3, 7, 14, 28, 56, 91, 182, 364)
_CLOSED_MAX = 400
_NARROWEST_DUE = 1.2
_ALL_LABELS_UP_TO = 5
_LABEL_ROOM = 7.0
_LANES = {
    "customer": "Customer",
    "bot": "Bot, in answer",
    "timer": "Bot, by itself",
    "agent": "Human agent",
    "platform": "Platform",
}


@dataclass(frozen=True)
class Dot:
    """Messages at one place: ``n`` is the record of the first, ``r`` pixels, ``accused`` if a finding is about one."""

    x: float
    r: float
    n: int
    words: str
    accused: bool


@dataclass(frozen=True)
class Stretch:
    """When a step of the scenario expected something, and what came of it (``met``, ``unmet``, ``skipped``)."""

    x: float
    width: float
    outcome: str
    words: str


@dataclass(frozen=True)
class Lane:
    """One side's messages. ``y`` in pixels."""

    kind: str
    title: str
    y: int
    dots: tuple[Dot, ...]
    spans: tuple[Stretch, ...]


@dataclass(frozen=True)
class Tick:
    """A midnight. A ``minor`` one has no label where the screen is narrow."""

    x: float
    label: str
    minor: bool
    dx: int = 4


@dataclass(frozen=True)
class Timeline:
    """The whole drawing; ``closed`` are stretches (x and width) outside of working hours, ``owners`` those of the bot, the queue
    and the agents, where there is a helpdesk. ``words`` say what it shows."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    closed: tuple[tuple[float, float], ...]
    words: str
    legend: str
    owners: tuple[Reign, ...] = ()
    top: int = _TOP
    left: float = _LEFT
    right: float = _RIGHT

    @property
    def bottom(self) -> int:
        """Where the lanes end, in pixels."""
        return self.owners_y + (_OWNERS_PX if self.owners else 0)

    @property
    def owners_y(self) -> int:
        """Where the band of owners begins, in pixels."""
        return _TOP + len(self.lanes) * _LANE_PX

    @property
    def height(self) -> int:
        """Pixels."""
        return self.bottom + _BELOW_PX


def draw(view: View, calendar: Calendar | None = None, accused: Collection[int] = ()) -> Timeline | None:
    """The timeline of a conversation; ``None`` for one that is over in half a day.

    ``calendar`` shades the time in which it is closed; ``accused`` are the records that findings are pinned to.
    """
    moments = [item.at for item in view.items]
    if not moments or max(moments) - min(moments) < _SHORTEST_S:
        return None
    axis = _Axis.of(min(moments), max(moments), view.zone)
    kinds = _by_lane(view.items)
    lanes = tuple(
        _lane(place, kind, items, _stretches(view, axis) if kind == _waits_in(kinds) else (), axis, accused)
        for place, (kind, items) in enumerate(kinds.items())
    )
    closed = tuple(_closed(axis, calendar)) if calendar is not None else ()
    said = ", ".join(f"{title} {len(kinds[kind])}" for kind, title in _LANES.items() if kinds.get(kind))
    words = f"{length(max(moments) - min(moments))}; messages: {said}. The chat below tells the same."
    owners = tuple(reigns(view.items, axis.x)) if len(view.customers) == 1 else ()
    return Timeline(lanes, tuple(axis.ticks()), closed, words, _legend(calendar if closed else None, lanes), owners)


# -------------------------------------------------------------------------------------------------------- the axis


@dataclass(frozen=True)
class _Axis:
    """Whole days of a zone, from the midnight before the first moment to the one after the last."""

    midnights: tuple[float, ...]
    zone: ZoneInfo = field(repr=False)

    @classmethod
    def of(cls, first: float, last: float, zone: str) -> _Axis:
        there = ZoneInfo(zone)
        begins, ends = (dt.datetime.fromtimestamp(at, there).date() for at in (first, last))
        days = (begins + dt.timedelta(days=count) for count in range((ends - begins).days + 2))
        return cls(tuple(dt.datetime.combine(day, dt.time(), there).timestamp() for day in days), there)

    @property
    def start(self) -> float:
        return self.midnights[0]

    @property
    def end(self) -> float:
        return self.midnights[-1]

    def x(self, at: float) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(_LEFT + (_RIGHT - _LEFT) * min(1.0, max(0.0, share)), 2)

    def ticks(self) -> Iterator[Tick]:
        days = len(self.midnights) - 1
        step = next((step for step in _STEPS_DAYS if days / step <= _TICKS_MAX), math.ceil(days / _TICKS_MAX))
        for place in range(0, days + 1, step):
            local = dt.datetime.fromtimestamp(self.midnights[place], self.zone)
            x = self.x(self.midnights[place])
            label = f"{local:%a} {local.day} {local:%b}" if x <= _RIGHT - _LABEL_ROOM else ""
            yield Tick(x, label, minor=days / step > _ALL_LABELS_UP_TO and bool(place // step % 2))


def _closed(axis: _Axis, calendar: Calendar) -> Iterator[tuple[float, float]]:
    """Stretches in which the calendar is closed; none where there are too many to be seen."""
    found: list[tuple[float, float]] = []
    at: float | None = axis.start
    while at is not None and at < axis.end and len(found) <= _CLOSED_MAX:
        shut = calendar.next_close(at)
        if shut is None or shut >= axis.end:
            break
        opens = calendar.next_open(shut)
        x = axis.x(shut)
        found.append((x, round(axis.x(axis.end if opens is None else opens) - x, 2)))
        at = opens
    return iter(found if len(found) <= _CLOSED_MAX else ())


def _legend(calendar: Calendar | None, lanes: Iterable[Lane]) -> str:
    shaded = f"Shaded: {one_line(calendar.name, 40)} is closed." if calendar is not None else ""
    framed = "Framed: when the scenario expects something." if any(lane.spans for lane in lanes) else ""
    return " ".join(filter(None, (shaded, framed)))


# ------------------------------------------------------------------------------------------------------- the lanes


def _by_lane(items: Sequence[Item]) -> dict[str, list[Bubble]]:
    """The messages of each lane; a bot's are sorted by how long the customer had been silent."""
    found: dict[str, list[Bubble]] = {"customer": [], "bot": [], "timer": []}
    spoke: dict[str, float] = {}
    for item in items:
        if item.author == "customer":
            spoke[item.customer] = item.at
        if isinstance(item, Bubble) and not (item.private and item.author == "bot"):
            silent_s = item.at - spoke.get(item.customer, -math.inf)
            kind = "timer" if item.author == "bot" and silent_s > _BY_ITSELF_S else item.author
            found.setdefault(kind, []).append(item)
    return {kind: bubbles for kind, bubbles in found.items() if bubbles or kind == "customer"}


def _waits_in(kinds: Iterable[str]) -> str:
    """The lane in which the expectations about moments are drawn: what they wait for the bot does by itself."""
    return next(kind for kind in ("timer", "bot", "customer") if kind in kinds)


def _lane(
    place: int,
    kind: str,
    bubbles: Sequence[Bubble],
    spans: tuple[Stretch, ...],
    axis: _Axis,
    accused: Collection[int],
) -> Lane:
    y = _TOP + place * _LANE_PX + 31
    return Lane(kind, _LANES.get(kind, kind), y, tuple(_dots(bubbles, axis, accused)), spans)


def _dots(bubbles: Sequence[Bubble], axis: _Axis, accused: Collection[int]) -> Iterator[Dot]:
    group: list[Bubble] = []
    for bubble in bubbles:
        if group and axis.x(bubble.at) - axis.x(group[0].at) > _NEAR:
            yield _dot(group, axis, accused)
            group = []
        group.append(bubble)
    if group:
        yield _dot(group, axis, accused)


def _dot(group: Sequence[Bubble], axis: _Axis, accused: Collection[int]) -> Dot:
    """One dot for messages that lie so near that they would cover each other."""
    x = (axis.x(group[0].at) + axis.x(group[-1].at)) / 2
    first = next((bubble for bubble in group if bubble.n in accused), group[0])
    lines = [_said(bubble, axis.zone.key) for bubble in group[:_TITLES_MAX]]
    more = [f"and {len(group) - _TITLES_MAX} more"] if len(group) > _TITLES_MAX else []
    r = round(3.2 + min(3.8, math.sqrt(len(group)) - 1), 1)
    return Dot(round(x, 2), r, first.n, "\n".join(lines + more), first.n in accused)


def _said(bubble: Bubble, zone: str) -> str:
    local = dt.datetime.fromtimestamp(bubble.at, ZoneInfo(zone))
    text = one_line(bubble.text, 60) or "(no words)"
    return f"{local:%a} {local.day} {local:%b} {clock_time(bubble.at, zone)[:5]} {one_line(bubble.name, 30)}: {text}"


def _stretches(view: View, axis: _Axis) -> tuple[Stretch, ...]:
    steps = (item for item in view.items if isinstance(item, Mark) and item.due is not None)
    return tuple(found for step in steps if (found := _stretch(step, axis)) is not None)


def _stretch(step: Mark, axis: _Axis) -> Stretch | None:
    due = step.due
    if due is None or (due.opens_at is None and due.ends_at is None):
        return None
    ends = due.ends_at if due.ends_at is not None else step.at
    begins = due.opens_at if due.opens_at is not None else ends
    if ends < axis.start or begins > axis.end:
        return None
    x, width = axis.x(begins), axis.x(ends) - axis.x(begins)
    wide = max(width, _NARROWEST_DUE)
    return Stretch(round(x - (wide - width) / 2, 2), round(wide, 2), step.outcome or "met", one_line(step.text, 160))
