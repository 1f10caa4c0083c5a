"""``chatdrill load``, whole: customers arrive, the bot is measured, and whatever the bot does the run ends with a result."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import pytest

from chatdrill.engine.bot import free_port
from chatdrill_load.result import read_result
from load.conftest import BAD_BOT, ECHO, PATIENCE_S, Load

ALONE = "faults: restart 50%\nsteps:\n  - says: hi\n"
IN_A_STEP = "steps:\n  - says: hi\n  - bot restarts:\n"


def test_every_customer_who_is_due_comes_and_is_answered(load: Load) -> None:
    ended = load.run("--arrivals", "10/s", "--for", "2s", "--sla", "first_reply p50 < 5s", "--sla", "errors < 1%")
    result = ended.result
    assert ended.code == 0, ended.out + ended.err
    assert (result.conversations, result.failed, result.counts["answered"]) == (20, 0, 40)
    assert [gate.verdict for gate in result.gates] == ["pass", "pass"]
    assert "PASSED: all 20 conversations passed" in ended.out
    assert {row.name for row in result.rows if row.kind == "next_reply"} == {"Echo / 3 and again"}


def test_so_many_customers_talk_at_once_where_no_arrivals_are_planned_and_what_is_no_load_is_left_out(
    load: Load,
) -> None:
    ended = load.run("--customers", "3", "--for", "2s", scenario=f"name: Away\n{IN_A_STEP}---\n{ECHO}")
    assert ended.code == 0, ended.out + ended.err
    assert ended.result.open_most == 3 and ended.result.conversations > 3
    assert "left out" in ended.err and "1 conversations" in ended.err, ended.err
    assert {row.name for row in ended.result.rows if row.kind == "next_reply"} == {"Echo / 3 and again"}


def test_workers_share_the_customers_and_one_that_is_lost_is_told(load: Load) -> None:
    words = ["--arrivals", "30/s", "--for", "6s", "--processes", "3", "--keep", "1", "--sla", "reply p50 < 0.001ms"]
    process = load.start(*words)
    _until_something_is_kept(load.folder / "out" / "trace-1.jsonl", process)
    os.kill(_crowd("worker-1", process)[1], signal.SIGKILL)
    ended = load.end(process)
    assert ended.code == 1 and "1 of 1 gates failed" in ended.out
    assert "was lost: what it measured since its last report is missing" in (ended.result.partial or "")
    assert ended.result.conversations >= 110 and ended.result.failed == 0


def test_a_bot_that_dies_ends_the_run_at_once(load: Load) -> None:
    began = time.monotonic()
    ended = load.run("--arrivals", "10/s", "--for", "10m", bot="crash")
    assert ended.code == 3 and time.monotonic() - began < PATIENCE_S
    assert ended.result.partial is not None and "the bot exited with exit code 7" in ended.result.partial


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


def test_a_crowd_that_is_lost_ends_the_run(load: Load) -> None:
    process = load.start("--arrivals", "20/s", "--for", "10m", "--keep", "1")
    _until_something_is_kept(load.folder / "out" / "trace-0.jsonl", process)
    crowd = psutil.Process(_crowd("worker-0", process)[0])
    orphans = crowd.children(recursive=True)
    crowd.kill()
    ended = load.end(process)
    for orphan in orphans:  # the bot, which nobody is left to stop
        orphan.kill()
    assert ended.code == 3 and "the crowd's process ended too soon" in (ended.result.partial or "")
    assert "the crowd's process ended too soon" in ended.err


def _crowd(name: str, process: subprocess.Popen[str]) -> tuple[int, int]:
    """This crowd of a run, and the Locust process that has started it."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,pgid=,args="], capture_output=True, text=True, check=True
    ).stdout
    for line in listed.splitlines():
        own, parent, group, words = line.split(None, 3)
        if int(group) == process.pid and "chatdrill_load.crowd" in words and name in words:
            return int(own), int(parent)
    raise AssertionError(f"there is no {name}:\n{listed}")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--arrivals", "fifty"], "no plan of arrivals begins with 'fifty'"),
        (["--sla", "frist_reply p95 < 5s"], "first_reply"),
        (["--for", "soon"], "--for"),
    ],
)
def test_a_wrong_word_is_told_before_anything_starts(load: Load, words: list[str], complaint: str) -> None:
    ended = load.refused(*words)
    assert ended.code == 2 and complaint in ended.err
    assert not (load.folder / "out").exists()


def test_a_load_can_be_started_watched_and_stopped_from_a_page(load: Load) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    process = load.start("--arrivals", "20/s", "--web", url.rpartition(":")[2], "--sla", "reply p95 < 5s")
    page = _until_it_answers(f"{url}/chatdrill", process)
    assert "Conversations that failed" in page
    urllib.request.urlopen(f"{url}/swarm", b"user_count=1&spawn_rate=1&host=").read()
    while not (now := json.loads(_until_it_answers(f"{url}/chatdrill/now", process)))["slow"]:
        time.sleep(0.05)
    slow = urllib.parse.quote(now["slow"][0]["case"])
    assert "You said: Hello there" in _until_it_answers(f"{url}/chatdrill/transcript?case={slow}", process)
    urllib.request.urlopen(f"{url}/stop", b"").read()
    assert now["gates"][0]["kept"] == 1.0 and now["now"]["abandoned"] == 0
    assert now["gates"][0]["words"] and read_result(load.folder / "out").verdict in ("pass", "inconclusive")
    process.send_signal(signal.SIGINT)
    assert load.end(process).code in (0, 5)


def _until_it_answers(url: str, process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return urllib.request.urlopen(url, timeout=10).read().decode()
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)


LOCUSTFILE = """\
from locust import constant, events, task

from chatdrill_load import CustomerUser

SEEN = []


class Shopper(CustomerUser):
    scenarios = ["echo.drill.yaml"]
    personas = {"patient": 2}
    settings = %s
    wait_time = constant(0.5)

    @task
    def order(self):
        assert self.play("Echo").verdict == "pass"


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
    process = load.spawn("locust", "--headless", "-u", "2", "-r", "2", "-t", "5s", "--csv", "table")
    ended = load.end(process)
    assert ended.code == 0, ended.out + ended.err
    assert "('whatsapp', 'Echo / 1 Hello there')" in ended.out
    assert "whatsapp,Echo / 1 Hello there," in (load.folder / "table_stats.csv").read_text("utf-8")


def test_faults_come_by_chance_and_the_reports_count_them_by_kind(load: Load) -> None:
    ended = load.run(
        "--arrivals", "20/s", "--for", "3s", "--faults", "storm, duplicate 50%", "--", "--stop-timeout", "2"
    )
    struck = ended.result.struck
    assert {"duplicate", "slow-api", "delay"} <= set(struck) and struck["duplicate"] > 20, ended.err
    assert f"{struck['duplicate']:,} faults of the kind duplicate struck by chance" in ended.out
    files = {file.suffix: file.read_text("utf-8") for file in (load.folder / "out").iterdir() if file.is_file()}
    assert f"`duplicate` {struck['duplicate']:,}" in files[".md"]
    assert "Faults that struck by chance" in files[".html"]
    assert json.loads((load.folder / "out" / "load.json").read_text("utf-8"))["struck"] == struck


@pytest.mark.parametrize("steps", [ALONE, IN_A_STEP])
def test_a_scenario_that_restarts_the_bot_is_no_load(load: Load, steps: str) -> None:
    ended = load.refused("--customers", "1", "--for", "2s", scenario=f"name: Away\n{steps}")
    assert ended.code == 2 and "cannot be a load" in ended.err


def test_a_bot_is_not_restarted_by_chance_in_a_load(load: Load) -> None:
    ended = load.refused("--customers", "1", "--for", "1s", "--faults", "restart 5%")
    assert ended.code == 2 and "restart" in ended.err and "'chatdrill run'" in ended.err
    assert not (load.folder / "out").exists()
