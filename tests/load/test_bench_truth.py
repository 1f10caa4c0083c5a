"""What the benchmark accepts as true, on made-up data."""

from __future__ import annotations

import math
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.load.truth import Reported, Row, bounds, compare, hold_to_truth, latencies_s, read_rows

HEAD = "platform,customer,message,arrived_ns,read_ns,replied_ns\n"
LATENCIES = st.lists(st.floats(1e-6, 3600.0), min_size=1, max_size=400)
SHARES = st.sampled_from([50.0, 90.0, 95.0, 99.0, 99.9])


def row(message: str, arrived_s: float, replied_s: float | None) -> Row:
    return Row("telegram", "5", message, arrived_s, arrived_s, replied_s)


def nearest_rank(ordered: list[float], share: float) -> float:
    return ordered[max(math.ceil(share / 100 * len(ordered) - 1e-9), 1) - 1]


def holds(true_s: list[float], name: str, reported_s: float) -> bool:
    return compare(true_s, {name: reported_s}, len(true_s))[1].holds


@given(LATENCIES, SHARES)
def test_a_percentile_by_nearest_rank_is_true(values: list[float], share: float) -> None:
    assert holds(values, f"p{share:g}", nearest_rank(sorted(values), share))


@given(LATENCIES)
def test_a_median_between_two_samples_is_true(values: list[float]) -> None:
    assert holds(values, "p50", statistics.median(values))


@given(LATENCIES, SHARES, st.floats(-0.009, 0.009))
def test_a_histogram_may_be_off_by_less_than_one_percent(values: list[float], share: float, off: float) -> None:
    assert holds(values, f"p{share:g}", nearest_rank(sorted(values), share) * (1 + off))


@given(LATENCIES, SHARES, st.floats(0.011, 10.0))
def test_what_is_off_by_more_than_one_percent_and_one_millisecond_is_untrue(
    values: list[float], share: float, off: float
) -> None:
    greatest = bounds(sorted(values), f"p{share:g}")[1]
    assert not holds(values, f"p{share:g}", greatest * (1 + off) + 0.0011)


@pytest.mark.parametrize(("reported_s", "true"), [(0.0209, True), (0.0191, True), (0.0212, False), (0.0188, False)])
def test_short_times_are_held_to_one_millisecond(reported_s: float, true: bool) -> None:
    assert holds([0.02] * 10, "max", reported_s) is true


@pytest.mark.parametrize(("reported_s", "true"), [(2.019, True), (1.981, True), (2.021, False), (1.979, False)])
def test_long_times_are_held_to_one_percent(reported_s: float, true: bool) -> None:
    assert holds([0.02] * 99 + [2.0], "max", reported_s) is true


def test_on_the_edge_of_one_percent_of_stalls_either_side_is_true() -> None:
    stalls = [0.001] * 990 + [2.0] * 10
    assert holds(stalls, "p99", 0.001)
    assert holds(stalls, "p99", 2.0)
    assert not holds(stalls, "p98.9", 2.0)
    assert not holds(stalls, "p99.1", 0.001)


def test_a_frozen_bot_without_its_waiting_customers_is_untrue() -> None:
    waited = [0.001] * 900 + [10.0 - 0.1 * step for step in range(100)]
    hidden = [0.001] * 999 + [10.0]  # only the one customer who was being served: coordinated omission
    figures = {name: bounds(sorted(hidden), name)[0] for name in ("p50", "p95", "p99", "max")}
    assert [item.name for item in compare(waited, figures, 1000) if not item.holds] == ["p95", "p99"]


def test_a_reply_that_the_run_did_not_count_is_told() -> None:
    counted = compare([0.1, 0.2, 0.3], {}, 2)[0]
    assert not counted.holds
    assert counted.plain() == "2 samples were reported, in truth 3"


def test_mean_min_and_max_are_those_of_all_samples() -> None:
    compared = compare([0.1, 0.2, 0.6], {"mean": 0.3, "min": 0.1, "max": 0.6}, 3)
    assert all(item.holds for item in compared)


def test_a_comparison_says_by_how_much_it_is_off() -> None:
    assert (
        compare([2.0], {"max": 2.5}, 1)[1].plain() == "max 2,500.000 ms, in truth 2,000.000 ms (+500.000 ms, +25.00%)"
    )


def test_only_answered_messages_have_a_latency() -> None:
    assert latencies_s([row("1", 10.0, 10.5), row("2", 11.0, None)]) == [0.5]


def test_time_counts_from_the_moment_that_was_meant() -> None:
    assert latencies_s([row("1", 10.0, 10.5)], {("5", "1"): 7.5}) == [3.0]


def test_a_message_that_nobody_meant_is_an_error() -> None:
    with pytest.raises(KeyError, match="1"):
        latencies_s([row("1", 10.0, 10.5)], {})


@pytest.mark.parametrize("name", ["p", "p101", "median", "99", "p-1"])
def test_unknown_figures_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"no figure: p50, p99\.9"):
        compare([1.0], {name: 1.0}, 1)


def test_no_truth_is_no_pass() -> None:
    with pytest.raises(ValueError, match="replied to nobody"):
        compare([], {}, 0)


def test_rows_are_read_with_their_moments_in_seconds(tmp_path: Path) -> None:
    file = tmp_path / "truth.csv"
    file.write_text(
        HEAD + "telegram,5,17,1000000000,1000020000,1020000000\nwhatsapp,49151,wamid.x==,2000000000,2000000000,\n"
    )
    answered, unanswered = read_rows(file)
    assert (answered.customer, answered.message, answered.arrived_s) == ("5", "17", 1.0)
    assert latencies_s([answered]) == [pytest.approx(0.02)]
    assert unanswered.replied_s is None


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    file = tmp_path / "truth.csv"
    file.write_text(HEAD + "telegram,5,17,1000\n")
    with pytest.raises(ValueError, match="line 2 of the bot's truth"):
        read_rows(file)


@pytest.mark.parametrize(("longest_s", "verdict"), [(2.01, "holds"), (0.001, "SHORT")])
def test_a_run_is_held_to_what_its_bot_wrote(
    capsys: pytest.CaptureFixture[str], longest_s: float, verdict: str
) -> None:
    def play(mode: object, truth: Path) -> Reported:
        assert mode == ("stalls", "100", "2000")
        truth.write_text(
            HEAD + "telegram,5,1,1000000000,1000000000,1001000000\ntelegram,5,2,1000000000,1000000000,3000000000\n"
        )
        return Reported({"max": longest_s}, 2)

    hold_to_truth("stalls", play)
    first, then, own = capsys.readouterr().out.splitlines()
    assert (first.split()[1], first.split()[-1]) == ("load.untrue_stalls", verdict)
    assert then.strip().startswith("max") and "p50 2,000.000 ms" in own


def test_a_run_in_which_nothing_stalled_proves_nothing() -> None:
    def play(mode: object, truth: Path) -> Reported:
        truth.write_text(HEAD + "telegram,5,1,1000000000,1000000000,1001000000\n")
        return Reported({"max": 0.001}, 1)

    with pytest.raises(ValueError, match="nothing was put to the test"):
        hold_to_truth("stalls", play)
