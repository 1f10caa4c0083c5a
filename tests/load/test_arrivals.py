"""Arrivals come as the plan says: the integral of its rate, without drift, whole over all workers."""

from __future__ import annotations

import heapq
import itertools
import math
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chatdrill.errors import UsageError
from chatdrill.seeds import Seed
from chatdrill_load.arrivals import EXAMPLES, Curve, read_arrivals
from chatdrill_load.arrivals.day import DAY_S, HOUR_S, SHAPE
from deep import tries

BRIEF = settings(max_examples=tries(20, 40), deadline=None)
MOST = 1000

rates = st.decimals(0, 500, places=2).map(lambda rate: f"{rate}/s")
some = st.decimals("0.5", 500, places=2).map(lambda rate: f"{rate}/s")
lengths = st.integers(1, 600).map(lambda length: f"{length}s")
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
plans = st.one_of(
    some,
    st.builds("{} to {} over {}".format, rates, some, lengths),
    st.builds("{} to {} over {}".format, some, rates, lengths),
    st.builds("{}, +{} every {}".format, rates, some, lengths),
    st.builds("1/s, +{} every {} up to 100/s".format, some, lengths),
    st.builds("{}, {} for {} at {}, {} for 1s at 20m".format, rates, some, lengths, lengths, some),
    st.builds("daily peak {} low 0.1/s from {}".format, some, clocks),
    st.builds("daily peak {}".format, some),
)
seeds = st.integers(0, 999)


def chance(seed: int = 1):
    return Seed(seed).stream("arrivals")


def first(plan: str, seed: int = 1, **options) -> list[float]:
    return list(itertools.islice(read_arrivals(plan).times(chance(seed), **options), MOST))


@BRIEF
@given(plans, st.booleans())
def test_arrivals_ascend_from_the_start(plan, is_poisson):
    times = first(f"poisson {plan}" if is_poisson else plan)
    assert times == sorted(times)
    assert not times or times[0] >= 0


@BRIEF
@given(plans, st.floats(0, 1), st.floats(0, 1))
def test_the_number_of_even_arrivals_in_any_span_is_the_integral_within_one(plan, one, other):
    arrivals, times = read_arrivals(plan), first(plan)
    assume(times)
    begin, end = sorted((one * times[-1], other * times[-1]))
    came = sum(begin <= t < end for t in times)
    assert abs(came - (arrivals.count_until(end) - arrivals.count_until(begin))) <= 1 + 1e-6


@BRIEF
@given(plans)
def test_the_number_of_even_arrivals_until_now_is_the_integral_rounded(plan):
    arrivals = read_arrivals(plan)
    for number, t in enumerate(first(plan)[::97]):
        assert arrivals.count_until(t) == pytest.approx(number * 97 + 0.5, abs=1e-6)


@BRIEF
@given(plans, st.integers(1, 7), st.booleans(), seeds)
def test_the_shares_of_the_workers_are_together_the_plan(plan, workers, is_poisson, seed):
    arrivals = read_arrivals(f"poisson {plan}" if is_poisson else plan)
    shares = [arrivals.times(chance(seed), share=(index, workers)) for index in range(workers)]
    merged = list(itertools.islice(heapq.merge(*shares), 300))
    assert merged == list(itertools.islice(arrivals.times(chance(seed)), 300))


@BRIEF
@given(plans, seeds)
def test_poisson_arrivals_are_as_many_as_expected_within_five_sigma(plan, seed):
    arrivals = read_arrivals(f"poisson {plan}")
    end = first(plan)[-1:] or [60.0]
    came = sum(1 for _ in arrivals.times(chance(seed), until_s=end[0]))
    expected = arrivals.count_until(end[0])
    assert abs(came - expected) <= 5 * math.sqrt(expected) + 5


def test_the_gaps_of_poisson_arrivals_are_exponential():
    gaps = [after - before for before, after in pairwise(first("poisson 10/s"))]
    mean = sum(gaps) / len(gaps)
    spread = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps))
    assert mean == pytest.approx(0.1, rel=0.1)
    assert spread == pytest.approx(mean, rel=0.1)


@given(plans, seeds)
@BRIEF
def test_the_same_seed_gives_the_same_moments(plan, seed):
    assert first(f"poisson {plan}", seed) == first(f"poisson {plan}", seed)


def test_another_seed_gives_other_moments_by_chance_only():
    assert first("poisson 5/s", 1) != first("poisson 5/s", 2)
    assert first("5/s", 1) == first("5/s", 2)


@BRIEF
@given(plans, st.floats(0.5, 5000))
def test_the_rate_is_the_slope_of_the_count(plan, t):
    arrivals = read_arrivals(plan)
    assume(abs(arrivals.rate_at(t + 0.01) - arrivals.rate_at(t - 0.01)) < 5)  # not at a jump
    slope = (arrivals.count_until(t + 0.01) - arrivals.count_until(t - 0.01)) / 0.02
    assert arrivals.rate_at(t) == pytest.approx(slope, abs=5)
    assert arrivals.count_until(t) >= 0


@pytest.mark.parametrize("plan", ["50/s", "0/s to 200/s over 5m", "10/s, +10/s every 1m", "daily peak 20/s"])
def test_the_ten_millionth_arrival_has_not_drifted(plan):
    curve = read_arrivals(plan).curve
    [moment] = curve.times([1e7])
    assert curve.count_until(moment) == pytest.approx(1e7, abs=1e-4)
    near = list(curve.times([1e7, 1e7 + 1]))
    assert near[1] - near[0] == pytest.approx(1 / curve.rate_at(moment), rel=1e-3)


def test_a_constant_rate_is_exact_for_ever():
    [moment] = read_arrivals("50/s").curve.times([1e9])
    assert moment == 2e7


def test_after_a_ramp_to_nothing_nobody_comes():
    times = first("10/s to 0/s over 10s")
    assert len(times) == 50
    assert read_arrivals("10/s to 0/s over 10s").rate_at(11) == 0


def test_a_spike_is_where_it_was_asked_for():
    times = list(read_arrivals("1/s, 100/s for 10s at 2m").times(chance(), until_s=190))
    assert sum(t < 120 for t in times) == 120
    assert sum(120 <= t < 130 for t in times) == 1000
    assert sum(t >= 130 for t in times) == 60


def test_spikes_may_be_written_in_any_order():
    assert first("1/s, 9/s for 1s at 5s, 7/s for 1s at 2s") == first("1/s, 7/s for 1s at 2s, 9/s for 1s at 5s")


def test_steps_go_up_to_their_end():
    arrivals = read_arrivals("10/s, +15/s every 1m up to 30/s")
    assert [arrivals.rate_at(minute * 60.0) for minute in range(4)] == [10, 25, 30, 30]


def test_a_day_has_its_peak_before_noon_its_low_at_night_and_returns():
    arrivals = read_arrivals("daily peak 20/s low 1/s")
    assert (arrivals.rate_at(11 * HOUR_S), arrivals.rate_at(4 * HOUR_S)) == (20, 1)
    assert arrivals.count_until(3 * DAY_S) == pytest.approx(3 * arrivals.count_until(DAY_S))
    assert (max(SHAPE), min(SHAPE), len(SHAPE)) == (1, 0, 24)


@pytest.mark.parametrize("begin", ["00:00", "09:00", "9:30", "23:59"])
def test_a_day_may_begin_at_any_hour(begin):
    hour, minute = map(int, begin.split(":"))
    shifted, whole = read_arrivals(f"daily peak 20/s from {begin}"), read_arrivals("daily peak 20/s")
    for t in (0.0, 100.0, 3 * HOUR_S, 26 * HOUR_S):
        assert shifted.rate_at(t) == pytest.approx(whole.rate_at(t + hour * 3600 + minute * 60))


def test_a_ramp_of_length_nothing_cannot_be():
    with pytest.raises(UsageError, match="0s is no length of time"):
        read_arrivals("1/s to 2/s over 0s")


def test_rates_are_the_same_in_every_unit():
    counts = {
        read_arrivals(plan).count_until(7200) for plan in ("1/s", "60/min", "3600/h", "86400/day", "60 / minutes")
    }
    assert counts == {7200}


def test_until_is_not_reached():
    assert list(read_arrivals("2/s").times(chance(), until_s=0.75)) == [0.25]


@pytest.mark.parametrize("share", [(2, 2), (-1, 2), (0, 0)])
def test_a_share_that_is_none_is_refused_at_once(share):
    with pytest.raises(ValueError, match="no share"):
        read_arrivals("1/s").times(chance(), share=share)


def test_every_example_is_a_plan_that_says_itself_in_words(tmp_path):
    (tmp_path / "arrivals.csv").write_text("id,created\n1,0\n2,5\n")
    said = [read_arrivals(plan, base=tmp_path).plain() for plan in EXAMPLES.values()]
    assert said[0] == "50/s"
    assert said[1] == "from 0/s to 200/s over 5m, then 200/s"
    assert said[-1] == "50/s, at random moments (Poisson)"
    assert len(set(said)) == len(EXAMPLES)


@pytest.mark.parametrize(
    ("plan", "answer"),
    [
        ("", "like 50/s"),
        ("50", "50/s, 50/min or 50/h"),
        ("-5/s", "write it like 50/s"),
        ("50/mnute", "did you mean 'minute'"),
        ("0/s", "nobody would come"),
        ("0/s to 0/s over 1m", "nobody would come"),
        ("0/s, 0/s for 1s at 1s", "nobody would come"),
        ("1/s, +0/s every 1m", "nobody would come"),
        ("2000000/s", "cannot be higher"),
        ("soak 5/s", "does without the word 'soak'; write it like 50/s"),
        ("dayly peak 5/s", "did you mean 'daily'"),
        ("five", "write it like 50/s; or 0/s to"),
        ("poisson poisson 5/s", "stands once"),
        ("0/s to 5/s", "0/s to 200/s over 5m"),
        ("0/s to 5/s over soon", "not a duration: 'soon'"),
        ("10/s, 5/s", "10/s, 500/s for 10s at 2m"),
        ("10/s, 50/s for 10s at 1m, 60/s for 1s at 65s", "the spike at 1m 5s begins before"),
        ("10/s, +5/s", "every 1m"),
        ("10/s, +5/s every 1m up to 5/s", "begins above"),
        ("daily 20/s", "daily peak 20/s"),
        ("daily peak 1/s low 2/s", "higher than the peak"),
        ("daily peak 1/s from 24:00", "there is no 24:00"),
        ("recorded", "recorded arrivals.csv"),
        ("recorded nowhere.txt", "cannot read"),
    ],
)
def test_what_is_no_plan_is_answered_with_the_nearest(plan, answer):
    with pytest.raises(UsageError) as caught:
        read_arrivals(plan)
    assert answer in str(caught.value)


@given(st.text(st.sampled_from("0123456789/s, +.toverymdailpk:x-"), max_size=30))
@settings(max_examples=tries(150, 300), deadline=None)
def test_no_text_makes_the_reader_stumble(text):
    try:
        arrivals = read_arrivals(text)
    except UsageError as error:
        assert str(error)
    else:
        assert arrivals.count_until(3600) >= 0


def test_a_curve_without_pieces_has_nobody():
    assert list(Curve([]).times([0.5])) == []
    assert (Curve([]).count_until(5), Curve([]).rate_at(5)) == (0, 0)
