"""A gate says what must hold, and its verdict what was seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.errors import UsageError
from chatdrill_load.arrivals import read_arrivals
from chatdrill_load.figures import KINDS, Figures, Meter
from chatdrill_load.gates import EXAMPLES, RATES, read_gate
from deep import tries

BRIEF = settings(max_examples=tries(20, 40), deadline=None)
PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "load-arrivals.md").read_text("utf-8")
tooks = st.lists(st.integers(1, 2000).map(lambda count: count / 200), min_size=1, max_size=300)
bars = st.integers(1, 2000).map(lambda count: (count + 0.5) / 200)  # between the latencies, where cells leave no doubt


def figures(*groups: tuple[str, list[float]], name: str = "asks", kind: str = "first_reply", **counts) -> Figures:
    meter, found = Meter(), Figures()
    for platform, values in groups:
        for number, took_s in enumerate(values):
            meter.latency(platform, name, kind)(number * 1.0, took_s)
    for what, count in counts.items():
        meter.counter("telegram", what)(0.0, count)
    found.merge(meter.snapshot())
    return found


def telegram(values: list[float], **options) -> Figures:
    return figures(("telegram", values), **options)


def slow(share: float, count: int = 1000) -> list[float]:
    """So many latencies of 6.2 s among those of 1 s."""
    return [6.2] * round(share * count) + [1.0] * (count - round(share * count))


# -------------------------------------------------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    ("gate", "verdict"),
    [
        ("first_reply p95 < 5s", "fail"),
        ("first_reply p90 < 5s", "pass"),
        ("first_reply max < 6.2s", "fail"),
        ("first_reply max <= 6.2s", "pass"),
        ("first_reply mean < 1.4s", "fail"),
        ("first_reply mean < 1.5s", "pass"),
        ("first_reply < 5s for 91%", "pass"),
        ("first_reply < 5s for 92%", "pass"),
        ("first_reply < 5s for 92.1%", "fail"),
        ("first_reply <= 7s for 100%", "pass"),
        ("first_reply p95 < 5s on whatsapp", "none"),
        ("first_reply p95 < 5s of pays", "none"),
        ("ack p95 < 5s", "none"),
        ("errors < 1%", "none"),
    ],
)
def test_a_gate_is_kept_or_broken(gate, verdict):
    assert read_gate(gate).judge(telegram(slow(0.08))).verdict == verdict


@BRIEF
@given(tooks, bars, st.sampled_from([50, 90, 95]))
def test_a_percentile_and_its_error_budget_are_one_gate_in_two_words(values, bar, percent):
    found = telegram(values)
    by_percentile = read_gate(f"first_reply p{percent} < {bar}s").judge(found)
    by_share = read_gate(f"first_reply < {bar}s for {percent}%").judge(found)
    assert by_percentile.verdict == by_share.verdict
    assert by_percentile.budget_spent == by_share.budget_spent


@BRIEF
@given(tooks, bars, st.sampled_from(["p50", "p90", "max", "mean"]))
def test_a_gate_that_passes_has_held(values, bar, figure):
    result = read_gate(f"first_reply {figure} < {bar}s").judge(telegram(values))
    ranked = sorted(values)
    truth = {
        "max": ranked[-1],
        "mean": sum(values) / len(values),
        "p50": ranked[-(-len(values) * 50 // 100) - 1],
        "p90": ranked[-(-len(values) * 90 // 100) - 1],
    }[figure]
    assert result.verdict == "inconclusive" or (result.verdict == "pass") == (truth < bar)


@BRIEF
@given(tooks, bars, st.sampled_from(["for 90%", "for 99%"]))
def test_a_budget_is_overspent_exactly_where_the_gate_fails(values, bar, share):
    result = read_gate(f"first_reply < {bar}s {share}").judge(telegram(values))
    assert result.verdict == "inconclusive" or (result.verdict == "fail") == (result.budget_spent > 1 + 1e-9)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([1.0] * 10, "inconclusive"),  # who knows what the hundredth would take
        ([1.0] * 99, "inconclusive"),
        ([1.0] * 100, "pass"),
        ([1.0] * 98 + [9.0], "inconclusive"),  # one of 99 may be slow by chance
        ([1.0] * 9 + [9.0], "inconclusive"),  # 9.6 %
        ([1.0] * 8 + [9.0] * 2, "fail"),  # 0.4 %
        ([9.0], "fail"),  # 1 %
    ],
)
def test_too_few_samples_tell_nothing_unless_it_cannot_be_chance(values, verdict):
    assert read_gate("first_reply p99 < 5s").judge(telegram(values)).verdict == verdict


@pytest.mark.parametrize("bar", ["830ms", "5.1s", "1.1s", "32768.960938s", "4.35s", "0.3m"])
def test_the_bound_itself_keeps_a_gate_with_or_equal_only(bar):
    exactly = read_gate(f"first_reply max < {bar}").bar
    for form in ("max <= {}", "<= {} for 100%"):
        assert read_gate(f"first_reply {form.format(bar)}").judge(telegram([exactly])).verdict == "pass"
    assert read_gate(f"first_reply max < {bar}").judge(telegram([exactly])).verdict == "fail"


def test_a_maximum_needs_no_number_of_samples():
    assert read_gate("first_reply max < 5s").judge(telegram([1.0])).verdict == "pass"
    assert read_gate("first_reply < 5s for 100%").judge(telegram([1.0])).verdict == "pass"


@pytest.mark.parametrize(
    ("gate", "verdict", "spent"),
    [
        ("errors < 2%", "pass", 0.5),
        ("errors < 1%", "fail", 1.0),
        ("errors <= 1%", "pass", 1.0),
        ("errors <= 0%", "fail", None),
        ("abandoned < 2%", "fail", 2.0),
        ("unanswered < 10%", "fail", 2.0),
        ("errors < 1% on whatsapp", "none", None),
    ],
)
def test_shares_are_judged_like_times(gate, verdict, spent):
    found = figures(arrivals=1000, failed=10, abandoned=40, answered=80, unanswered=20)
    result = read_gate(gate).judge(found)
    assert (result.verdict, result.budget_spent) == (verdict, pytest.approx(spent) if spent else spent)


def test_a_gate_on_one_platform_or_step_looks_at_no_other():
    found = figures(("telegram", [1.0] * 100), ("whatsapp", [9.0] * 100))
    assert read_gate("first_reply p95 < 5s on telegram").judge(found).verdict == "pass"
    assert read_gate("first_reply p95 < 5s on whatsapp").judge(found).verdict == "fail"
    assert read_gate("first_reply p95 < 5s").judge(found).samples == 200
    assert read_gate('first_reply p95 < 5s of "asks"').judge(found).samples == 200


# ----------------------------------------------------------------------------------------------------- over time


@BRIEF
@given(tooks, bars, st.sampled_from(["p90 < {}s", "< {}s for 99%"]))
def test_the_budget_spent_over_time_ends_at_the_verdicts(values, bar, form):
    gate, found = read_gate("first_reply " + form.format(bar)), telegram(values)
    spent = gate.spent(found.windows())
    assert [share for _, share in spent] == sorted(share for _, share in spent)
    assert spent[-1][1] == pytest.approx(gate.judge(found).budget_spent)
    assert spent[-1][0] >= len(values) - 1


def test_the_budget_is_spent_when_it_was_spent():
    found = telegram([1.0] * 5 + [9.0] + [1.0] * 14)  # one window is five seconds
    assert read_gate("first_reply < 5s for 90%").spent(found.windows()) == [(5, 0), (10, 0.5), (15, 0.5), (20, 0.5)]


def test_the_budget_of_a_share_is_spent_by_what_was_counted():
    meter, found = Meter(), Figures()
    for t, failed in ((0.0, 0), (5.0, 1), (10.0, 1)):
        meter.counter("telegram", "arrivals")(t, 50)
        meter.counter("telegram", "failed", "timeout")(t, failed)
    found.merge(meter.snapshot())
    assert read_gate("errors < 2%").spent(found.windows()) == [
        (5, 0),
        (10, pytest.approx(1 / 3)),
        (15, pytest.approx(2 / 3)),
    ]


@pytest.mark.parametrize("gate", ["first_reply max < 1s", "first_reply mean < 1s", "ack p95 < 1s", "errors < 1%"])
def test_without_a_budget_or_samples_nothing_is_spent(gate):
    assert read_gate(gate).spent(telegram([1.0]).windows()) == []


def test_a_window_is_judged_like_a_run():
    found = telegram([1.0] * 5 + [9.0] * 5)
    gate = read_gate("first_reply max < 5s")
    assert [gate.judge(window).verdict for window in found.windows()] == ["pass", "fail"]


# --------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("gate", "values", "words"),
    [
        ("first_reply p95 < 5s", slow(0.08, 12_403), "first_reply p95 was 6.2 s of 12,403 samples, more than 5 s"),
        (
            "first_reply < 5s for 99%",
            slow(0.018, 12_403),
            (
                "98.2 % of 12,403 samples of first_reply came in less than 5 s, fewer than 99 %; "
                "the error budget was spent 1.8 times"
            ),
        ),
        (
            "first_reply p99 < 5s",
            [1.2] * 10,
            "first_reply p99 was 1.2 s of 10 samples, less than 5 s; too few samples for p99, which takes 100",
        ),
        ("first_reply max < 1s", [1.0], "first_reply max was 1 s of 1 sample, not less than 1 s"),
        ("first_reply max < 1s", [1.0004], "first_reply max was 1.0004 s of 1 sample, more than 1 s"),
        ("first_reply max <= 250ms", [0.2], "first_reply max was 200 ms of 1 sample, not more than 250 ms"),
        ("first_reply max < 1h", [3700.0], "first_reply max was 1h 2m of 1 sample, more than 1h"),
        ("first_reply max < 2m", [120.4], "first_reply max was 120 s of 1 sample, more than 2m"),
        ("first_reply max < 150.5s", [1.0], "first_reply max was 1 s of 1 sample, less than 150.5 s"),
        (
            'first_reply mean < 3s on telegram of "asks"',
            [1, 2],
            "first_reply mean on telegram of 'asks' was 1.5 s of 2 samples, less than 3 s",
        ),
        (
            "first_reply p95 < 5s on telegrm",
            [1.0],
            "there was no first_reply on telegrm: nothing was measured for 'telegrm'; did you mean 'telegram'?",
        ),
        ("errors < 1%", [], "there were no conversations, so no share of them either"),
        ("ack max < 1s", [], "there was no ack, so nothing can be said about it"),
    ],
)
def test_a_verdict_is_a_sentence(gate, values, words):
    assert read_gate(gate).judge(telegram(values)).words == words


def test_a_share_is_said_with_as_many_digits_as_it_takes():
    nearly = figures(arrivals=100_000, failed=1_001)
    assert read_gate("errors < 1%").judge(nearly).words == "errors were 1.001 % of 100,000 conversations, more than 1 %"


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_a_gate(text):
    gate = read_gate(text)
    assert gate.text == text
    assert gate.measure in KINDS or gate.measure in RATES


def test_a_step_may_be_called_anything():
    gate = read_gate("""reply p99<=2 s of "waits on hold for 5%" on telegram""")
    assert (gate.name, gate.platform, gate.bar, gate.or_equal) == ("waits on hold for 5%", "telegram", 2, True)
    assert read_gate("reply p99 ≤ 1m 30s of 'asks'").bar == 90


@pytest.mark.parametrize(
    ("gate", "answer"),
    [
        ("hello", "write it like first_reply p95 < 5s"),
        ("first_repl p95 < 5s", "did you mean 'first_reply'"),
        ("eror < 5%", "did you mean 'errors'"),
        ("first_reply p95 > 5s", "write < or <= instead of >"),
        ("first_reply p95 < 5", "write 5s or 5ms"),
        ("first_reply p95 < 5 parsecs", "not a duration"),
        ("first_reply p100 < 5s", "write max"),
        ("first_reply p0 < 5s", "no figure is called 'p0'"),
        ("first_reply men < 5s", "did you mean 'mean'"),
        ("first_reply < 5s", "first_reply < 5s for 99%"),
        ("first_reply < 5s for 0%", "0% is no share"),
        ("first_reply < 5s for 101%", "101% is no share"),
        ("first_reply p95 < 5s for 99%", "p95 already says of how many"),
        ("first_reply max < 0s", "nothing is less than 0"),
        ("errors < 5s", "errors are a share"),
        ("errors < 101%", "from 0% to 100%"),
        ("errors < 0%", "nothing is less than 0"),
        ("errors p95 < 1%", "take no figure"),
        ("errors < 1% for 99%", "take no 'for'"),
        ("errors < 1% of asks", "take no step"),
    ],
)
def test_what_is_no_gate_is_answered_with_the_nearest(gate, answer):
    with pytest.raises(UsageError) as caught:
        read_gate(gate)
    assert answer in str(caught.value)


# ------------------------------------------------------------------------------------------------------ the page


def table(head: str) -> list[str]:
    """What stands in the first column of the table with this head."""
    rows = re.search(rf"^\| {head} \|.*\n\|.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert rows is not None
    return re.findall(r"^\| `(.+?)` \|", rows[1], re.MULTILINE)


def test_the_plans_of_the_page_are_plans(tmp_path):
    (tmp_path / "arrivals.txt").write_text("0\n5\n")
    (tmp_path / "last friday.csv").write_text("id,created\n1,0\n2,5\n")
    plans = [read_arrivals(text, base=tmp_path) for text in table("plan")]
    assert len(plans) == 10
    assert all(plan.count_until(7200) > 0 for plan in plans)


def test_the_gates_of_the_page_are_gates():
    assert sorted(map(str, table("gate"))) == sorted(EXAMPLES)
    assert all(read_gate(text) for text in table("gate"))


def test_the_page_names_every_measure():
    assert {row: KINDS[row] for row in table("latency")} == KINDS
    assert [text for text in KINDS.values() if f"| {text} |" not in PAGE] == []
    assert table("share") == list(RATES)


def test_the_verdicts_of_the_page_come_out():
    shares = figures(arrivals=1000, failed=17)
    said = [
        read_gate("first_reply p95 < 5s").judge(telegram(slow(0.08, 12_403))).words,
        read_gate("first_reply < 5s for 99%").judge(telegram(slow(0.018, 12_403))).words,
        read_gate("errors < 1%").judge(shares).words,
        read_gate("first_reply p99 < 5s").judge(telegram([1.2] * 10)).words,
    ]
    assert "```text\n" + "\n".join(said) + "\n```" in PAGE


def test_the_mistakes_of_the_page_are_answered_as_it_says():
    mistakes = [
        "first_repl p95 < 5s",
        "first_reply p95 < 5",
        "first_reply < 5s",
        "poison 5/s",
        "50",
        "ramp 1/s to 2/s over 1s",
    ]
    said = []
    for number, text in enumerate(mistakes):
        with pytest.raises(UsageError) as caught:
            (read_gate if number < 3 else read_arrivals)(text)
        said.append(str(caught.value))
    assert "```text\n" + "\n".join(said) + "\n```" in PAGE
