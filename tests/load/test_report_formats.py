"""The load report for CI: JUnit's XML and Markdown."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import msgspec
import pytest

from chatdrill_load.messages import Bad
from chatdrill_load.recovery import Recovery
from chatdrill_load.report import render_html, render_junit, render_markdown
from chatdrill_load.report import words as said
from chatdrill_load.result import GateLine, LoadResult
from chatdrill_load.saying import summary
from load.report_runs import figures, result, spoiled


@pytest.fixture(scope="module")
def run() -> LoadResult:
    return result(figures())


@pytest.fixture(scope="module")
def failed(run) -> LoadResult:
    bad = (
        Bad("order #1", "expected: silence", "out/trace-0.jsonl", (0, 9)),
        Bad("order #2", "order: a reply", "out/trace-0.jsonl", (9, 9)),
    )
    return msgspec.structs.replace(
        run, failed=2, failures={"expected": 1, "order": 1}, worst=bad, verdict="fail", gates=()
    )


def entries(run: LoadResult) -> dict[str, ET.Element]:
    return {case.get("name", ""): case for case in ET.fromstring(render_junit(run)).iter("testcase")}


def test_junit_has_an_entry_for_each_gate_and_one_for_the_conversations(run):
    assert list(entries(run)) == [*(gate.gate for gate in run.gates), "every conversation"]


@pytest.mark.parametrize(("verdict", "tag"), [("fail", "failure"), ("inconclusive", "skipped"), ("none", "skipped")])
def test_junit_says_of_a_gate_what_became_of_it(run, verdict, tag):
    gate = GateLine(gate="ack max < 1s", verdict=verdict, words="why")
    assert entries(msgspec.structs.replace(run, gates=(gate,)))["ack max < 1s"].find(tag).get("message") == "why"


def test_junit_has_an_entry_for_each_way_to_fail_with_its_conversations(failed):
    found = entries(failed)
    as_expected, in_order = found.values()
    assert next(iter(found)) == "the bot did not answer as expected (expected)"
    assert as_expected.find("failure").get("type") == "expected"
    assert "order #2: a reply" in in_order.find("failure").text and "order #1" not in in_order.find("failure").text


def test_what_a_conversation_failed_for_is_said_in_words(failed):
    why = "in 1 the bot did not answer as expected (expected); in 1 the bot answered in another order than it was asked (order)"
    assert said.reasons(failed)[0].words == f"2 of 1,200 conversations failed: {why}."
    assert "1 conversation failed: the bot did not answer as expected (expected)" in summary(failed)
    assert said.broken("HO-46") == "this did not hold: “The second and the third handover work like the first”"


def test_a_recovery_and_the_bot_stand_in_every_format(run):
    one = Recovery(
        figure="reply p95", begins_s=20, ends_s=30, after_s=15, watched_s=30, bar_s=0.5, bar="sla", interval_s=5
    )
    whole = msgspec.structs.replace(run, recoveries=(one,), bot="http://127.0.0.1:8080")
    words = "After the spike from 20s to 30s, reply p95 was within 500 ms again 15s later, measured by intervals of 5s."
    html, text = render_html(whole).decode(), summary(whole)
    assert words in text and words in html and words in render_markdown(whole).decode().replace("\\", "")
    assert all(whole.bot in drawn for drawn in (text, html, render_markdown(whole).decode()))


def test_failures_that_a_gate_allows_do_not_make_ci_red(failed):
    gate = GateLine(gate="errors < 1%", verdict="pass", words="errors were 0.2 %")
    root = ET.fromstring(render_junit(msgspec.structs.replace(failed, gates=(gate,))))
    assert (root.get("failures"), root.get("skipped")) == ("0", "2")


def test_a_partial_run_is_an_error_for_ci(run):
    root = ET.fromstring(render_junit(msgspec.structs.replace(run, partial="interrupted")))
    assert root.get("errors") == "1" and root.find(".//error").get("message") == "interrupted"


def test_junit_has_the_figures_as_properties(run):
    names = {one.get("name") for one in ET.fromstring(render_junit(run)).iter("property")}
    assert {"first_reply.p95_s", "count.answered", "plan", "seed"} <= names


def test_an_empty_run_is_skipped_not_passed():
    root = ET.fromstring(render_junit(LoadResult(verdict="inconclusive")))
    assert (root.get("tests"), root.get("skipped")) == ("1", "1")


def test_hostile_words_stay_words_in_every_format():
    ET.fromstring(render_junit(spoiled(), spoiled()))
    text = render_markdown(spoiled(), spoiled()).decode()
    fences = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    outside = re.sub(r"(`+).+?\1", "", re.sub(r"\\.", "", fences))
    assert set(re.findall("<[^>]*>", outside)) <= {
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<sub>",
        "</sub>",
    }
    assert "\u202e" not in text


def test_markdown_begins_with_the_verdict_and_why():
    head, _, lead, _, reason, *_ = render_markdown(result(figures(typical_s=0.3))).decode().split("\n")
    assert head == "## Load: 20/s: failed" and "1,200 conversations" in lead and reason.startswith("- ✗ first")


def test_markdown_shows_sums_and_no_steps(run):
    text = render_markdown(run).decode()
    assert "| First reply, all |" in text and "| First reply, Telegram |" not in text.replace("Where", "")
    assert "Where is my order" not in text


def test_markdown_says_at_the_top_that_a_run_is_not_whole(run):
    text = render_markdown(msgspec.structs.replace(run, partial="the master was lost")).decode()
    assert text.split("\n")[2] == "> **This run is not whole: the master was lost**"


@pytest.mark.parametrize(
    ("value_s", "words"),
    [
        (None, "–"),
        (0.0, "0 ms"),
        (0.00042, "0.42 ms"),
        (0.0923, "92.3 ms"),
        (0.9996, "1 s"),
        (1.59, "1.59 s"),
        (150, "2m 30s"),
    ],
)
def test_latencies_have_three_digits(value_s, words):
    assert said.took(value_s) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (0.00001, "< 0.01 %"), (0.0042, "0.42 %"), (0.37, "37 %"), (0.99999, "> 99.99 %"), (1.0, "100 %")],
)
def test_a_share_is_never_0_for_what_happened(share, words):
    assert said.percent(share) == words


@pytest.mark.parametrize(
    ("share", "words"), [(None, ""), (0.12, "+12 %"), (-0.035, "−3.5 %"), (3.2, "×4.2"), (0.0, "+0.0 %"), (200, "×201")]
)
def test_changes_are_said_as_percent_or_as_times(share, words):
    assert said.change(share) == words
