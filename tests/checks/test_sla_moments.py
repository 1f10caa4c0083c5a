"""What counts as a response, a time to a human and a resolution, and how much of it is working time.

Every row can be worked out by hand: a story on the clocks of its calendar, and the hours that it should give.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.calendars import read_calendars
from chatdrill.checks.sla import Moment, length_s, spans
from chatdrill.engine.durations import seconds

WARSAW = "Europe/Warsaw"
WEEKDAYS = {"mon-fri": "09:00-17:00"}
CALENDARS = read_calendars(
    {
        "office": {"zone": WARSAW, "hours": WEEKDAYS},
        "shop": {
            "zone": WARSAW,
            "hours": {"mon-fri": "09:00-18:00", "sat": "10:00-14:00"},
            "holidays": "PL",
            "days": {"2026-12-24": "09:00-13:00"},
        },
        "night": {"zone": WARSAW, "hours": {"daily": "22:00-06:00"}},
        "always": {"zone": WARSAW, "hours": {"daily": "00:00-24:00"}},
        "siesta": {"zone": "Europe/Madrid", "hours": {"mon-sat": "09:00-13:00, 17:00-20:00"}},
        "pune": {"zone": "Asia/Kolkata", "hours": {"mon-fri": "09:30-18:30"}},
        "anna": {"zone": WARSAW, "hours": {"mon-fri": "08:00-12:00"}},
        "ben": {"zone": WARSAW, "hours": {"mon-fri": "11:00-16:00"}},
        "desk": {"any_of": ["anna", "ben"]},
        "both": {"all_of": ["anna", "ben"]},
    },
    lambda name, *_: f"table: {name}",
)


def story(text: str, zone: str = WARSAW) -> list[Moment]:
    """``2026-11-20 16:30 says; 16:35 answers``: a time without a date is on the day of the one before."""
    moments, day = [], ""
    for number, part in enumerate(text.split(";")):
        *date, clock, kind = part.split()
        day = date[0] if date else day
        at = dt.datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZoneInfo(zone)).timestamp()
        moments.append(Moment(kind=kind, at=at, n=number))
    return moments


def hours(name: str, moments: list[Moment], calendar: str | None = None, **how: object) -> list[float]:
    """The lengths of a measure, in seconds."""
    if calendar is None:
        return [length_s(span, lambda a, b: b.at - a.at) for span in spans(moments, **how) if span.name == name]
    count = CALENDARS[calendar].open_seconds
    return [length_s(span, lambda a, b: count(a.at, b.at)) for span in spans(moments, **how) if span.name == name]


# ---------------------------------------------------------------------------------------- responses in working time

RESPONSES = {
    "within the hours": ("shop", "2026-11-20 10:00 says; 10:07 answers", "7m"),
    "over the night": ("shop", "2026-11-19 17:30 says; 2026-11-20 09:15 answers", "45m"),
    "over the weekend (chatwoot#13392)": ("office", "2026-11-20 16:30 says; 2026-11-23 09:30 answers", "1h"),
    "before opening (chatwoot#13392)": ("office", "2026-11-18 07:00 says; 11:00 answers", "2h"),
    "from afternoon to noon (freescout#3756)": ("office", "2026-11-18 16:00 says; 2026-11-19 12:00 answers", "4h"),
    "in the lunch break (frappe/helpdesk#2212)": ("siesta", "2026-11-18 13:30 says; 17:05 answers", "5m"),
    "over the lunch break": ("siesta", "2026-11-18 12:30 says; 17:30 answers", "1h"),
    "Saturday has hours": ("shop", "2026-11-20 17:00 says; 2026-11-21 11:00 answers", "2h"),
    "asked and answered on a Sunday": ("shop", "2026-11-22 12:00 says; 13:00 answers", "0"),
    "answered before opening": ("shop", "2026-11-23 02:00 says; 08:59 answers", "0"),
    "answered at the stroke of opening": ("shop", "2026-11-22 12:00 says; 2026-11-23 09:00 answers", "0"),
    "asked at the stroke of closing": ("shop", "2026-11-23 18:00 says; 2026-11-24 09:01 answers", "1m"),
    "over a public holiday": ("shop", "2026-11-10 17:00 says; 2026-11-12 10:00 answers", "2h"),
    "a day with hours of its own": ("shop", "2026-12-23 17:00 says; 2026-12-24 10:00 answers", "2h"),
    "from Christmas Eve to Monday": ("shop", "2026-12-24 12:00 says; 2026-12-28 09:30 answers", "1h30m"),
    "clocks go forward": ("always", "2026-03-28 12:00 says; 2026-03-29 12:00 answers", "23h"),
    "clocks go back": ("always", "2026-10-24 12:00 says; 2026-10-25 12:00 answers", "25h"),
    "a night shift in spring": ("night", "2026-03-28 21:00 says; 2026-03-29 07:00 answers", "7h"),
    "a night shift in autumn": ("night", "2026-10-24 21:00 says; 2026-10-25 07:00 answers", "9h"),
    "a night shift in between": ("night", "2026-11-18 23:00 says; 2026-11-19 23:00 answers", "8h"),
    "a half-hour zone": ("pune", "2026-11-20 04:45 says; 06:00 answers", "1h"),
    "one of two agents": ("desk", "2026-11-20 07:00 says; 17:00 answers", "8h"),
    "both agents": ("both", "2026-11-20 07:00 says; 17:00 answers", "1h"),
}


@pytest.mark.parametrize(("calendar", "told", "expected"), RESPONSES.values(), ids=list(RESPONSES))
def test_a_response_counts_the_open_hours_between(calendar, told, expected):
    assert hours("first_response", story(told), calendar) == [seconds(expected)]


# ------------------------------------------------------------------------------------------ what a response is

MORNING = "2026-11-20 10:00 says; "
TURNS = {
    "of two answers the first counts": ("10:01 answers; 10:09 answers", ["1m"], []),
    "every later turn is a next response": ("10:01 answers; 11:00 says; 11:03 answers", ["1m"], ["3m"]),
    "a burst counts from its last message": ("10:04 says; 10:05 answers", ["1m"], []),
    "a nudge starts no new count": ("10:04 nudges; 10:05 answers", ["5m"], []),
    "two nudges after the answer count from the first": (
        "10:01 answers; 10:04 nudges; 10:06 nudges; 10:07 answers",
        ["1m"],
        ["3m"],
    ),
    "a nudge after the answer, then words, count from the words": (
        "10:01 answers; 10:04 nudges; 10:06 says; 10:07 answers",
        ["1m"],
        ["1m"],
    ),
    "a nudge after the answer wants one of its own": ("10:01 answers; 10:04 nudges; 10:06 answers", ["1m"], ["2m"]),
    "a sign is no response": ("10:01 signals; 10:05 answers", ["5m"], []),
    "a sign ends the burst": ("10:01 signals; 10:03 says; 10:05 answers", ["2m"], []),
    "a human's answer is an answer": ("10:02 agent; 11:00 says; 11:05 agent", ["2m"], ["5m"]),
    "silence has no time": ("12:00 says", [], []),
    "a reminder is no response": ("10:01 answers; 15:00 answers; 15:30 answers", ["1m"], []),
    "a reopened conversation has had its first": (
        "10:01 answers; 10:30 resolved; 12:00 says; 12:02 answers",
        ["1m"],
        ["2m"],
    ),
    "after months, too": ("10:01 answers; 2027-02-20 12:00 says; 12:02 answers", ["1m"], ["2m"]),
}


@pytest.mark.parametrize(("told", "first", "following"), TURNS.values(), ids=list(TURNS))
def test_a_response_goes_from_the_customers_word_to_the_first_message(told, first, following):
    moments = story(MORNING + told)
    assert hours("first_response", moments) == list(map(seconds, first))
    assert hours("next_response", moments) == list(map(seconds, following))


def test_a_greeting_before_the_first_word_is_no_response():
    moments = story("2026-11-20 09:00 answers; 10:00 says; 10:01 answers")
    assert hours("first_response", moments) == [60]


def test_a_burst_may_count_from_its_first_message():
    moments = story(MORNING + "10:04 says; 10:05 nudges; 10:06 answers")
    assert hours("first_response", moments, counts_from="first") == [360]
    assert hours("first_response", moments, counts_from="last") == [120]


# ---------------------------------------------------------------------------------------------------- time to human

HUMANS = {
    "from asking to the first words": ("10:05 handoff; 10:35 agent; 10:40 agent", ["30m"]),
    "the bot's words do not end it": ("10:05 handoff; 10:06 answers; 10:35 agent", ["30m"]),
    "the customer's words do not start it anew": ("10:05 handoff; 10:20 says; 10:35 agent", ["30m"]),
    "asking again does not start it anew": ("10:05 handoff; 10:20 handoff; 10:35 agent", ["30m"]),
    "asking anew after a human wrote does": ("10:05 handoff; 10:15 agent; 11:00 handoff; 11:01 agent", ["10m", "1m"]),
    "who was not asked for has no time": ("10:05 agent", []),
    "nobody came": ("10:05 handoff; 10:06 answers", []),
    "settled before anybody came": ("10:05 handoff; 10:20 resolved; 10:35 agent", []),
    "back with the bot before anybody came": ("10:05 handoff; 10:20 returned; 10:35 agent", []),
}


@pytest.mark.parametrize(("told", "expected"), HUMANS.values(), ids=list(HUMANS))
def test_the_time_to_a_human_goes_from_asking_to_the_humans_first_message(told, expected):
    assert hours("time_to_human", story(MORNING + told)) == list(map(seconds, expected))


def test_a_human_who_was_asked_for_on_friday_evening_has_time_until_monday():
    moments = story("2026-11-20 16:50 says; 16:55 handoff; 2026-11-23 09:25 agent")
    assert hours("time_to_human", moments, "office") == [seconds("30m")]


# ------------------------------------------------------------------------------------------------------- resolution

RESOLUTIONS = {
    "one answer": (None, "2026-11-20 10:00 says; 10:05 answers", ["5m"], ["5m"]),
    "two visits": (
        "shop",
        "2026-11-23 10:00 says; 10:05 answers; 2026-11-25 12:00 says; 12:10 answers",
        ["15m"],
        ["20h10m"],
    ),
    "a rest over the night takes no working time away (erpnext#49414)": (
        "office",
        "2026-11-18 16:00 says; 17:00 answers; 2026-11-19 09:00 says; 09:30 answers",
        ["1h30m"],
        ["1h30m"],
    ),
    "a rest half of which is closed": (
        "office",
        "2026-11-18 15:00 says; 16:00 answers; 2026-11-19 11:00 says; 12:00 answers",
        ["2h"],
        ["5h"],
    ),
    "the whole burst counts": (None, "2026-11-20 10:00 says; 10:04 says; 10:05 answers", ["5m"], ["5m"]),
    "what is said after the answer lies in the rest": (
        None,
        "2026-11-20 10:00 says; 10:05 answers; 12:00 answers",
        ["5m"],
        ["2h"],
    ),
    "a nudge ends the rest": (
        None,
        "2026-11-20 10:00 says; 10:05 answers; 10:20 nudges; 10:30 answers",
        ["15m"],
        ["30m"],
    ),
    "a sign is no answer": (None, "2026-11-20 10:00 says; 10:05 signals; 10:30 answers", ["30m"], ["30m"]),
    "the last word unanswered": (
        None,
        "2026-11-20 10:00 says; 10:05 answers; 11:00 says",
        ["5m"],
        ["5m"],
    ),
    "nothing was ever answered": (None, "2026-11-20 10:00 says; 11:00 says", [], []),
    "settled by the desk": (None, "2026-11-20 10:00 says; 10:05 answers; 10:10 resolved", ["5m"], ["10m"]),
    "settled while the customer waits": (None, "2026-11-20 10:00 says; 10:30 resolved", ["30m"], ["30m"]),
    "closed after days of silence": (
        None,
        "2026-11-20 10:00 says; 10:05 answers; 2026-11-25 10:05 resolved",
        ["5m"],
        ["120h5m"],
    ),
    "who waits for a human is not waited for": (
        None,
        "2026-11-20 10:00 says; 10:01 answers; 10:01 handoff; 11:31 agent; 15:00 says; 15:05 agent; 15:20 resolved",
        ["1h36m"],
        ["5h20m"],
    ),
    "the bot's words do not stand for the human": (
        None,
        "2026-11-20 10:00 says; 10:01 handoff; 10:02 answers; 11:00 agent",
        ["1h"],
        ["1h"],
    ),
    "back with the bot the customer is waited for": (
        None,
        "2026-11-20 10:00 says; 10:01 handoff; 10:30 returned; 10:31 answers; 12:00 says; 12:01 answers",
        ["32m"],
        ["2h1m"],
    ),
    "a reopened matter is a matter of its own": (
        None,
        "2026-11-20 10:00 says; 10:05 resolved; 12:00 says; 12:01 answers; 12:20 resolved; 12:30 resolved",
        ["5m", "1m"],
        ["5m", "20m"],
    ),
    "reopened by the desk": (
        None,
        "2026-11-20 10:00 says; 10:05 resolved; 11:00 reopened; 11:10 agent",
        ["5m", "10m"],
        ["5m", "10m"],
    ),
    "a goodbye after the end": (None, "2026-11-20 10:00 says; 10:05 resolved; 10:06 answers", ["5m"], ["5m"]),
}


@pytest.mark.parametrize(("calendar", "told", "paused", "counted"), RESOLUTIONS.values(), ids=list(RESOLUTIONS))
def test_the_clock_of_a_resolution_stops_while_the_customer_is_waited_for(calendar, told, paused, counted):
    assert hours("resolution", story(told), calendar) == list(map(seconds, paused))
    assert hours("resolution", story(told), calendar, rests=False) == list(map(seconds, counted))


KINDS = st.sampled_from(("says", "nudges", "answers", "signals", "agent", "handoff", "returned", "resolved"))


def ticking(moments: list[Moment]) -> list[int]:
    """The resolutions again, second by second: a stopwatch that somebody starts and stops."""
    done: list[int] = []
    running = matter = handed = False
    watch = last = 0
    by_second = {int(moment.at): moment.kind for moment in moments}
    for second in range(int(moments[-1].at) + 1):
        watch += running
        kind = by_second.get(second)
        if not matter and kind in ("says", "nudges"):
            matter, running, handed, watch, last = True, True, False, 0, -1
        elif matter and kind == "resolved":
            done.append(watch)
            matter = running = False
        elif matter and kind in ("answers", "agent"):
            handed = handed and kind == "answers"
            last = watch
            running = running and handed
        elif matter and kind in ("says", "nudges", "handoff"):
            running, handed = True, handed or kind == "handoff"
        elif kind == "returned":
            handed = False
    return [*done, last] if matter and last >= 0 else done


@given(st.lists(st.tuples(st.integers(1, 9), KINDS), min_size=1, max_size=14))
def test_a_stopwatch_agrees(steps):
    at, moments = 0, []
    for number, (gap, kind) in enumerate(steps):
        at += gap
        moments.append(Moment(kind=kind, at=at, n=number))
    assert hours("resolution", moments) == ticking(moments)


@given(st.lists(st.tuples(st.integers(1, 90_000), KINDS), max_size=20))
def test_a_rest_makes_nothing_longer_and_nothing_negative(steps):
    at, moments = 1_795_338_900, []
    for number, (gap, kind) in enumerate(steps):
        at += gap
        moments.append(Moment(kind=kind, at=at, n=number))
    rested, counted = (hours("resolution", moments, "shop", rests=rests) for rests in (True, False))
    assert len(rested) == len(counted)
    assert all(0 <= less <= more for less, more in zip(rested, counted, strict=True))
