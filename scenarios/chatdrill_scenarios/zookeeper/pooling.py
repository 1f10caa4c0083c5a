"""Jobs over several processes, each job with a limit of its own: what hangs is killed with its process, and the next job gets a new one."""

from __future__ import annotations

import multiprocessing
import queue
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Job:
    """``work`` (a function of a module) with its arguments. ``limit_s`` of wall time, the start of a process included."""

    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    limit_s: float


@dataclass(frozen=True)
class Lost:
    """Why a job came to nothing."""

    why: str


def run_jobs(jobs: Sequence[Job], processes: int) -> Iterator[tuple[int, Any]]:
    """The number of each job with what it returned or with ``Lost`` (it hangs, its process died, it raised), as they come to their ends."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(jobs)):
        waiting.put(number)
    done: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
    keepers = [_Keeper(jobs, waiting, done) for _ in range(min(processes, len(jobs)))]
    try:
        for keeper in keepers:
            keeper.start()
        for _ in jobs:
            number, found = done.get()
            yield number, found
    finally:
        for keeper in keepers:
            keeper.end()


class _Keeper(threading.Thread):
    """Gives a process of its own one job after the other."""

    def __init__(self, jobs: Sequence[Job], waiting: queue.SimpleQueue[int], done: queue.SimpleQueue[Any]) -> None:
        super().__init__(daemon=True)
        self._jobs, self._waiting, self._done = jobs, waiting, done
        self._process: Any = None
        self._pipe: Connection | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                number = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._done.put((number, self._carried_out(self._jobs[number])))

    def end(self) -> None:
        self._ended.set()
        self._kill()

    def _carried_out(self, job: Job) -> Any:
        pipe = self._pipe or self._begun()
        try:
            pipe.send((job.work, job.arguments))
            if not pipe.poll(job.limit_s):
                self._kill()
                return Lost(f"does not come to its end within {job.limit_s:g} s")
            return pipe.recv()
        except (EOFError, OSError):
            self._kill()
            return Lost("took its process with it")

    def _begun(self) -> Connection:
        own, other = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(other,), daemon=True)
        self._process.start()
        other.close()
        self._pipe = own
        return own

    def _kill(self) -> None:
        process, self._process, self._pipe = self._process, None, None
        if process is not None:
            process.kill()
            process.join()


def _serve(pipe: Connection) -> None:
    """Work until nobody wants anything any more."""
    while True:
        try:
            work, arguments = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        try:
            found = work(*arguments)
        except Exception:  # noqa: BLE001  one that goes wrong costs the others nothing
            found = Lost(traceback.format_exc())
        pipe.send(found)
