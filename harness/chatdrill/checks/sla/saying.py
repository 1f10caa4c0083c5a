"""Response times in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from chatdrill.calendars import Calendar
from chatdrill.checks.sla.moments import Moment
from chatdrill.engine.durations import say_seconds

_IN_SECONDS_BELOW = 120.0
_DAY_S = 86_400.0


def too_long(taken_s: float, bound_s: float, working: str = "") -> tuple[str, str]:
    """What was taken, and the bound, so that the two texts differ: ``3h 10m of working time`` and ``2h``."""
    in_words = taken_s >= _IN_SECONDS_BELOW
    taken, bound = (_say(taken_s, working), _say_bound(bound_s, working)) if in_words else ("", "")
    if taken == bound:
        taken, bound = f"{taken_s:.2f} s", f"{bound_s:g} s"
    return f"{taken} {working}".rstrip(), bound


def _say_bound(bound_s: float, working: str) -> str:
    return _say(bound_s, working) if bound_s >= _IN_SECONDS_BELOW else f"{bound_s:g} s"


def _say(value_s: float, working: str) -> str:
    """Days are no measure of working time: is one 24 hours, or a shift?"""
    if not working or value_s < _DAY_S:
        return say_seconds(value_s)
    minutes = round(value_s / 60)
    return f"{minutes // 60}h {minutes % 60}m" if minutes % 60 else f"{minutes // 60}h"


def by_calendar(calendar: Calendar | None) -> str:
    """``of working time (calendar shop)``; nothing where no calendar counts."""
    return f"of working time (calendar {calendar.name})" if calendar is not None else ""


def local(calendar: Calendar) -> Callable[[Moment], str]:
    """Says when a moment was, on the clocks of a calendar: ``Fri 2026-11-20 16:30``."""
    return lambda moment: dt.datetime.fromtimestamp(moment.at, calendar.zone).strftime("%a %Y-%m-%d %H:%M")
