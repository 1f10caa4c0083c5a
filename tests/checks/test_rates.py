"""The figures of repeated tries keep the laws of their definitions."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.checks.rates import mean_powers, pass_power, pass_powers, wilson

COUNTS = st.integers(1, 200).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries)))


@given(COUNTS)
def test_the_interval_contains_the_rate_and_lies_between_0_and_1(counts):
    passes, tries = counts
    low, high = wilson(passes, tries)
    assert 0 <= low <= passes / tries <= high <= 1
    assert low < high


@given(COUNTS)
def test_the_interval_of_what_failed_is_the_mirror_of_that_of_what_passed(counts):
    passes, tries = counts
    low, high = wilson(passes, tries)
    assert wilson(tries - passes, tries) == pytest.approx((1 - high, 1 - low))


@given(COUNTS, st.integers(2, 10))
def test_more_tries_with_the_same_rate_make_it_narrower(counts, times):
    (low, high), (lower, higher) = (wilson(passes, tries) for passes, tries in (counts, (counts[0] * times, counts[1] * times)))  # fmt: skip
    assert higher - lower < high - low


@pytest.mark.parametrize(
    ("passes", "tries", "interval"),
    [(0, 10, (0, 0.27753)), (8, 10, (0.49016, 0.94331)), (10, 10, (0.72247, 1)), (81, 263, (0.25529, 0.36621))],
)
def test_the_interval_is_that_of_the_literature(passes, tries, interval):
    """Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, for 81 of 263."""
    assert wilson(passes, tries) == pytest.approx(interval, abs=6e-5)


def test_nothing_tried_says_nothing():
    assert wilson(0, 0) == (0, 1)
    assert pass_powers(0, 0, 8) == ()


@given(COUNTS)
def test_pass_1_is_the_rate(counts):
    passes, tries = counts
    assert pass_power(passes, tries, 1) == pytest.approx(passes / tries)


@given(COUNTS)
def test_pass_k_never_rises_with_k(counts):
    powers = pass_powers(*counts, 8)
    assert list(powers) == sorted(powers, reverse=True)
    assert len(powers) == min(counts[1], 8)


@given(st.integers(1, 8).flatmap(lambda tries: st.tuples(st.lists(st.booleans(), min_size=tries, max_size=tries), st.integers(1, tries))))  # fmt: skip
def test_pass_k_is_the_share_of_all_choices_of_k_tries_in_which_each_passed(case):
    outcomes, row = case
    choices = list(combinations(outcomes, row))
    share = sum(map(all, choices)) / len(choices)
    assert pass_power(sum(outcomes), len(outcomes), row) == pytest.approx(share)


@given(st.floats(0, 1), st.integers(1, 12), st.data())
def test_pass_k_has_no_bias(rate, tries, data):
    """Its expectation over all that may happen is the rate to the power of k."""
    row = data.draw(st.integers(1, tries))
    chances = [binomial(tries, passes, rate) for passes in range(tries + 1)]
    expected = sum(chance * pass_power(passes, tries, row) for passes, chance in enumerate(chances))
    assert expected == pytest.approx(rate**row, abs=1e-9)


def binomial(tries: int, passes: int, rate: float) -> float:
    from math import comb

    return comb(tries, passes) * rate**passes * (1 - rate) ** (tries - passes)


def test_the_mean_goes_as_far_as_all_cases_and_leaves_out_what_was_not_tried():
    assert mean_powers([(1.0, 1.0, 1.0), (0.5, 0.0), ()]) == (0.75, 0.5)
    assert mean_powers([]) == ()
