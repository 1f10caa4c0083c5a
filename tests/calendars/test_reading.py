"""What may be written for a calendar, and what is said about the rest."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from chatdrill.calendars import read_calendar, read_calendars, read_zone
from chatdrill.errors import SettingsError

WARSAW = {"zone": "Europe/Warsaw"}
OFFICE = {**WARSAW, "hours": {"mon-fri": "09:00-17:00"}}


def refusal(block: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        read_calendar("shop", block, "chatdrill.toml:3")
    return str(caught.value)


ZONES = [
    ("Europe/Warsow", "unknown time zone 'Europe/Warsow'; did you mean 'Europe/Warsaw'?"),
    ("europe/warsaw", "did you mean 'Europe/Warsaw'?"),
    ("Warsaw", "did you mean 'Europe/Warsaw'?"),
    ("New York", "did you mean 'America/New_York'?"),
    ("Amerika/Denver", "did you mean 'America/Denver'?"),
    ("UTC+2", "name a place such as 'Europe/Warsaw', an offset knows no summer time"),
    ("+05:30", "an offset knows no summer time"),
    ("localtime", "it would be another one on another machine"),
    ("Europe", "expected one such as 'Europe/Warsaw'"),
    ("../Warsaw", "unknown time zone"),
    ("", "unknown time zone ''"),
    (2, "a time zone is a name such as 'Europe/Warsaw', not 2"),
]


@pytest.mark.parametrize(("text", "answer"), ZONES)
def test_an_unknown_zone_is_answered_with_the_nearest(text: Any, answer: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(answer)) as caught:
        read_zone(text, "shop.yaml:7:3")
    assert str(caught.value).startswith("shop.yaml:7:3: ")
    assert answer in refusal({**OFFICE, "zone": text})


def test_a_zone_is_read_by_its_name() -> None:
    assert read_zone("Asia/Kathmandu", "here").key == "Asia/Kathmandu"


HOURS = [
    ({"mon": "9-18"}, "hours.mon: expected hours such as '09:00-18:00' or 'closed', not '9-18'"),
    ({"mon": "clsed"}, "did you mean 'closed'?"),
    ({"mon": ""}, "expected hours such as"),
    ({"mon": "09:00-12:00,"}, "hours.mon: expected hours such as '09:00-18:00' or 'closed', not ''"),
    ({"mon": "09:00-09:00"}, "'09:00-09:00' ends when it begins; a whole day is '00:00-24:00', a day off is 'closed'"),
    ({"mon": "25:00-26:00"}, "no clock shows 25:00; the last time of a day is 24:00"),
    ({"mon": "09:00-24:30"}, "no clock shows 24:30"),
    ({"mon": "09:60-10:00"}, "no clock shows 09:60"),
    ({"mon": "24:00-06:00"}, "nothing begins at 24:00"),
    ({"mon": 9}, "hours.mon: expected hours such as '09:00-18:00', not 9"),
    ({"mon": False}, "not False; did you mean 'closed'?"),
    ({"mon": ["09:00-12:00", "13:00-17:00"]}, "several shifts are one text: '09:00-12:00, 13:00-17:00'"),
    ({"mon": ["09:00-10:00"]}, "not ['09:00-10:00']"),
    ({"monday": "09:00-10:00"}, "hours.monday: unknown day 'monday'; did you mean 'mon'?"),
    ({"mon-fir": "09:00-10:00"}, "hours.mon-fir: unknown day 'fir'; did you mean 'fri'?"),
    ({"": "09:00-10:00"}, "unknown day ''; known: daily, fri, mon"),
    ({"mon-wed": "09:00-10:00", "wed-fri": "closed"}, "hours.wed-fri: names a day that mon-wed names too"),
    ({}, "hours: it is never open; write hours = { mon-fri ="),
    ({"daily": "closed"}, "it is never open"),
    ("09:00-17:00", "hours: expected a table such as { mon-fri ="),
]


@pytest.mark.parametrize(("hours", "answer"), HOURS)
def test_wrong_hours_are_answered_where_they_stand(hours: Any, answer: str) -> None:
    said = refusal({**WARSAW, "hours": hours})
    assert said.startswith("chatdrill.toml:3: calendar shop: hours")
    assert answer in said


DAYS = [
    ({"2026-12-26..2026-12-24": "closed"}, "ends before it starts; did you mean '2026-12-24..2026-12-26'?"),
    ({"2026-02-30": "closed"}, "days.2026-02-30: there is no 2026-02-30"),
    ({"24.12.2026": "closed"}, "expected a date such as '2026-12-24' or '2026-12-24..2026-12-26', not '24.12.2026'"),
    ({"2026-12-24..": "closed"}, "expected a date"),
    ({"2026-12-24": "never"}, "days.2026-12-24: expected hours such as"),
    ({"2026-01-01..2036-01-01": "closed"}, "covers 3653 days, more than three years; is a year mistyped?"),
    ({"2026-12-01..2026-12-03": "closed", "2026-12-03..2026-12-05": "closed"}, "names a day that"),
    (["2026-12-24"], "days: expected a table such as { 2026-12-24 ="),
]


@pytest.mark.parametrize(("days", "answer"), DAYS)
def test_wrong_dates_are_answered_where_they_stand(days: Any, answer: str) -> None:
    said = refusal({**OFFICE, "days": days})
    assert said.startswith("chatdrill.toml:3: calendar shop: days")
    assert answer in said


HOLIDAYS = [
    ("pl", "unknown country 'pl'; did you mean 'PL'?"),
    ("Poland", "did you mean 'PL'?"),
    ("Atlantis", "unknown country 'Atlantis'; expected a code such as 'PL' or 'US-CA'"),
    ("US-ca", "unknown part 'ca' of US; did you mean 'US-CA'?"),
    ("US-", "unknown part '' of US; known: AK, AL"),
    ("VA-XX", "unknown part 'XX' of VA; it has no parts"),
    (["PL", "2026-02-30"], "there is no 2026-02-30"),
    ("2026-12-31..2026-12-24", "ends before it starts"),
    (False, "not False; is it Norway? then quote it: 'NO'"),
    (7, "expected a country such as 'PL' or 'US-CA', or a date, not 7"),
]


@pytest.mark.parametrize(("value", "answer"), HOLIDAYS)
def test_wrong_holidays_are_answered(value: Any, answer: str) -> None:
    said = refusal({**OFFICE, "holidays": value})
    assert said.startswith("chatdrill.toml:3: calendar shop: holidays: ")
    assert answer in said


WHOLE = [
    (7, "expected a table with zone, hours, holidays, days, not 7"),
    ({"hours": OFFICE["hours"]}, "zone: is missing; write the place whose clocks count"),
    (WARSAW, "hours: it is never open"),
    ({**OFFICE, "holiday": "PL"}, "holiday: unknown key; did you mean 'holidays'?"),
    ({"any_of": ["anna"]}, "any_of: unknown calendar 'anna'"),
    ({"any_of": []}, "any_of: expected a list of calendars such as ['anna', 'ben'], not []"),
    ({"any_of": "anna"}, "any_of: expected a list of calendars"),
    ({"any_of": ["anna"], "all_of": ["ben"]}, "all_of: does not go with any_of; give it to one of its calendars"),
    ({"all_of": ["anna"], "holidays": "PL"}, "holidays: does not go with all_of"),
    ({"any_of": {"anna": {**OFFICE, "hours": {"mno": "closed"}}}}, "any_of.anna.hours.mno: unknown day 'mno'"),
    ({"any_of": {"anna": {**OFFICE, "zone": "Warsow"}}}, "any_of.anna.zone: unknown time zone 'Warsow'"),
]


@pytest.mark.parametrize(("block", "answer"), WHOLE)
def test_a_wrong_block_is_answered(block: Any, answer: str) -> None:
    assert refusal(block).startswith(f"chatdrill.toml:3: calendar shop: {answer}")


TABLES = [
    ({"a": {"any_of": ["b"]}, "b": {"all_of": ["a"]}}, "file:a: calendar a: is made of itself: a → b → a"),
    ({"a": {"any_of": ["a"]}}, "calendar a: is made of itself: a → a"),
    ({"a": {"any_of": {"x": {"all_of": ["a"]}}}}, "calendar a: is made of itself: a → a"),
    ({"a": {"any_of": ["bem"]}, "ben": OFFICE}, "calendar a: any_of: unknown calendar 'bem'; did you mean 'ben'?"),
    ({"a": {"any_of": ["ben", "ben"]}, "ben": OFFICE}, "any_of: names a calendar twice: ['ben', 'ben']"),
    ({"a": {"any_of": [5]}, "ben": OFFICE}, "unknown calendar 5"),
    ({"a": {"any_of": ["b"]}, "b": 5}, "file:b: calendar b: expected a table"),
]


@pytest.mark.parametrize(("blocks", "answer"), TABLES)
def test_calendars_that_name_each_other_wrongly_are_answered(blocks: dict, answer: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(answer)):
        read_calendars(blocks, lambda *keys: f"file:{keys[0]}")


def test_the_line_of_the_very_key_is_asked_for() -> None:
    desk = {"any_of": {"anna": {**OFFICE, "hours": {"mon": "9"}}}}
    with pytest.raises(
        SettingsError, match=re.escape("a/desk/any_of/anna/hours/mon: calendar desk: any_of.anna.hours.mon: ")
    ):
        read_calendars({"desk": desk}, lambda *keys: "/".join(("a", *keys)))


def test_calendars_may_name_later_ones() -> None:
    blocks = {"desk": {"any_of": ["team"]}, "team": {"all_of": ["ben"]}, "ben": OFFICE}
    found = read_calendars(blocks, lambda *_: "here")
    assert list(found) == list(blocks)
    assert found["desk"].open_seconds(0, 604800) == found["ben"].open_seconds(0, 604800) == 40 * 3600


def hours_of(hours: dict, day: str = "2026-11-23") -> float:
    """Open hours of a week that begins on that Monday."""
    monday = (date.fromisoformat(day) - date(1970, 1, 1)).days * 86400
    return read_calendar("shop", {"zone": "UTC", "hours": hours}, "here").open_seconds(monday, monday + 604800) / 3600


def test_weekdays_are_written_in_many_ways() -> None:
    assert hours_of({"mon-fri": "09:00-17:00"}) == 40
    assert hours_of({"Mon - Wed, fri": " 9:00 – 17:00 "}) == 32
    assert hours_of({"fri-mon": "09:00-17:00"}) == 32
    assert hours_of({"daily": "00:00-24:00"}) == 168
    assert hours_of({"mon": "22:00-00:00"}) == 2


def test_the_key_that_names_fewer_days_wins_wherever_it_stands() -> None:
    for hours in ({"fri": "09:00-12:00", "daily": "09:00-17:00"}, {"daily": "09:00-17:00", "fri": "09:00-12:00"}):
        assert hours_of(hours) == 6 * 8 + 3
    days = {"2026-11-25": "10:00-11:00", "2026-11-23..2026-11-27": "closed"}
    calendar = read_calendar("shop", {**OFFICE, "zone": "UTC", "days": days}, "here")
    assert calendar.next_working_day(date(2026, 11, 22)) == date(2026, 11, 25)
    assert calendar.next_working_day(date(2026, 11, 25)) == date(2026, 11, 30)


def test_dates_may_be_dates_of_toml_and_yaml() -> None:
    block = {**OFFICE, "holidays": [date(2026, 11, 24), "PL"], "days": {date(2026, 11, 25): "closed"}}
    calendar = read_calendar("shop", block, "here")
    assert calendar.next_working_day(date(2026, 11, 23)) == date(2026, 11, 26)
    assert calendar.block["days"] == {"2026-11-25": "closed"}


def test_a_calendar_can_be_made_again_of_its_block_alone() -> None:
    anna = {**OFFICE, "holidays": ["PL", date(2026, 12, 24)], "days": {date(2026, 11, 25): "20:00-02:00"}}
    blocks = {"anna": anna, "ben": {"zone": "UTC", "hours": {"sun": "closed", "daily": "08:00-12:00"}}}
    found = read_calendars({**blocks, "desk": {"any_of": ["anna", "ben"], "zone": "Asia/Tokyo"}}, lambda *_: "here")
    for name, calendar in found.items():
        again = read_calendar(name, json.loads(json.dumps(calendar.block)), "trace")
        assert again.block == calendar.block
        assert again.zone.key == calendar.zone.key
        for start in range(1_795_000_000, 1_800_000_000, 654_321):
            assert again.open_seconds(start, start + 777_777) == calendar.open_seconds(start, start + 777_777)


def test_a_block_that_is_changed_does_not_change_its_calendar() -> None:
    calendar = read_calendar("shop", OFFICE, "here")
    calendar.block["hours"]["mon-fri"] = "closed"
    assert calendar.block == OFFICE


def test_holidays_are_imported_only_for_a_calendar_that_names_a_country() -> None:
    program = (
        "import sys, chatdrill.cli, chatdrill.calendars as c\n"
        "block = {'zone': 'UTC', 'hours': {'mon': '09:00-10:00'}, 'holidays': ['2026-12-24']}\n"
        "c.read_calendar('a', block, '').open_seconds(0, 1e6)\n"
        "print('holidays' in sys.modules)\n"
        "c.read_calendar('a', {**block, 'holidays': 'PL'}, '')\n"
        "print('holidays' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
