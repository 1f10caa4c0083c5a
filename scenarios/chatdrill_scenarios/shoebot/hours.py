"""When somebody is there: hours by weekday, with holidays, in the shop's zone. Pure arithmetic on Unix seconds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "always"
# Longer than any row of holidays: who is closed for so many days is closed for good.
LOOK_AHEAD_DAYS = 60
_RULE = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? (?P<opens>\d{1,2}:\d\d)-(?P<closes>\d{1,2}:\d\d)")
_HOLIDAY = re.compile(r"(?:\d{4}-)?\d\d-\d\d")

Span = tuple[int, int]  # minutes since midnight


@dataclass(frozen=True, slots=True)
class Hours:
    """`week` has the open spans of Monday to Sunday, or is empty where it is always open."""

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...] = ()
    holidays: frozenset[str] = frozenset()  # "12-25" comes every year, "2026-04-06" once

    def is_open(self, at: float) -> bool:
        return not self.week or any(opens <= at < closes for opens, closes in self._spans(self.day(at)))

    def next_open(self, at: float) -> float | None:
        """The first open moment, `at` itself if it is one; None if there is none for two months."""
        if self.is_open(at):
            return at
        today = self.day(at)
        days = (today + dt.timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS))
        return next((opens for day in days for opens, _ in self._spans(day) if opens > at), None)

    def day(self, at: float) -> dt.date:
        return dt.datetime.fromtimestamp(at, self.zone).date()

    def clock(self, at: float) -> str:
        """ "9:00" """
        local = dt.datetime.fromtimestamp(at, self.zone)
        return f"{local.hour}:{local.minute:02}"

    def _spans(self, day: dt.date) -> Iterator[tuple[float, float]]:
        if not {day.isoformat(), day.isoformat()[5:]} & self.holidays:
            for opens, closes in self.week[day.weekday()]:
                yield self._moment(day, opens), self._moment(day, closes)

    def _moment(self, day: dt.date, minutes: int) -> float:
        """By the wall clock: nine o'clock is nine o'clock, also on the day when the clocks were changed."""
        days, rest = divmod(minutes, 24 * 60)
        clock = dt.time(rest // 60, rest % 60)
        return dt.datetime.combine(day + dt.timedelta(days=days), clock, self.zone).timestamp()


def read_hours(words: str, zone: ZoneInfo, holidays: frozenset[str] = frozenset()) -> Hours:
    """Reads "mon-fri 09:00-18:00, sat 10:00-14:00", or "always". Raises `ValueError`."""
    if words.strip() == ALWAYS:
        return Hours(zone)
    week: list[list[Span]] = [[] for _ in WEEKDAYS]
    for rule in words.split(","):
        match = _RULE.fullmatch(rule.strip())
        if match is None or not {match["first"], match["last"] or match["first"]} <= set(WEEKDAYS):
            raise ValueError(f"hours are written like 'mon-fri 09:00-18:00, sat 10:00-14:00', not {rule.strip()!r}")
        opens, closes = _minutes(match["opens"]), _minutes(match["closes"])
        if not opens < closes <= 24 * 60:
            raise ValueError(f"hours must end after they begin, at 24:00 at the latest: {rule.strip()!r}")
        for day in _days(match["first"], match["last"] or match["first"]):
            week[day].append((opens, closes))
    return Hours(zone, tuple(tuple(sorted(spans)) for spans in week), holidays)


def _days(first: str, last: str) -> Iterator[int]:
    start = WEEKDAYS.index(first)
    return ((start + ahead) % 7 for ahead in range((WEEKDAYS.index(last) - start) % 7 + 1))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def read_holidays(words: str) -> frozenset[str]:
    """Reads "12-25 2026-04-06". Raises `ValueError`."""
    days = words.replace(",", " ").split()
    if wrong := [day for day in days if not _HOLIDAY.fullmatch(day)]:
        raise ValueError(f"holidays are written like 12-25 or 2026-04-06, not {wrong[0]!r}")
    return frozenset(days)
