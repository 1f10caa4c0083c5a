"""The search as a machine: what it asks for, when it stops, what it says."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.errors import UsageError
from chatdrill_load.capacity import Capacity, Outcome, Plan, Search, Trial
from deep import tries

GATE = "first_reply p95 was 6.2 s, more than 5 s"


def outcome(trial: Trial, held: bool, **more: Any) -> Outcome:
    return Outcome(held=held, broke=None if held else GATE, achieved_per_s=trial.rate_per_s, **more)


def run(plan: Plan, capacity: float) -> Capacity:
    search = Search(plan)
    while isinstance(step := search.next(), Trial):
        search.tell(
            outcome(step, step.rate_per_s <= capacity, latency_s=1 / max(0.01, 1.2 - step.rate_per_s / capacity))
        )
    return step


def rates(found: Capacity, *phases: str) -> list[float]:
    return [trial.rate_per_s for trial, _ in found.trials if trial.phase in phases]


def test_rates_double_until_one_breaks_and_that_one_is_tried_again() -> None:
    found = run(Plan(start_per_s=5), 60.0)
    assert rates(found, "step") == [5, 10, 20, 40, 80] and rates(found, "confirm") == [80]
    assert all(40 < rate < 80 for rate in rates(found, "bisect"))


def test_given_steps_are_walked_as_they_were_given() -> None:
    found = run(Plan(steps_per_s=(3, 10, 50, 51)), 20.0)
    assert rates(found, "step") == [3, 10, 50]
    assert found.low_per_s <= 20 <= found.high_per_s


def test_both_ends_are_tried_as_often_as_the_plan_repeats() -> None:
    found = run(Plan(repeats=4), 33.0)
    tried = rates(found, "step", "confirm", "bisect", "repeat")
    assert tried.count(found.low_per_s) == tried.count(found.high_per_s) == 4


def test_every_trial_settles_and_measures_as_planned() -> None:
    found = run(Plan(settle_s=7, measure_s=11), 3.0)
    assert {(trial.settle_s, trial.measure_s) for trial, _ in found.trials} == {(7, 11)}


def test_the_highest_rate_asked_for_that_holds_is_a_lower_bound() -> None:
    found = run(Plan(limit_per_s=100), 5000.0)
    assert (found.rate_per_s, found.high_per_s, found.limited_by) == (100, math.inf, "rate asked")
    assert rates(found, "step", "repeat").count(100) == 3 and found.broke_first is None
    assert found.words() == "The bot holds at least 100/s, the highest rate that was asked for."


def test_a_bot_that_fails_the_lowest_rate_has_capacity_zero_and_a_lower_start_is_asked_for() -> None:
    found = run(Plan(start_per_s=8), 3.0)
    assert (found.rate_per_s, found.low_per_s, found.high_per_s, found.limited_by) == (0, 0, 8, "lowest rate")
    assert found.words() == f"The bot does not hold even the lowest rate, 8/s: {GATE}. Start lower."


def test_the_answer_names_what_broke_first_and_where_the_curve_bends() -> None:
    found = run(Plan(), 100.0)
    assert found.broke_first == GATE and GATE in found.words()
    assert found.knee is not None and 50 < found.knee.rate_per_s < 110


def test_the_gate_that_breaks_at_the_edge_is_named_and_not_the_one_that_breaks_far_above() -> None:
    search = Search(Plan(repeats=3))
    while isinstance(step := search.next(), Trial):
        words = None if step.rate_per_s <= 70 else "errors" if step.rate_per_s > 100 else "reply"
        search.tell(Outcome(held=words is None, broke=words, achieved_per_s=step.rate_per_s))
    assert step.broke_first == "reply"


def test_a_repeat_that_contradicts_moves_the_ends_apart() -> None:
    search, seen = Search(Plan(steps_per_s=(10, 20, 40), precision=1.0)), {20.0: [True, False, True]}
    while isinstance(step := search.next(), Trial):
        held = seen[step.rate_per_s].pop(0) if seen.get(step.rate_per_s) else step.rate_per_s <= 20
        search.tell(outcome(step, held))
    assert (step.rate_per_s, step.low_per_s, step.high_per_s) == (20, 10, 40)


@settings(max_examples=tries(100, 200), deadline=None)
@given(st.data(), st.integers(1, 40), st.integers(1, 5))
def test_no_bot_however_odd_is_tried_more_often_than_allowed(data: st.DataObject, most: int, repeats: int) -> None:
    search = Search(Plan(trials_max=most, repeats=repeats, limit_per_s=1e6))
    while isinstance(step := search.next(), Trial):
        search.tell(outcome(step, data.draw(st.booleans())))
    assert len(step.trials) <= most
    assert step.low_per_s <= step.high_per_s and step.low_per_s <= step.rate_per_s
    assert step.is_precise or len(step.trials) == most


@given(st.floats(100, 3000), st.floats(0.5, 3))
def test_no_trial_is_begun_that_would_end_too_late(time_max_s: float, slower: float) -> None:
    search, spent_s = Search(Plan(time_max_s=time_max_s, settle_s=30, measure_s=60)), 0.0
    while isinstance(step := search.next(), Trial):
        assert spent_s + step.length_s <= time_max_s
        spent_s += 90 * slower
        search.tell(outcome(step, step.rate_per_s <= 77, took_s=90 * slower))
    assert step.is_precise or step.ended_by == "time"


def test_a_search_that_is_cut_short_says_so_and_gives_what_it_knows() -> None:
    found = run(Plan(trials_max=3), 1000.0)
    assert (found.rate_per_s, found.limited_by, found.ended_by) == (4, "budget", "trials")
    assert "nothing broke so far" in found.words() and "ended early" in found.words()


def test_an_interrupted_search_forgets_the_trial_under_way() -> None:
    search = Search(Plan())
    step = search.next()
    assert isinstance(step, Trial)
    search.tell(outcome(step, True))
    search.next()
    found = search.interrupted()
    assert (found.rate_per_s, len(found.trials), found.ended_by) == (1, 1, "interrupted")


def test_asking_twice_gives_the_same_trial_and_telling_twice_is_refused() -> None:
    search = Search(Plan())
    step = search.next()
    assert isinstance(step, Trial) and search.next() is step
    search.tell(outcome(step, True))
    with pytest.raises(UsageError, match="no trial was asked for"):
        search.tell(outcome(step, True))


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"start_per_s": 0}, "lowest rate must be above 0"),
        ({"factor": 1}, "above 1"),
        ({"steps_per_s": (4, 2)}, "must rise"),
        ({"steps_per_s": (0, 2)}, "above 0"),
        ({"start_per_s": 9, "limit_per_s": 3}, "below the lowest"),
        ({"precision": 0}, "precision"),
        ({"repeats": 0}, "at least once"),
        ({"trials_max": 0}, "at least one trial"),
        ({"settle_s": -1}, "settling"),
        ({"measure_s": 0}, "longer than 0 s"),
        ({"time_max_s": 60}, "one trial takes 90 s, the whole search may take 60 s"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_reason(wrong: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        Plan(**wrong)


@pytest.mark.parametrize(("held", "broke"), [(True, GATE), (False, None)])
def test_a_trial_either_held_or_names_the_gate_that_broke(held: bool, broke: str | None) -> None:
    with pytest.raises(UsageError, match="names the gate"):
        Outcome(held=held, broke=broke, achieved_per_s=1)
