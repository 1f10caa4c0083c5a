"""What many runs say of a case: flaky, broken, mended, slower; and what they do not say."""

from __future__ import annotations

import pytest

from chatdrill.history import trends
from chatdrill.history.telling import grouped, strip, title, trend_lines, why
from reports.past import a_case, a_run

OTHERS = tuple(a_case(f"other {n}") for n in range(6))


def over(verdicts: str, **fields):
    """The trend of a case with these verdicts (p, f, and a dot where it was not played), beside cases that always pass."""
    words = {"p": "pass", "f": "fail", "i": "inconclusive"}
    runs = [
        a_run(*OTHERS, *([] if one == "." else [a_case("torn", words[one])]), number=n)
        for n, one in enumerate(verdicts)
    ]
    return next(one for one in trends(runs[-1], runs[:-1]).cases if one.now.name == "torn")


@pytest.mark.parametrize(
    ("verdicts", "kind"),
    [
        ("ppppp", "steady"),
        ("ppfpp", "flaky"),
        ("pfpfp", "flaky"),
        ("ppppf", "broke"),
        ("ppfff", "broke"),
        ("ffffp", "mended"),
        ("fffff", "steady"),
        ("....p", "new"),
        ("ppipp", "steady"),
        ("pp.pp", "steady"),
    ],
)
def test_one_change_is_a_bot_that_broke_or_was_mended_and_two_are_flaky(verdicts, kind):
    assert over(verdicts).kind == kind


def test_repeats_of_one_run_that_disagree_are_flaky():
    now = a_run(a_case("torn", "fail", tries=20, passes=17))
    found = trends(now, [a_run(a_case("torn"))]).cases[0]
    assert found.kind == "flaky" and why(found).startswith("flaky: passed 18 of 21 times (65–95 %")


def test_what_is_flaky_is_said_with_its_rate_and_interval():
    found = over("ppfppppfp")
    assert why(found) == "flaky: passed 7 of 9 times (45–94 % at 95 %), changed 4 times"
    assert strip(found) == "✓✓✗✓✓✓✓✗✓"


def test_what_broke_is_said_with_how_unlikely_that_is_by_chance():
    one, three = over("ppppppppf"), over("ppppppppfff")
    assert "failed once after it had passed 8 times in a row; at most 32 % likely by chance" in why(one)
    assert "failed 3 times in a row" in why(three) and three.chance < 0.04


def test_a_run_in_which_most_cases_failed_makes_none_of_them_flaky():
    fine = [a_case(f"case {n}") for n in range(6)]
    broken = [a_case(f"case {n}", "fail") for n in range(6)]
    told = trends(a_run(*fine), [a_run(*fine), a_run(*broken), a_run(*fine)])
    assert {one.kind for one in told.cases} == {"steady"} and (told.runs, told.left_out) == (2, 1)


def slower(earlier, now, others=40, **fields):
    """Whether a case is slower, among others that vary as much."""

    def run(first, n):
        rest = [a_case(f"other {k}", first=[1.0 + 0.05 * ((k * 7 + n * 3) % 5)]) for k in range(others)]
        return a_run(a_case("torn", first=[first]), *rest, number=n)

    runs = [run(first, n) for n, first in enumerate([*earlier, now])]
    return trends(a_run(*runs[-1].cases, **fields), runs[:-1]).slower


def test_a_case_far_beyond_what_earlier_runs_let_expect_is_slower():
    (found,) = slower([1.0, 1.1, 0.9, 1.05, 1.0, 0.95], 3.0)
    assert found.now.name == "torn" and found.slower[0].runs == 6
    assert why(found).startswith(
        "slower: first response 3.0 s, 3.0 times the usual 1.0 s (up to 1.2 s expected from 6 runs"
    )


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        ([1.0, 1.1, 0.9], 3.0),  # too few runs
        ([1.0, 3.1, 0.9, 2.8, 1.2], 3.0),  # it was as slow before
        ([1.0] * 6, 1.15),  # sure, and too little to matter
        ([0.01] * 6, 0.04),  # four times nothing
    ],
)
def test_what_may_be_chance_or_does_not_matter_is_not_slower(earlier, now):
    assert not slower(earlier, now)


def test_times_of_another_clock_are_not_compared():
    assert not slower([1.0, 1.1, 0.9, 1.05, 1.0, 0.95], 3.0, clock="virtual")


def test_a_scenario_on_many_platforms_is_told_once():
    cases = [a_case("torn", "fail", case=f"torn [{name}]", platform=name) for name in ("telegram", "viber")]
    fine = [a_case("torn", case=one.case, platform=one.platform) for one in cases]
    told = trends(a_run(*cases, *OTHERS), [a_run(*fine, *OTHERS)] * 3)
    (group,) = grouped(told.of("broke"))
    assert title(group.cases) == "torn · Telegram, Viber (2 conversations)"
    assert sum("torn" in line for line in trend_lines(told)) == 1
