"""When a calendar is open on a UTC day: from hours of its own, or from those of other calendars."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Protocol
from zoneinfo import ZoneInfo

from chatdrill.calendars.dates import is_public_holiday
from chatdrill.calendars.hours import Week
from chatdrill.calendars.spans import DAY_S, Spans, merge, overlap
from chatdrill.calendars.zones import segments

_FIRST_WEEKDAY = 3  # 1970-01-01 was a Thursday

# When nothing that is listed by its date is still to come, the hours of one zone repeat each week, but for an hour or a
# date that the zone leaves out; holidays repeat each year; and within 28 years every date falls on every weekday, so
# that the clock changes and holidays of several calendars have met in every way.
_WEEKS_DAYS = 28
_YEARS_DAYS = 2 * 366
_AGES_DAYS = 28 * 366


class Rota(Protocol):
    """What a calendar asks of its hours. Days are numbered from 1970-01-01, which is 0."""

    @property
    def zones(self) -> frozenset[str]:
        """The names of the zones whose clocks count."""

    @property
    def cycle_days(self) -> int:
        """How long it must stay shut, or open, before it is certain that it always will."""

    @property
    def recurs(self) -> bool:
        """Whether there are hours after the last day that is listed by its date."""

    @property
    def last_listed(self) -> int:
        """The last day with hours of its own, as a day number."""

    def begins(self, day: int) -> bool:
        """Whether somebody's shift begins on a local date."""

    def spans(self, day: int) -> Spans:
        """The open seconds of a UTC day, counted from its beginning, in order."""


@dataclass(frozen=True)
class Hours:
    """Hours by weekday, days off and days with other hours, on the clocks of one zone."""

    zone: ZoneInfo
    week: Week
    days: Mapping[int, Spans]
    days_off: frozenset[int]
    countries: tuple[str, ...]
    _known: dict[int, Spans] = field(default_factory=dict, repr=False)

    @cached_property
    def zones(self) -> frozenset[str]:
        return frozenset({self.zone.key})

    @cached_property
    def recurs(self) -> bool:
        return any(self.week)

    @cached_property
    def cycle_days(self) -> int:
        return _YEARS_DAYS if self.countries else _WEEKS_DAYS

    @cached_property
    def last_listed(self) -> int:
        return max((day for listed in (self.days, self.days_off) for day in listed), default=-(10**6))

    def begins(self, day: int) -> bool:
        return bool(self._shifts(day))

    def spans(self, day: int) -> Spans:
        parts = [self._part(day, *segment) for segment in segments(self.zone, day)]
        return parts[0] if len(parts) == 1 else tuple(chain.from_iterable(parts))

    def _part(self, day: int, start: int, end: int, offset: int) -> Spans:
        date, ahead = divmod(day * DAY_S + start + offset, DAY_S)
        return _on_the_clock(start, end, ahead, self._shifts(date - 1), self._shifts(date), self._shifts(date + 1))

    def _shifts(self, date: int) -> Spans:
        """The shifts that begin on a local date."""
        known = self._known.get(date)
        if known is None:
            known = self._known[date] = self._look_up(date)
        return known

    def _look_up(self, date: int) -> Spans:
        """Its own hours beat a holiday, a holiday beats the weekday."""
        if date in self.days:
            return self.days[date]
        if date in self.days_off or (self.countries and is_public_holiday(self.countries, date)):
            return ()
        return self.week[(date + _FIRST_WEEKDAY) % 7]


@functools.lru_cache(maxsize=1 << 14)
def _on_the_clock(start: int, end: int, ahead: int, before: Spans, today: Spans, tomorrow: Spans) -> Spans:
    """The open part of ``[start, end)``, when the local clock shows ``ahead`` seconds after midnight at the start.

    Shifts are those that begin on the local date before, on that of the start and on the next. Every open moment is
    one at which the clock shows a time within hours: an hour that a zone leaves out lies in no such stretch, one that
    it repeats in two.
    """
    midnight = start - ahead
    dates = ((midnight - DAY_S, before), (midnight, today), (midnight + DAY_S, tomorrow))
    local = [(begins + opens, begins + closes) for begins, shifts in dates for opens, closes in shifts]
    return overlap(merge(local), ((start, end),))


@dataclass(frozen=True)
class Joined:
    """Open when ``who`` (``any`` or ``all``) of several are; ``join`` makes their open time one."""

    parts: tuple[Rota, ...]
    who: Callable[[Iterable[bool]], bool]
    join: Callable[[Iterable[Spans]], Spans]

    @cached_property
    def zones(self) -> frozenset[str]:
        return frozenset(zone for part in self.parts for zone in part.zones)

    @cached_property
    def recurs(self) -> bool:
        return self.who(part.recurs for part in self.parts)

    @cached_property
    def last_listed(self) -> int:
        return max(part.last_listed for part in self.parts)

    @cached_property
    def cycle_days(self) -> int:
        weekly = len(self.zones) == 1 and all(part.cycle_days == _WEEKS_DAYS for part in self.parts)
        return _WEEKS_DAYS if weekly else _AGES_DAYS

    def begins(self, day: int) -> bool:
        return self.who(part.begins(day) for part in self.parts)

    def spans(self, day: int) -> Spans:
        return self.join(part.spans(day) for part in self.parts)


def any_of(parts: tuple[Rota, ...]) -> Joined:
    """Open when one of them is."""
    return Joined(parts, any, _together)


def all_of(parts: tuple[Rota, ...]) -> Joined:
    """Open when all of them are."""
    return Joined(parts, all, _shared)


def _together(days: Iterable[Spans]) -> Spans:
    return merge(chain.from_iterable(days))


def _shared(days: Iterable[Spans]) -> Spans:
    return functools.reduce(overlap, days)
