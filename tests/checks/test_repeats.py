"""Repeats are judged together: what is enough, what is flaky, and what the seed decides."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.checks import judge
from chatdrill.checks.repeats import attributed, overall, repeats_of, to_replay, verdict_of
from chatdrill.checks.results import CaseJudgement, Judgement, Repeats
from chatdrill.trace import CaseBegan, CaseEnded, RunBegan

LETTERS = {"p": "pass", "f": "fail", "e": "error", "i": "inconclusive", "n": "none"}


def cases(name: str, letters: str) -> list[CaseJudgement]:
    return [
        CaseJudgement(case=f"{name} ~{number}", name=name, platform="telegram", verdict=LETTERS[letter], seed=7, replay=f"play {number}")
        for number, letter in enumerate(letters, start=1)
    ]  # fmt: skip


def together(letters: str, **settings: float) -> Repeats:
    (one,) = repeats_of(cases("hello", letters), {"repeat": len(letters), **settings})
    return one


def judged(**groups: str) -> Judgement:
    found = tuple(case for name, letters in groups.items() for case in cases(name, letters))
    repeats = repeats_of(found, {"repeat": 2})
    return Judgement(verdict=verdict_of(repeats, found), cases=found, repeats=repeats)


@pytest.mark.parametrize(
    ("letters", "settings", "verdict"),
    [
        ("pppp", {}, "pass"),
        ("pppf", {}, "fail"),
        ("pppe", {}, "error"),
        ("pppf", {"min_pass": 0.75}, "pass"),
        ("pppe", {"min_pass": 0.75}, "pass"),
        ("pppf", {"min_pass": 0.76}, "fail"),
        ("ffff", {"min_pass": 0.01}, "fail"),
        ("pppi", {}, "inconclusive"),
        ("pfii", {"min_pass": 0.5}, "inconclusive"),
        ("nnnn", {}, "none"),
        ("ppppf", {"min_pass_sure": 0.3}, "pass"),
        ("ppppf", {"min_pass_sure": 0.5}, "fail"),
        ("ppppf", {"min_pass_sure": 0.3, "min_pass": 0.9}, "fail"),
    ],
)
def test_a_case_passes_if_enough_of_its_repeats_do(letters, settings, verdict):
    assert together(letters, **settings).verdict == verdict


def test_too_few_repeats_to_be_sure_are_undecided_and_no_failure():
    assert together("ppp", min_pass_sure=0.9).verdict == "inconclusive"
    assert together("p" * 40, min_pass_sure=0.9).verdict == "pass"


def test_what_is_undecided_is_neither_a_try_nor_a_pass():
    one = together("ppfin")
    assert (one.tries, one.passes, one.undecided, one.is_flaky) == (3, 2, 2, True)
    assert one.rate == pytest.approx(2 / 3) and one.low < one.rate < one.high


def test_pass_k_goes_to_8_or_as_far_as_it_is_asked_for():
    assert len(together("p" * 20).pass_k) == 8
    assert len(together("p" * 20, pass_k=12).pass_k) == 12
    assert together("pf").pass_k == (0.5, 0.0)


def test_a_case_that_is_no_repeat_counts_for_itself():
    alone = msgspec.structs.replace(cases("bye", "f")[0], case="bye [telegram]")
    repeats = repeats_of([alone, *cases("hello", "pp")], {"repeat": 2})
    assert [one.case for one in repeats] == ["hello"]
    assert verdict_of(repeats, [alone, *cases("hello", "pp")]) == "fail"


def test_without_repeats_in_the_settings_nothing_is_put_together():
    """``--case 'X ~3'`` plays one case that happens to be a repeat of another run."""
    assert repeats_of(cases("hello", "pf"), {}) == repeats_of(cases("hello", "pf"), {"repeat": "many"}) == ()


def test_only_what_also_passed_is_played_again():
    assert to_replay(judged(flaky="pfp", always="fff", never="ppp")) == ["flaky ~2"]


@pytest.mark.parametrize(
    ("again", "cause"),
    [("ff", "seed"), ("fe", "seed"), ("fp", "chance"), ("pp", "chance"), ("fi", "unknown"), ("", "unknown")],
)
def test_the_seed_decides_what_fails_with_it_every_time(again, cause):
    times = [Judgement(verdict="none", cases=(msgspec.structs.replace(cases("flaky", "pf")[1], verdict=LETTERS[letter]),)) for letter in again]  # fmt: skip
    ((failed,),) = [one.failed for one in attributed(judged(flaky="pf"), times).repeats]
    assert (failed.cause, failed.again) == (cause, tuple(LETTERS[letter] for letter in again))


def test_over_all_cases_pass_k_is_the_mean():
    assert overall(judged(one="pp", other="pf").repeats) == (0.75, 0.5)


def test_the_trace_alone_says_what_is_a_repeat_and_what_is_enough():
    run = RunBegan(
        n=0, t=0, at=0, version="1", seed=7, clock="real", speed=1, bot="b", platforms=(), settings={"repeat": 2}
    )
    names = ["X ~1", "X ~2"]
    began = [CaseBegan(n=1, t=0, at=0, case=name, name="X", platform="telegram", seed=7, persona="p", customers={}, steps=()) for name in names]  # fmt: skip
    ended = [CaseEnded(n=2, t=0, at=0, case=name, outcome="done") for name in names]
    assert [one.case for one in judge([run, *began, *ended]).repeats] == ["X"]
