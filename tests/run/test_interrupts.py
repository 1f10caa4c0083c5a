"""Ctrl-C and SIGTERM, whenever they come: the end is near, the trace and the reports are there, the bot is gone."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest

BAD_BOT = Path(__file__).with_name("bad_bot.py")
QUIET = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:cov")
LONG = "name: Long\nsteps: [{says: Hi}, {hears: {text: never said, within: 600s}}]"
END_S = 4.0


def started_bot(drill) -> int | None:
    """The process id of the bot, which it prints."""
    words = [r["line"].split() for r in drill.trace() if r["kind"] == "bot_output"]
    return next((int(line[1]) for line in words if line[:1] == ["pid"]), None)


def kinds(drill) -> set[str]:
    return {record["kind"] for record in drill.trace()}


def end(process, number: int) -> tuple[dict, str]:
    """Send the signal; give the summary that was printed."""
    began = time.monotonic()
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, out + err
    assert time.monotonic() - began < END_S
    return json.loads(out), err


def check(drill, summary: dict) -> None:
    last = drill.trace()[-1]
    assert (last["kind"], last["interrupted"], summary["interrupted"]) == ("run_ended", True, True)
    assert (drill.folder / "out" / "report.html").stat().st_size > 1000
    with pytest.raises(ProcessLookupError):
        os.kill(started_bot(drill), 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_while_playing_ends_the_run_with_its_reports(drill, until, number):
    process = drill.start("--reply-timeout", "600s", bot="good", scenario=LONG)
    until(lambda: "called" in kinds(drill))
    summary, _ = end(process, number)
    assert summary["verdict"] != "pass"
    check(drill, summary)


@pytest.mark.parametrize("bot", ["deaf", "stubborn"])
def test_an_interrupt_while_the_bot_starts_ends_it_too(drill, until, bot):
    process = drill.start("--ready-timeout", "600s", bot=bot)
    until(lambda: started_bot(drill))
    summary, _ = end(process, signal.SIGTERM)
    check(drill, summary)


def test_an_interrupt_while_reporting_lets_the_reports_be_written(drill, until):
    pipe = drill.folder / "report.md"
    os.mkfifo(pipe)  # the report cannot be written before somebody reads it
    process = drill.start("--report", f"markdown={pipe}", bot="good", scenario="name: Hi\nsteps: [{says: Hi}]")
    until(lambda: "run_ended" in kinds(drill))
    os.kill(process.pid, signal.SIGINT)
    assert "Hi" in pipe.read_text("utf-8")
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, json.loads(out)["interrupted"]) == (130, True)


def test_a_second_interrupt_does_not_disturb_the_end(drill, until):
    process = drill.start("--reply-timeout", "600s", bot="stubborn_later", scenario=LONG)
    until(lambda: "called" in kinds(drill))
    os.kill(process.pid, signal.SIGINT)
    time.sleep(0.2)
    summary, _ = end(process, signal.SIGINT)
    check(drill, summary)


def test_pytest_leaves_no_bot_behind_either(drill, until):
    drill.write(LONG)
    given = {"out": "out", "port": "0", "platforms": "whatsapp", "webhook": "http://127.0.0.1:{port}/", "speed": "50"}
    given |= {"command": shlex.join([sys.executable, str(BAD_BOT), "good"]), "reply-timeout": "600s"}
    process = drill.spawn("pytest", *QUIET, *(f"--chatdrill-{key}={given[key]}" for key in given))
    until(lambda: "called" in kinds(drill))
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, out + err
    assert drill.trace()[-1]["interrupted"]
    with pytest.raises(ProcessLookupError):
        os.kill(started_bot(drill), 0)


def test_an_app_that_blocks_the_loop_can_be_interrupted(drill, until):
    drill.write(BLOCKING_APP, "blocking.py")
    process = drill.start("--app", "blocking:app", bot=None, scenario=LONG)
    until(lambda: (drill.folder / "blocked").exists())
    summary, _ = end(process, signal.SIGINT)
    assert summary["interrupted"]


BLOCKING_APP = """\
import pathlib, time

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise RuntimeError
    if scope["method"] == "GET":
        challenge = scope["query_string"].partition(b"hub.challenge=")[2].partition(b"&")[0]
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": challenge})
    else:
        pathlib.Path("blocked").touch()
        time.sleep(600)
"""
