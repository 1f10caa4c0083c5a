"""The fallback moves what a bot reads; its timers stay real."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatdrill.preload import FaketimeClock, find


@pytest.fixture(scope="module")
def library() -> Path:
    found = find().faketime
    if found is None:
        pytest.skip("libfaketime is not installed")
    return found


def ask(process: subprocess.Popen[str]) -> list[float]:
    process.stdin.write("now\n")
    process.stdin.flush()
    return [float(word) for word in process.stdout.readline().split()]


def test_a_running_bot_reads_the_drills_time(library):
    code = "import sys, time, datetime\nfor _ in sys.stdin: print(time.time(), datetime.datetime.now().timestamp(), time.monotonic(), flush=True)"
    with FaketimeClock(library, start=951_782_400.0) as clock:
        environment = {**os.environ, **clock.environment}
        pipe = subprocess.PIPE
        with subprocess.Popen([sys.executable, "-c", code], env=environment, stdin=pipe, stdout=pipe, text=True) as bot:
            first = ask(bot)
            clock.move_to(951_782_400.0 + 86_400)
            second = ask(bot)
            bot.stdin.close()
    assert first[:2] == pytest.approx([951_782_400.0] * 2, abs=10)
    assert second[:2] == pytest.approx([951_868_800.0] * 2, abs=10)
    assert second[2] - first[2] < 60  # timers count on this one


def test_it_never_runs_backwards_and_knows_nothing_of_timers(library):
    with FaketimeClock(library) as clock:
        clock.move_to(clock.now() + 500)
        there = clock.now()
        clock.move_to(there - 100)
        assert clock.now() >= there
        assert (clock.next_due(), clock.activity(), clock.waits()) == (None, 0, ())
        folder = Path(clock.environment["FAKETIME_TIMESTAMP_FILE"]).parent
    assert not folder.exists()


def test_a_threaded_bot_does_not_hang_under_it(library):
    code = "import threading, queue; print(threading.Event().wait(0.05), threading.Lock().acquire(timeout=0.05))"
    with FaketimeClock(library) as clock:
        clock.move_to(clock.now() + 1_000_000)
        environment = {**os.environ, **clock.environment}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == "False True\n"
