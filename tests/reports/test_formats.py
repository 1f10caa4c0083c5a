"""What each text format holds, for the people and programs that read it."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest

from chatdrill.checks.results import CaseJudgement, CheckResult, Finding, Judgement
from chatdrill_reports import html, jsonl, junit, markdown, terminal
from chatdrill_reports.words import summary

REPORTERS = {"terminal": terminal, "junit": junit, "jsonl": jsonl, "markdown": markdown, "html": html}


@pytest.fixture(scope="module")
def screen(run) -> str:
    return terminal.render(**run).decode()


@pytest.fixture(scope="module")
def suites(run) -> ET.Element:
    return ET.fromstring(junit.render(**run))


@pytest.fixture(scope="module")
def text(run) -> str:
    return markdown.render(**run).decode()


@pytest.mark.parametrize("name", REPORTERS)
def test_an_empty_run_is_a_report_too(name):
    judgement = Judgement(verdict="none", cases=())
    assert REPORTERS[name].render(records=[], judgement=judgement)


@pytest.mark.parametrize("name", REPORTERS)
def test_a_case_that_the_trace_does_not_hold_is_a_report_too(name):
    finding = Finding(check="bot.alive", verdict="error", fault="infrastructure", message="gone", cites=(7,), step=3)
    result = CheckResult(check="bot.alive", verdict="error", findings=(finding,))
    case = CaseJudgement(case="x", name="x", platform="sms", verdict="error", seed=1, results=(result,))
    lost = Judgement(verdict="error", cases=(case,))
    assert b"gone" in REPORTERS[name].render(records=[], judgement=lost)


@pytest.mark.parametrize("name", REPORTERS)
def test_the_same_run_gives_the_same_bytes(name, run):
    assert REPORTERS[name].render(**run) == REPORTERS[name].render(**run)


# ------------------------------------------------------------------------------------------------------ terminal


def test_every_case_has_a_line_with_mark_name_platform_count_and_time(screen):
    assert re.search(r"✓ order status +Telegram +4 messages +\d\.\d s", screen)
    assert re.search(r"✗ three-day return +WhatsApp +7 messages +\d\.\d s  size 42", screen)


def test_a_failure_shows_finding_chat_wire_seed_and_the_command(screen):
    block = screen.split("✗ three-day return · WhatsApp")[1].split("? shop window")[0]
    for said in (
        "2. Step 3 wanted a message that contains “etykieta”",
        "nearest  “Zwrot 88120 czeka na Ciebie.”",
        "─── 2 days later",
        "✗ failed 131026",
        "3rd attempt",
        "Seed 4711. Play it again with:\n    chatdrill run drills/shop.drill.yaml",
    ):
        assert said in block


def test_passed_conversations_are_not_told_in_full(screen):
    assert "الفاتورة" not in screen


def test_percentiles_stand_beside_their_sample_size(screen):
    assert re.search(r"WhatsApp +8 +3\.1 s +8\.4 s +8\.4 s +8\.4 s +8\.4 s", screen)


def test_the_last_words_are_the_verdict_and_how_to_repeat_it(screen):
    *_, outcome, again = screen.strip().split("\n")
    assert outcome == "! BROKE: 1 of 5 conversations broke, 1 failed, 1 undecided, 2 passed. 7 findings."
    assert again == "Run it all again: chatdrill run drills/ --seed 4711"


def test_a_broken_bots_last_words_are_shown(screen):
    assert "What the bot printed last\n  Segmentation fault (core dumped) </pre><b>x" in screen


def test_colour_and_unicode_are_asked_for(run, screen):
    assert "\x1b" not in screen
    assert "\x1b[31m" in terminal.render(**run, color=True).decode()
    assert terminal.render(**run, unicode=False).isascii()


def test_one_case_can_be_explained_alone(run):
    case = run["judgement"].cases[1]
    alone = Judgement(verdict=case.verdict, cases=(case,))
    text = terminal.failures(records=run["records"], judgement=alone).decode()
    assert text.startswith("✗ three-day return · WhatsApp") and "1. Step 3 wanted" in text and "On the wire" in text


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ([], "There was no conversation to judge."),
        (["pass"], "1 conversation passed."),
        (["pass", "pass"], "All 2 conversations passed."),
        (["pass", "fail"], "1 of 2 conversations failed, 1 passed."),
        (["none", "error", "error"], "2 of 3 conversations broke, 1 not checked."),
    ],
)
def test_the_outcome_is_one_sentence(verdicts, sentence):
    cases = tuple(CaseJudgement(case="c", name="c", platform="p", verdict=verdict, seed=1) for verdict in verdicts)
    assert summary(Judgement(verdict="none", cases=cases)) == sentence


# --------------------------------------------------------------------------------------------------------- junit


def test_the_counts_of_junit_add_up(suites):
    counts = {key: int(suites.get(key)) for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": 6, "failures": 2, "errors": 1, "skipped": 1}
    for key, total in counts.items():
        assert sum(int(suite.get(key)) for suite in suites) == total


def test_a_testcase_names_file_case_time_seed_and_platform(suites):
    case = suites.find(".//testcase[@name='three-day return · WhatsApp · size 42, reason za małe']")
    assert case.get("classname") == "drills/shop.drill.yaml" and float(case.get("time")) > 0
    properties = {one.get("name"): one.get("value") for one in case.iter("property")}
    assert properties["seed"] == "4711" and properties["platform"] == "whatsapp" and properties["size"] == "42"


def test_a_failed_testcase_holds_all_findings_and_the_transcript(suites):
    failure = suites.find(".//failure[@type='expectation']")
    assert "etykieta" in failure.get("message") and "12.5 s" in failure.text and "nearest: " in failure.text
    out = suites.find(".//testcase[@name='order status · Telegram']/system-out").text
    assert "Здравствуйте 👋" in out and "sendMessage" in out


def test_undecided_is_skipped_and_broken_is_an_error(suites):
    assert suites.find(".//skipped").get("type") == "replies.unanswered"
    assert suites.find(".//error").get("message") == "The bot went away in the middle of it."


def test_junit_holds_no_control_character(run):
    xml = junit.render(**run).decode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", xml)


# --------------------------------------------------------------------------------------------------------- jsonl


def test_every_line_is_an_object_and_the_last_one_is_the_run(run):
    lines = [json.loads(line) for line in jsonl.render(**run).splitlines()]
    kinds = [line["kind"] for line in lines]
    assert kinds.count("case") == 5 and kinds.count("suite_check") == 1 and kinds[-1] == "run"
    assert lines[-1]["verdict"] == "error" and lines[-1]["counts"]["pass"] == 2 and lines[-1]["seed"] == 4711
    failed = lines[1]
    assert (
        failed["verdict"] == "fail" and len(failed["findings"]) == 3 and failed["checks"]["sla.next_response"] == "fail"
    )
    assert {"name": "first_response", "seconds": 1.9} in failed["latencies"]


# ------------------------------------------------------------------------------------------------------ markdown


def test_a_fence_is_longer_than_any_backticks_within(scribe, telegram):
    said = telegram.says("```\n````\n<b>out</b>")
    finding = Finding(check="x", verdict="fail", fault="bot", message="no", cites=(said,))
    judgement = Judgement(verdict="fail", cases=(telegram.judged(finding),))
    lines = markdown.render(records=scribe.records, judgement=judgement).decode().split("\n")
    opened = lines.index("`````text")
    assert "<b>out</b>" in "".join(lines[opened : lines.index("`````")])


def test_customers_draw_no_table_tag_or_mention(scribe, telegram):
    telegram.says("hi")
    evil = Finding(check="x", verdict="fail", fault="bot", message="a | b <b>c</b> @admin [x](http://y) `z`")
    judgement = Judgement(verdict="fail", cases=(telegram.judged(evil),))
    text = markdown.render(records=scribe.records, judgement=judgement).decode()
    assert r"a \| b \<b\>c\</b\> @⁠admin \[x\](http\://y) \`z\`" in text


def test_the_summary_has_tables_and_folded_transcripts(text):
    assert "| ✗ | three-day return | WhatsApp | size 42, reason za małe | 7 |" in text
    assert text.count("<details>") == text.count("</details>") == 6


def test_the_summary_stays_below_what_ci_systems_accept(many_conversations):
    text = markdown.render(**many_conversations)
    assert len(text) < 1_000_000 and "more conversations with findings are in the HTML report" in text.decode()
