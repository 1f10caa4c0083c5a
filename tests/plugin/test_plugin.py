"""The pytest plugin: scenario files are tests like any other."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
QUIET = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:cov"]
FAST = """\
app = "cli.echo_app:app"
platforms = ["whatsapp"]
port = 0
speed = 50
reply_timeout = "0.3s"
settle = "0.05s"
"""
DRILLS = """\
name: Echo
tags: [smoke, slow-network]
steps: [{says: Hi}, {hears: Hi}]
---
name: Wrong
data: [{who: Anna}, {who: Boris}]
steps: [{says: "{who}"}, {hears: "Good morning, {who}"}]
"""


@pytest.fixture
def folder(inner):
    """A folder with settings and scenarios."""
    inner.path.joinpath("chatdrill.toml").write_text(FAST, "utf-8")
    inner.path.joinpath("talk.drill.yaml").write_text(DRILLS, "utf-8")
    return inner


def test_each_scenario_platform_and_row_is_a_test(folder):
    result = folder.runpytest("--collect-only", "-q")
    result.stdout.fnmatch_lines(
        [
            "chatdrill: 3 conversations, seed *",
            "talk.drill.yaml::Echo ?whatsapp?",
            "talk.drill.yaml::Wrong ?whatsapp? ?who=Anna?",
            "talk.drill.yaml::Wrong ?whatsapp? ?who=Boris?",
        ]
    )
    assert not (folder.path / "chatdrill-out").exists()


def test_each_repeat_is_a_test_with_a_command_of_its_own(folder):
    result = folder.runpytest("--chatdrill-repeat", "2", "-k", "Boris", "--chatdrill-seed", "7")
    result.assert_outcomes(failed=2, deselected=4)
    for number in (1, 2):
        name = f"talk.drill.yaml::Wrong [[]whatsapp] [[]who=Boris] ~{number}"
        result.stdout.fnmatch_lines([f"*pytest '{name}' --chatdrill-repeat 2 --chatdrill-seed 7"])


def test_a_failure_shows_everything_that_explains_it(folder):
    result = folder.runpytest("--chatdrill-seed", "7")
    result.assert_outcomes(passed=1, failed=2)
    shown = result.stdout.str()
    for needed in (
        "talk.drill.yaml:5",
        "the bot did not say what was expected: 'Good morning, Anna'",
        "nearest  'Anna'",
        "On the wire",
        "/messages text",
        "Seed 7",
        "pytest 'talk.drill.yaml::Wrong [whatsapp] [who=Anna]' --chatdrill-seed 7",
        "FAILED talk.drill.yaml::Wrong [whatsapp] [who=Anna] - the bot did not say",
        "chatdrill: trace chatdrill-out/trace.jsonl",
    ):
        assert needed in shown, needed
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("flags", "passed", "failed"),
    [
        (["-k", "Echo"], 1, 0),
        (["-k", "Wrong and Anna"], 0, 1),
        (["-m", "smoke"], 1, 0),
        (["-m", "slow-network"], 1, 0),
        (["-m", "whatsapp and not smoke"], 0, 2),
        (["-m", "drill", "-x"], 1, 1),
        (["talk.drill.yaml::Wrong [whatsapp] [who=Boris]"], 0, 1),
    ],
)
def test_cases_are_chosen_as_any_test_is(folder, flags, passed, failed):
    folder.runpytest(*flags).assert_outcomes(
        passed=passed, failed=failed, deselected=None if "::" in flags[0] or "-x" in flags else 3 - passed - failed
    )


def test_the_junit_file_has_seed_platform_and_reason(folder):
    folder.runpytest("--junitxml=j.xml", "--chatdrill-seed=7", "-k", "Anna")
    text = (folder.path / "j.xml").read_text("utf-8")
    assert '<property name="seed" value="7"' in text and '<property name="platform" value="whatsapp"' in text
    reason = "the bot did not say what was expected: 'Good morning, Anna'"
    assert re.search(rf'<failure message="{reason}">.*On the wire', text, re.DOTALL)


def test_a_wrong_scenario_is_a_message_with_its_place(folder):
    folder.path.joinpath("bad.drill.yaml").write_text("name: Bad\nsteps:\n  - say: Hi\n", "utf-8")
    result = folder.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["bad.drill.yaml:3:5: unknown key 'say'; did you mean 'says'?"])
    assert "Traceback" not in result.stdout.str()


def test_a_wrong_setting_is_a_message(folder):
    result = folder.runpytest("--chatdrill-speed=fast", "talk.drill.yaml")
    result.stdout.fnmatch_lines(["--chatdrill-speed: expected a positive number, not 'fast'"])


def test_a_bot_that_cannot_be_reached_fails_every_case_and_says_why(folder):
    result = folder.runpytest("--chatdrill-app=nobody:app", "-k", "Echo")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(["*cannot import the bot 'nobody': ModuleNotFoundError*"])


def test_reports_are_written_where_they_are_asked_for(folder):
    folder.runpytest("--chatdrill-report=html", "--chatdrill-report=markdown=build/s.md")
    assert (folder.path / "chatdrill-out" / "report.html").stat().st_size > 1000
    assert "Good morning, Anna" in (folder.path / "build" / "s.md").read_text("utf-8")


PYTHON = """\
import pytest
from chatdrill import Scenario, contains

HELLO = Scenario("Hello").says("Hi").hears(contains("hi"))

@pytest.mark.parametrize("number", [1, 2])
def test_again_and_again(chatdrill, number):
    first, = chatdrill.play(HELLO)
    second, = chatdrill.play(HELLO)
    assert first.case != second.case and first.verdict == "pass"

async def test_asynchronous(chatdrill):
    await chatdrill.aplay(HELLO, Scenario("Two").says("Hey").hears("Hey"))

def test_wrong(chatdrill):
    chatdrill.play(Scenario("No").says("Hi").hears("Good morning"))
"""


def test_tests_in_python_play_scenarios_too(folder):
    folder.makepyfile(test_python=PYTHON)
    result = folder.runpytest("test_python.py")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            ">       chatdrill.play(Scenario*",
            "E*the bot did not say what was expected: 'Good morning'",
            "E*pytest test_python.py::test_wrong --chatdrill-seed *",
        ]
    )
    assert "self._drills" not in result.stdout.str()


def test_the_bots_output_is_shown_where_a_test_fails(folder):
    bot = ROOT / "tests" / "run" / "bad_bot.py"
    folder.path.joinpath("chatdrill.toml").write_text(
        FAST.replace('app = "cli.echo_app:app"', f'command = \'"{sys.executable}" "{bot}" wrong_token\'')
        + 'webhook = "http://127.0.0.1:{port}/"\n',
        "utf-8",
    )
    result = folder.runpytest("-k", "Echo")
    result.stdout.fnmatch_lines(["*Captured bot output call*", "the platform said HTTP Error 401: Unauthorized"])


def test_workers_of_xdist_play_side_by_side_with_one_seed(folder, monkeypatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # three processes import the same
    folder.path.joinpath("chatdrill.toml").write_text(FAST.replace("port = 0", "port = 18700"), "utf-8")
    result = folder.runpytest_subprocess("-n", "2", "--junitxml=j.xml")
    result.assert_outcomes(passed=1, failed=2)
    text = (folder.path / "j.xml").read_text("utf-8")
    assert len(re.findall(r'name="seed" value="(\d+)"', text)) == 3
    assert len(set(re.findall(r'name="seed" value="(\d+)"', text))) == 1
    traces = sorted((folder.path / "chatdrill-out").glob("trace-*.jsonl"))
    assert [path.name for path in traces] == ["trace-0.jsonl", "trace-1.jsonl"]


def test_a_run_without_drills_imports_next_to_nothing(pytester):
    pytester.makepyfile(
        test_x="def test_x(): pass",
        spy="import sys\ndef pytest_unconfigure():\n    print([n for n in sys.modules if n.startswith('chatdrill')])\n",
    )
    result = pytester.runpytest_subprocess("-p", "spy", *QUIET)
    assert "seed" not in result.stdout.str()
    loaded = result.outlines[-1]
    assert set(ast.literal_eval(loaded)) == {
        *("chatdrill_pytest", "chatdrill", "chatdrill.run", "chatdrill.run.hosts", "chatdrill.run.options"),
        "chatdrill.run.reading",
        *("chatdrill.engine", "chatdrill.engine.durations", "chatdrill.errors"),
    }
