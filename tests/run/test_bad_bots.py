"""Whatever a bot does, a run ends in time with a verdict for each conversation, a clear message and a full report."""

from __future__ import annotations

import pytest

from chatdrill.trace import RunEnded, read_trace


def test_a_good_bot_passes(drill):
    ended = drill.run(bot="good")
    assert (ended.code, ended.summary["verdict"]) == (0, "pass"), ended.out + ended.err


@pytest.mark.parametrize(
    ("bot", "code", "says"),
    [
        ("deaf", 3, "the bot was not ready after 1 s"),
        ("exit", 3, "no configuration found"),
        ("crash", 3, "the bot exited with exit code 7"),
        ("hang", 1, "the webhook was not acknowledged: timeout"),
        ("garbage", 1, "the webhook was not acknowledged: garbage"),
        ("refuse", 1, "the webhook was not acknowledged: status 500"),
        ("flood", 1, "messages without a word of the customer"),
        ("wrong_token", 1, "the platform refused"),
        ("broken_json", 1, "the platform refused"),
        ("huge_body", 1, "413"),
        ("unknown_chat", 1, "the bot did not say what was expected"),
        ("twice", 1, "which was not expected"),
    ],
)
def test_a_bad_bot_gets_a_verdict_and_a_reason(drill, bot, code, says):
    ended = drill.run("--ready-timeout", "1s" if bot == "deaf" else "10s", "--ack-timeout", "0.3s", bot=bot)
    assert ended.code == code, ended.out + ended.err
    assert says in ended.messages
    assert (drill.folder / "out" / "report.html").stat().st_size > 1000
    assert isinstance(list(read_trace(drill.folder / "out" / "trace.jsonl"))[-1], RunEnded)


def test_a_command_that_does_not_exist_is_a_message_not_a_traceback(drill):
    ended = drill.run("--command", "no-such-program")
    assert ended.code == 3
    assert "cannot start the bot 'no-such-program'" in ended.messages
    assert "Traceback" not in ended.err


def test_other_conversations_go_on_when_one_fails(drill):
    two = ECHO_AND_WRONG
    ended = drill.run(bot="good", scenario=two)
    assert ended.summary["cases"] == {"pass": 1, "fail": 1, "error": 0, "inconclusive": 0, "none": 0}


ECHO_AND_WRONG = """\
name: Right
steps: [{says: Hi}, {hears: "You said: Hi"}]
---
name: Wrong
steps: [{says: Hi}, {hears: Good morning}]
"""
