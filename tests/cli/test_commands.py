"""Every command explains itself, every mistake is an answer, and the exit code says how it ended."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys

import pytest

from chatdrill import cli
from chatdrill.checks.results import Judgement
from chatdrill.cli.playing import exit_code
from chatdrill.run.execute import Result


def test_help_lists_every_command(chatdrill):
    ended = chatdrill("--help")
    assert ended.code == 0
    assert all(f"  {name}" in ended.out for name in cli.COMMANDS)


def test_without_a_command_there_is_the_help_and_exit_code_2(chatdrill):
    assert chatdrill().code == 2


def test_the_version_is_printed(chatdrill):
    assert re.fullmatch(r"chatdrill \d+(\.\w+)*\n", chatdrill("--version").out)


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_each_command_has_a_help_with_examples_of_flags_that_exist(chatdrill, command):
    ended = chatdrill(command, "--help")
    assert ended.code == 0
    examples = [line for line in ended.out.splitlines() if line.startswith(f"  chatdrill {command}")]
    assert examples
    used = {word for line in examples for word in shlex.split(line) if re.fullmatch(r"--[a-z-]+", word)}
    assert used <= set(re.findall(r"--[a-z-]+", ended.out.partition("examples:")[0]))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["rnu"], "unknown command 'rnu'; did you mean 'run'?"),
        (["run"], "the following arguments are required: PATH"),
        (["run", "drills", "--sped", "4"], "unrecognized arguments: --sped 4; did you mean '--speed'?"),
        (["run", "drills"], "no such file or folder: drills"),
        (["run", "drills", "--seed", "7", "more"], "no such file or folder: drills"),
        (["run", ".", "--speed", "fast"], "--speed: expected a positive number, not 'fast'"),
        (["run", ".", "--port", "99999"], "--port: expected a whole number from 0 to 65535, not '99999'"),
        (["run", ".", "--platforms", "telegrm"], "--platforms: unknown platform 'telegrm'; did you mean 'telegram'?"),
        (["run", ".", "--webhook", "localhost:8080"], "--webhook: expected a URL that begins with http:// or https://"),
        (["run", ".", "--app", "bot"], "--app: expected MODULE:NAME, such as mybot:app"),
        (["platforms", "whatsap"], "unknown platform 'whatsap'; did you mean 'whatsapp'?"),
        (["report", "nothing.jsonl"], "nothing.jsonl: cannot read the trace: No such file or directory"),
        (["report", "x", "--format", "junt"], "unknown report format 'junt'; did you mean 'junit'?"),
        (["judge", "x", "--sla", "fast"], "write NAME=VALUE, not 'fast'"),
        (["env", "--port", "0"], "port 0 is chosen when the fakes start"),
    ],
)
def test_a_mistake_is_an_answer_and_exit_code_2(chatdrill, words, says):
    ended = chatdrill(*words)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err


def test_a_bug_of_ours_is_exit_code_4_and_says_so(chatdrill, monkeypatch):
    monkeypatch.setattr("chatdrill.cli.checks_command.main", lambda words: 1 / 0)
    ended = chatdrill("checks")
    assert ended.code == 4
    assert "this is a bug of chatdrill" in ended.err and "ZeroDivisionError" in ended.err


@pytest.mark.parametrize(
    ("verdict", "problems", "interrupted", "code"),
    [
        ("pass", {}, False, 0),
        ("fail", {}, False, 1),
        ("error", {}, False, 1),
        ("fail", {"telegram": "nothing listens there"}, False, 3),
        ("pass", {"telegram": "the bot exited when all was said"}, False, 0),
        ("inconclusive", {}, False, 5),
        ("none", {}, False, 5),
        ("pass", {}, True, 130),
    ],
)
def test_the_end_of_a_run_is_an_exit_code(verdict, problems, interrupted, code):
    result = Result([], Judgement(verdict=verdict, cases=()), problems=problems, interrupted=interrupted)
    assert exit_code(result) == code


@pytest.mark.parametrize("command", ["platforms", "checks", "personas", "env"])
def test_what_a_machine_reads_is_json(chatdrill, command):
    assert json.loads(chatdrill(command, "--json").out)


def test_a_platform_shows_its_limits_settings_and_coverage(chatdrill):
    shown = chatdrill("platforms", "whatsapp").out
    assert all(title in shown for title in ("\nlimits", "\nsettings", "\ndelivery", "\nAPI coverage"))


def test_the_schema_is_json(chatdrill):
    assert json.loads(chatdrill("schema").out)["$schema"].startswith("https://json-schema.org/")


def test_the_variables_can_be_evaluated_by_a_shell(chatdrill, monkeypatch):
    monkeypatch.setenv("CHATDRILL_MESSENGER_PAGE_NAME", 'It\'s a $HOME "shop"')
    text = chatdrill("env", "--platforms", "messenger").out
    shown = subprocess.run(
        ["sh", "-c", f'{text}\nprintf %s "$MESSENGER_PAGE_NAME"'], capture_output=True, text=True, check=False
    )
    assert shown.stdout == 'It\'s a $HOME "shop"'


def test_the_variables_are_the_same_each_time_and_only_of_the_chosen_platforms(chatdrill):
    first, second = (chatdrill("env", "--platforms", "telegram").out for _ in range(2))
    assert first == second
    assert "TELEGRAM_API_ROOT" in first and "WHATSAPP" not in first and "SEED" not in first


def test_init_writes_files_that_run_and_never_overwrites(chatdrill, tmp_path):
    assert chatdrill("init", "shop").code == 0
    listed = chatdrill("run", "shop/drills", "--settings", "shop/chatdrill.toml", "--list")
    assert listed.out == "shop/drills/greeting.drill.yaml::Greeting [telegram]\n"
    again = chatdrill("init", "shop")
    assert again.code == 2 and "nothing was written" in again.err


def test_help_needs_no_heavy_imports():
    code = "import sys; from chatdrill.cli import main; main(['--help']); print(len(sys.modules), sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = shown.splitlines()[-1]
    for heavy in ("asyncio", "msgspec", "argparse", "importlib.metadata", "yaml", "chatdrill.errors"):
        assert f"'{heavy}'" not in loaded


def test_the_reader_of_the_output_may_go_away():
    command = f"{shlex.quote(sys.executable)} -m chatdrill platforms telegram | head -n 1"
    shown = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert shown.stdout == "Telegram (telegram)\n"
    assert shown.stderr == ""
