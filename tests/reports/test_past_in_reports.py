"""What came before, in every report."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest

from chatdrill.history import Past
from chatdrill_reports import html, jsonl, junit, markdown, terminal
from reports.past import a_case, a_past, a_run


@pytest.fixture(scope="module")
def told(run):
    return {**run, "past": a_past(run["judgement"], run["records"])}


def test_the_terminal_says_what_changed_and_why(told):
    text = " ".join(terminal.render(**told).decode().split())
    assert "Beside the run before (run 6, 2026-11-20 15:30 UTC), after 6 earlier runs of the suite" in text
    assert (
        "fails now: three-day return · WhatsApp · size 42, reason za małe: passed then, failed now (expectation" in text
    )
    assert re.search(
        r"\? order status · Telegram: flaky: passed 4 of 7 times \(25–84 % at 95 %\), changed \d times", text
    )


def test_markdown_has_the_same_lines(told):
    text = markdown.render(**told).decode()
    assert "### Beside the run before" in text
    assert any(line.startswith("- ✗ fails now: three") for line in text.splitlines())


def test_json_lines_have_the_comparison_and_the_trends(told):
    lines = [json.loads(line) for line in jsonl.render(**told).splitlines()]
    comparison = next(line for line in lines if line["kind"] == "comparison")
    assert comparison["baseline"] == "the run before" and len(comparison["turned"]) > 1
    trend = next(line for line in lines if line["kind"] == "trend" and line["trend"] == "flaky")
    assert trend["name"] == "order status" and trend["verdicts"].count("fail") == 3 and "25–84 %" in trend["why"]


def test_junit_has_the_trend_as_a_property_and_the_page_as_an_attachment(told, monkeypatch):
    for name in ("CI_PROJECT_DIR", "JENKINS_URL"):
        monkeypatch.delenv(name, raising=False)
    root = ET.fromstring(junit.render(**told, files={"html": "out/report.html"}))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    flaky = cases["order status · Telegram"]
    assert flaky.find("properties/property[@name='trend']").get("value").startswith("flaky: passed 4 of 7 times")
    assert "[[ATTACHMENT|" not in flaky.find("system-out").text
    failed = cases["three-day return · WhatsApp · size 42, reason za małe"]
    assert failed.find("system-out").text.endswith("\n[[ATTACHMENT|out/report.html]]\n")


@pytest.mark.parametrize(
    ("variable", "shown"), [("CI_PROJECT_DIR", "out/report.html"), ("JENKINS_URL", "{folder}/out/report.html")]
)
def test_attachments_are_named_as_the_ci_system_looks_for_them(run, tmp_path, monkeypatch, variable, shown):
    for name in ("CI_PROJECT_DIR", "JENKINS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    path = tmp_path / "out" / "report.html"
    document = junit.render(**run, files={"html": str(path)}).decode()
    assert f"[[ATTACHMENT|{shown.format(folder=tmp_path)}]]" in document


def test_the_page_draws_the_runs_the_verdicts_that_changed_and_why_a_case_is_flaky(told):
    page = html.render(**told).decode()
    section = page[page.index('<section id="past"') : page.index('<section id="suite"')]
    assert "The last 7 runs" in section and "this run" in section
    assert re.search(r'<a href="#c\d"[^>]*>three-day return</a>', section)
    assert "passed 4 of 7 times (25–84 % at 95 %)" in section and "(Wilson)" in section
    assert '<small class="warn">flaky</small>' in page[page.index('<tbody id="suite-rows"') :]


def test_a_first_run_says_nothing_of_a_past(run):
    now = a_past(run["judgement"], run["records"]).now
    alone = {**run, "past": Past(now=now)}
    assert b'id="past"' not in html.render(**alone) and terminal.render(**alone) == terminal.render(**run)


def test_hostile_names_in_the_past_stay_words(run, evil):
    gone = a_run(a_case(evil, case=evil), number=1)
    past = Past(now=a_past(run["judgement"], run["records"]).now, earlier=(gone,), baseline=gone, baseline_name=evil)
    assert evil.encode() not in html.render(**run, past=past)
