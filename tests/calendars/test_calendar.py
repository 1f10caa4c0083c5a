"""Laws of calendars that a table of cases does not show."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.calendars import Calendar, read_calendar, read_calendars

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
YEAR_S = 365 * 86400


def here(*_: str) -> str:
    return "here"


def calendar(hours: dict | None = None, zone: str = "Europe/Warsaw", **more: object) -> Calendar:
    block = {"zone": zone, "hours": {"mon-fri": "09:00-17:00"} if hours is None else hours, **more}
    return read_calendar("shop", block, "here")


OFFICE = calendar()
NIGHT = calendar({"daily": "22:00-06:00"}, holidays=["2026-11-25"])
MOMENTS = st.floats(NOW - YEAR_S, NOW + YEAR_S)


@given(moments=st.tuples(MOMENTS, MOMENTS, MOMENTS))
def test_working_time_adds_up(moments: tuple[float, float, float]) -> None:
    first, second, third = sorted(moments)
    for each in (OFFICE, NIGHT):
        parts = each.open_seconds(first, second) + each.open_seconds(second, third)
        assert math.isclose(parts, each.open_seconds(first, third), abs_tol=1e-3)


@given(start=MOMENTS, working_s=st.floats(0.001, 10**6))
def test_after_is_the_first_moment_by_which_so_much_is_worked(start: float, working_s: float) -> None:
    for each in (OFFICE, NIGHT):
        end = each.after(start, working_s)
        assert end is not None
        assert math.isclose(each.open_seconds(start, end), working_s, abs_tol=1e-3)
        assert each.open_seconds(start, end - 0.5) < working_s


@given(at=MOMENTS)
def test_next_moments_are_themselves_when_it_is_so_already(at: float) -> None:
    for each in (OFFICE, NIGHT):
        here, there = (each.next_open, each.next_close) if each.is_open(at) else (each.next_close, each.next_open)
        assert here(at) == at
        later = there(at)
        assert later is not None
        assert later > at
        assert each.is_open(later) != each.is_open(at)


def test_nothing_to_work_is_done_at_once() -> None:
    assert OFFICE.after(NOW, 0) == OFFICE.after(NOW, -1) == NOW
    assert OFFICE.after(NOW, math.inf) is None


NEVER = {
    "past": {"zone": "UTC", "days": {"2020-01-06": "09:00-17:00"}},
    "day": {"zone": "UTC", "hours": {"daily": "09:00-17:00"}},
    "night": {"zone": "UTC", "hours": {"daily": "22:00-06:00"}},
    "abroad": {"zone": "Asia/Kolkata", "hours": {"daily": "22:30-23:30"}},
    "same zone": {"all_of": ["day", "night"]},
    "two zones": {"all_of": ["night", "abroad"]},
}


@pytest.mark.parametrize("name", ["past", "same zone", "two zones"])
def test_a_calendar_that_never_opens_again_says_so(name: str) -> None:
    shut = read_calendars(NEVER, here)[name]
    assert shut.after(NOW, 60) is None
    assert shut.next_open(NOW) is None
    assert shut.next_close(NOW) == NOW
    assert shut.next_working_day(date(2026, 11, 23)) is None
    assert shut.open_seconds(NOW, NOW + 30 * YEAR_S) == 0


def test_a_calendar_that_never_closes_says_so() -> None:
    assert calendar({"daily": "00:00-24:00"}).next_close(NOW) is None
    halves = {
        "am": {"zone": "UTC", "hours": {"daily": "00:00-12:00"}},
        "pm": {"zone": "UTC", "hours": {"daily": "12:00-24:00"}},
    }
    assert read_calendars({**halves, "desk": {"any_of": ["am", "pm"]}}, here)["desk"].next_close(NOW) is None


def test_dates_that_are_far_away_are_found() -> None:
    far = calendar({}, days={"2061-07-28": "09:00-10:00"})
    comet = datetime(2061, 7, 28, 7, tzinfo=UTC).timestamp()
    assert far.next_open(NOW) == comet
    assert far.after(NOW, 3600) == comet + 3600
    assert far.after(NOW, 3601) is None
    assert far.next_working_day(date(2026, 11, 23)) == date(2061, 7, 28)
    strike = calendar(
        {"mon": "09:00-10:00"}, days={f"{year}-01-01..{year}-12-31": "closed" for year in range(2026, 2060)}
    )
    assert strike.next_working_day(date(2026, 11, 23)) == date(2060, 1, 5)


def test_two_calendars_that_meet_once_in_years_are_found() -> None:
    # Europe is on summer time and America is not only in the last week of October and some of March.
    blocks = {
        "warsaw": {"zone": "Europe/Warsaw", "hours": {"sun": "09:00-09:30"}},
        "new york": {"zone": "America/New_York", "hours": {"sun": "04:00-04:30"}},
        "both": {"all_of": ["warsaw", "new york"]},
    }
    found = read_calendars(blocks, here)["both"].next_open(datetime(2026, 4, 1, tzinfo=UTC).timestamp())
    assert found == datetime(2026, 10, 25, 8, tzinfo=UTC).timestamp()


def test_the_end_of_a_night_shift_makes_no_working_day() -> None:
    weeknights = calendar({"mon-fri": "22:00-06:00"})
    friday, saturday, monday = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 30)
    assert weeknights.is_working_day(friday)
    assert not weeknights.is_working_day(saturday)
    assert weeknights.next_working_day(friday) == monday


def test_a_shift_that_the_clocks_leave_out_makes_no_working_day() -> None:
    gap = calendar({"sun": "02:00-03:00"})
    assert gap.is_working_day(date(2026, 3, 22))
    assert not gap.is_working_day(date(2026, 3, 29))
    assert not calendar({"daily": "00:00-24:00"}, "Pacific/Apia").is_working_day(date(2011, 12, 30))


def test_holidays_make_no_working_days() -> None:
    shop = calendar({"mon-sat": "09:00-17:00"}, holidays=["PL", "2026-11-12"])
    assert shop.next_working_day(date(2026, 11, 10)) == date(2026, 11, 13)
    assert shop.next_working_day(date(2026, 12, 31)) == date(2027, 1, 2)


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    corpus_christi = date(2026, 6, 4)
    assert calendar(zone="Europe/Berlin", holidays="DE").is_working_day(corpus_christi)
    assert not calendar(zone="Europe/Berlin", holidays="DE-BY").is_working_day(corpus_christi)


def test_a_working_day_of_a_desk_is_one_of_its_agents() -> None:
    blocks = {
        "anna": {"zone": "UTC", "hours": {"mon-wed": "09:00-12:00"}},
        "ben": {"zone": "UTC", "hours": {"wed-fri": "11:00-17:00", "mon": "13:00-17:00"}},
        "any": {"any_of": ["anna", "ben"]},
        "all": {"all_of": ["anna", "ben"]},
    }
    found = read_calendars(blocks, here)
    week = [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]
    assert [found["any"].is_working_day(day) for day in week] == [True] * 5 + [False] * 2
    assert [found["all"].is_working_day(day) for day in week] == [False, False, True, False, False, False, False]


def test_a_desk_has_the_zone_of_its_first_agent_unless_told() -> None:
    parts = {"anna": {**OFFICE.block}, "ben": {**OFFICE.block, "zone": "UTC"}}
    assert read_calendar("desk", {"any_of": parts}, "here").zone.key == "Europe/Warsaw"
    assert read_calendar("desk", {"any_of": parts, "zone": "UTC"}, "here").zone.key == "UTC"


def test_a_calendar_can_be_a_key_and_is_not_changed() -> None:
    assert {OFFICE: 1}[OFFICE] == 1
    with pytest.raises(AttributeError):
        OFFICE.name = "other"  # type: ignore[misc]
