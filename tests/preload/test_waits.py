"""Every wait with a limit ends by a jump, and every clock agrees how long it was."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from chatdrill.preload import MovedClock
from preload.driven import lasted

SOURCE = Path(__file__).with_name("waits.c").read_text("utf-8")
BY_NAME = re.findall(r"X\((\w+), ", SOURCE.partition("#define WAITS(X)")[2].partition("static int wait_by")[0])

PYTHON = {
    "time.sleep": "time.sleep(3600)",
    "Event.wait": "threading.Event().wait(3600)",
    "Lock.acquire": "lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=3600)",
    "RLock in two threads": "lock = threading.RLock(); threading.Thread(target=lock.acquire).start(); lock.acquire(timeout=3600)",
    "Condition.wait": "condition = threading.Condition(); condition.acquire(); condition.wait(3600)",
    "Queue.get": "quiet(queue.Queue().get, timeout=3600)",
    "Future.result": "quiet(concurrent.futures.Future().result, timeout=3600)",
    "threading.Timer": "timer = threading.Timer(3600, print); timer.start(); timer.join()",
    "Thread.join": "thread = threading.Thread(target=time.sleep, args=(9999,), daemon=True); thread.start(); thread.join(3600)",
    "asyncio.sleep": "asyncio.run(asyncio.sleep(3600))",
    "asyncio.wait_for": "quiet(asyncio.run, asyncio.wait_for(asyncio.sleep(9999), 3600))",
    "uvloop": "import uvloop; uvloop.run(asyncio.sleep(3600))",
    "select": "select.select([a], [], [], 3600)",
    "poll": "p = select.poll(); p.register(a, select.POLLIN); p.poll(3600_000)",
    "epoll": "p = select.epoll(); p.register(a, select.EPOLLIN); p.poll(3600)",
    "settimeout": "a.settimeout(3600); quiet(a.recv, 1)",
    "setitimer": "signal.signal(signal.SIGALRM, lambda *_: 0); signal.setitimer(signal.ITIMER_REAL, 3600); signal.pause()",
    "sigtimedwait": "signal.sigtimedwait([signal.SIGUSR1], 3600)",
    "subprocess.wait": "subprocess.Popen(['sleep', '3600']).wait(9999)",
    "multiprocessing": "quiet(multiprocessing.Event().wait, 3600)",
}
AROUND = """\
import asyncio, concurrent.futures, multiprocessing, queue, select, signal, socket, subprocess, threading, time
def quiet(call, *words, **more):
    try: call(*words, **more)
    except Exception: pass
a, b = socket.socketpair()
begun = time.monotonic(), time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
{wait}
ended = time.monotonic(), time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
print(*(f"{{after - before:.3f}}" for before, after in zip(begun, ended)))
"""


@pytest.fixture(scope="session")
def waits(compiled):
    return compiled(SOURCE, "-lrt")


def test_the_list_of_functions_is_the_programs_own(waits):
    assert subprocess.run([waits, "names"], capture_output=True, text=True, check=True).stdout.split() == BY_NAME
    assert len(BY_NAME) > 35


@pytest.mark.parametrize("name", BY_NAME)
def test_a_function_of_the_c_library_waits_until_the_jump(name, waits, follow):
    result, monotonic_s, wall_s = map(int, follow(waits, name).split())
    if result == 2:
        pytest.skip("the machine has no message queues")
    assert result == 1
    assert lasted(monotonic_s, 3600) and lasted(wall_s, 3600)


@pytest.mark.parametrize("wait", PYTHON.values(), ids=PYTHON)
def test_python_waits_until_the_jump(wait, follow_python):
    spans = [float(word) for word in follow_python(AROUND.format(wait=wait)).split()]
    assert all(lasted(span, 3600) for span in spans), spans
    assert max(spans) - min(spans) < 1  # they were read one after the other


def test_wrong_limits_are_answered_as_without_the_clock(waits, clock: MovedClock):
    plain = subprocess.run([waits, "errors"], capture_output=True, text=True, check=True).stdout
    clock.move_to(clock.now() + 86_400)
    moved = {**os.environ, **clock.environment}
    assert subprocess.run([waits, "errors"], env=moved, capture_output=True, text=True, check=True).stdout == plain
    assert plain.count(" 22") > 8  # EINVAL: they were wrong indeed


def test_a_wait_for_ever_in_numbers_does_not_overflow(clock, follow_python):
    code = """
import threading, select, time
t = threading.Thread(target=threading.Event().wait, args=(threading.TIMEOUT_MAX,), daemon=True); t.start()
select.select([], [], [], 0.001); select.poll().poll(1); time.sleep(1e-9)
event = threading.Event(); threading.Thread(target=lambda: (time.sleep(3600), event.set())).start()
print(event.wait(threading.TIMEOUT_MAX))
"""
    assert follow_python(code) == "True\n"


SIGNALLED = """
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER, emptied = PTHREAD_COND_INITIALIZER;
static int full, spurious, late;
static void wait_on(pthread_cond_t *condition, int value) {
    struct timespec at;
    while (full != value) {
        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_sec += 30;
        if (pthread_cond_timedwait(condition, &mutex, &at) == ETIMEDOUT) late++;
        else if (full != value) spurious++;
    }
}
static void *produce(void *nothing) {
    for (int i = 0; i < 20000; i++) {
        pthread_mutex_lock(&mutex); wait_on(&emptied, 0); full = 1; pthread_mutex_unlock(&mutex);
        pthread_cond_signal(&filled);
    }
    return nothing;
}
int main(void) {
    pthread_t thread;
    pthread_create(&thread, 0, produce, 0);
    for (int i = 0; i < 20000; i++) {
        pthread_mutex_lock(&mutex); wait_on(&filled, 1); full = 0; pthread_mutex_unlock(&mutex);
        pthread_cond_signal(&emptied);
    }
    printf("%d\\n", late);
}
"""


def test_no_signal_is_lost_between_two_slices(shim, compiled):
    program = compiled(SIGNALLED)
    with MovedClock(shim, slice_s=0.00002) as clock:
        environment = {**os.environ, **clock.environment}
        done = subprocess.run([program], env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "0\n"


ONE_LOOK = """
#include <pthread.h>
#include <stdio.h>
#include <time.h>
int main(void) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += 3600;
    pthread_mutex_lock(&mutex);
    printf("%d\\n", pthread_cond_timedwait(&never, &mutex, &at));
}
"""


def test_a_condition_that_nobody_signals_does_not_wake_between_slices(compiled, follow):
    assert follow(compiled(ONE_LOOK)) == "110\n"  # ETIMEDOUT, at the first and only wait
