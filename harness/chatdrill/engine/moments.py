"""Moments as people say them: ``09:15 next working day``, ``monday 09:00``, ``18:00 2026-03-30``, ``in 3 days 08:00``.

A moment is a time of day, and perhaps a day before or after it. It is read when the scenario is, and becomes drill time
when its step begins: in the zone of the scenario's calendar, else in the scenario's own. Local times that a change of
the clocks skips mean the first instant after the gap; those that it repeats mean the first of the two.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from chatdrill.calendars import Calendar, read_calendar
from chatdrill.errors import ScenarioError, SettingsError, did_you_mean
from chatdrill.trace.transcript.phrases import day_and_time

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = "|".join(f"[{name[0].upper()}{name[0]}]{name[1:3]}(?:{name[3:]})?" for name in WEEKDAYS)
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DAY = (
    r"(?:[Tt]oday|[Tt]omorrow|[Nn]ext working day|[Ii]n \d{1,4} (?:working )?days?"
    rf"|(?:[Nn]ext )?(?:{_WEEKDAY})|\d{{4}}-\d{{2}}-\d{{2}})"
)

MOMENT_PATTERN = rf"^(?:{_TIME}(?: {_DAY})?|{_DAY} {_TIME})$"
"""What a moment looks like, in the regular expressions that JSON Schema and Python share."""

EXAMPLE = "09:15 next working day, monday 09:00 or 18:00 2026-03-30"
_MOMENT = re.compile(MOMENT_PATTERN)
_CLOCK = re.compile(r"(\d+):(\d+)(?::(\d+))?$")
_SUGGESTED = (
    "today", "tomorrow", "next working day", "in 2 days", "in 3 days", "in 2 working days", "in 3 working days",
    *WEEKDAYS, *(f"next {name}" for name in WEEKDAYS),
)  # fmt: skip
_WEEK = 7
YEARS = range(1970, 2201)
"""The years in which a scenario can take place."""


def _on_24_hours(found: re.Match[str]) -> str:
    """``3 pm`` as ``15:00``."""
    return f"{int(found[1]) % 12 + 12 * (found[3] in 'pP'):02}{found[2] or ':00'}"


_SLIPS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r",|\b(?:on|at)\b", re.IGNORECASE), " "),
    (re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b"), lambda found: f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}"),
    (re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b"), lambda found: f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"),
    (re.compile(r"\b(\d{1,2})(:\d\d)? ?([aApP])\.?[mM]\b\.?"), _on_24_hours),
    (re.compile(r"\b(\d{1,2})\.(\d\d)\b"), r"\1:\2"),
)
"""How people write days and times elsewhere, and how it is written here."""


@dataclass(frozen=True)
class Moment:
    """A time of day on a day. ``day`` is as it was said, in lower case; empty: the next day on which it is still ahead."""

    time: dt.time
    day: str

    def __str__(self) -> str:
        said = self.time.isoformat("seconds" if self.time.second else "minutes")
        return f"{said} {self.day}".strip()

    @property
    def asks_for_calendar(self) -> bool:
        """True if only a calendar knows the day."""
        return "working" in self.day


@cache
def read_moment(text: str) -> Moment:
    """Read a moment. Raises ``ScenarioError`` that says what is wrong with it, and the nearest day that there is."""
    clean = " ".join(text.split())
    if not _MOMENT.match(clean):
        raise ScenarioError(why_no_moment(clean))
    words = clean.lower().split()
    clock = words.pop(0 if ":" in words[0] else -1)
    day = " ".join(words)
    if _DATE.fullmatch(day):
        _date(day)
    return Moment(dt.time.fromisoformat(clock if clock[2] == ":" else f"0{clock}"), day)


def why_no_moment(text: str) -> str:
    """What keeps a text from being a moment."""
    meant = _mended(text)
    if meant != text and _MOMENT.match(meant):
        return f"not a moment: {text!r}; did you mean {meant!r}?"
    clocks = [word for word in text.split() if _CLOCK.match(word)]
    if not clocks:
        return f"not a moment: {text!r}; it needs a time of day, such as {EXAMPLE}"
    if len(clocks) > 1:
        return f"not a moment: {text!r} has {len(clocks)} times of day"
    if not re.fullmatch(_TIME, clocks[0]):
        return f"no clock shows {clocks[0]}; hours go from 00 to 23, minutes from 00 to 59 (24:00 is 00:00 tomorrow)"
    day = " ".join(word for word in text.split() if word != clocks[0]).lower()
    if re.fullmatch(_DAY, day):
        return f"not a moment: {text!r}; the time stands before the day or after it"
    return f"no day is called {day!r}{did_you_mean(day, _SUGGESTED) or f'; write it like {EXAMPLE}'}"


def why_neither(text: str) -> str:
    """What keeps a text from being a duration or a moment."""
    if ":" in text:
        return why_no_moment(text)
    return f"expected a duration such as 1h, or a moment such as 09:15 tomorrow, not {text!r}"


def _mended(text: str) -> str:
    """A text with the commonest slips put right."""
    for slip, right in _SLIPS:
        text = slip.sub(right, text)
    return " ".join(text.split())


# -------------------------------------------------------------------------------------------------- which days

_Days = Callable[["re.Match[str]", dt.date, Calendar | None], Iterable[dt.date | None]]


def _later(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)


def _date(text: str) -> dt.date:
    try:
        return checked_year(dt.date.fromisoformat(text))
    except ValueError as error:
        raise ScenarioError(f"there is no {text}: {error}") from error


def checked_year(day: dt.date) -> dt.date:
    """The same day. Raises ``ScenarioError`` for one in a year in which no scenario takes place."""
    if day.year not in YEARS:
        raise ScenarioError(f"{day} lies outside of the years {YEARS[0]} to {YEARS[-1]}; is the year mistyped?")
    return day


def _working_day(today: dt.date, count: int, calendar: Calendar | None) -> dt.date | None:
    assert calendar is not None
    day: dt.date | None = today
    for _ in range(count):
        day = None if day is None else calendar.next_working_day(day)
    return day


def _weekday(name: str, today: dt.date, first: int) -> Iterable[dt.date]:
    wanted = [weekday[:3] for weekday in WEEKDAYS].index(name[:3])
    days = (_later(today, days) for days in range(first, _WEEK + 1))
    return (day for day in days if day.weekday() == wanted)


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS: tuple[tuple[re.Pattern[str], _Days], ...] = (
    (re.compile(""), lambda _, today, __: (_later(today, days) for days in range(3))),
    (re.compile("today"), lambda _, today, __: [today]),
    (re.compile("tomorrow"), lambda _, today, __: [_later(today, 1)]),
    (re.compile("next working day"), lambda _, today, calendar: [_working_day(today, 1, calendar)]),
    (re.compile(r"in (\d+) days?"), lambda found, today, __: [_later(today, int(found[1]))]),
    (re.compile(r"in (\d+) working days?"), lambda found, today, its: [_working_day(today, int(found[1]), its)]),
    (re.compile(r"next ([a-z]+)"), lambda found, today, __: _weekday(found[1], today, 1)),
    (re.compile(r"[a-z]+"), lambda found, today, __: _weekday(found[0], today, 0)),
    (_DATE, lambda found, _, __: [_date(found[0])]),
)
"""The days that a moment may mean, the nearest first; the first rule that fits counts."""


# ---------------------------------------------------------------------------------------------- local time


@dataclass(frozen=True)
class Local:
    """Where a scenario takes place: its zone, and the calendar that knows the working days, if it has one."""

    zone: ZoneInfo
    calendar: Calendar | None = None

    @classmethod
    def of(cls, zone: str, calendar: str | Mapping[str, Any] | None, known: Mapping[str, Calendar]) -> Local:
        """The place of a scenario. A calendar is a name among ``known``, or a block. Raises ``ScenarioError``."""
        if calendar is None:
            return cls(ZoneInfo(zone))
        found = _named(calendar, known) if isinstance(calendar, str) else read_block(calendar, known)
        return cls(found.zone, found)

    def instant(self, day: dt.date, time: dt.time) -> float:
        """The drill time at which the clocks here show ``time`` on ``day`` for the first time, or jump over it."""
        local = dt.datetime.combine(day, time, self.zone)
        at = local.timestamp()
        if dt.datetime.fromtimestamp(at, self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return at
        return self._gap_end(math.floor(local.replace(fold=1).timestamp()), math.ceil(at))

    def _gap_end(self, before: int, after: int) -> float:
        """The instant at which the clocks jump, between one that is before it and one that is after it."""
        offset = self._offset(after)
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (before, middle) if self._offset(middle) == offset else (middle, after)
        return float(after)

    def _offset(self, at: int) -> dt.timedelta | None:
        return dt.datetime.fromtimestamp(at, self.zone).utcoffset()

    def resolve(self, moment: Moment, now: float) -> float:
        """The drill time that a moment means at ``now``. One without a date means the next; equal to now is not next.

        Raises ``ScenarioError`` for a moment that is past, and for a working day where there is none.
        """
        if moment.asks_for_calendar and self.calendar is None:
            raise ScenarioError(needs_calendar(moment))
        today = dt.datetime.fromtimestamp(now, self.zone).date()
        days = next(days(found, today, self.calendar) for rule, days in _DAYS if (found := rule.fullmatch(moment.day)))
        at = now
        for day in days:
            if day is None:
                raise ScenarioError(self._never(moment, today))
            at = self.instant(day, moment.time)
            if at > now:
                return at
        raise ScenarioError(f"'{moment}' is past: it was {self.say(at)}, and now it is {self.say(now)}")

    def _never(self, moment: Moment, today: dt.date) -> str:
        assert self.calendar is not None
        few = "no working day" if moment.day.startswith("next") else "too few working days"
        return f"'{moment}' never comes: calendar {self.calendar.name} has {few} after {today:%a %Y-%m-%d}"

    def say(self, at: float) -> str:
        """A drill time as the clocks here show it."""
        return day_and_time(at, self.zone.key)


def needs_calendar(moment: Moment) -> str:
    """What to write so that a working day can be found."""
    return (
        f"'{moment}' asks for working days; write calendar: NAME into the head of the scenario (a [calendars.NAME] of the "
        "settings), or the hours themselves: calendar: {zone: Europe/Warsaw, hours: {mon-fri: 09:00-17:00}}"
    )


def read_block(block: Mapping[str, Any], known: Mapping[str, Calendar]) -> Calendar:
    """The calendar that a scenario brings itself. Raises ``ScenarioError``."""
    try:
        return read_calendar("of the scenario", block, "", others=known)
    except SettingsError as error:
        raise ScenarioError(str(error).removeprefix(": ")) from error


def _named(name: str, known: Mapping[str, Calendar]) -> Calendar:
    if name not in known:
        hint = did_you_mean(name, known) or "; the settings have none: write [calendars.NAME]"
        raise ScenarioError(f"no calendar {name!r}{hint}")
    return known[name]
