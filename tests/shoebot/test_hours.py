"""When the shop's people are there: weekdays, holidays, and the nights in which the clocks change."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill_scenarios.shoebot.config import Settings
from chatdrill_scenarios.shoebot.hours import read_holidays, read_hours
from chatdrill_scenarios.shoebot.policy import DEFAULTS

WARSAW = ZoneInfo("Europe/Warsaw")
DESK = read_hours(DEFAULTS["SHOEBOT_DESK_HOURS"], WARSAW, read_holidays(DEFAULTS["SHOEBOT_HOLIDAYS"]))
MINUTE_S, DAY_S = 60, 86_400


def at(local: str, zone: str = "Europe/Warsaw") -> float:
    return dt.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(("asked", "opens"), [
    ("2026-03-11 12:00", "2026-03-11 12:00"),  # open
    ("2026-03-11 08:59:59", "2026-03-11 09:00"),
    ("2026-03-11 09:00", "2026-03-11 09:00"),
    ("2026-03-11 17:59:59", "2026-03-11 17:59:59"),
    ("2026-03-11 18:00", "2026-03-12 09:00"),  # the end is not in
    ("2026-03-13 18:00", "2026-03-14 10:00"),  # Saturday's hours
    ("2026-03-14 14:00", "2026-03-16 09:00"),  # over Sunday
    ("2026-04-04 15:00", "2026-04-07 09:00"),  # over Easter
    ("2026-12-23 18:30", "2026-12-28 09:00"),  # over Christmas
    ("2026-03-28 20:00", "2026-03-30 09:00"),  # over the night in which the clocks go forward
    ("2026-10-24 20:00", "2026-10-26 09:00"),  # and back
])  # fmt: skip
def test_the_desk_opens_at_the_right_moment(asked: str, opens: str) -> None:
    assert DESK.next_open(at(asked)) == at(opens)


def test_opening_hours_are_those_of_the_shop_wherever_the_customer_is() -> None:
    assert DESK.next_open(at("2026-03-11 13:20", "Asia/Kolkata")) == at("2026-03-11 13:30", "Asia/Kolkata")
    assert DESK.clock(at("2026-10-05 17:30", "Australia/Adelaide")) == "9:00"


def test_a_day_has_the_hours_that_its_clock_shows_not_those_that_have_passed() -> None:
    night = read_hours("sun 01:00-06:00", WARSAW)
    assert night.next_open(at("2026-03-29 00:00")) == at("2026-03-29 01:00")
    assert not night.is_open(at("2026-03-29 06:00"))
    assert night.is_open(at("2026-10-25 05:59"))


def test_always_is_always() -> None:
    assert read_hours("always", WARSAW).next_open(0.0) == 0.0


def test_who_never_comes_has_no_next_hours() -> None:
    holidays = " ".join(f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32))
    assert read_hours("mon-sun 09:00-18:00", WARSAW, read_holidays(holidays)).next_open(at("2026-03-11 12:00")) is None


@given(st.integers(0, 3 * 365 * 24 * 60))
def test_the_next_open_minute_is_the_first_one(minutes: int) -> None:
    """Against the plainest definition there is: looking at every quarter of an hour in between."""
    asked = at("2026-01-01 00:00") + minutes * MINUTE_S
    opens = DESK.next_open(asked)
    assert opens is not None
    assert DESK.is_open(opens)
    between = range(int(asked), int(opens), 15 * MINUTE_S)
    assert not any(DESK.is_open(moment) for moment in between)


@pytest.mark.parametrize(("variable", "words"), [
    ("SHOEBOT_DESK_HOURS", "mon-fry 09:00-18:00"),
    ("SHOEBOT_DESK_HOURS", "mon 18:00-09:00"),
    ("SHOEBOT_AWAKE_HOURS", "9-17"),
    ("SHOEBOT_HOLIDAYS", "Christmas"),
    ("SHOEBOT_ZONE", "Europe/Varsovia"),
    ("SHOEBOT_DRAFT_MINUTES", "return=soon"),
    ("SHOEBOT_DRAFT_MINUTES", "refund=30"),
    ("SHOEBOT_REMIND_HOURS", "two days"),
    ("SHOEBOT_RESOLVE_HOURS", "-1"),
])  # fmt: skip
def test_a_setting_that_cannot_be_read_is_named(variable: str, words: str) -> None:
    with pytest.raises(ValueError, match=variable):
        _ = Settings.read({variable: words}).policy
