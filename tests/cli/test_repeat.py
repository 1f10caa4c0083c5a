"""``chatdrill run --repeat``: every try is another customer, and what fails now and then is told apart by its seed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
ECHO = "name: Echo\nsteps: [{says: Hello there}, {hears: Hello there}]\n"
ID = "echo.drill.yaml::Echo [whatsapp]"
REAL = ["--speed", "50", "--reply-timeout", "0.3s", "--settle", "0.05s"]


@pytest.fixture
def flaky(tmp_path, monkeypatch):
    """The flags of a run against a bot of one mood, which is started anew for what is played again."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    (tmp_path / "echo.drill.yaml").write_text(ECHO, "utf-8")

    def flags(mood: str, *more: str) -> list[str]:
        bot = ["--app", "cli.flaky_app:app", "--platforms", "whatsapp", "--port", "0", "--bot-env", f"FLAKY={mood}"]
        return ["run", "echo.drill.yaml", *bot, "--seed", "7", "--flake-tries", "1", *more]

    return flags


def names(trace: Path) -> dict[str, str]:
    """Who played which case."""
    records = [json.loads(line) for line in trace.read_text("utf-8").splitlines()]
    return {r["case"]: r["customers"]["customer"]["first_name"] for r in records if r["kind"] == "case_began"}


def test_a_bot_that_fails_by_its_own_chance_is_told_from_the_seed(chatdrill, flaky):
    flags = flaky("third", *REAL, "--report", "none", "--json", "-j", "2")
    ended = chatdrill(*flags, "--repeat", "6")
    told = json.loads(ended.out)
    (one,) = told["repeats"]
    assert (ended.code, one["tries"], one["passes"], len(one["failed"])) == (1, 6, 4, 2)
    assert {(failed["cause"], *failed["again"]) for failed in one["failed"]} == {("chance", "pass")}
    assert told["pass_k"] == pytest.approx([4 / 6, 6 / 15, 4 / 20, 1 / 15, 0, 0])
    assert "playing the 2 conversations that failed once more, with the same seed (1 of 1)" in ended.err


def test_a_customer_whom_the_bot_fails_is_found_by_the_seed_and_comes_again(chatdrill, flaky, tmp_path):
    flags = flaky("customer", "--clock", "virtual")
    ended = chatdrill(*flags, "--repeat", "6", "--report", "jsonl", "--report", "junit")
    lines = [json.loads(line) for line in (tmp_path / "chatdrill-out" / "results.jsonl").read_text().splitlines()]
    (one,) = [line for line in lines if line["kind"] == "repeats"]
    assert {failed["cause"] for failed in one["failed"]} == {"seed"} and 0 < one["passes"] < 6
    people = names(tmp_path / "chatdrill-out" / "trace.jsonl")
    assert len(people) == 6 and len(set(people.values())) > 1
    command = one["failed"][0]["replay"]
    assert command in ended.out and f"--case '{one['failed'][0]['case']}'" in command
    again = chatdrill(
        *shlex.split(command.replace("FLAKY=...", "FLAKY=customer"))[1:], "--out", "again", "--report", "none"
    )
    played = names(tmp_path / "again" / "trace.jsonl")
    assert again.code == 1 and played.items() <= people.items() and len(played) == 1


def test_a_share_may_be_enough_and_junit_says_flaky(chatdrill, flaky, tmp_path):
    flags = flaky("third", *REAL, "--repeat", "6", "--flake-tries", "0", "--report", "junit")
    ended = chatdrill(*flags, "--min-pass", "60%")
    assert ended.code == 0 and "1 of 1 case passed often enough, 1 flaky; 4 of 6 conversations passed" in ended.out
    (case,) = ET.parse(tmp_path / "chatdrill-out" / "junit.xml").iterfind("testsuite[@name='echo.drill.yaml']/testcase")
    assert [element.tag for element in case if "ail" in element.tag] == ["flakyFailure", "flakyFailure"]
    assert "was not played again" in ended.out and not list((tmp_path / "chatdrill-out").glob("again-*"))
    assert chatdrill("report", "chatdrill-out", "--format", "terminal").out.count("flaky") >= 1
    assert chatdrill("judge", "chatdrill-out").code == 0


def test_the_list_names_every_repeat(chatdrill, flaky):
    ended = chatdrill(*flaky("third", "--repeat", "3", "--list"))
    assert ended.out.splitlines() == [f"{ID} ~1", f"{ID} ~2", f"{ID} ~3"]


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--repeat", "3", "--pass-k", "4"], "3 repeats do not tell how 4 tries in a row come out"),
        (["--min-pass", "95"], "--min-pass: expected a share such as 95% or 0.95, not '95'"),
        (["--repeat", "0"], "--repeat: expected a whole number of at least 1"),
    ],
)
def test_what_cannot_be_told_is_a_mistake(chatdrill, flaky, flags, says):
    ended = chatdrill(*flaky("third", *flags))
    assert ended.code == 2 and says in ended.err


def test_a_replay_that_cannot_be_played_is_said_and_accuses_nobody(chatdrill, flaky, monkeypatch):
    monkeypatch.setattr("chatdrill.cli.replaying.sys.executable", "/bin/false")
    ended = chatdrill(*flaky("third", *REAL, "--repeat", "3", "--report", "none", "--json"))
    (one,) = json.loads(ended.out)["repeats"]
    assert ended.code == 1 and [failed["cause"] for failed in one["failed"]] == ["unknown"]
    assert "that could not be played (exit code 1)" in ended.err
