"""A report says how time went, and its times can be read whether they are seconds or days."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from chatdrill.checks.results import Finding, Judgement, Latency, Statistic
from chatdrill.checks.sla import statistics
from chatdrill.cli.live import Live
from chatdrill.model import Customer
from chatdrill.trace import RunBegan, Stalled
from chatdrill.trace.transcript import Mark, Transcripts, View, render_text, render_wire
from chatdrill_reports import html, jsonl, junit, markdown, terminal
from chatdrill_reports.contract import Run
from chatdrill_reports.html import chart
from chatdrill_reports.tiers import tier
from chatdrill_reports.words import counted, latency_name, percentile_words
from reports.scribe import SUNDAY, Scribe, Story

HOUR, DAY = 3_600.0, 86_400.0
ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak")


@pytest.fixture
def days() -> Story:
    """Two days in virtual time: asked on a Sunday at 10:15 in Warsaw, reminded on Tuesday at 00:30 there."""
    story = Scribe(clock="virtual", speed=1.0, bot_clock="in-process").story("days", "telegram", ANNA)
    story.says("I want to return my shoes")
    story.wait(0.8).bot("Please send a photo.")
    story.wait(38 * HOUR + 900 - 0.8).bot("Shall I still register your return?")
    story.step(0, not_before_at=story.at - 60, due_at=story.at + 60, zone="Europe/Warsaw")
    story.end()
    return story


def view_of(story: Story) -> View:
    return Transcripts(story.scribe.records).view(story.case)


def report_of(story: Story, *findings: Finding) -> Run:
    case = story.judged(*findings)
    return Run(records=story.scribe.records, judgement=Judgement(verdict=case.verdict, cases=(case,)))


def began(clock: str, bot_clock: str | None = None, **more) -> RunBegan:
    run = {"version": "1", "seed": 1, "speed": 1.0, "bot": "b", "platforms": (), **more}
    return RunBegan(n=0, t=0.0, at=0.0, clock=clock, bot_clock=bot_clock, **run)


# ----------------------------------------------------------------------------------------------------------- tiers


@pytest.mark.parametrize(
    ("run", "name", "said"),
    [
        (began("virtual", "in-process"), "virtual, in-process", "SQLite's datetime('now')"),
        (began("virtual", "preload", settings={"settle": 0.25}), "virtual, preload", "longer than settle (250ms)"),
        (began("virtual", "faketime"), "virtual, faketime", "timers and sleeps, which took real time"),
        (began("virtual", "cooperative"), "virtual, cooperative", "does not ask chatdrill for the time"),
        (began("scaled", speed=10.0), "scaled, 10 times as fast", "divides them by CHATDRILL_SPEED"),
        (began("real", settings={"skip_over": 10.0}), "real", "over 10s are skipped for the customer only"),
    ],
)
def test_every_way_of_time_says_what_it_cannot_show(run, name, said):
    found = tier(run)
    assert found.name == name and said in found.sentences and "{" not in found.words


def test_a_way_that_nobody_knows_is_named_and_nothing_more():
    assert tier(began("lunar{0}")).words == "lunar{0}"
    assert tier(began("real", settings={"skip_over": 0.0})).words == "real"


def test_why_there_was_no_better_way_is_said():
    run = began("virtual", "cooperative", bot_clock_why="/usr/bin/bot is linked statically\x1b")
    assert tier(run).why == "No better way: /usr/bin/bot is linked statically␛."


def test_a_run_whose_time_could_not_jump_is_not_called_exact(days):
    assert "followed exactly." in terminal.render(**report_of(days)).decode()
    days.scribe.add(Stalled, days.at, what="timer", who="poll (bot.py:3)", every_s=1.0, late_share=0.0005)
    said = " ".join(terminal.render(**report_of(days)).decode().split())
    assert "followed exactly, but for what the check time-jumps found." in said


def test_every_report_states_the_way_of_time(days):
    run = report_of(days)
    assert "time virtual, in-process. The bot ran inside" in terminal.render(**run).decode()
    assert "Time: virtual, in-process. The bot ran inside" in markdown.render(**run).decode()
    assert "<dd>virtual, in-process</dd>" in html.render(**run).decode()
    last = json.loads(jsonl.render(**run).splitlines()[-1])
    assert (last["clock"], last["bot_clock"]) == ("virtual", "in-process") and "SQLite" in last["unseen"]
    suite = ET.fromstring(junit.render(**run)).find("testsuite")
    said = {one.get("name"): one.get("value") for one in suite.find("properties")}
    assert said["time.clock"] == "virtual" and "SQLite" in said["time.unseen"] and "time.why" not in said


# ------------------------------------------------------------------------------------------------ zones and pauses


def test_days_begin_where_the_scenario_is(days):
    view = view_of(days)
    assert view.zone == "Europe/Warsaw"
    said = [item.text for item in view.items if isinstance(item, Mark) and item.kind in ("day", "pause")]
    assert said == ["Sunday 22 November 2026", "1 day and 14 hours later", "Tuesday 24 November 2026"]


def test_the_zone_is_named_once_and_the_clocks_are_its_own(days):
    drawn = render_text(view_of(days), width=100)
    heads = [line for line in drawn.split("\n") if line.startswith("─── ")]
    assert "Sunday 22 November 2026 (Europe/Warsaw)" in heads[0] and "Tuesday 24 November 2026 ───" in heads[2]
    assert re.search(r"^10:15:00 Anna ", drawn, re.MULTILINE) and re.search(r"^00:30:00 +Bot ", drawn, re.MULTILINE)
    assert "+38h 15m" in drawn


def test_a_zone_that_no_machine_knows_is_utc(telegram):
    telegram.says("Hello")
    telegram.step(0, not_before_at=SUNDAY, due_at=SUNDAY + 60, zone="../Mars")
    view = view_of(telegram)
    assert view.zone == "UTC" and "(UTC)" in render_text(view) and "09:15:00 Anna" in render_text(view)


def test_an_excerpt_names_the_day_on_which_it_begins(days):
    for _ in range(12):
        last = days.wait(60).says("Hello?")
    kinds = [item.kind if isinstance(item, Mark) else "message" for item in view_of(days).around([last]).items]
    assert kinds[:2] == ["cut", "day"] and "day" not in kinds[2:]


def test_an_excerpt_keeps_the_step_that_was_not_met(days):
    accused = days.says("Hello?")
    for _ in range(12):
        days.wait(60).says("Hello?")
    unmet = days.step(1, "unmet", "nothing came")
    excerpt = view_of(days).around([accused])
    assert excerpt.item_of(accused) is not None and excerpt.item_of(unmet) is not None


def test_pauses_are_drawn_only_where_time_jumps(telegram):
    telegram.says("Hello")
    telegram.wait(2 * HOUR).bot("Hi!")
    assert not [item for item in view_of(telegram).items if isinstance(item, Mark) and item.kind == "pause"]


def test_lines_on_a_terminal_say_on_which_day_they_were(days, capsys):
    live = Live(SimpleNamespace(channels={}), color=False)
    for record in days.scribe.records:
        live.show(record)
    live.show(Stalled(n=99, t=0.0, at=days.at, what="spin", who="poll (bot.py:3)"))
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "Sunday 22 November 2026 (UTC)" and shown[1].startswith("09:15:00 anna: I want to return")
    assert shown.count("Monday 23 November 2026 (UTC)") == 1 and "poll (bot.py:3) never rests" in shown[-1]


# -------------------------------------------------------------------------------------------------------- the wire


def test_the_wire_of_a_virtual_run_has_the_drills_days_and_clocks(days):
    lines = render_wire(view_of(days), width=100).split("\n")
    assert lines[0].startswith("─── Sunday 22 November 2026 ───") and lines[1].startswith("10:15:00.000  → message")
    assert lines[-2].startswith("─── Tuesday 24 November 2026 ───") and lines[-1].startswith("00:30:00.0")


def test_the_wire_of_a_real_run_has_real_seconds(telegram):
    telegram.wait(50).says("Hello")
    assert render_wire(view_of(telegram)).startswith("  5.000 s  → message")
    screen = terminal.render(**report_of(telegram, _finding(telegram))).decode()
    assert "On the wire (real seconds since the conversation began)" in screen


def test_every_report_says_what_the_times_on_the_wire_are(days):
    run = report_of(days, _finding(days))
    for reporter in (terminal, markdown, junit, html):
        assert re.search(r"On the wire.*\(drill time, Europe/Warsaw\)", reporter.render(**run).decode())
    assert '<td class="num">10:15:00.000</td>' in html.render(**run).decode()


def test_of_a_long_wire_the_last_requests_are_shown_with_their_day(days):
    first, second, *rest = render_wire(view_of(days), most=1).split("\n")
    assert first == "... 2 requests before" and second.startswith("─── Tuesday") and len(rest) == 1


def _finding(story: Story) -> Finding:
    return Finding(check="x", verdict="fail", fault="bot", message="no", cites=(len(story.scribe.records) - 1,))


def test_junit_does_not_tell_a_ci_system_that_two_drilled_days_were_real(days, telegram):
    root = ET.fromstring(junit.render(**report_of(days)))
    assert not [element for element in root.iter() if element.get("time") is not None]
    assert root.find(".//property[@name='drill_time_s']").get("value").startswith("137700.")
    telegram.wait(10).says("Hello")
    assert ET.fromstring(junit.render(**report_of(telegram))).find(".//testcase").get("time") == "1.013"


def test_what_a_finding_says_is_not_said_twice(days):
    details = {"expected": "a label", "but": "no button"}
    finding = Finding(check="x", verdict="fail", fault="bot", message="expected was a label", details=details)
    run = report_of(days, finding)
    told = {reporter: reporter.render(**run).decode() for reporter in (terminal, markdown, junit, html)}
    assert [text.count("a label") for text in told.values()] == [1, 1, 2, 2], "JUnit and HTML have each message twice"
    assert all("no button" in text for text in told.values())


# ------------------------------------------------------------------------------------------------------- durations


def test_a_calendar_that_counted_is_named_and_its_days_are_hours():
    latency = Latency(name="time_to_human", platform="sms", case="c", t=0.0, seconds=50 * HOUR, calendar="shop")
    (statistic,) = statistics([latency])
    assert latency_name(statistic.name) == "Time to a human" and counted(statistic) == "working time (shop)"
    assert percentile_words(statistic) == ["50h"] * 5
    unnamed = Latency(name="resolution", platform="sms", case="c", t=0.0, seconds=50 * HOUR)
    assert counted(unnamed) == "" and percentile_words(statistics([unnamed])[0]) == ["2d 2h"] * 5


def test_times_by_different_clocks_are_never_mixed():
    about = {"name": "resolution", "platform": "sms", "case": "c", "t": 0.0, "seconds": 1.0}
    found = statistics([Latency(**about), Latency(**about, calendar="shop"), Latency(**about, calendar="desk")])
    assert [(one.calendar, one.samples) for one in found] == [(None, 1), ("desk", 1), ("shop", 1)]


def test_working_time_is_named_in_every_table(days):
    run = report_of(days)
    statistic = Statistic(
        name="resolution", platform="*", samples=1, p50_s=1, p90_s=1, p95_s=1, p99_s=1, max_s=1, calendar="shop"
    )
    run["judgement"] = Judgement(verdict="pass", cases=run["judgement"].cases, statistics=(statistic,))
    assert "  Resolution, working time (shop)\n" in terminal.render(**run).decode()
    assert "| Resolution, working time (shop) | all |" in markdown.render(**run).decode().replace("\\", "")
    assert "Resolution <small>working time (shop)</small>" in html.render(**run).decode()
    assert b'"calendar":"shop"' in jsonl.render(**run)


@pytest.mark.parametrize(
    ("slowest", "labels"),
    [
        (100.0, ["0 s", "30 s", "1m", "1m 30s"]),
        (2.2 * HOUR, ["0 s", "30m", "1h", "1h 30m", "2h"]),
        (30 * HOUR, ["0 s", "12h", "1d"]),
        (9.5 * DAY, ["0 s", "2d", "4d", "6d", "8d"]),
    ],
)
def test_an_axis_counts_as_clocks_and_calendars_do(slowest, labels):
    assert [tick.label for tick in _drawn(slowest / 2, slowest / 2, slowest).axis] == labels


def test_an_axis_from_nothing_to_days_says_where_the_small_times_lie():
    drawn = _drawn(0.0, 0.0, 0.8, 0.8, 3 * DAY)
    labels = [tick.label for tick in drawn.axis]
    assert labels[0] == "≤ 0.1 s" and {"1m", "1h", "1d"} & set(labels) and drawn.logarithmic
    assert [dot.x for dot in drawn.strips[0].dots] == sorted(dot.x for dot in drawn.strips[0].dots)


def test_a_promise_of_hours_is_said_in_hours():
    assert chart.draw("x", _latencies(1.0), [], 2 * HOUR).promised.label == "promised within 2h"


def _latencies(*seconds: float) -> list[Latency]:
    return [Latency(name="x", platform="telegram", case="c", t=0, seconds=value) for value in seconds]


def _drawn(*seconds: float) -> chart.Chart:
    return chart.draw("x", _latencies(*seconds), [], None)
