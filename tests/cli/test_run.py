"""``chatdrill run``, ``judge`` and ``report``: choosing, output for people and machines, files, and playing it again."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_list_names_every_case(chatdrill, echo):
    ended = chatdrill("run", *echo, "--list")
    assert ended.out.splitlines() == [
        "echo.drill.yaml::Echo [whatsapp]",
        "echo.drill.yaml::Wrong [whatsapp] [who=Anna]",
        "echo.drill.yaml::Wrong [whatsapp] [who=Boris]",
    ]


@pytest.mark.parametrize(
    ("flags", "count"),
    [(["-k", "WRONG"], 2), (["--tag", "first"], 1), (["--case", "echo.drill.yaml::Echo [whatsapp]"], 1)],
)
def test_cases_are_chosen_by_name_tag_and_id(chatdrill, echo, flags, count):
    assert len(json.loads(chatdrill("run", *echo, "--list", "--json", *flags).out)) == count


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--tag", "frist"], "no scenario has the tag 'frist'; did you mean 'first'?"),
        (["--case", "echo.drill.yaml::Eco [whatsapp]"], "did you mean 'echo.drill.yaml::Echo [whatsapp]'?"),
        (["-k", "nothing"], "none of the 3 cases was chosen; --list shows their names"),
    ],
)
def test_a_choice_of_nothing_is_a_mistake(chatdrill, echo, flags, says):
    ended = chatdrill("run", *echo, *flags)
    assert ended.code == 2 and says in ended.err


def test_the_mistakes_of_all_files_are_reported_together(chatdrill, tmp_path):
    (tmp_path / "a.drill.yaml").write_text("name: A\nsteps:\n  - say: Hi\n", "utf-8")
    (tmp_path / "b.drill.yaml").write_text("name: B\nchecks: {ordr: off}\nsteps:\n  - says: Hi\n", "utf-8")
    ended = chatdrill("run", ".")
    assert ended.code == 2
    assert "\na.drill.yaml:3:5: unknown key 'say'; did you mean 'says'?\n" in ended.err
    assert "unknown check 'ordr'; did you mean 'order'?" in ended.err


def test_a_passing_run_is_exit_code_0_and_keeps_quiet_on_stdout_about_files(chatdrill, echo, tmp_path):
    ended = chatdrill("run", *echo, "--tag", "first")
    assert ended.code == 0
    assert "PASSED" in ended.out and "\x1b" not in ended.out
    assert ended.err == f"trace     {'chatdrill-out/trace.jsonl'}\n"


def test_a_failing_run_is_exit_code_1_and_says_what_was_said_instead(chatdrill, echo):
    ended = chatdrill("run", *echo, "-k", "Anna")
    assert ended.code == 1
    assert "Good morning, Anna" in ended.out and "nearest" in ended.out


def test_the_outcome_is_json_and_nothing_else(chatdrill, echo):
    ended = chatdrill("run", *echo, "--json", "--seed", "7")
    summary = json.loads(ended.out)
    assert (summary["verdict"], summary["seed"], summary["cases"]["fail"]) == ("fail", 7, 2)


def test_reports_go_where_they_are_sent(chatdrill, echo, tmp_path):
    chatdrill("run", *echo, "--out", "o", "--report", "junit=build/j.xml", "--report", "markdown")
    assert (tmp_path / "build" / "j.xml").exists()
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == ["history.db", "summary.md", "trace.jsonl"]


def test_a_folder_that_cannot_be_written_is_a_mistake_before_anything_is_played(chatdrill, echo, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    ended = chatdrill("run", *echo, "--out", "file/out")
    assert ended.code == 2
    assert "cannot write the history file/out/history.db" in ended.err and "--out" in ended.err


def test_a_taken_port_is_a_mistake_that_names_the_flag(chatdrill, echo, taken_port):
    ended = chatdrill("run", *echo, "--port", str(taken_port))
    assert ended.code == 2
    assert f"port {taken_port} on 127.0.0.1 is taken" in ended.err and "--port" in ended.err


def test_the_command_that_replays_a_case_plays_it_again_just_so(chatdrill, echo):
    chatdrill("run", *echo, "-k", "Anna", "--report", "jsonl")
    first = [r["act"] for r in _trace() if r["kind"] == "acted" and r.get("cause", "step") == "step"]
    replay = next(line for line in chatdrill("report", "chatdrill-out", "--format", "terminal").out.splitlines()
                  if line.strip().startswith("chatdrill run") and "--case" in line)  # fmt: skip
    assert chatdrill(*shlex.split(replay)[1:]).code == 1
    assert [r["act"] for r in _trace() if r["kind"] == "acted" and r.get("cause", "step") == "step"] == first


def _trace() -> list[dict]:
    with open("chatdrill-out/trace.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_a_secret_variable_of_the_bot_is_in_no_file(chatdrill, echo, tmp_path):
    chatdrill("run", *echo, "--bot-env", "SHOP_KEY=hush-hush", "--report", "html", "--report", "jsonl")
    written = [path for path in (tmp_path / "chatdrill-out").iterdir() if path.is_file()]
    assert sorted(path.suffix for path in written) == [".db", ".html", ".jsonl", ".jsonl"]
    assert not any(b"hush-hush" in path.read_bytes() for path in written)


def test_the_verdict_counts_even_if_nobody_reads_it(echo, tmp_path):
    command = shlex.join([sys.executable, "-m", "chatdrill", "run", *echo, "-k", "Anna"])
    pipe = ["bash", "-c", f"{command} | true; exit ${{PIPESTATUS[0]}}"]
    done = subprocess.run(pipe, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")}, check=False)
    assert done.returncode == 1


def test_a_trace_can_be_judged_by_other_times(chatdrill, echo):
    chatdrill("run", *echo, "--tag", "first")
    assert chatdrill("judge", "chatdrill-out").code == 0
    ended = chatdrill("judge", "chatdrill-out/trace.jsonl", "--sla", "first_response=0.001ms", "--json")
    assert (ended.code, json.loads(ended.out)["verdict"]) == (1, "fail")


def test_a_torn_trace_without_its_media_still_gives_every_report(chatdrill, echo, tmp_path):
    chatdrill("run", *echo)
    whole = (tmp_path / "chatdrill-out" / "trace.jsonl").read_bytes()
    (tmp_path / "torn.jsonl").write_bytes(whole[: len(whole) * 2 // 3])
    for name in ("html", "junit", "jsonl", "markdown", "terminal"):
        ended = chatdrill("report", "torn.jsonl", "--format", name, "--to", f"report.{name}")
        assert (ended.code, ended.out) == (0, f"report.{name}\n")
        assert (tmp_path / f"report.{name}").stat().st_size > 100


def test_what_is_no_trace_is_a_mistake_with_its_line(chatdrill, tmp_path):
    (tmp_path / "x.jsonl").write_text("{}\n{}\n", "utf-8")
    ended = chatdrill("judge", "x.jsonl")
    assert ended.code == 2 and "x.jsonl:1: not a record of a trace" in ended.err


def test_a_newcomers_bot_runs_from_init_to_green(chatdrill, tmp_path):
    assert chatdrill("init").code == 0
    (tmp_path / "bot.py").write_text((ROOT / "tests" / "cli" / "button_bot.py").read_text("utf-8"), "utf-8")
    command = shlex.join([sys.executable, "bot.py"])
    ended = chatdrill("run", "drills", "--command", command, "--port", "0", "--speed", "20", "--report", "none")
    assert ended.code == 0, ended.out + ended.err
