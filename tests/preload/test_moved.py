"""The shared file: what a bot shows of its waits, and what survives when things go wrong."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from chatdrill.clock import real_now
from chatdrill.preload import MovedClock, moved
from preload.driven import Quiet, started, until

SLEEP = (sys.executable, "-c", "import time; print(time.time()); time.sleep(7200); print(time.time())")
CLOCKS = "import time; print(time.time(), time.monotonic(), time.clock_gettime(time.CLOCK_BOOTTIME))"


def read_clocks(environment: dict[str, str]) -> list[float]:
    command = [sys.executable, "-c", CLOCKS]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return [float(word) for word in done.stdout.split()]


# -------------------------------------------------------------------------------------------------------- deadlines


def test_a_deadline_is_shown_and_never_too_early(clock):
    with started(clock, SLEEP) as process:
        begun = float(process.stdout.readline())
        until(lambda: clock.next_due() is not None, process)
        assert -1e-3 <= clock.next_due() - (begun + 7200) < 5
        (wait,) = clock.waits()
        assert (wait.process, wait.thread) == (process.pid, process.pid)
        assert wait.due - wait.begun == pytest.approx(7200, abs=5)


def test_a_jump_to_the_deadline_ends_the_wait_there(clock):
    with started(clock, SLEEP) as process:
        until(lambda: clock.next_due() is not None, process)
        due = clock.next_due()
        clock.move_to(due - 60)
        assert clock.next_due() == due  # a jump leaves deadlines alone
        assert due - 60 <= clock.now() < due - 50
        clock.move_to(due)
        begun, ended = map(float, process.stdout)
        assert ended >= due - 1e-6 and ended - begun == pytest.approx(7200, abs=5)


def test_the_first_of_several_deadlines_counts(clock):
    code = "import threading, time; [threading.Timer(n * 1000, print).start() for n in (5, 2, 9)]; time.sleep(4000)"
    with started(clock, [sys.executable, "-c", code]) as process:
        until(lambda: len(clock.waits()) == 4, process)
        spans = [round((wait.due - wait.begun) / 1000) for wait in clock.waits()]
        assert spans == [2, 4, 5, 9]
        assert clock.next_due() == clock.waits()[0].due


def test_a_wait_without_a_limit_is_shown_as_such(clock):
    with started(clock, [sys.executable, "-c", "import select; select.poll().poll()"]) as process:
        until(lambda: bool(clock.waits()), process)
        assert [wait.due for wait in clock.waits()] == [None]
        assert clock.next_due() is None


def test_activity_stands_still_while_a_program_waits_and_grows_when_it_wakes(clock):
    with started(clock, SLEEP) as process:
        until(lambda: bool(clock.waits()), process)
        seen = clock.activity()
        process.stdout.readline()
        # Ten slices without an end: looking between them is no activity.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(10 * clock.slice_s)
        assert clock.activity() == seen > 0
        clock.move_to(clock.next_due())
        until(lambda: clock.activity() > seen, process)


TIMER = """
import signal, sys
signal.setitimer(signal.ITIMER_REAL, 7200)
for line in sys.stdin:
    signal.setitimer(signal.ITIMER_REAL, int(line))
    print("set", flush=True)
"""


def test_a_timer_of_the_kernel_is_shown_and_withdrawn(clock):
    with started(clock, [sys.executable, "-c", TIMER], stdin=subprocess.PIPE) as process:
        until(lambda: clock.next_due() is not None, process)
        assert clock.next_due() - clock.now() == pytest.approx(7200, abs=5)
        tell(process, "0")
        until(lambda: clock.next_due() is None, process)


def test_a_timer_set_after_a_jump_is_not_shortened_by_it(clock):
    clock.slice_s = 0.2  # it is set before the keeper of the timers looks again
    with started(clock, [sys.executable, "-c", TIMER], stdin=subprocess.PIPE) as process:
        until(lambda: clock.next_due() is not None, process)
        clock.move_to(clock.now() + 3600)
        tell(process, "5000")
        until(lambda: clock.next_due() == pytest.approx(clock.now() + 5000, abs=5), process)


def tell(process: subprocess.Popen[str], line: str) -> None:
    process.stdin.write(line + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "set\n"


# --------------------------------------------------------------------------------------------- threads that come and go


def test_the_deadline_of_a_killed_program_is_gone(clock):
    with started(clock, SLEEP) as process:
        until(lambda: clock.next_due() is not None, process)
        process.send_signal(signal.SIGKILL)
        until(lambda: clock.next_due() is None)  # also as a zombie: nobody has waited for it yet
        process.wait(20)
        assert clock.waits() == ()


def test_the_slot_of_a_dead_thread_is_taken_again(clock):
    code = """
import threading, time
for number in range(300):
    thread = threading.Thread(target=time.sleep, args=(0.0001,)); thread.start(); thread.join()
time.sleep(3600)
"""
    with started(clock, [sys.executable, "-c", code]) as process:
        until(lambda: any(wait.due and wait.due - wait.begun > 3000 for wait in clock.waits()), process)
        assert clock._words[moved._USED] <= 10  # of 300; Python may join a thread before the system has ended it
        assert clock.activity() >= 600  # what dead threads did still counts


def test_the_slot_of_a_killed_program_is_taken_again(shim, monkeypatch):
    monkeypatch.setattr(moved, "SLOTS", 1)
    with MovedClock(shim) as clock:
        with started(clock, SLEEP) as first:
            until(lambda: clock.next_due() is not None, first)
        first.wait(20)
        with started(clock, SLEEP) as second:
            until(lambda: [wait.process for wait in clock.waits()] == [second.pid], second)


def test_threads_without_a_slot_follow_all_the_same(shim, monkeypatch):
    monkeypatch.setattr(moved, "SLOTS", 1)
    code = """
import threading, time
threads = [threading.Thread(target=time.sleep, args=(3600,)) for _ in range(5)]
for thread in threads: thread.start()
time.sleep(3600)
for thread in threads: thread.join()
"""
    with MovedClock(shim) as clock, started(clock, [sys.executable, "-c", code]) as process:
        quiet = Quiet(clock)
        until(lambda: clock.activity() >= 6 and quiet(), process)  # six have begun to wait
        assert len(clock.waits()) == 1
        clock.move_to(clock.now() + 3600)
        assert process.wait(20) == 0
        assert clock.activity() >= 12


# ---------------------------------------------------------------------------------------------------------- time itself


def test_all_clocks_move_alike(clock):
    before = read_clocks(clock.environment)
    clock.move_to(clock.now() + 1_000_000)
    after = read_clocks(clock.environment)
    moved_s = [late - early for early, late in zip(before, after, strict=True)]
    assert all(1_000_000 <= span < 1_000_020 for span in moved_s)
    assert after[0] == pytest.approx(clock.now(), abs=5)


def test_clocks_of_the_processor_do_not_move(clock):
    clock.move_to(clock.now() + 1_000_000)
    code = "import time; print(time.process_time(), time.thread_time())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **clock.environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(float(word) < 100 for word in done.stdout.split())


@pytest.mark.parametrize("start", [0.0, 951_782_400.0, 4_000_000_000.0])
def test_a_drill_of_another_year_leaves_the_other_clocks_positive(shim, start):
    with MovedClock(shim, start=start) as clock:
        wall, monotonic, boottime = read_clocks(clock.environment)
        assert wall == pytest.approx(start, abs=10)
        assert 0 < monotonic <= boottime < 1_000_000_000
        clock.move_to(start + 86_400)
        assert read_clocks(clock.environment)[0] == pytest.approx(start + 86_400, abs=10)


def test_time_never_runs_backwards(clock):
    clock.move_to(clock.now() + 5000)
    there = clock.now()
    clock.move_to(there - 4000)
    assert clock.now() >= there
    with pytest.raises(ValueError, match="nan"):
        clock.move_to(float("nan"))


def test_a_jump_beyond_all_centuries_stays_within_the_words(clock):
    clock.move_to(1e30)
    wall, monotonic, _ = read_clocks(clock.environment)
    assert wall > real_now() + 4e9 and monotonic > 4e9


# ------------------------------------------------------------------------------------------------------- when it breaks


@pytest.mark.parametrize("content", [None, b"", b"x" * 200, b"dllrclk1" + b"\xff" * 400])
def test_a_missing_or_broken_file_is_harmless(shim, tmp_path, content):
    file = tmp_path / "clock"
    if content is not None:
        file.write_bytes(content)
    wall, _, _ = read_clocks({"LD_PRELOAD": str(shim), "DRILL_CLOCK": str(file)})
    assert wall == pytest.approx(real_now(), abs=10)


def test_a_bot_keeps_its_time_when_the_clock_is_closed(shim):
    clock = MovedClock(shim)
    with started(clock, SLEEP) as process:
        until(lambda: clock.next_due() is not None, process)
        clock.close()
        assert not Path(clock.environment["DRILL_CLOCK"]).exists()
        clock.move_to(clock.next_due())
        assert process.wait(20) == 0


def test_the_file_is_private_and_what_was_preloaded_stays(shim):
    with MovedClock(shim, inherited={"LD_PRELOAD": "/a.so /b.so"}) as clock:
        file = Path(clock.environment["DRILL_CLOCK"])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert clock.environment["LD_PRELOAD"] == f"{shim}:/a.so:/b.so"
    assert not file.parent.exists()


def test_a_slice_is_positive(clock):
    clock.slice_s = 0.002
    assert clock.slice_s == pytest.approx(0.002)
    with pytest.raises(ValueError, match="positive"):
        clock.slice_s = 0
