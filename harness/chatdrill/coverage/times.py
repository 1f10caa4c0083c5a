"""At which times something is said: by the clocks of its place, and by its calendar where there is one."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from chatdrill.calendars import Calendar

_DAY_S = 86_400
_WEEK = dt.timedelta(days=7)
_DAY_HOURS = range(6, 22)
_SATURDAY = 5


def times_of(at: float, zone: str, calendar: Calendar | None) -> frozenset[str]:
    """The times that a moment (drill time, Unix seconds) belongs to."""
    return _times(int(at // 60) * 60, zone, calendar)


@lru_cache(maxsize=4096)
def _times(at: int, zone: str, calendar: Calendar | None) -> frozenset[str]:
    local = dt.datetime.fromtimestamp(at, ZoneInfo(zone))
    found = {_part_of_week(local)}
    if _changes_clocks(local):
        found.add("clock change")
    if calendar is not None:
        found.add("open" if calendar.is_open(at) else "closed")
        if _is_holiday(dt.datetime.fromtimestamp(at, calendar.zone), calendar):
            found.add("holiday")
    return frozenset(found)


def _part_of_week(local: dt.datetime) -> str:
    if local.hour not in _DAY_HOURS:
        return "night"
    return "weekend" if local.weekday() >= _SATURDAY else "weekday"


def _bounds(day: dt.date, zone: dt.tzinfo | None) -> tuple[float, float]:
    start = dt.datetime.combine(day, dt.time(), zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    return start.timestamp(), end.timestamp()


def _changes_clocks(local: dt.datetime) -> bool:
    start, end = _bounds(local.date(), local.tzinfo)
    return round(end - start) != _DAY_S


def _is_holiday(local: dt.datetime, calendar: Calendar) -> bool:
    day = local.date()
    open_s = [calendar.open_seconds(*_bounds(one, calendar.zone)) for one in (day, day - _WEEK, day + _WEEK)]
    return not open_s[0] and bool(open_s[1] or open_s[2])
