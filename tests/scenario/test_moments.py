"""Moments: what may be written, what it means on the day, and what is said about the rest."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest

from chatdrill.calendars import read_calendar
from chatdrill.engine import schema
from chatdrill.engine.durations import DURATION_PATTERN, SPAN_PATTERN, span
from chatdrill.engine.moments import MOMENT_PATTERN, Local, read_moment
from chatdrill.errors import ScenarioError

WARSAW = ZoneInfo("Europe/Warsaw")
SHOP = {"zone": "Europe/Warsaw", "hours": {"mon-fri": "09:00-17:00"}, "days": {"2026-03-30": "closed"}}


def at(text: str, zone: str = "Europe/Warsaw", fold: int = 0) -> float:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def resolved(moment: str, now: str, zone: str = "Europe/Warsaw") -> float:
    return Local(ZoneInfo(zone)).resolve(read_moment(moment), at(now, zone))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("09:15", "09:15"),
        ("9:15", "09:15"),
        ("09:15:30", "09:15:30"),
        ("09:15 next working day", "09:15 next working day"),
        ("next working day 09:15", "09:15 next working day"),
        ("  Monday   09:00 ", "09:00 monday"),
        ("next fri 09:00", "09:00 next fri"),
        ("18:00 2026-03-30", "18:00 2026-03-30"),
        ("in 3 days 08:00", "08:00 in 3 days"),
        ("08:00 in 1 working day", "08:00 in 1 working day"),
    ],
)
def test_a_moment_is_a_time_and_a_day_in_either_order(text: str, said: str) -> None:
    assert str(read_moment(text)) == said
    assert read_moment(said) == read_moment(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("09:15 next workday", "no day is called 'next workday'; did you mean 'next working day'?"),
        ("09:15 tomorow", "did you mean 'tomorrow'?"),
        ("mondy 09:00", "did you mean 'monday'?"),
        ("25:00", "no clock shows 25:00; hours go from 00 to 23"),
        ("24:00 today", "no clock shows 24:00"),
        ("09:60 today", "minutes from 00 to 59"),
        ("tomorrow", "'tomorrow'; it needs a time of day"),
        ("09:15 10:15", "has 2 times of day"),
        ("next 09:15 monday", "the time stands before the day or after it"),
        ("2026-02-30 09:15", "there is no 2026-02-30"),
        ("2026-13-01 09:15", "there is no 2026-13-01"),
        ("9999-12-31 09:15", "9999-12-31 lies outside of the years 1970 to 2200"),
        ("09:15 2026-3-3", "did you mean '09:15 2026-03-03'?"),
        ("30.3.2026 09:15", "did you mean '2026-03-30 09:15'?"),
        ("09:15, on Sunday", "did you mean '09:15 Sunday'?"),
        ("9.15 tomorrow", "did you mean '9:15 tomorrow'?"),
        ("3pm tomorrow", "did you mean '15:00 tomorrow'?"),
        ("tomorrow at 12:30 a.m.", "did you mean 'tomorrow 00:30'?"),
        ("24:00", "no clock shows 24:00; hours go from 00 to 23, minutes from 00 to 59 (24:00 is 00:00 tomorrow)"),
        ("1h30", "not a moment: '1h30'; it needs a time of day"),
        ("09:15 whenever", "no day is called 'whenever'; write it like 09:15 next working day"),
    ],
)
def test_anything_else_is_answered_with_the_nearest(text: str, problem: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(problem)):
        read_moment(text)


@pytest.mark.parametrize(
    ("moment", "now", "means"),
    [  # 2026-03-25 is a Wednesday
        ("09:15", "2026-03-25 09:14:59", "2026-03-25 09:15"),
        ("09:15", "2026-03-25 09:15", "2026-03-26 09:15"),
        ("09:15 today", "2026-03-25 00:00", "2026-03-25 09:15"),
        ("09:15 tomorrow", "2026-03-25 23:59", "2026-03-26 09:15"),
        ("wednesday 09:15", "2026-03-25 08:00", "2026-03-25 09:15"),
        ("wednesday 09:15", "2026-03-25 09:15", "2026-04-01 09:15"),
        ("next wednesday 09:15", "2026-03-25 08:00", "2026-04-01 09:15"),
        ("next thu 09:15", "2026-03-25 08:00", "2026-03-26 09:15"),
        ("tuesday 09:15", "2026-03-25 08:00", "2026-03-31 09:15"),
        ("09:15 in 7 days", "2026-03-25 08:00", "2026-04-01 09:15"),
        ("09:15 2026-12-24", "2026-03-25 08:00", "2026-12-24 09:15"),
        ("00:00 tomorrow", "2028-02-28 12:00", "2028-02-29 00:00"),
    ],
)
def test_a_moment_is_the_next_that_it_can_mean(moment: str, now: str, means: str) -> None:
    assert resolved(moment, now) == at(means)


@pytest.mark.parametrize(
    ("moment", "now", "means"),
    [
        ("09:15 next working day", "2026-03-26 20:00", "2026-03-27 09:15"),
        ("09:15 next working day", "2026-03-27 08:00", "2026-03-31 09:15"),  # a weekend, and a day off
        ("09:15 next working day", "2026-03-28 08:00", "2026-03-31 09:15"),
        ("09:15 in 2 working days", "2026-03-27 08:00", "2026-04-01 09:15"),
    ],
)
def test_working_days_are_those_of_the_calendar(moment: str, now: str, means: str) -> None:
    local = Local.of("America/New_York", SHOP, {})
    assert local.resolve(read_moment(moment), at(now)) == at(means)


@pytest.mark.parametrize(
    ("zone", "moment", "now", "means_utc"),
    [
        ("Europe/Warsaw", "02:30", "2026-03-29 01:00", "2026-03-29 01:00"),  # 02:00 becomes 03:00
        ("Europe/Warsaw", "02:30", "2026-10-24 12:00", "2026-10-25 00:30"),  # 03:00 becomes 02:00
        ("Australia/Lord_Howe", "02:15", "2026-10-04 01:00", "2026-10-03 15:30"),  # half an hour is skipped
        ("Pacific/Apia", "09:00 2011-12-30", "2011-12-29 12:00", "2011-12-30 10:00"),  # a day is skipped
        ("Asia/Kolkata", "09:15 tomorrow", "2026-03-25 08:00", "2026-03-26 03:45"),
    ],
)
def test_a_skipped_time_is_the_end_of_the_gap_and_a_repeated_one_is_its_first(
    zone: str, moment: str, now: str, means_utc: str
) -> None:
    assert resolved(moment, now, zone) == at(means_utc, "UTC")


def test_between_two_occurrences_of_a_time_only_the_next_day_is_ahead() -> None:
    now = at("2026-10-25 02:15", fold=1)
    assert Local(WARSAW).resolve(read_moment("02:30"), now) == at("2026-10-26 02:30")


def test_a_moment_that_is_past_is_answered_with_both_dates() -> None:
    with pytest.raises(ScenarioError) as caught:
        resolved("18:00 2026-03-20", "2026-03-25 08:00")
    was, now = "Fri 2026-03-20 18:00 (Europe/Warsaw)", "Wed 2026-03-25 08:00 (Europe/Warsaw)"
    assert str(caught.value) == f"'18:00 2026-03-20' is past: it was {was}, and now it is {now}"


def test_a_working_day_without_a_calendar_says_what_to_write() -> None:
    with pytest.raises(ScenarioError, match=r"write calendar: NAME into the head of the scenario"):
        resolved("09:15 next working day", "2026-03-25 08:00")


def test_a_calendar_that_never_opens_again_has_no_working_day() -> None:
    block = {"zone": "UTC", "days": {"2026-01-02": "09:00-10:00"}}
    with pytest.raises(ScenarioError, match="calendar of the scenario has no working day after Wed"):
        Local.of("UTC", block, {}).resolve(read_moment("09:15 next working day"), at("2026-03-25 08:00"))


def test_a_named_calendar_is_one_of_the_settings() -> None:
    shop = read_calendar("shop", SHOP, "here")
    assert Local.of("UTC", "shop", {"shop": shop}) == Local(WARSAW, shop)
    with pytest.raises(ScenarioError, match="no calendar 'shp'; did you mean 'shop'"):
        Local.of("UTC", "shp", {"shop": shop})
    with pytest.raises(ScenarioError, match=r"write \[calendars.NAME\]"):
        Local.of("UTC", "shop", {})


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("24h ± 10m", (85_800, 87_000)),
        ("24h +- 10m", (85_800, 87_000)),
        ("24h +/- 10m", (85_800, 87_000)),
        ("1h30m±1m", (5340, 5460)),
        ("2 days ± 1h 30m", (167_400, 178_200)),
    ],
)
def test_a_span_is_a_time_give_or_take_another(text: str, bounds: tuple[float, float]) -> None:
    assert span(text) == bounds


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("24h", "24h ± 10m; for no bound at the end write not before: 24h"),
        ("24h ± soon", "write it like 24h ± 10m"),
        ("10m ± 1h", "the second time is longer than the first"),
        ("24 ± 10", "not a span of time"),
    ],
)
def test_anything_else_is_no_span(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        span(text)


def test_editors_know_moments_and_spans_as_the_code_does() -> None:
    rules = schema.schema()["$defs"]
    assert (rules["moment"]["pattern"], rules["span"]["pattern"]) == (MOMENT_PATTERN, SPAN_PATTERN)
    assert rules["wait"]["pattern"] == f"(?:{DURATION_PATTERN})|(?:{MOMENT_PATTERN})"
    assert all(re.match(rules["moment"]["pattern"], example) for example in rules["moment"]["examples"])
