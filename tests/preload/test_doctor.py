"""``chatdrill doctor`` says what there is, and what to do about what there is not."""

from __future__ import annotations

import sys

import pytest

from chatdrill.cli import doctor_command, main
from chatdrill.preload import Available, Trial

NOTHING = Available(shim=None, why_not="there is no C compiler; install one", compiler=None, faketime=None)


def lines_of(capsys) -> dict[str, tuple[str, str]]:
    """What stands in each line, by its subject."""
    printed = capsys.readouterr().out
    at = printed.index("ok")
    rows = [line for line in printed.splitlines() if line[:at].strip()]
    return {row[:at].strip(): (row[at : at + 7].strip(), row[at + 7 :]) for row in rows}


def test_it_tries_the_clock_for_real(capsys, shim):
    assert main(["doctor"]) == 0
    told = lines_of(capsys)
    assert told["preloaded clock"] == ("ok", str(shim))
    assert told["with sleep"][0] == "ok" and "ended" in told["with sleep"][1]
    assert {"Python", "event loop", "in-process time", "time zones", "C compiler", "libfaketime"} <= set(told)


def test_what_is_missing_comes_with_advice(capsys, monkeypatch):
    monkeypatch.setattr(doctor_command, "find", lambda: NOTHING)
    assert main(["doctor"]) == 0
    told = lines_of(capsys)
    assert told["C compiler"] == (
        "lacks",
        "none; install a C compiler: apt install gcc libc6-dev (Debian, Ubuntu), apk add gcc musl-dev (Alpine)",
    )
    assert told["preloaded clock"] == ("lacks", "there is no C compiler; install one")
    assert told["libfaketime"] == ("lacks", "not installed; apt install libfaketime")


def test_a_clock_that_does_not_work_is_not_called_ok(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(
        doctor_command, "try_shim", lambda *_: Trial(follows=False, took_s=10.0, words="it never showed that it waits")
    )
    monkeypatch.setattr(
        doctor_command, "find", lambda: Available(shim=tmp_path, why_not="", compiler="cc", faketime=None)
    )
    assert main(["doctor"]) == 0
    assert lines_of(capsys)["with sleep"] == ("no", "it never showed that it waits")


@pytest.mark.parametrize(
    "words", [["--command", f"{sys.executable} bot.py"], ["--", sys.executable, "bot.py", "--port", "1"]]
)
def test_a_bot_that_can_be_reached_is_said_to_be(words, capsys, shim):
    assert main(["doctor", *words]) == 0
    assert lines_of(capsys)["this bot"][0] == "ok"


def test_a_bot_that_cannot_be_reached_is_an_exit_code(capsys, shim):
    assert main(["doctor", "--", "no-such-program"]) == 1
    assert lines_of(capsys)["this bot"] == ("no", "there is no program 'no-such-program' to start")


def test_without_anything_to_preload_no_bot_can_be_reached(capsys, monkeypatch):
    monkeypatch.setattr(doctor_command, "find", lambda: NOTHING)
    assert main(["doctor", "--", sys.executable]) == 1
    assert lines_of(capsys)["this bot"] == ("no", "nothing can be preloaded here; see above")


@pytest.mark.parametrize("words", [["--command", "a", "--", "b"], ["--command", "'a"]])
def test_a_command_that_cannot_be_read_is_bad_usage(words, capsys):
    assert main(["doctor", *words]) == 2
    assert "chatdrill doctor: " in capsys.readouterr().err
