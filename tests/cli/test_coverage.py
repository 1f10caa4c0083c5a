"""``chatdrill coverage`` and ``--coverage``: figures, suggestions, exit codes, and the commands of its page."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from chatdrill.cli import main
from chatdrill.engine.loader import load_scenarios
from chatdrill.engine.writer import write_scenario
from chatdrill.run.selection import samples

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "coverage.md").read_text("utf-8")
ECHO = "name: Echo\nsteps: [{says: Hello there}, {hears: Hello there}, {sends: shoe-torn.jpg}]\n"
BOT = ["--app", "cli.echo_app:app", "--platforms", "telegram,whatsapp", "--port", "0", "--clock", "virtual"]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario and the run of it."""
    folder = tmp_path_factory.mktemp("suite")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (folder / "drills").mkdir()
        (folder / "drills" / "echo.drill.yaml").write_text(ECHO, "utf-8")
        main(["run", "drills", *BOT, "--coverage"])
        (folder / "nightly").mkdir()
        shutil.copy("chatdrill-out/trace.jsonl", "nightly/trace.jsonl")
    return folder


@pytest.fixture
def coverage(chatdrill, suite, monkeypatch):
    """``coverage("--json")`` in the folder of the suite."""
    monkeypatch.chdir(suite)
    return lambda *words: chatdrill("coverage", *words)


COMMANDS = [shlex.split(line)[2:] for line in re.findall(r"^chatdrill coverage.*$", PAGE, re.MULTILINE)]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_commands_of_the_page_work(coverage, words):
    ended = coverage(*words)
    assert (ended.code, bool(ended.out)) == (1 if "--fail-under" in words else 0, True), ended.err


def test_the_example_of_the_page_is_a_scenario(tmp_path):
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "one.drill.yaml").write_text(block, "utf-8")
    (scenario,) = load_scenarios(tmp_path / "one.drill.yaml", samples=samples())
    assert block in write_scenario(scenario)


def test_a_run_with_coverage_tells_it_in_every_report(suite, chatdrill):
    out = suite / "chatdrill-out"
    assert "### Conversation coverage" in (out / "summary.md").read_text("utf-8")
    page = (out / "report.html").read_text("utf-8")
    assert 'id="h-coverage"' in page and 'class="heat h0"' in page and "kind × state" in page
    ended = chatdrill("report", str(out), "--format", "terminal", "--coverage")
    assert re.search(r"^Coverage +\d+ %: \d+ of \d+ cells in 2 conversations$", ended.out, re.MULTILINE)


def test_a_run_without_it_says_nothing_of_it(suite, chatdrill):
    ended = chatdrill("report", str(suite / "chatdrill-out"), "--format", "markdown", "--to", "plain.md")
    assert ended.code == 0 and "overage" not in Path("plain.md").read_text("utf-8")


def test_the_figures_for_machines_are_those_for_people(coverage):
    told = json.loads(coverage("--json", "--suggest", "3").out)
    assert told["conversations"] == 2 and told["reached"] == sum(table["reached"] for table in told["tables"])
    assert told["reached"] + len(told["missing"]) == told["total"]
    assert len([one for one in told["suggestions"] if one["scenario"]]) == 3
    assert f"coverage {int(told['share'] * 100)} %: {told['reached']} of {told['total']} cells" in coverage().out


def test_several_traces_are_added_up(coverage):
    one, both = (json.loads(coverage(*words, "--json").out) for words in ((), ("chatdrill-out", "nightly")))
    assert (both["conversations"], both["reached"]) == (2 * one["conversations"], one["reached"])


def test_suggestions_that_are_written_play_and_meet_more(coverage, chatdrill, suite):
    before = json.loads(coverage("--json").out)["reached"]
    assert "5 scenarios written into more" in coverage("--suggest", "5", "--write", "more").err
    assert "5 were there already" in coverage("--suggest", "5", "--write", "more").err
    assert chatdrill("run", "more", *BOT, "--out", "again", "--report", "none").code in (0, 1)
    assert json.loads(coverage("chatdrill-out", "again", "--json").out)["reached"] >= before + 5


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["chatdrill-ou"], "no trace chatdrill-ou; did you mean 'chatdrill-out/trace.jsonl'?"),
        (["drills"], "no trace drills/trace.jsonl; play something first: chatdrill run"),
        (["drills/echo.drill.yaml"], "drills/echo.drill.yaml:1"),
        (["--platform", "telegrm"], "no platform 'telegrm'; did you mean 'telegram'?"),
        (["--fail-under", "most"], "--fail-under takes 0 to 100 (percent), not 'most'"),
        (["--fail-under", "101"], "--fail-under takes 0 to 100 (percent), not '101'"),
        (["--suggest", "-1"], "a whole number from 0 on, not '-1'"),
        (["--sugest", "1"], "did you mean '--suggest'?"),
        (["--write", "drills/echo.drill.yaml"], "cannot write into drills/echo.drill.yaml"),
    ],
)
def test_bad_usage_is_told_with_the_nearest_right_thing(coverage, words, why):
    ended = coverage(*words)
    assert ended.code == 2 and why in ended.err


def test_a_platform_that_nobody_played_on_has_met_nothing(coverage):
    assert coverage("--platform", "messenger", "--fail-under", "0.1%").code == 1


def test_traces_in_which_nobody_says_anything_are_not_judged(coverage, tmp_path):
    (tmp_path / "silent.jsonl").write_text("", "utf-8")
    ended = coverage(str(tmp_path / "silent.jsonl"))
    assert (ended.code, "no customer said anything" in ended.err) == (5, True)
