"""SLA attainment by working hour: of the answers that customers began to wait for in an hour of the week, how many kept the promise."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chatdrill.calendars import Calendar
from chatdrill_reports.repeats import percent

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ALL = "all days"
_SHADES = ((0.999999, "a5"), (0.95, "a4"), (0.9, "a3"), (0.75, "a2"), (0.5, "a1"), (0.0, "a0"))
_ANY_WEEK = dt.date(2026, 1, 5)  # a Monday in a week without holidays


@dataclass(frozen=True)
class Kept:
    """An answer that was promised: when the customer began to wait (drill time), where its clocks are, and whether it came in time."""

    at: float
    zone: str
    in_time: bool


@dataclass(frozen=True)
class Cell:
    """One hour of one day of the week; ``look`` is empty where nothing was promised, ``shut`` where the calendar is closed, too."""

    text: str
    look: str
    title: str


@dataclass(frozen=True)
class Attainment:
    """The whole table, with the share that kept the promise."""

    hours: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    kept: int
    promised: int
    calendar: str

    @property
    def share(self) -> str:
        """``98.2 %``."""
        return percent(self.kept / self.promised)


def attainment(answers: Sequence[Kept], calendar: Calendar | None = None) -> Attainment | None:
    """The table; ``None`` where nothing was promised. ``calendar`` is the one of all conversations, if they have one in common."""
    if not answers:
        return None
    cells = _counts(answers)
    hours = sorted({hour for _, hour in cells})
    span = range(hours[0], hours[-1] + 1)
    days = [day for day in (*range(7), None) if any((day, hour) in cells for hour in span)]
    shown = [day for day in days if day is not None]
    rows = [(_DAYS[day], tuple(_row(day, span, cells, calendar))) for day in shown]
    rows += [(_ALL, tuple(_row(None, span, cells, None)))] if len(shown) > 1 else []
    kept = sum(one.in_time for one in answers)
    name = calendar.name if calendar is not None else ""
    return Attainment(tuple(f"{hour:02d}" for hour in span), tuple(rows), kept, len(answers), name)


_Counts = Mapping[tuple[int | None, int], tuple[int, int]]


def _counts(answers: Iterable[Kept]) -> _Counts:
    """In time and all, by day of the week (``None``: all days) and hour."""
    found: dict[tuple[int | None, int], list[bool]] = defaultdict(list)
    for one in answers:
        local = dt.datetime.fromtimestamp(one.at, ZoneInfo(one.zone))
        for day in (local.weekday(), None):
            found[day, local.hour].append(one.in_time)
    return {place: (sum(own), len(own)) for place, own in found.items()}


def _row(day: int | None, hours: Iterable[int], cells: _Counts, calendar: Calendar | None) -> Iterator[Cell]:
    for hour in hours:
        name = f"{_ALL if day is None else _DAYS[day]} {hour:02d}:00 to {hour:02d}:59"
        if (day, hour) not in cells:
            shut = day is not None and calendar is not None and not _is_open(calendar, day, hour)
            yield Cell("", "shut" if shut else "", f"{name}: {'closed, and ' if shut else ''}nothing was promised")
            continue
        kept, count = cells[day, hour]
        share = kept / count
        look = next(look for least, look in _SHADES if share >= least)
        yield Cell(f"{share * 100:.0f}", look, f"{name}: {kept} of {count} in time")


def _is_open(calendar: Calendar, day: int, hour: int) -> bool:
    """Whether it is open at any quarter of that hour, in a week without holidays."""
    begins = dt.datetime.combine(_ANY_WEEK + dt.timedelta(days=day), dt.time(hour), calendar.zone).timestamp()
    return any(calendar.is_open(begins + quarter * 900) for quarter in range(4))
