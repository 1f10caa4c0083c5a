"""Two load runs side by side: a change that chance makes is called noise, and one that it does not make is not."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill_load.estimates import WINDOWS_MIN, between, open_on_average
from chatdrill_load.figures import Figures, Meter
from chatdrill_load.report import render_html, render_junit, render_markdown
from chatdrill_load.report.comparing import Comparison, compare
from chatdrill_load.result import LoadResult
from load.report_runs import figures, result


@pytest.fixture(scope="module")
def run() -> LoadResult:
    return result(figures())


def judged(comparison: Comparison, kind: str, name: str = "p95") -> str:
    (pair,) = [pair for pair in comparison.pairs if (pair.row.kind, pair.row.platform) == (kind, "*")]
    return pair.changes[name].means


@pytest.mark.parametrize(("factor", "means"), [(2.0, "slower"), (0.5, "faster"), (1.5, "slower")])
def test_a_bot_that_really_changed_stands_out(run, factor, means):
    found = compare(result(figures(typical_s=0.1 * factor, seed=2)), run)
    assert judged(found, "first_reply") == judged(found, "next_reply", "p50") == means
    assert judged(found, "ack") == "noise"


def test_runs_of_the_same_bot_differ_by_noise_only(run):
    found = [compare(result(figures(seed=seed)), run) for seed in range(2, 12)]
    judgements = [c.means for one in found for pair in one.pairs for name, c in pair.changes.items() if name != "max"]
    stand_out = sum(means in ("slower", "faster") for means in judgements)
    # Bounds that just touch lie 2.8 standard errors apart: 1 in 180. Percentiles of one run go together, so there is room for 3.
    assert stand_out <= len(judgements) / 60


def test_what_the_measurement_cannot_tell_is_noise_however_many_samples(run):
    row = msgspec.structs.replace(run.rows[0], percentiles_s={"p50": 0.0100}, between_s={"p50": (0.0100, 0.0100)})
    nearly = msgspec.structs.replace(row, percentiles_s={"p50": 0.0118}, between_s={"p50": (0.0118, 0.0118)})
    runs = [msgspec.structs.replace(run, rows=(one,)) for one in (nearly, row)]
    assert compare(*runs).pairs[0].changes["p50"].means == "noise"


def test_a_percentile_without_bounds_cannot_be_told_from_noise(run):
    bare = tuple(msgspec.structs.replace(row, between_s={}) for row in run.rows)
    found = compare(result(figures(typical_s=9.0)), msgspec.structs.replace(run, rows=bare))
    assert {c.means for pair in found.pairs for c in pair.changes.values()} == {"unknown"}


def test_a_percentile_that_is_slow_beyond_all_samples_can_still_be_slower(run):
    slow = msgspec.structs.replace(run.rows[0], percentiles_s={"p99": 3.0}, between_s={"p99": (2.0, None)})
    fast = msgspec.structs.replace(run.rows[0], percentiles_s={"p99": 1.0}, between_s={"p99": (0.5, 1.5)})
    runs = [msgspec.structs.replace(run, rows=(row,)) for row in (slow, fast)]
    assert compare(*runs).pairs[0].changes["p99"].means == "slower"
    assert compare(*reversed(runs)).pairs[0].changes["p99"].means == "faster"


def test_gates_that_changed_are_named(run):
    (turned,) = compare(result(figures(typical_s=0.2)), run).turned
    assert (turned.gate, turned.before, turned.now) == ("first_reply p95 < 250ms", "pass", "fail")
    assert not compare(run, run).turned


def test_a_gate_that_is_new_has_no_verdict_before(run):
    fewer = msgspec.structs.replace(run, gates=run.gates[1:])
    assert [(gate.before, gate.now) for gate in compare(run, fewer).turned] == [(None, "pass")]


def test_what_makes_a_comparison_doubtful_is_said(run):
    other = msgspec.structs.replace(run, plan="500/s", partial="a worker was lost", lag_p99_s=0.3)
    load, whole, lag = compare(run, other).cautions
    assert "500/s then, 20/s now" in load and "a worker was lost" in whole and "300 ms" in lag


def test_every_format_tells_the_comparison(run):
    slower = result(figures(typical_s=0.2))
    page, text, xml = (render(slower, run).decode() for render in (render_html, render_markdown, render_junit))
    assert 'id="comparison"' in page and "Gates that changed" in page and page.count(" was") >= 3
    assert "Beside the baseline" in text and "passed → failed" in text and 'name="baseline.slower"' in xml


def test_rows_without_a_counterpart_are_counted(run):
    found = compare(msgspec.structs.replace(run, rows=run.rows[1:]), msgspec.structs.replace(run, rows=run.rows[:-1]))
    assert (found.only_now, found.only_before) == (1, 1)


# ---------------------------------------------------------------------------------------------------- estimates


def whole(meter: Meter) -> Figures:
    figures = Figures()
    figures.merge(meter.snapshot())
    return figures


def test_the_bounds_hold_the_percentile_and_come_nearer_with_more_samples():
    widths = []
    for rate in (5, 80):
        these = figures(rate=rate)
        row = next(row for row in these.rows() if row.kind == "first_reply" and row.platform == "*")
        low, high = between(these, these.windows(), row)[50.0]
        assert high is not None and low <= row.percentiles_s[50.0] <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_a_freeze_makes_the_bounds_wider_than_single_samples_would():
    meter = Meter()
    for number in range(3000):  # 60 s, in 5 of which everything is slow
        meter.latency("telegram", "order", "first_reply")(number / 50, 5.0 if 1000 <= number < 1250 else 0.1)
    these = whole(meter)
    low, high = between(these, these.windows(), these.rows()[0])[95.0]
    assert low == pytest.approx(0.1, rel=0.01) and (high is None or high == pytest.approx(5.0, rel=0.01))


def test_a_run_of_few_intervals_has_no_bounds():
    short = figures(length_s=5 * (WINDOWS_MIN - 1))
    assert all(not between(short, short.windows(), row) for row in short.rows())


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 59), st.floats(0.01, 100)), min_size=1, max_size=30))
def test_open_conversations_are_never_more_than_there_are(talks):
    meter = Meter()
    for at_s, took_s in talks:
        meter.latency("telegram", "order", "conversation")(at_s, took_s)
    meter.counter("telegram", "arrivals")(59.9)
    opened = open_on_average(whole(meter).windows())
    assert all(-1e-9 <= count <= len(talks) + 1e-9 for count in opened)


def test_a_steady_stream_has_its_rate_times_its_length_open():
    meter = Meter()
    for number in range(1200):  # 20 a second, each for 7 s
        meter.latency("telegram", "order", "conversation")(number / 20, 7.0)
    opened = open_on_average(whole(meter).windows())
    assert opened[0] < 60 and opened[3:12] == pytest.approx([140.0] * 9, rel=0.02)
