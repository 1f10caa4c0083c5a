"""Expectations in time: what is early, what is late, and what can never be."""

from __future__ import annotations

import asyncio

import pytest

from chatdrill import Scenario, contains
from chatdrill.calendars import read_calendar
from chatdrill.checks.evidence import Evidence
from chatdrill.checks.judge import judge_case
from chatdrill.trace import Acted, StepBegan, StepEnded
from chatdrill.trace.transcript import Transcripts, render_text
from engine.conftest import FRIDAY
from engine.toy_bot import echo, silent

HOUR_S = 3600.0  # the toy bot is on WhatsApp, where nobody may be reminded after 24 of them
CALM = {"answered": "off"}
SHOP = {"zone": "Europe/Warsaw", "hours": {"mon-fri": "09:00-17:00"}, "holidays": ["2026-03-30"]}


def later(*said: tuple[float, str]):
    """A bot that says each text so many seconds after the customer's word."""

    async def answer(bot, heard):
        passed_s = 0.0
        for after_s, text in said:
            await asyncio.sleep(after_s - passed_s)
            passed_s = after_s
            await bot.say(heard.sender, text)

    return answer


@pytest.mark.parametrize("hours", [20 - 1 / 6, 20, 20 + 1 / 6])
def test_a_reminder_in_its_span_is_met_and_its_bounds_are_in_it(jump, hours):
    scenario = Scenario("Cart").says("I want boots").reminded(contains("boots"), after="20h ± 10m")
    played = jump(scenario, answer=later((hours * HOUR_S, "Your boots wait")), checks=CALM)
    assert (played.verdict, played.outcomes) == ("pass", ["played", "met"])


def test_a_reminder_that_comes_too_early_fails_at_once_and_says_how_early(jump):
    scenario = Scenario("Cart").says("I want boots").reminded(contains("boots"), after="24h ± 10m")
    played = jump(scenario, answer=later((20 * HOUR_S + 2400, "Your boots wait")), checks=CALM)
    said = (
        "'Your boots wait' came 3h 10m too early: 20h 40m after the customer's last word, at Sat 2026-03-28 04:40 (UTC)"
    )
    assert played.messages == f"{said}, expected after 24h ± 10m"
    assert played.records[-1].at - FRIDAY < 21 * HOUR_S


def test_a_reminder_that_comes_too_late_is_missed(jump):
    scenario = Scenario("Cart").says("I want boots").reminded(after="20h ± 10m")
    played = jump(scenario, answer=later((20 * HOUR_S + 601, "Your boots wait")), checks=CALM)
    due = "after 20h ± 10m: from Sat 2026-03-28 03:50 until 04:10 (UTC)"
    assert played.messages == f"the bot said nothing; expected was any message, {due}"


def test_what_came_during_a_pause_is_judged_by_when_it_came(jump):
    scenario = Scenario("Away").says("Hi").waits("3 days").reminded(contains("still"), after="20h ± 10m")
    assert jump(scenario, answer=later((20 * HOUR_S, "still there?")), checks=CALM).verdict == "pass"
    late = jump(scenario, answer=later((21 * HOUR_S, "still there?")), checks=CALM)
    assert "came 50m too late: 21h after the customer's last word" in late.messages


def test_each_step_of_a_turn_has_its_own_span(jump):
    scenario = Scenario("Turn").says("Hi").hears(contains("order"), not_before="1h", within="2h").hears("Your order")
    played = jump(scenario, answer=later((1, "Your order"), (5000, "An order")), checks=CALM)
    assert (played.verdict, played.outcomes) == ("pass", ["played", "met", "met"])


def test_an_early_message_that_nobody_else_wants_fails_its_turn(jump):
    scenario = Scenario("Turn").says("Hi").hears(contains("order"), not_before="1h").hears("Bye")
    played = jump(scenario, answer=later((1, "An order"), (2, "Bye")), checks=CALM)
    assert "came 59m 59s too early" in played.messages
    assert played.outcomes == ["played", "unmet", "unmet"]


def test_a_step_without_an_end_has_the_usual_time_after_its_beginning(jump):
    scenario = Scenario("Open").says("Hi").hears("Hello", not_before="1h")
    assert jump(scenario, answer=later((HOUR_S + 59, "Hello")), checks=CALM).verdict == "pass"
    assert jump(scenario, answer=later((HOUR_S + 61, "Hello")), checks=CALM).verdict == "fail"


@pytest.mark.parametrize(("second", "verdict"), [(0, "pass"), (1, "fail")])
def test_a_due_moment_is_kept_to_the_second(jump, second, verdict):
    """In the night from Saturday to Sunday the clocks go forward: from 21:00 to 09:15 it is 11 hours and a quarter."""
    market = {"zone": "Europe/Warsaw", "hours": {"sun": "09:00-17:00"}}
    scenario = Scenario("Call back", calendar=market, starts="2026-03-28 21:00 Europe/Warsaw").says("Call me")
    scenario = scenario.hears("Ring", due="09:15 next working day")
    played = jump(scenario, answer=later((11.25 * HOUR_S + second, "Ring")), checks=CALM)
    (began,) = (record for record in played.all(StepBegan) if record.due_at is not None)
    assert (began.due_at, began.zone) == (1_774_768_500.0, "Europe/Warsaw")  # 07:15 UTC
    assert played.verdict == verdict


def test_not_before_may_be_a_moment(jump):
    scenario = Scenario("Night", calendar=SHOP).says("Call me")
    scenario = scenario.hears("Ring", not_before="09:00 next working day", due="10:00 next working day")
    played = jump(scenario, answer=later((15 * HOUR_S, "Ring")), checks=CALM)
    assert "at Sat 2026-03-28 00:00 (Europe/Warsaw), expected not before 09:00 next working day" in played.messages


def test_waiting_until_a_moment_ends_there(jump):
    scenario = Scenario("Visit", starts="2026-03-27 21:00 Europe/Warsaw").says("Hi").hears("You said: Hi")
    played = jump(scenario.waits_until("monday 09:00").says("Open?").hears("You said: Open?"))
    assert played.verdict == "pass"
    assert 0 <= played.bot.heard[-1].at - 1_774_854_000 < 10  # 2026-03-30 09:00 in Warsaw, in summer time


async def test_waiting_until_a_moment_is_skipped_in_wall_time(play):
    scenario = Scenario("Visit", starts="2026-03-27 21:00 Europe/Warsaw").says("Hi").hears("You said: Hi")
    played = await play(scenario.waits_until("monday 09:00").says("Open?").hears("You said: Open?"))
    assert played.verdict == "pass" and played.took_s < 3
    assert 0 <= played.bot.heard[-1].at - 1_774_854_000 < 120


def test_who_is_away_does_not_nudge(jump):
    scenario = Scenario("Away", persona="impatient").says("Hi").reminded("Still there?", after="20h ± 1m")
    played = jump(scenario, answer=later((20 * HOUR_S, "Still there?")), checks=CALM)
    assert (played.verdict, played.said("persona")) == ("pass", [])


def test_a_moment_that_is_past_is_the_scenarios_fault(jump):
    scenario = Scenario("Past", starts="2026-03-27 10:00").says("Hi").hears("x", due="09:15 today")
    ((fault, what),) = jump(scenario, answer=silent).troubles
    assert fault == "scenario"
    assert "'09:15 today' is past: it was Fri 2026-03-27 09:15 (UTC), and now it is Fri 2026-03-27 10:00" in what


def test_a_span_that_is_over_before_it_begins_is_the_scenarios_fault(jump):
    ((fault, what),) = jump(Scenario("No").says("Hi").hears("x", not_before="2h", within="1h"), answer=silent).troubles
    assert fault == "scenario" and "this can never be met: it must not come before Fri 2026-03-27 10:00" in what


async def test_wall_time_says_at_once_that_it_cannot_wait_so_long(play):
    played = await play(Scenario("Cart").says("Hi").reminded(after="240h ± 10m"), answer=silent, case_timeout_s=60.0)
    ((fault, what),) = played.troubles
    assert fault == "scenario" and "use --clock virtual, or a higher --speed" in what
    assert played.took_s < 5


async def test_wall_time_counts_the_drill_time_of_the_chat(play):
    answer = later((0.1, "Still there?"))  # real seconds: 6 drill minutes
    scenario = Scenario("Cart", starts="2026-03-27 10:00").says("Hi").reminded("Still there?", after="6m ± 5m")
    assert (await play(scenario, answer=answer, speed=3600, checks=CALM)).verdict == "pass"
    early = Scenario("Cart").says("Hi").reminded("Still there?", after="20m ± 5m")
    assert "too early" in (await play(early, answer=answer, speed=3600, checks=CALM)).messages


def test_a_trace_is_judged_again_as_it_was_played(jump):
    early = Scenario("Early", calendar=SHOP).says("Hi").reminded(contains("boots"), after="24h ± 10m")
    played = jump(early, answer=later((HOUR_S, "boots")), checks=CALM)
    (again,) = (judge_case(case) for case in Evidence.of(played.records).cases.values())
    assert [finding.message for finding in again.findings] == [played.messages]


def test_the_transcript_reads_the_clock(jump):
    scenario = Scenario("Cart", calendar=SHOP).says("Hi").hears("Ring", due="09:15 next working day")
    played = jump(scenario, answer=later((HOUR_S, "Ring")), checks=CALM)
    (view,) = (Transcripts(played.records).view(case) for case in Transcripts(played.records).cases)
    drawn = " ".join(render_text(view, width=200).split())
    assert "hears “Ring”, by 09:15 next working day, until Tue 2026-03-31 09:15 (Europe/Warsaw)" in drawn


def test_a_calendar_that_the_settings_do_not_have_is_the_scenarios_fault(jump):
    shop = read_calendar("shop", SHOP, "here")
    scenario = Scenario("Shop", calendar="shp").says("Hi").hears("x", due="09:15 next working day")
    ((fault, what),) = jump(scenario, answer=silent, calendars={"shop": shop}).troubles
    assert (fault, what) == ("scenario", "no calendar 'shp'; did you mean 'shop'?")


def test_what_is_early_is_not_excused_by_eventually(jump):
    scenario = Scenario("Ship").says("Hi").eventually(contains("sent"), not_before="1h", within="2h")
    assert jump(scenario, answer=later((60, "Wait"), (4000, "It is sent")), checks=CALM).verdict == "pass"
    assert "'It is sent' came 59m too early" in jump(scenario, answer=later((60, "It is sent")), checks=CALM).messages


THINKER = {"name": "patient", "think": {"median": 0.4, "sigma": 0}, "reading": 1e12}


def late_s(played) -> list[float]:
    """How much later than meant each step was acted out, in real seconds."""
    return [record.t - record.meant_at for record in played.all(Acted) if record.cause == "step"]


@pytest.mark.parametrize("between", ["waits", "hears_nothing"])
async def test_what_the_scenario_waits_for_is_not_held_against_the_bot(play, between):
    scenario = Scenario("Slow", persona=THINKER).says("Hi").hears(contains("Hi"))
    scenario = getattr(scenario, between)("20s")
    played = await play(scenario.says("Bye").hears(contains("Bye")), answer=echo, speed=40.0)
    assert played.verdict == "pass"
    assert late_s(played)[1] < 0.25  # of the half second that the pause took


async def test_our_own_work_is_done_while_the_customer_thinks(play):
    def dawdle(shared):
        def work(_: StepEnded) -> None:
            until = shared.clock.monotonic() + 0.2
            while shared.clock.monotonic() < until:
                pass

        shared.recorder.listen(StepEnded, work)

    scenario = Scenario("Busy", persona=THINKER).says("Hi").hears(contains("Hi")).says("Bye").hears(contains("Bye"))
    played = await play(scenario, during=dawdle, speed=1.0)
    assert played.verdict == "pass"
    assert late_s(played)[1] < 0.15  # of the fifth of a second that each step took
