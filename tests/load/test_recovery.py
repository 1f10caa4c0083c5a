"""How long a spike is felt, from the figures of a run and its plan of arrivals."""

from __future__ import annotations

import pytest

from chatdrill_load.arrivals import read_arrivals
from chatdrill_load.figures import Figures, Meter
from chatdrill_load.gates import read_gate
from chatdrill_load.recovery import Recovery, recoveries
from chatdrill_load.report.words import recovered

SPIKE = "10/s, 500/s for 10s at 30s"
BEGAN_T = 2.0


def found(plan: str, slow: tuple[float, float], *gates: str, until_s: float = 90.0) -> list[Recovery]:
    """A bot that takes 100 ms, and 3 s for those who mean to write in a stretch of the time since customers came."""
    meter, whole = Meter(), Figures()
    for tenth in range(round(until_s * 10)):
        at_s = tenth / 10
        meter.latency("telegram", "Echo / 1", "first_reply")(BEGAN_T + at_s, 3.0 if slow[0] <= at_s < slow[1] else 0.1)
    whole.merge(meter.snapshot())
    read = [read_gate(gate) for gate in gates]
    return list(recoveries(whole.windows(), read_arrivals(plan), read, began_t=BEGAN_T, until_s=until_s))


def test_a_spike_is_felt_until_customers_wait_no_longer_than_before() -> None:
    (one,) = found(SPIKE, (30.0, 50.0))
    assert (one.figure, one.bar, one.begins_s, one.ends_s) == ("reply p95", "before", 30.0, 40.0)
    assert one.after_s is not None and 10.0 <= one.after_s <= 10.0 + one.interval_s
    assert one.bar_s == pytest.approx(0.15, rel=0.01)


def test_every_gate_on_replies_says_when_it_held_again() -> None:
    gates = ("first_reply p95 < 5s", "first_reply < 1s for 90%", "ack p95 < 1ms", "errors < 1%")
    kept, broken = found(SPIKE, (30.0, 50.0), *gates)
    assert (kept.figure, kept.after_s, kept.bar) == ("first_reply p95", 0.0, "sla")
    assert broken.figure == "first_reply p90" and broken.after_s is not None and broken.after_s >= 10.0


def test_a_bot_that_does_not_recover_is_told_so() -> None:
    (one,) = found(SPIKE, (30.0, 90.0))
    assert one.after_s is None and one.watched_s == pytest.approx(50.0, abs=5.0)
    assert "had not recovered 50s later: it was not back within what it was before (150 ms)" in recovered(one)


def test_what_was_broken_before_the_spike_is_held_to_what_it_was() -> None:
    (one,) = found(SPIKE, (10.0, 15.0), "first_reply p95 < 1s")
    assert (one.bar, one.after_s) == ("before", 0.0) and one.bar_s == pytest.approx(4.5, rel=0.01)


def test_what_follows_the_next_spike_is_not_held_against_this_one() -> None:
    one, two = found("10/s, 500/s for 10s at 20s, 500/s for 10s at 60s", (60.0, 90.0))
    assert one.after_s == 0.0 and two.after_s is None


def test_a_step_down_is_measured_against_the_gates() -> None:
    (one,) = found("500/s, 10/s for 1h at 40s", (0.0, 60.0), "reply p95 < 1s")
    assert (one.begins_s, one.ends_s) == (0.0, 40.0) and one.after_s is not None and one.after_s >= 20.0
    assert recovered(one).startswith("After the step down at 40s, reply p95 was within 1 s again")


@pytest.mark.parametrize(
    "plan", ["10/s", "0/s to 10/s over 1m", "10/s, +10/s every 10s", "daily peak 10/s", "10/s, 500/s for 10s at 2h"]
)
def test_where_nothing_falls_nothing_recovers(plan: str) -> None:
    assert found(plan, (0.0, 0.0)) == []
