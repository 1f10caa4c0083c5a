"""The arithmetic of what has changed, against tables and by counting."""

from __future__ import annotations

import random
from math import isclose

import pytest

from chatdrill.history.numbers import discoveries, forecast, median_interval, student_tail


@pytest.mark.parametrize(
    ("t", "freedom", "tail"),
    [(6.314, 1, 0.05), (2.920, 2, 0.05), (2.353, 3, 0.05), (2.132, 4, 0.05), (1.812, 10, 0.05), (2.861, 19, 0.005)],
)
def test_students_tail_is_that_of_the_tables(t, freedom, tail):
    assert isclose(student_tail(t, freedom), tail, rel_tol=2e-3)
    assert isclose(student_tail(-t, freedom), 1 - tail, rel_tol=2e-3)


def test_a_median_of_five_values_has_no_interval_and_one_of_twenty_that_of_the_tables():
    assert median_interval([1.0] * 5) is None
    assert median_interval(range(6)) == (2.5, 0, 5)
    assert median_interval(range(20)) == (9.5, 5, 14)


def test_the_interval_of_thousands_of_values_is_narrow():
    found = median_interval(range(5001))
    assert found.value == 2500 and 2425 < found.low < 2440 and 2560 < found.high < 2575


def test_the_interval_holds_the_median_nineteen_times_of_twenty():
    draw = random.Random(7)
    found = [median_interval([draw.gauss(0, 1) for _ in range(15)]) for _ in range(600)]
    assert sum(one.low <= 0 <= one.high for one in found) / 600 > 0.94


def test_three_earlier_values_are_too_few_for_a_forecast():
    assert forecast([1.0, 1.1, 0.9], 5.0, least=0.001, spread=0.05) is None


def test_a_value_as_usual_is_likely_and_a_threefold_one_is_not():
    earlier = [1.0, 1.1, 0.9, 1.2, 1.0]
    usual, late = (forecast(earlier, now, least=0.001, spread=0.05) for now in (1.05, 3.0))
    assert usual.chance > 0.3 and late.chance < 0.001 and usual.low < 1.05 < usual.high < 3.0


def test_values_that_never_varied_do_not_make_the_least_change_a_discovery():
    assert forecast([1.0] * 6, 1.02, least=0.001, spread=0.05).chance > 0.2


def test_of_a_thousand_values_by_chance_hardly_one_is_a_discovery():
    draw = random.Random(3)
    assert sum(discoveries([draw.random() for _ in range(1000)])) <= 1
    assert discoveries([0.0001, 0.9, 0.5]) == [True, False, False] and discoveries([]) == []
