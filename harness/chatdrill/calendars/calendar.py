"""A calendar of working time: pure arithmetic over the open stretches of its days."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from chatdrill.calendars.dates import date_of, day_number
from chatdrill.calendars.rota import Rota
from chatdrill.calendars.spans import DAY_S, Span, Spans, length_s
from chatdrill.calendars.zones import segments

_LAST_DAY = day_number(datetime.date(9999, 12, 30))


@dataclass(frozen=True, eq=False)
class Calendar:
    """When somebody works. It is open whenever the clocks of its zone show a time within the hours of that date.

    Moments are Unix seconds, as drill time is. A calendar never changes and can be shared.
    """

    name: str
    zone: ZoneInfo
    rota: Rota = field(repr=False)
    _block: Mapping[str, Any] = field(repr=False)
    _days: dict[int, Spans] = field(default_factory=dict, repr=False)

    @property
    def block(self) -> dict[str, Any]:
        """The plain data that it was read from; ``read_calendar`` makes the same calendar of it without others."""
        return deepcopy(dict(self._block))

    def is_open(self, at: float) -> bool:
        """Whether it is open at a moment: at the first second of a shift, no longer at the last."""
        day, second = divmod(at, DAY_S)
        return any(start <= second < end for start, end in self._spans(int(day)))

    def open_seconds(self, start: float, end: float) -> float:
        """Working seconds in ``[start, end)``; 0 if the end is not after the start."""
        if end <= start:
            return 0.0
        whole = sum(length_s(self._spans(day)) for day in range(_day_of(start), _day_of(end)))
        return float(whole - self._passed_s(start) + self._passed_s(end))

    def after(self, start: float, working_s: float) -> float | None:
        """The first moment by which ``working_s`` seconds have been open since ``start``; ``None`` if never."""
        if working_s <= 0:
            return start
        if not math.isfinite(working_s):
            return None
        left = working_s + self._passed_s(start)
        for day in self._days_from(start):
            spans = self._spans(day)
            if left <= length_s(spans):
                return max(start, day * DAY_S + _reach(spans, left))
            left -= length_s(spans)
        return None

    def next_open(self, at: float) -> float | None:
        """The first open moment from ``at`` on: ``at`` itself when open; ``None`` if it never opens again."""
        return next((max(at, float(start)) for start, end in self._from(at) if end > at), None)

    def next_close(self, at: float) -> float | None:
        """The first closed moment from ``at`` on: ``at`` itself when closed; ``None`` if it never closes again."""
        reached = at
        for day in range(_day_of(at), self._horizon(at)):
            for start, end in self._moments(day):
                if start > reached:
                    return reached
                reached = max(reached, float(end))
            if reached < (day + 1) * DAY_S:
                return reached
        return None

    def is_working_day(self, day: datetime.date) -> bool:
        """Whether a shift begins on a date and the calendar is open at some time of it.

        The small hours of a shift that began the evening before make no working day.
        """
        number = day_number(day)
        return self.rota.begins(number) and any(self.open_seconds(*span) for span in self._shown(number))

    def next_working_day(self, day: datetime.date) -> datetime.date | None:
        """The first working day after ``day``; ``None`` if there is none."""
        number = day_number(day)
        later = (date_of(later) for later in range(number + 1, self._horizon(number * DAY_S)))
        return next((date for date in later if self.is_working_day(date)), None)

    def _spans(self, day: int) -> Spans:
        """The open seconds of a UTC day, counted from its beginning."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self.rota.spans(day)
        return known

    def _moments(self, day: int) -> Iterator[Span]:
        return ((day * DAY_S + start, day * DAY_S + end) for start, end in self._spans(day))

    def _passed_s(self, at: float) -> float:
        """Open seconds of a moment's UTC day before it."""
        day, second = divmod(at, DAY_S)
        return sum(min(end, second) - start for start, end in self._spans(int(day)) if start < second)

    def _shown(self, number: int) -> Iterator[Span]:
        """The stretches of UTC during which the local clocks show a date."""
        for day in (number - 1, number, number + 1):
            for start, end, offset in segments(self.zone, day):
                midnight = number * DAY_S - offset
                yield max(day * DAY_S + start, midnight), min(day * DAY_S + end, midnight + DAY_S)

    def _from(self, at: float) -> Iterator[Span]:
        return (span for day in self._days_from(at) for span in self._moments(day))

    def _days_from(self, at: float) -> Iterator[int]:
        """The UTC days from a moment on, as long as there may be open ones among them."""
        day, ends = _day_of(at), self._horizon(at)
        while day < min(ends, _LAST_DAY):
            yield day
            if self.rota.recurs and self._spans(day):
                ends = max(ends, day + self.rota.cycle_days)
            day += 1

    def _horizon(self, at: float) -> int:
        """The UTC day before which something must change if anything ever does."""
        # Two days more: a shift may reach into the next date, and a date may end a UTC day later.
        last = max(_day_of(at), self.rota.last_listed) + 3
        return min(last + (self.rota.cycle_days if self.rota.recurs else 0), _LAST_DAY)


def _day_of(at: float) -> int:
    return int(at // DAY_S)


def _reach(spans: Spans, open_s: float) -> float:
    """The second of a day by which so many of its open seconds have passed; there are at least so many."""
    for start, end in spans:
        if open_s <= end - start:
            break
        open_s -= end - start
    return start + open_s
