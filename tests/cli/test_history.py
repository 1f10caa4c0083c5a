"""What a run leaves behind for the next: the history, the comparison, and what a CI system is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatdrill.cli import FAIL, PASS, USAGE, main
from chatdrill.history import History

DRILL = """\
name: Two words
platforms: [telegram]
steps:
  - says: My shoes are torn. Order 553.
  - hears: {contains: photo, within: 5s}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder after three runs: the second failed."""
    home = tmp_path_factory.mktemp("history")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        (home / "two.drill.yaml").write_text(DRILL)
        late = ("--set", "sla.first_response=1ms")
        assert [run(home, *more) for more in ((), late, ())] == [PASS, FAIL, PASS]
    return home


def run(home: Path, *more: str) -> int:
    words = [
        "run",
        str(home / "two.drill.yaml"),
        "--app",
        "chatdrill_scenarios.shoebot:app",
        "--clock",
        "virtual",
        "--seed",
        "7",
    ]
    return main([*words, "--port", "0", "--out", str(home / "out"), *more])


def test_every_run_is_kept_and_the_next_is_set_beside_it(folder):
    runs = History(folder / "out" / "history.db").lines()
    assert [(one.number, one.verdict, one.passed, one.cases) for one in runs] == [
        (3, "pass", 1, 1),
        (2, "fail", 0, 1),
        (1, "pass", 1, 1),
    ]
    assert "mended: Two words" in (folder / "out" / "summary.md").read_text()


def test_history_lists_the_runs_and_says_what_is_flaky(folder, capsys):
    assert main(["history", str(folder / "out")]) == PASS
    text = capsys.readouterr().out
    assert text.count("1 of 1") == 2 and "✓✗✓  Two words · Telegram" in text and "flaky: passed 2 of 3 times" in text
    assert main(["history", str(folder / "out"), "--json"]) == PASS
    told = json.loads(capsys.readouterr().out)
    assert len(told["runs"]) == 3 and told["flaky"][0][0]["name"] == "Two words"


def test_a_report_made_again_knows_what_came_before(folder, capsys):
    trace = str(folder / "out" / "trace.jsonl")
    words = ["report", trace, "--format", "terminal", "--history", str(folder / "out")]
    assert main(words) == PASS and "Beside the run before (run 2" in capsys.readouterr().out
    assert main([*words, "--baseline", "1"]) == PASS and "Beside run 1 (" in capsys.readouterr().out
    assert main(["report", trace, "--format", "terminal", "--baseline", trace]) == PASS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--baseline", "nowhere"], "there is no baseline nowhere"),
        (["--baseline", "99"], "has no run 99"),
        (["--history", "none", "--baseline", "1"], "a run of a history, and there is none"),
        (["--history", "two.drill.yaml"], "cannot be used as a history"),
    ],
)
def test_a_baseline_or_history_that_cannot_be_is_refused_before_the_run(folder, capsys, monkeypatch, words, said):
    monkeypatch.chdir(folder)
    assert run(folder, *words) == USAGE and said in capsys.readouterr().err


def test_at_github_a_run_annotates_and_writes_the_summary_of_the_job(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))
    (tmp_path / "step.md").write_text("before\n")
    late = ("--set", "sla.first_response=1ms", "--history", "none", "--report", "allure", "--out", str(tmp_path / "o"))
    assert run(folder, *late) == FAIL
    assert "::error file=" in capsys.readouterr().err
    assert (tmp_path / "step.md").read_text().startswith("before\n## chatdrill run: failed")
    assert (
        list((tmp_path / "o" / "allure-results").glob("*-result.json")) and not (tmp_path / "o" / "history.db").exists()
    )
    assert run(folder, *late, "--ci", "none") == FAIL and "::error" not in capsys.readouterr().err
