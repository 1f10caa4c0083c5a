"""Whole programs follow: runtimes, shells, children, threads."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from chatdrill.preload import moved
from preload.driven import lasted, started, until

NODE = """
const { Worker } = require("worker_threads");
const wall = Date.now(), steady = performance.now();
const say = (word) => console.log(word, (Date.now() - wall) / 1000, (performance.now() - steady) / 1000);
const inWorker = `
  const wall = Date.now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3600000);
  setTimeout(() => require("worker_threads").parentPort.postMessage((Date.now() - wall) / 1000), 3600000)`;
setTimeout(() => {
  say("timeout");
  let count = 0;
  const interval = setInterval(() => {
    say("interval");
    if (++count < 2) return;
    clearInterval(interval);
    new Worker(inWorker, { eval: true }).on("message", (seconds) => say("worker " + seconds));
  }, 600000);
}, 3600000);
"""


def test_node_follows(follow, node):
    words = [line.split() for line in follow(node, "-e", NODE).splitlines()]
    assert [name for name, *_ in words] == ["timeout", "interval", "interval", "worker"]
    spans = [float(span) for _, *told in words for span in told]
    wanted = [3600, 3600, 4200, 4200, 4800, 4800, 7200, 12000, 12000]
    assert all(lasted(span, due) for span, due in zip(spans, wanted, strict=True)), spans


def test_ruby_follows(follow):
    if shutil.which("ruby") is None:
        pytest.skip("Ruby is not installed")
    code = "require 'timeout'; a = Time.now; sleep 3600; Timeout.timeout(3600) { sleep } rescue puts Time.now - a"
    assert lasted(float(follow("ruby", "-e", code)), 7200)


def test_php_follows(follow):
    if shutil.which("php") is None:
        pytest.skip("PHP is not installed")
    told = follow("php", "-r", "$a = time(); sleep(3600); usleep(3600000000); echo time() - $a;")
    assert lasted(int(told), 7200)  # whole seconds: 7201 where one more begins meanwhile


def test_what_a_shell_starts_follows(follow):
    before, after = follow("sh", "-c", "date +%s; sleep 3600; date +%s").split()
    assert lasted(int(after) - int(before), 3600)


def test_a_program_that_replaces_itself_keeps_one_slot(clock):
    code = "import time, os; time.sleep(0.001); os.execvp('sleep', ['sleep', '3600'])"
    with started(clock, [sys.executable, "-c", code]) as process:
        until(lambda: [wait.name for wait in clock.waits()] == ["sleep"], process)
        assert clock.waits()[0].process == process.pid
        assert clock._words[moved._USED] == 1
        assert clock.next_due() == clock.waits()[0].due > clock.now() + 3000
        clock.move_to(clock.next_due())
        assert process.wait(20) == 0


def test_forked_children_follow_with_deadlines_of_their_own(clock, follow_python):
    code = """
import os, time
begun = time.monotonic()
time.sleep(0.001)
for hours in (1, 2, 3):
    if not os.fork():
        time.sleep(hours * 3600)
        os.write(1, b"%d " % round((time.monotonic() - begun) / 3600))
        os._exit(0)
for _ in range(3): os.wait()
"""
    assert follow_python(code).split() == ["1", "2", "3"]


def test_many_threads_wake_each_at_its_own_moment(follow_python):
    code = """
import threading, time
begun, woken = time.monotonic(), []
def wait(minutes):
    threading.Event().wait(minutes * 60)
    woken.append((minutes, round((time.monotonic() - begun) / 60)))
threads = [threading.Thread(target=wait, args=(number % 20 + 2,)) for number in range(100)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(woken), all(wanted == was for wanted, was in woken), woken == sorted(woken))
"""
    assert follow_python(code) == "100 True True\n"


def test_a_program_of_another_c_library_follows(tmp_path, follow):
    if shutil.which("musl-gcc") is None:
        pytest.skip("musl is not installed")
    source = "#include <unistd.h>\n#include <time.h>\n#include <stdio.h>\n"
    source += 'int main(void) { time_t a = time(0); sleep(3600); printf("%ld", (long)(time(0) - a)); }'
    subprocess.run(["musl-gcc", "-x", "c", "-o", tmp_path / "waits", "-"], input=source, text=True, check=True)
    assert lasted(int(follow(tmp_path / "waits")), 3600)
