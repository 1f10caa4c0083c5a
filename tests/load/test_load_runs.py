"""``chatdrill load``, whole: customers arrive, the bot is measured, and whatever the bot does the run ends with a result."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chatdrill.trace import CaseBegan, read_trace
from load.conftest import BAD_BOT, PATIENCE_S, Load


def test_every_customer_who_is_due_comes_and_is_answered(load: Load) -> None:
    ended = load.run("--arrivals", "10/s", "--for", "2s", "--sla", "first_reply p50 < 5s", "--sla", "errors < 1%")
    result = ended.result
    assert ended.code == 0, ended.out + ended.err
    assert (result.conversations, result.failed, result.counts["answered"]) == (20, 0, 40)
    assert [gate.verdict for gate in result.gates] == ["pass", "pass"]
    assert "PASSED: all 20 conversations passed" in ended.out
    assert {row.name for row in result.rows if row.kind == "next_reply"} == {"Echo / 3 and again"}


def test_so_many_customers_talk_at_once_where_no_arrivals_are_planned(load: Load) -> None:
    ended = load.run("--customers", "3", "--for", "2s")
    assert ended.code == 0, ended.out + ended.err
    assert ended.result.open_most == 3 and ended.result.conversations > 3


def test_a_gate_that_does_not_hold_fails_the_run(load: Load) -> None:
    ended = load.run("--arrivals", "10/s", "--for", "2s", "--sla", "reply p50 < 0.001ms")
    assert ended.code == 1
    assert "1 of 1 gates failed" in ended.out


def test_who_may_not_come_in_waits_outside_and_is_measured_from_when_they_were_due(load: Load) -> None:
    ended = load.run("--arrivals", "100/s", "--customers", "1", "--for", "2s")
    result = ended.result
    slowest = max(row.max_s for row in result.rows if row.kind == "first_reply")
    assert result.open_most == 1
    assert slowest > 1 and result.conversations + result.counts["turned_away"] == 200


@pytest.mark.parametrize(
    ("bot", "sign"),
    [
        ("twice", "further messages after an answer"),
        ("flood", "the bot sent 31 messages without a word of the customer"),
        ("refuse", "the webhook was not acknowledged: status 500"),
        ("hang", "turns got no answer in time"),
    ],
)
def test_a_bad_bot_is_told_and_its_transcripts_are_kept(load: Load, bot: str, sign: str) -> None:
    ended = load.run("--arrivals", "5/s", "--for", "1s", bot=bot)
    assert ended.code == 1
    assert sign in ended.out
    kept = [
        record.case for record in read_trace(load.folder / "out" / "trace-0.jsonl") if isinstance(record, CaseBegan)
    ]
    assert sorted(kept) == sorted(bad.case for bad in ended.result.worst) and len(kept) == 5


def test_a_bot_that_dies_ends_the_run_at_once(load: Load) -> None:
    began = time.monotonic()
    ended = load.run("--arrivals", "10/s", "--for", "10m", bot="crash")
    assert ended.code == 3 and time.monotonic() - began < PATIENCE_S
    assert ended.result.partial is not None and "the bot exited with exit code 7" in ended.result.partial


def test_a_bot_that_does_not_come_up_is_exit_code_3(load: Load) -> None:
    ended = load.run("--arrivals", "10/s", "--for", "2s", bot="exit")
    assert ended.code == 3 and "no configuration found" in ended.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so_and_keeps_what_it_has(load: Load, number: signal.Signals) -> None:
    process = load.start("--arrivals", "20/s", "--for", "10m", "--keep", "1")
    _until_something_is_kept(load.folder / "out" / "trace-0.jsonl", process)
    process.send_signal(number)
    ended = load.end(process)
    assert ended.code == 130
    assert "it was stopped after" in (ended.result.partial or "") and ended.result.conversations


def _until_something_is_kept(file: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not (file.exists() and file.stat().st_size):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--arrivals", "fifty"], "no plan of arrivals begins with 'fifty'"),
        (["--sla", "frist_reply p95 < 5s"], "first_reply"),
        (["--for", "soon"], "--for"),
    ],
)
def test_a_wrong_word_is_told_before_anything_starts(load: Load, words: list[str], complaint: str) -> None:
    ended = load.run(*words)
    assert ended.code == 2 and complaint in ended.err
    assert not (load.folder / "out").exists()


LOCUSTFILE = """\
from locust import events, task

from chatdrill_load import CustomerUser

SEEN = []


class Shopper(CustomerUser):
    scenarios = ["echo.drill.yaml"]
    personas = {"patient": 2}
    settings = %s

    @task
    def order(self):
        assert self.play("Echo").verdict == "pass"
        if len(SEEN) > 20:
            self.environment.runner.quit()


@events.request.add_listener
def note(request_type, name, response_time, **_):
    SEEN.append((request_type, name))


@events.quit.add_listener
def tell(exit_code, **_):
    print(sorted(set(SEEN)))
"""


def test_a_locustfile_of_ones_own_uses_our_users_and_its_listeners_hear_every_reply(load: Load) -> None:
    (load.folder / "echo.drill.yaml").write_text(
        "name: Echo\nsteps:\n  - says: {text: Hello there, after: 0s}\n  - hears: 'You said: Hello there'\n", "utf-8"
    )
    bot = {"command": f"{sys.executable} {BAD_BOT} good", "webhook": "http://127.0.0.1:{port}/{platform}"}
    settings = {**bot, "platforms": "whatsapp", "port": 0, "speed": 50, "settle": "0s", "out": "out"}
    (load.folder / "locustfile.py").write_text(LOCUSTFILE % json.dumps(settings), "utf-8")
    process = load.spawn("locust", "--headless", "-u", "2", "-r", "2", "-t", "60s", "--csv", "table")
    ended = load.end(process)
    assert ended.code == 0, ended.out + ended.err
    assert "('whatsapp', 'Echo / 1 Hello there')" in ended.out
    assert "whatsapp,Echo / 1 Hello there," in (load.folder / "table_stats.csv").read_text("utf-8")
