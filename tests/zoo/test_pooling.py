"""Processes for bots that may do anything: each job has an end."""

from __future__ import annotations

import os
import threading

from chatdrill_scenarios.zookeeper.pooling import Job, Lost, run_jobs

LONG_S = 60.0


def doubled(number: int) -> int:
    return 2 * number


def hang() -> None:
    threading.Event().wait()


def fail() -> None:
    raise ValueError("of its own")


def test_what_hangs_is_lost_and_the_rest_is_done() -> None:
    jobs = [Job(hang, (), 0.2), Job(doubled, (2,), LONG_S), Job(os._exit, (3,), LONG_S), Job(doubled, (4,), LONG_S)]
    found = dict(run_jobs(jobs, processes=1))
    assert found[0] == Lost("does not come to its end within 0.2 s")
    assert found[2] == Lost("took its process with it")
    assert (found[1], found[3]) == (4, 8)


def test_what_raises_is_lost_with_its_traceback() -> None:
    [(number, found)] = run_jobs([Job(fail, (), LONG_S)], processes=2)
    assert number == 0 and "ValueError: of its own" in found.why


def test_there_may_be_nothing_to_do() -> None:
    assert list(run_jobs([], processes=2)) == []
