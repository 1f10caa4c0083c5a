"""Two runs side by side."""

from __future__ import annotations

import pytest

from chatdrill.history import compare
from reports.past import a_case, a_run


def run(*firsts: float, **fields):
    return a_run(*(a_case(f"case {n}", first=[first]) for n, first in enumerate(firsts)), **fields)


def test_verdicts_that_changed_are_sorted_by_what_they_mean():
    verdicts = {
        "a": ("pass", "fail"),
        "b": ("fail", "pass"),
        "c": ("error", "fail"),
        "d": ("pass", "inconclusive"),
        "e": ("pass", "pass"),
    }
    before, now = (a_run(*(a_case(name, pair[side]) for name, pair in verdicts.items())) for side in (0, 1))
    found = compare(now, before)
    kinds = {kind: [one.now.name for one in found.of(kind)] for kind in ("broke", "mended", "other")}
    assert kinds == {"broke": ["a"], "mended": ["b"], "other": ["c", "d"]}


def test_cases_of_one_run_only_are_named():
    found = compare(a_run(a_case("a"), a_case("new")), a_run(a_case("a"), a_case("gone")))
    assert [one.name for one in found.only_now] == ["new"] and [one.name for one in found.only_before] == ["gone"]


@pytest.mark.parametrize(("factor", "means"), [(1.3, "slower"), (0.7, "faster"), (1.0, "noise"), (1.02, "noise")])
def test_each_conversation_is_compared_with_itself(factor, means):
    """The conversations differ from each other far more than the runs do."""
    firsts = [0.2 * 1.5**n for n in range(12)]
    (pair,) = compare(run(*(first * factor for first in firsts)), run(*firsts)).pairs
    assert pair.means == means and pair.factor == pytest.approx(factor) and pair.cases == 12


def test_noise_in_both_directions_is_noise():
    before = [1.0] * 12
    now = [0.7, 1.5] * 6
    assert compare(run(*now), run(*before)).pairs[0].means == "noise"


def test_five_conversations_are_too_few_to_tell():
    (pair,) = compare(run(*[3.0] * 5), run(*[1.0] * 5)).pairs
    assert pair.means == "unknown" and pair.factor is None


def test_the_conversations_that_lost_the_most_time_come_first():
    found = compare(run(1.0, 4.0, 2.0, 1.01), run(1.0, 1.0, 1.0, 1.0)).delays
    assert [one.now.name for one in found] == ["case 1", "case 2"]


def test_what_makes_two_runs_hard_to_compare_is_said():
    found = compare(run(1.0, clock="virtual", desk="zendesk"), run(1.0)).cautions
    assert found == (
        "time went differently: real then, virtual now",
        "another helpdesk was behind the bot: none then, zendesk now",
    )
    assert compare(a_run(a_case("a")), a_run(a_case("b"))).cautions == ("no conversation is in both",)
