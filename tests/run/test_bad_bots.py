"""Whatever a bot does, a run ends in time with a verdict for each conversation, a clear message and a full report."""

from __future__ import annotations

import os

import pytest

from chatdrill.run.registry import load_platform
from chatdrill.trace import RunEnded, read_trace


def test_a_good_bot_passes(drill):
    ended = drill.run(bot="good")
    assert (ended.code, ended.summary["verdict"]) == (0, "pass"), ended.out + ended.err


@pytest.mark.parametrize(
    ("bot", "code", "says"),
    [
        ("deaf", 3, "the bot was not ready after 1 s: nothing answers at"),
        ("exit", 3, "no configuration found"),
        ("crash", 3, "the bot exited with exit code 7; it last printed 'something terrible happened'"),
        ("no_handshake", 3, "did not pass the platform's check"),
        ("hang", 1, "timeout"),
        ("garbage", 1, "garbage"),
        ("refuse", 1, "500"),
        ("flood", 1, "messages without a word of the customer"),
        ("wrong_token", 1, "the platform refused"),
        ("broken_json", 1, "the platform refused"),
        ("huge_body", 1, "413"),
        ("unknown_chat", 1, "'000' is not a valid phone number"),
        ("twice", 1, "which was not expected"),
    ],
)
def test_a_bad_bot_gets_a_verdict_and_a_reason(drill, bot, code, says):
    ended = drill.run("--ready-timeout", "1s" if bot == "deaf" else "20s", "--ack-timeout", "0.3s", bot=bot)
    assert ended.code == code, ended.out + ended.err
    assert says in ended.messages
    assert (drill.folder / "out" / "report.html").stat().st_size > 1000
    assert isinstance(list(read_trace(drill.folder / "out" / "trace.jsonl"))[-1], RunEnded)


def test_a_command_that_does_not_exist_is_a_message_not_a_traceback(drill):
    ended = drill.run("--command", "no-such-program", bot=None)
    assert ended.code == 3
    assert "cannot start the bot 'no-such-program': No such file or directory" in ended.messages


def test_a_command_for_a_shell_is_explained(drill):
    ended = drill.run("--command", "PORT=1 python bot.py && true", bot=None)
    assert "it is started without a shell" in ended.messages


def test_a_bot_that_does_not_run_is_a_message_with_the_way_out(drill):
    ended = drill.run(bot=None)
    assert ended.code == 3
    assert "whatsapp: nothing listens at http://127.0.0.1:9/whatsapp" in ended.messages


def test_other_conversations_go_on_when_one_fails(drill):
    ended = drill.run(scenario=RIGHT_AND_WRONG)
    assert ended.summary["cases"] == {"pass": 1, "fail": 1, "error": 0, "inconclusive": 0, "none": 0}


RIGHT_AND_WRONG = """\
name: Right
steps: [{says: Hi}, {hears: "You said: Hi"}]
---
name: Wrong
steps: [{says: Hi}, {hears: Good morning}]
"""


def test_what_a_bot_prints_is_kept_without_its_secrets_and_not_for_ever(drill):
    ended = drill.run(bot="chatty")
    lines = [record["line"] for record in drill.trace() if record["kind"] == "bot_output"]
    assert ended.code == 0
    assert sum(map(len, lines)) < 5_000_000
    assert lines[-1] == "(what the bot printed after this was not kept)"
    token = next(setting.default for setting in load_platform("whatsapp").settings if setting.env == "WHATSAPP_TOKEN")
    assert lines[1].startswith("my token is ") and token not in lines[1]


def test_nothing_of_a_bot_lives_on_after_the_run(drill, until):
    drill.run(bot="parent")
    child = next(int(r["line"].split()[1]) for r in drill.trace() if r["kind"] == "bot_output" and "child" in r["line"])
    until(lambda: not _lives(child))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:  # a zombie has ended; who reaps it is not our business
        return stat.read().rpartition(")")[2].split()[0] != "Z"
