"""Workflow commands of GitHub Actions."""

from __future__ import annotations

import re

import msgspec

from chatdrill.checks.results import CheckResult, Finding, Judgement
from chatdrill_reports import github
from reports.past import a_past
from reports.stories import make_run, return_with_photo

LINE = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:\n]*,?)*)::(.*)")


def commands(**run) -> list[tuple[str, dict[str, str], str]]:
    found = [LINE.fullmatch(line) for line in github.render(**run).decode().splitlines()]
    return [(one[1], dict(pair.split("=", 1) for pair in one[2].split(",")), one[3]) for one in found]


def test_a_finding_is_an_annotation_on_its_scenario(run, monkeypatch):
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    level, where, text = next(one for one in commands(**run) if "etykieta" in one[2])
    assert level == "error" and where["file"] == "drills/shop.drill.yaml" and where["line"] == "12"
    assert where["title"] == "three-day return · WhatsApp · size 42%2C reason za małe"
    assert "%0Athe fault of the bot" in text and "%0APlay it again with: chatdrill run" in text


def test_files_are_named_as_the_repository_has_them(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path.parent))
    files = {where.get("file") for _, where, _ in commands(**run)} - {None}
    assert files == {f"{tmp_path.name}/drills/shop.drill.yaml"}


def test_no_word_can_begin_a_command_of_its_own(telegram):
    finding = Finding(check="x", verdict="fail", fault="bot", message="a\n::error::b, 100%: c\r\n::stop-commands::x")
    case = msgspec.structs.replace(telegram.judged(finding), name="n,m:\n::x", file="a,b:c.yaml")
    judgement = Judgement(verdict="fail", cases=(case,))
    ((level, where, text),) = commands(records=telegram.scribe.records, judgement=judgement)
    assert level == "error" and where["file"] == "a%2Cb%3Ac.yaml" and "%0A::error::b, 100%25: c%0A" in text


def test_no_more_are_written_than_a_step_shows():
    run = make_run([return_with_photo] * 20)
    found = commands(**run)
    assert len([one for one in found if one[0] == "error"]) == 10
    assert re.search(r"\d+ more findings of this kind are in the summary", found[-1][2])


def test_what_cannot_be_decided_is_a_warning(telegram):
    finding = Finding(check="x", verdict="inconclusive", fault="harness", message="nobody knows")
    result = CheckResult(check="x", verdict="inconclusive", findings=(finding,))
    judgement = Judgement(verdict="inconclusive", cases=(), results=(result,))
    ((level, where, _),) = commands(records=[], judgement=judgement)
    assert level == "warning" and where == {"title": "The run as a whole"}


def test_what_is_other_than_before_is_a_notice(run):
    past = a_past(run["judgement"], run["records"])
    (notice,) = [text for level, _, text in commands(**run, past=past) if level == "notice"]
    assert "fails now: three-day return" in notice and "flaky: passed 4 of 7 times" in notice
