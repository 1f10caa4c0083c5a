"""Rows of issues.table and categories.table, each of which can be checked by hand."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chatdrill.calendars import Calendar, read_calendars

HERE = Path(__file__).parent
UNITS_S = {"d": 86400, "h": 3600, "m": 60}


@pytest.fixture(scope="module")
def calendars() -> dict[str, Calendar]:
    return read_calendars(tomllib.loads((HERE / "calendars.toml").read_text("utf-8")), lambda *_: "calendars.toml")


@dataclass(frozen=True)
class Row:
    place: str
    subject: str
    calendar: str
    start: str
    kind: str
    end: str
    open: str

    @property
    def open_s(self) -> int:
        return sum(int(count) * UNITS_S[unit] for count, unit in re.findall(r"(\d+)([dhm])", self.open))


def rows(name: str) -> list[Row]:
    lines = enumerate((HERE / name).read_text("utf-8").splitlines(), start=1)
    return [
        Row(f"{name}:{number}", *(cell.strip() for cell in line.split("|")))
        for number, line in lines
        if line.strip() and not line.startswith("#")
    ]


ISSUES, CATEGORIES = rows("issues.table"), rows("categories.table")


def moment(text: str, zone: ZoneInfo) -> float:
    """The Unix time of ``Fri 2026-11-27 16:30``, perhaps with ``UTC`` or ``again`` after it."""
    weekday, date, time, *more = text.split()
    local = datetime.fromisoformat(f"{date} {time}").replace(tzinfo=ZoneInfo("UTC") if "UTC" in more else zone)
    assert local.strftime("%a") == weekday, f"{date} is a {local:%A}"
    return local.replace(fold=int("again" in more)).timestamp()


@pytest.mark.parametrize("row", ISSUES + CATEGORIES, ids=lambda row: row.place)
def test_working_time_is_what_a_hand_reckons(row: Row, calendars: dict[str, Calendar]) -> None:
    calendar = calendars[row.calendar]
    start, end = moment(row.start, calendar.zone), moment(row.end, calendar.zone)
    told = {
        "counts": lambda: end,
        "due": lambda: calendar.after(start, row.open_s),
        "opens": lambda: calendar.next_open(start),
        "closes": lambda: calendar.next_close(start),
    }[row.kind]()
    assert told == end, f"{row}: {datetime.fromtimestamp(told, calendar.zone)}"
    assert calendar.open_seconds(start, end) == row.open_s, row
    assert calendar.is_open(start) == (row.kind == "closes") or row.kind in ("counts", "due"), row


def test_there_are_200_rows_half_of_them_from_issues() -> None:
    assert len(ISSUES) >= 100
    assert len(ISSUES + CATEGORIES) >= 200
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", row.subject) for row in ISSUES)
    facts = {(row.calendar, row.start, row.kind, row.end) for row in ISSUES + CATEGORIES}
    assert len(facts) == len(ISSUES + CATEGORIES)
