"""What reports say of cases that were played several times."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import msgspec
import pytest

from chatdrill.checks.repeats import attributed, repeats_of, verdict_of
from chatdrill.checks.results import CaseJudgement, CheckResult, Finding, Judgement
from chatdrill_reports import html, jsonl, junit, markdown, repeats, terminal

WORDS = {"p": "pass", "f": "fail", "e": "error", "i": "inconclusive"}


def case(name: str, number: int, letter: str) -> CaseJudgement:
    verdict = WORDS[letter]
    finding = Finding(check="expected", verdict=verdict, fault="bot", message=f"{name} {number} was wrong")
    findings = () if letter == "p" else (finding,)
    result = CheckResult(check="expected", verdict=verdict, findings=findings)
    return CaseJudgement(case=f"{name} [telegram] ~{number}", name=name, platform="telegram", verdict=verdict, seed=7,
                         results=(result,), replay=f"chatdrill run --case {name}~{number}", took_s=1.0)  # fmt: skip


def judged(groups: dict[str, str], again: dict[str, str] | None = None, **settings: float) -> Judgement:
    found = tuple(case(name, n, letter) for name, letters in groups.items() for n, letter in enumerate(letters, 1))
    together = repeats_of(found, {"repeat": 2, **settings})
    judgement = Judgement(verdict=verdict_of(together, found), cases=found, repeats=together)
    times = [(name, letter) for name, letters in (again or {}).items() for letter in letters]
    others = [msgspec.structs.replace(case("x", 1, letter), case=name) for name, letter in times]
    return attributed(judgement, [Judgement(verdict="none", cases=(one,)) for one in others])


LETTERS = {"good": "pppp", "never": "ffff", "moody": "pfpf"}
AGAIN = {"moody [telegram] ~2": "ff", "moody [telegram] ~4": "fp"}


@pytest.fixture(scope="module")
def judgement() -> Judgement:
    return judged(LETTERS, AGAIN)


def test_the_flaky_come_first_then_what_fails_then_what_passes(judgement):
    assert [row.name for row in repeats.rows(judgement)] == ["moody", "never", "good"]


@pytest.mark.parametrize("share", ["moody", "good"])
def test_the_bar_shows_the_interval_with_the_rate_in_it(judgement, share):
    (bar,) = [row.bar for row in repeats.rows(judgement) if row.name == share]
    assert re.fullmatch(r"\[\.*-*o-*\.*\]", bar) and len(bar) == 22


def test_what_is_nearly_everything_is_not_called_everything():
    assert [repeats.percent(share) for share in (0, 0.0001, 2 / 3, 0.95, 0.9999, 1)] == ["0 %", "0.1 %", "66.7 %", "95 %", "99.9 %", "100 %"]  # fmt: skip


@pytest.mark.parametrize("reporter", [terminal, markdown, html])
def test_people_read_how_often_how_sure_and_why(judgement, reporter):
    text = reporter.render(records=[], judgement=judgement).decode()
    for words in ("2 of 4", "50 %", "15–85 %", "flaky", "fails with this seed every time (failed 2 of 2 further times)",
                  "same seed, different outcome", "~2", "~4", "run --case moody~2"):  # fmt: skip
        assert words in text.replace("\\~", "~").replace("\n           ", " ")
    assert re.search(r"pass\\?\^2 38\.9 %", text)


def test_a_screen_tells_one_repeat_of_each_case_in_full_and_counts_the_rest(judgement):
    text = terminal.render(records=[], judgement=judgement).decode()
    assert "moody 2 was wrong" in text and "moody 4 was wrong" not in text
    assert "4 further repeats with findings: in the HTML report and the trace." in text
    assert "repeat 2" in text


def test_the_page_shows_every_repeat_and_links_to_those_that_failed(judgement):
    text = html.render(records=[], judgement=judgement).decode()
    assert "moody 4 was wrong" in text and re.search(r'<li><a href="#c\d+">~4</a>', text)


def entries(judgement: Judgement) -> dict[str, ET.Element]:
    root = ET.fromstring(junit.render(records=[], judgement=judgement))
    assert root.get("tests") == str(len(judgement.repeats))
    return {element.get("name").partition(" ")[0]: element for element in root.iter("testcase")}


def tags(element: ET.Element) -> list[str]:
    return [child.tag for child in element if child.tag not in ("properties", "system-out")]


def test_junit_has_one_testcase_for_all_repeats_with_their_figures(judgement):
    properties = {one.get("name"): one.get("value") for one in entries(judgement)["moody"].iter("property")}
    expected = {
        "tries": "4",
        "passes": "2",
        "pass_rate": "50 %",
        "interval_95": "15–85 %",
        "flaky": "yes",
        "pass^1": "0.5",
    }
    assert expected.items() <= properties.items()
    assert properties["failed.~2"].startswith("fails with this seed every time")


def test_junit_fails_with_the_first_and_calls_the_others_reruns(judgement):
    found = {name: tags(element) for name, element in entries(judgement).items()}
    assert found == {"good": [], "never": ["failure", *["rerunFailure"] * 3], "moody": ["failure", "rerunFailure"]}


def test_junit_calls_flaky_what_failed_and_is_forgiven():
    element = entries(judged({"moody": "pfpe"}, min_pass=0.5))["moody"]
    assert tags(element) == ["flakyFailure", "flakyError"]
    assert "moody 2 was wrong" in element.findtext("flakyFailure/stackTrace")


@pytest.mark.parametrize("letters", ["ppi", "ppp"])
def test_junit_skips_what_is_undecided(letters):
    assert tags(entries(judged({"moody": letters}, min_pass_sure=0.9))["moody"]) == ["skipped"]


def test_programs_read_the_figures_of_each_case_and_of_all(judgement):
    lines = [json.loads(line) for line in jsonl.render(records=[], judgement=judgement).splitlines()]
    found = {line["name"]: line for line in lines if line["kind"] == "repeats"}
    assert found["moody"]["failed"][1]["cause"] == "chance" and found["good"]["pass_k"] == [1.0] * 4
    assert lines[-1]["pass_k"][0] == 0.5 and len([line for line in lines if line["kind"] == "case"]) == 12
