"""The end of a load run: what has come together becomes one result, and a verdict that is no better than what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatdrill_load.crowd.observing import _handoffs
from chatdrill_load.figures import ANSWERED, ARRIVALS, FAILED, Meter
from chatdrill_load.messages import Bad, Handed, Job, Now
from chatdrill_load.plan import Plan
from chatdrill_load.saying import summary
from chatdrill_load.swarm.ending import Findings, result_of, standing
from checks.handoff.traces import Told


def findings(*gates: str, failed: int = 0, staffing: str | None = None) -> Findings:
    """A minute in which a hundred customers were answered after a second each."""
    job = Job(flags={}, folder=str(Path.cwd()), paths=[], seed=1, out="out")
    found = Findings(Plan(job=job, arrivals="100/min", gates=gates, staffing=staffing), began_at=1.0, took_s=60.0)
    meter = Meter()
    for number in range(100):
        meter.latency("telegram", "Echo / 1", "first_reply")(number * 0.6, 1.0)
        meter.latency("telegram", "Echo", "conversation")(number * 0.6, 1.0)
        meter.counter("telegram", ARRIVALS)(number * 0.6)
        meter.counter("telegram", ANSWERED)(number * 0.6)
    for _ in range(failed):
        meter.counter("telegram", FAILED, "expected")(1.0)
    found.figures.merge(meter.snapshot())
    return found


@pytest.mark.parametrize(
    ("gates", "failed", "lost", "verdict"),
    [
        ((), 0, [], "pass"),
        ((), 1, [], "fail"),
        (("errors < 2%",), 1, [], "pass"),
        (("errors < 1%",), 1, [], "fail"),
        (("first_reply p95 < 500ms",), 0, [], "fail"),
        (("first_reply p99.9 < 5s",), 0, [], "inconclusive"),
        (("time_to_human p90 < 2m",), 0, [], "inconclusive"),
        ((), 0, ["worker 2 was lost"], "inconclusive"),
        ((), 1, ["worker 2 was lost"], "fail"),
    ],
)
def test_the_verdict_is_no_better_than_what_was_measured(gates, failed, lost, verdict):
    found = findings(*gates, failed=failed)
    found.lost += lost
    assert result_of(found).verdict == verdict


def test_a_run_in_which_nobody_talked_has_shown_nothing():
    found = findings()
    found.figures = type(found.figures)()
    assert result_of(found).verdict == "inconclusive"
    assert "nobody talked" in summary(result_of(found))


def test_how_it_stands_is_told_while_it_goes_on():
    found = findings("first_reply p95 < 500ms")
    found.bad.append(Bad("Echo #0-1", "expected: nothing came", "out/trace-0.jsonl"))
    told = standing(found, Now(open=3, waiting=1))
    assert (told["now"]["open"], told["now"]["waiting"], told["replies"]["samples"]) == (3, 1, 100)
    assert told["gates"][0]["verdict"] == "fail" and told["bad"][0]["case"] == "Echo #0-1"


def test_agents_are_counted_where_that_was_asked_for():
    found = findings(staffing="80% within 20s")
    found.handoffs += [Handed(number * 2.0, 300.0) for number in range(30)]
    (hour,) = result_of(found).agents
    assert hour.low <= hour.agents <= hour.high and hour.agents * 5 >= 1800 * 300 / 3600
    assert f"{hour.agents} agents" in summary(result_of(found))
    assert result_of(findings()).agents == ()


def test_a_handoff_lasts_from_the_agents_acceptance_to_its_end():
    told = Told().says("A person, please").handoff().accepts(after=5).says("hm").closes(after=30).done()
    (case,) = told.evidence.cases.values()
    (handed,) = _handoffs(case)
    assert handed.handled_s == pytest.approx(30, abs=1.5)
