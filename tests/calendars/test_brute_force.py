"""20,000 random calendars (100,000 with ``DEEP=1``) against a counter that walks minutes and shares no code with the package.

The counter converts every UTC minute of a window to local time once, with zoneinfo. A calendar is painted on local
minutes, one byte each; laid out along UTC by that table, counting open minutes is counting bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from chatdrill.calendars import Calendar, read_calendar
from chatdrill.calendars.rota import Hours
from chatdrill.seeds import Seed, Stream
from deep import tries

CASES = tries(4_000, 100_000)
BEFORE, AFTER = 4, 5  # days of a window before and after its date
DATES = BEFORE + AFTER + 4
# Around these dates clocks go forward or back, dates are left out or years end.
WINDOWS = [
    ("Europe/Warsaw", "2026-03-29"),
    ("Europe/Warsaw", "2026-10-25"),
    ("Europe/London", "2027-03-28"),
    ("Europe/Dublin", "2026-10-25"),
    ("Europe/Istanbul", "2016-09-07"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("America/St_Johns", "2026-03-08"),
    ("America/St_Johns", "2026-11-01"),
    ("America/Sao_Paulo", "2018-11-04"),  # midnight is left out
    ("America/Sao_Paulo", "2019-02-17"),  # the last hour of the day before comes twice
    ("America/Havana", "2026-03-08"),
    ("America/Havana", "2026-11-01"),
    ("America/Santiago", "2026-04-05"),
    ("America/Caracas", "2016-05-01"),  # half an hour
    ("America/Nuuk", "2026-03-29"),
    ("Asia/Kolkata", "2026-05-10"),
    ("Asia/Kathmandu", "2026-12-31"),
    ("Asia/Beirut", "2026-03-29"),
    ("Asia/Tehran", "2021-03-22"),
    ("Asia/Tehran", "2021-09-22"),
    ("Asia/Pyongyang", "2018-05-05"),
    ("Africa/Casablanca", "2026-02-15"),  # back for Ramadan, forward after it
    ("Africa/Casablanca", "2026-03-22"),
    ("Africa/Cairo", "2026-04-24"),
    ("Antarctica/Troll", "2026-03-29"),  # two hours
    ("Antarctica/Troll", "2026-10-25"),
    ("Australia/Lord_Howe", "2026-04-05"),  # half an hour
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Australia/Sydney", "2026-10-04"),
    ("Pacific/Chatham", "2026-04-05"),  # 12:45 ahead
    ("Pacific/Chatham", "2026-09-27"),
    ("Pacific/Apia", "2011-12-30"),  # a date that never was
    ("Pacific/Kwajalein", "1993-08-21"),  # another
    ("Pacific/Kiritimati", "2024-02-29"),
    ("UTC", "2028-02-29"),
]
Shifts = tuple[tuple[int, int], ...]
ONES = b"\1" * 2880
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@cache
def window(zone: str, day: str) -> tuple[int, date, list[tuple[int, int]]]:
    """The first UTC minute, a local date before it, and the local minutes counted from that date on, in runs."""
    start = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=BEFORE)
    epoch_minute = int(start.timestamp()) // 60
    first = start.date() - timedelta(days=2)
    place, runs = ZoneInfo(zone), []
    for minute in range(epoch_minute, epoch_minute + (BEFORE + AFTER) * 1440):
        local = datetime.fromtimestamp(minute * 60, place)
        assert local.second == 0
        index = (local.toordinal() - first.toordinal()) * 1440 + local.hour * 60 + local.minute
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return epoch_minute, first, runs


@dataclass(frozen=True)
class Plan:
    """Shifts by weekday and by date: minutes after midnight, past 1440 on the next date. Dates are counted from one."""

    zone: str
    first: date
    week: list[Shifts]
    off: list[int]
    listed: dict[int, Shifts]

    def painted(self) -> bytes:
        weekday = self.first.weekday()
        shifts = [self.week[(weekday + number) % 7] for number in range(DATES)]
        for number in self.off:
            shifts[number] = ()
        for number in self.listed:
            shifts[number] = self.listed[number]
        minutes = bytearray(1440 * (DATES + 1))
        for number, of_date in enumerate(shifts):
            for start, end in of_date:
                minutes[number * 1440 + start : number * 1440 + end] = ONES[: end - start]
        return bytes(minutes)

    def settings(self) -> dict:
        hours = {"daily": written(self.week[0])}
        hours |= {
            name: written(shifts) for name, shifts in zip(NAMES, self.week, strict=True) if shifts != self.week[0]
        }
        days = {self.date(number): written(shifts) for number, shifts in self.listed.items()}
        return {"zone": self.zone, "hours": hours, "holidays": [self.date(number) for number in self.off], "days": days}

    def date(self, number: int) -> str:
        return str(self.first + timedelta(days=number))

    def rota(self) -> Hours:
        first = (self.first - date(1970, 1, 1)).days
        days = {first + number: seconds(shifts) for number, shifts in self.listed.items()}
        off = frozenset([first + number for number in self.off])
        return Hours(ZoneInfo(self.zone), tuple([seconds(shifts) for shifts in self.week]), days, off, ())


def seconds(shifts: Shifts) -> Shifts:
    return tuple([(start * 60, end * 60) for start, end in shifts])


def written(shifts: Shifts) -> str:
    return ", ".join(f"{clock(start)}-{clock(end if end <= 1440 else end - 1440)}" for start, end in shifts) or "closed"


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def some_shifts(chance: Stream) -> Shifts:
    count = (0, 1, 1, 1, 2, 2, 3)[int(chance.random() * 7)]
    starts = [int(chance.random() * 288) * 5 for _ in range(count)]
    return tuple([(start, start + 5 + int(chance.random() * (287 + (not start))) * 5) for start in starts])


def some_plan(chance: Stream, zone: str, first: date) -> Plan:
    usual = some_shifts(chance) or ((540, 1080),)
    week = [usual, *[some_shifts(chance) if chance.random() < 0.3 else usual for _ in NAMES[1:]]]
    off = [int(chance.random() * DATES) for _ in range(int(chance.random() * 3))]
    return Plan(zone, first, week, off, {int(chance.random() * DATES): some_shifts(chance) for _ in off})


def some_calendar(chance: Stream, zone: str, day: str, *, read: bool = False) -> tuple[Calendar, bytes, object]:
    """A calendar, whether it is open in each UTC minute of the window, and what it was made of.

    Reading costs half of the time of a case, so that only some are read from settings.
    """
    _, first_date, runs = window(zone, day)
    plan = some_plan(chance, zone, first_date)
    painted = plan.painted()
    flags = b"".join([painted[first:last] for first, last in runs])
    made = (
        read_calendar("random", plan.settings(), "here")
        if read
        else Calendar("random", ZoneInfo(zone), plan.rota(), {})
    )
    return made, flags, plan


def read_one(chance: Stream, zone: str, day: str) -> tuple[Calendar, bytes, object]:
    return some_calendar(chance, zone, day, read=True)


def some_join(chance: Stream, zone: str, day: str) -> tuple[Calendar, bytes, object]:
    """A desk of two, in the same zone."""
    parts = {name: some_calendar(chance, zone, day) for name in ("anna", "ben")}
    join = chance.choice(("any_of", "all_of"))
    others = {name: part[0] for name, part in parts.items()}
    flags, more = (int.from_bytes(part[1], "big") for part in parts.values())
    block = {join: list(parts)}
    both = flags | more if join == "any_of" else flags & more
    desk = read_calendar("random", block, "here", others=others)
    return desk, both.to_bytes(len(parts["anna"][1]), "big"), desk.block


@pytest.mark.parametrize(("zone", "day"), WINDOWS, ids=lambda value: value)
def test_a_calendar_agrees_with_a_counter_of_minutes(zone: str, day: str) -> None:
    chance = Seed(3).stream("calendars", zone, day)
    epoch_minute, _, _ = window(zone, day)
    for number in range(-(-CASES // len(WINDOWS))):
        make = some_join if number % 20 == 0 else read_one if number % 20 == 10 else some_calendar
        calendar, flags, made_of = make(chance, zone, day)
        length = (30, 300, 1440, 2880, 5760, 11520)[int(chance.random() * 6)]
        start = int(chance.random() * (len(flags) - length))
        end = start + int(chance.random() * length)
        work = 1 + int(chance.random() * length) // 10
        wrong = differences(calendar, flags, epoch_minute, start, end, work)
        assert not wrong, f"case {number}: {made_of}, {epoch_minute=} {start=} {end=} {work=}: {wrong}"


def differences(calendar: Calendar, flags: bytes, origin: int, start: int, end: int, work: int) -> list[str]:
    """What the calendar says about minutes of the window, where the counter knows better."""
    at = (origin + start) * 60
    opened, closed, worked = calendar.next_open(at), calendar.next_close(at), calendar.after(at, work * 60)
    known = (origin + len(flags)) * 60
    done = flags.count(1, start, int(worked / 60) - origin if worked and worked <= known else None)
    agreements = {
        "open_seconds": calendar.open_seconds(at, (origin + end) * 60) == flags.count(1, start, end) * 60,
        "is_open": calendar.is_open(at) == flags[start],
        "next_open": minute(opened, origin, flags) == flags.find(1, start),
        "next_close": minute(closed, origin, flags) == flags.find(0, start),
        # The moment by which work is done ends an open minute; if it lies beyond the window, too few are open in it.
        "after": done == work and flags[int(worked / 60) - origin - 1] if worked and worked <= known else done < work,
    }
    return [what for what, agreed in agreements.items() if not agreed]


def minute(at: float | None, origin: int, flags: bytes) -> float:
    """A moment as a minute of the window; -1 for one that lies beyond."""
    return -1 if at is None or at >= (origin + len(flags)) * 60 else at / 60 - origin
