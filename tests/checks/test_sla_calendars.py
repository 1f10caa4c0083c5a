"""Promises in working time: how they are written, what a trace keeps of them, and how they are judged.

Tales begin on Sunday 2026-11-22 at 09:15 UTC, which is 10:15 in Warsaw.
"""

from __future__ import annotations

import json

import pytest

from chatdrill.calendars import read_calendars
from chatdrill.checks import judge
from chatdrill.checks.sla import promise_of, read_sla, resolved_sla
from chatdrill.errors import SettingsError, UsageError
from chatdrill.trace import read_trace

HOUR_S, DAY_S = 3600.0, 86_400.0
SHOP = {"zone": "Europe/Warsaw", "hours": {"mon-fri": "09:00-18:00"}}
CALENDARS = read_calendars(
    {
        "shop": SHOP,
        "anna": {"zone": "Europe/Warsaw", "hours": {"mon": "09:00-10:00"}},
        "ben": {"zone": "UTC", "hours": {"mon": "09:00-09:10"}},
        "desk": {"any_of": ["anna", "ben"]},
    },
    lambda name, *_: f"table: {name}",
)


def whole(**block):
    """A block as the trace of a run has it."""
    return resolved_sla(block, CALENDARS)


def times(tale, name="first_response", case=0):
    return [latency.seconds for latency in tale.judge().cases[case].latencies if latency.name == name]


def on_monday(case, **fields):
    """Asked on Sunday at 10:15, answered on Monday at 10:15."""
    return case("late", **fields).says("Hi", told=False).skip(DAY_S).bot("Hello!", after=0)


# ------------------------------------------------------------------------------------------------- judging a trace


def test_a_promise_in_working_time_sleeps_while_the_shop_is_closed(tale, case):
    on_monday(case, sla=whole(first_response="2h", calendar="shop")).done()
    assert tale.verdict("sla") == "pass"
    assert times(tale) == [pytest.approx(1.25 * HOUR_S, abs=1)]


def test_a_broken_promise_in_working_time_says_so(tale, case):
    on_monday(case, sla=whole(first_response="1h", calendar="shop")).done()
    [finding] = tale.findings("sla")
    assert finding.message == "the first response took 1h 15m of working time (calendar shop), more than 1h"
    assert finding.details["expected"] == "within 1h"
    assert finding.details["counted"] == "from Sun 2026-11-22 10:15 to Mon 2026-11-23 10:15 (Europe/Warsaw)"


def test_days_of_working_time_are_said_in_hours(tale, case):
    told = case("late", sla=whole(first_response="24h", calendar="shop")).says("Hi", told=False)
    told.skip(5 * DAY_S).bot("Hello!", after=0).done()
    assert "took 37h 15m of working time (calendar shop), more than 24h" in tale.findings("sla")[0].message


def test_what_rounds_to_the_bound_is_said_in_seconds(tale, case):
    on_monday(case, sla=whole(first_response=4500, calendar="shop")).wait(0.2).done()
    said = "took 4500.10 s of working time (calendar shop), more than 4500 s"
    assert said in tale.findings("sla")[0].message


def test_a_calendar_is_for_one_promise_where_it_stands_in_its_table(tale, case):
    block = whole(first_response={"within": "2h", "calendar": "shop"}, next_response="3s")
    told = on_monday(case, sla=block).says("Thanks", told=False).bot("Bye", after=2)
    told.done()
    assert tale.verdict("sla") == "pass"
    assert times(tale, "next_response") == [pytest.approx(2)]


@pytest.mark.parametrize("off", ["off", False])
def test_a_promise_may_leave_the_calendar_of_its_block(tale, case, off):
    block = whole(calendar="shop", first_response="2h", next_response={"within": "3s", "calendar": off})
    on_monday(case, sla=block).skip(DAY_S).says("Thanks", told=False).bot("Bye", after=4).done()
    [finding] = tale.findings("sla")
    assert finding.message == "the next response took 4.00 s, more than 3 s"


def test_a_webhook_is_acknowledged_at_any_hour(tale, case):
    block = whole(calendar="shop", webhook_ack="100ms")
    case("ack", sla=block).says("Hi", told=False).attempt(took_s=0.3).bot("Hello!").done()
    assert [finding.message for finding in tale.findings("sla")] == ["the webhook ack took 0.30 s, more than 0.1 s"]


@pytest.mark.parametrize("clock", ["real", "scaled", "virtual"])
def test_working_time_is_drill_time_whatever_the_clock(new_tale, clock):
    speed = 60.0 if clock == "scaled" else 1.0
    tale = new_tale(clock=clock, speed=speed)
    block = whole(first_response="1h", calendar={"zone": "UTC", "hours": {"daily": "00:00-24:00"}})
    tale.case("fast", sla=block).says("Hi", told=False).bot("Hello!", after=30).done()
    assert times(tale) == [pytest.approx(30 * speed)]


def test_in_working_time_too_a_response_counts_from_when_the_customer_meant_to_write(tale, case):
    block = whole(calendar={"zone": "UTC", "hours": {"daily": "00:00-24:00"}})
    case("meant", sla=block).wait(3.0).says("Hi", told=False, meant_at=1.0).bot("Hello!", after=0.5).done()
    assert times(tale) == [pytest.approx(2.6)]


def test_a_desk_is_open_while_one_of_its_agents_is(tale, case):
    on_monday(case, sla=whole(first_response="1h", calendar="desk")).done()
    assert times(tale) == [pytest.approx(HOUR_S + 600)]  # anna 9-10 and ben 10:00-10:10, on the clocks of Warsaw


def test_a_trace_is_judged_by_itself(tale, case, tmp_path):
    on_monday(case, sla=whole(first_response={"within": "1h", "calendar": "desk"}, calendar="shop")).done()
    records = tale.record(tmp_path / "trace.jsonl")
    again = judge(read_trace(tmp_path / "trace.jsonl"))
    assert again == judge(records)
    assert "of working time (calendar desk)" in again.findings[0].message


def test_a_calendar_that_is_only_a_name_cannot_be_judged_by(tale, case):
    on_monday(case, sla={"first_response": "1h", "calendar": "shop"}).done()
    [finding] = tale.findings("sla")
    assert (finding.verdict, finding.fault) == ("error", "scenario")
    assert "calendar 'shop' is only a name here" in finding.message


def test_another_judgement_may_count_by_other_hours(tale, case):
    on_monday(case, sla=whole(first_response="1h", calendar="shop")).done()
    assert tale.verdict("sla") == "fail"
    assert tale.verdict("sla", sla=whole(calendar="anna")) == "pass"
    assert tale.verdict("sla", sla={"calendar": "off"}) == "pass"  # by the machine's clock it took no time at all


# ------------------------------------------------------------------------------------------------------ resolution


def two_visits(case, **sla):
    """Asked and answered on Sunday and again on Monday: 3 s and 5 s of the bot's time."""
    told = case("visits", sla=whole(**sla)).says("Hi", told=False).bot("Hello!", after=3)
    return told.skip(DAY_S).says("And?", told=False).bot("Done", after=5).skip(DAY_S).done()


def test_a_resolution_leaves_out_the_days_between_two_visits(new_tale):
    tale = new_tale(clock="virtual")
    two_visits(tale.case, resolution="10s")
    assert times(tale, "resolution") == [pytest.approx(8)]
    assert tale.verdict("sla") == "pass"


def test_a_resolution_may_count_them(new_tale):
    tale = new_tale(clock="virtual")
    two_visits(tale.case, resolution="10s", waiting_for_customer="counts")
    [finding] = tale.findings("sla")
    assert finding.message == "the resolution took 1d 8s, more than 10 s"
    assert "not counted" not in finding.details


def test_a_slow_resolution_says_how_long_the_customer_was_waited_for(new_tale):
    tale = new_tale(clock="virtual")
    two_visits(tale.case, resolution="5s")
    [finding] = tale.findings("sla")
    assert finding.message == "the resolution took 8.00 s, more than 5 s"
    assert finding.details["not counted"] == "1d in which the customer was waited for"
    assert tale.cited(finding) == ["Done", "Hi"]


def test_a_resolution_in_working_time_is_that_of_the_open_hours(tale, case):
    told = case("desk", sla=whole(resolution="2h", calendar="shop")).says("Hi", told=False)
    told.skip(DAY_S).bot("Hello!", after=0).skip(2 * HOUR_S).says("And?", told=False)
    told.skip(DAY_S).bot("Done", after=0).done()
    assert times(tale, "resolution") == [pytest.approx((1.25 + 9) * HOUR_S, abs=2)]


def test_a_resolution_is_measured_where_it_was_promised(tale, case):
    case("plain").says("Hi", told=False).bot("Hello!", after=1).done()
    assert times(tale, "resolution") == []
    case("asked", sla={"p50_resolution": "2s"}).says("Hi", told=False).bot("Hello!", after=1).done()
    assert times(tale, "resolution", case=1) == [pytest.approx(1)]


def test_every_customer_has_a_matter_of_their_own(tale, case):
    told = case("two", people=("anna", "boris"), sla={"resolution": "1h"}).says("Hi", told=False).to("boris")
    told.says("Hi", told=False).bot("Hello!", after=1).to("anna").bot("Hello!", after=3).done()
    assert times(tale, "resolution") == [pytest.approx(1), pytest.approx(4.1)]


def test_without_a_human_in_the_trace_there_is_no_time_to_one(tale, case):
    case("bot only", sla={"time_to_human": "1s"}).says("Hi", told=False).bot("Hello!", after=60).done()
    assert tale.verdict("sla") == "none"


# ----------------------------------------------------------------------------------------------------- percentiles


def late(tale, number, hours, **fields):
    """A case whose answer took so many hours of Monday."""
    told = tale.case(f"late {number}", starts_t=number * 10.0, **fields)
    told.began["name"] = "late"
    told.skip(DAY_S).says("Hi", told=False).skip(hours * HOUR_S).bot("Hello!", after=0).done()


def test_percentiles_count_working_time_and_say_so(new_tale):
    block = whole(p50_first_response="2h", calendar="shop")
    tale = new_tale(settings={"sla": block})
    for number, hours in enumerate((1, 3, 24)):
        late(tale, number, hours, sla=block)
    [finding] = tale.findings("sla-percentiles")
    assert finding.message == (
        "all conversations: p50 of the first response is 3h of working time (calendar shop), more than 2h (n = 3)"
    )
    assert len(finding.cites) == 2


def test_a_percentile_may_have_a_calendar_of_its_own(new_tale):
    block = whole(first_response="30s", p90_first_response={"within": "5h", "calendar": "shop"})
    tale = new_tale(settings={"sla": block}, clock="virtual")
    late(tale, 0, 4, sla=block)
    late(tale, 1, 24, sla=block)
    assert [finding.message.split(" took ")[1] for finding in tale.findings("sla")] == [
        "4h, more than 30 s",
        "1d, more than 30 s",
    ]
    [finding] = tale.findings("sla-percentiles")
    assert "p90 of the first response is 9h of working time (calendar shop), more than 5h (n = 2)" in finding.message


def test_a_percentile_over_several_calendars_names_none(new_tale):
    tale = new_tale(settings={"sla": {"p50_first_response": "1h"}})
    late(tale, 0, 4, sla=whole(p50_first_response="1h", calendar="shop"))
    late(tale, 1, 4, sla=whole(p50_first_response="1h", calendar="anna"))
    late(tale, 2, 4, sla=whole(p50_first_response="1h", calendar="shop"))
    [finding] = tale.findings("sla-percentiles")
    assert "is 4h of working time, more than 1h (n = 3)" in finding.message


# ------------------------------------------------------------------------------------------------ reading a block


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"first_response": {"withn": "2h"}}, "sla: first_response: unknown key 'withn'; did you mean 'within'"),
        ({"first_response": {"calendar": "shop"}}, "sla: first_response: 'within' is missing; write it like"),
        ({"first_response": {"within": "soon"}}, "sla: first_response: not a duration: 'soon'"),
        ({"webhook_ack": {"within": "1s", "calendar": "shop"}}, "sla: webhook_ack: a webhook is acknowledged by"),
        ({"p95_webhook_ack": {"within": "1s", "calendar": "shop"}}, "p95_webhook_ack: a webhook is acknowledged by"),
        ({"time_to_humans": "1h"}, "sla: unknown key 'time_to_humans'; did you mean 'time_to_human'"),
        ({"calender": "shop"}, "sla: unknown key 'calender'; did you mean 'calendar'"),
        ({"calendar": 7}, "sla: calendar: expected a name, the hours themselves or 'off', not 7"),
        ({"calendar": {"hours": {"mon": "09:00-10:00"}}}, "sla: calendar inline: zone: is missing"),
        ({"calendar": {**SHOP, "zone": "Europe/Warsow"}}, "unknown time zone 'Europe/Warsow'; did you mean 'Europe/W"),
        ({"resolution": {"within": 1, "calendar": {**SHOP, "hour": 1}}}, "sla: resolution: calendar inline: hour: un"),
        ({"waiting_for_customer": "stops"}, "sla: waiting_for_customer is pauses or counts, not 'stops'"),
    ],
)
def test_an_impossible_block_is_a_usage_error(block, words):
    with pytest.raises(UsageError) as caught:
        read_sla(block)
    assert words in str(caught.value)


def test_a_block_may_be_read_while_its_calendars_are_only_names():
    sla = read_sla({"first_response": {"within": "2h", "calendar": "shop"}, "calendar": {"any_of": ["anna", "ben"]}})
    assert sla.bounds == {"first_response": 7200.0}
    with pytest.raises(UsageError, match="calendar 'shop' is only a name here"):
        sla.calendar_of("first_response")


@pytest.mark.parametrize(
    ("key", "promise"),
    [
        ("resolution", "resolution"),
        ("p95_time_to_human", (95.0, "time_to_human")),
        ("p99.9_webhook_ack", (99.9, "webhook_ack")),
        ("p95_calendar", None),
        ("calendar", None),
    ],
)
def test_a_key_of_the_block_is_a_promise_or_is_not(key, promise):
    assert promise_of(key) == promise


# ------------------------------------------------------------------------------------------ making a block whole


def test_a_whole_block_has_the_hours_themselves_and_nothing_but_plain_data():
    block = whole(first_response={"within": "2h", "calendar": "desk"}, calendar="shop", counts_from="first")
    assert block["calendar"] == {"name": "shop", **SHOP}
    assert set(block["first_response"]["calendar"]["any_of"]) == {"anna", "ben"}
    assert json.loads(json.dumps(block)) == block
    assert read_sla(block).calendar_of("next_response").name == "shop"


def test_a_whole_block_stays_as_it_is_when_it_is_made_whole_again():
    block = whole(calendar="desk", resolution={"within": "1h", "calendar": {**SHOP, "name": "own"}})
    assert resolved_sla(block, {}) == block


def test_hours_written_in_a_scenario_may_build_on_those_of_the_settings():
    block = whole(calendar={"name": "team", "any_of": ["anna", "shop"]})
    assert read_sla(block).calendar_of("first_response").name == "team"
    assert block["calendar"]["any_of"]["shop"] == SHOP


def test_a_block_without_calendars_is_whole_already():
    block = {"first_response": "5s", "p95_next_response": 2.0, "counts_from": "first", "calendar": "off"}
    assert resolved_sla(block, CALENDARS) == block


@pytest.mark.parametrize(
    ("block", "calendars", "words"),
    [
        ({"calendar": "shp"}, CALENDARS, "x.toml:3: sla: no calendar is called 'shp'; did you mean 'shop'?"),
        (
            {"resolution": {"within": "1h", "calendar": "shp"}},
            CALENDARS,
            "x.toml:3: sla: resolution: no calendar is called 'shp'",
        ),
        ({"calendar": "shop"}, {}, "'shop'; write its hours under [calendars.shop] in the settings"),
        ({"calendar": {"any_of": ["anna", "bob"]}}, CALENDARS, "calendar inline: any_of: unknown calendar 'bob'"),
    ],
)
def test_a_calendar_that_nobody_knows_is_a_settings_error(block, calendars, words):
    with pytest.raises(SettingsError) as caught:
        resolved_sla(block, calendars, "x.toml:3: sla")
    assert words in str(caught.value)
