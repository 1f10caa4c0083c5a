"""What goes on outside an exact loop's sight: threads, other programs, and requests to them.

Time waits for it, but only so long: what takes more than a bounded real time is left behind and named, and is waited for
half as long the next time.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Literal
from weakref import WeakKeyDictionary

from chatdrill.clock.jumping import Stall
from chatdrill.clock.real import real_monotonic

_POLL_S = 0.05
_AFTER_ANSWER_S = 0.002
"""An answer may come in several pieces; the next is given this long (real) to follow the last."""
_GREETING_S = 0.2
"""Some servers speak first (of mail, of MySQL), and are given this long (real) to do it."""

Kind = Literal["thread", "request"]


class DrillOver(SystemExit):
    """Raised in a thread that sleeps in drill time when there is none any more."""


class Job:
    """Something that holds the time: work in a thread, a program, a connection to be. While a thread sleeps
    (``time.sleep``) it does not."""

    def __init__(self, outside: Outside, kind: Kind, name: str) -> None:
        self._outside = outside
        self.kind: Kind = kind
        self.name = name
        self.since = real_monotonic()
        self.left_behind = False
        self.sleeping = False
        self._awake = threading.Event()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop whose time it holds."""
        return self._outside.loop

    def run(self, func: Callable[..., Any], *args: Any) -> Any:
        """Do the work, in its thread."""
        _own.job = self
        self._outside.at_work.add(threading.current_thread())
        try:
            return func(*args)
        finally:
            _own.job = None
            self._outside.at_work.discard(threading.current_thread())

    def sleep(self, drill_s: float) -> None:
        """Sleep, in its thread, until the loop's time has come. Raises ``DrillOver``."""
        self._awake.clear()
        if not self._outside.over:
            self.loop.call_soon_threadsafe(self._lie_down, drill_s)
            self._awake.wait()
        if self._outside.over:
            raise DrillOver

    def _lie_down(self, drill_s: float) -> None:
        if self._outside.over:
            self.wake()
            return
        self.sleeping = True
        self._outside.sleepers[self] = None
        self.loop.call_later(drill_s, self.wake)

    def wake(self) -> None:
        """End the sleep."""
        self.sleeping = False
        self._outside.sleepers.pop(self, None)
        self.since = real_monotonic()
        self._awake.set()


class WatchedFile:
    """A file that somebody waits to read from; ``name`` is who."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name


_own = threading.local()


def current_job() -> Job | None:
    """The job that this thread is at, if some exact loop waits for it."""
    found: Job | None = getattr(_own, "job", None)
    if found is not None:
        return found
    outside = getattr(getattr(threading.current_thread(), "loop", None), "outside", None)
    return outside.job_of(threading.current_thread()) if isinstance(outside, Outside) else None


class Outside:
    """Keeps count of it for ``loop``. ``stalled`` is told of what was left behind, of each once. ``over``: the loop ends."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stalled: Callable[[Stall], None]) -> None:
        self.loop = loop
        self.over = False
        self.sleepers: dict[Job, None] = {}  # also such as nobody waits for any more
        self.at_work: set[threading.Thread] = set()  # for executors, also where nobody waits for it any more
        self._stalled = stalled
        self._jobs: dict[Job, None] = {}
        self._workers: WeakKeyDictionary[threading.Thread, Job] = WeakKeyDictionary()
        self._asked: dict[Any, float] = {}  # transports that were written to and have not answered, since when (real)
        self._one_way: set[Any] = set()
        self._left: Counter[str] = Counter()
        self._heard_at = 0.0

    # ------------------------------------------------------------------------------------------------ jobs

    def job(self, name: str, kind: Kind = "thread") -> Job:
        """Somebody hands work to a thread, or to another program."""
        made = Job(self, kind, name)
        self._jobs[made] = None
        return made

    def done(self, job: Job) -> None:
        """That work is through."""
        self._jobs.pop(job, None)
        if job.kind == "request":
            self._heard_at = real_monotonic()

    @contextlib.contextmanager
    def asking(self, who: str) -> Iterator[None]:
        """While this is entered somebody waits for another program."""
        job = self.job(who, "request")
        try:
            yield
        finally:
            self.done(job)

    def end(self) -> None:
        """The loop ends: nobody sleeps on."""
        self.over = True
        for job in tuple(self.sleepers):
            job.wake()

    # anyio, and with it Starlette and FastAPI, has threads of its own for functions that are no coroutines. Such a thread
    # has a queue; what was put there counts as unfinished until the thread has reported the result to the loop.

    def job_of(self, worker: threading.Thread) -> Job | None:
        """The job of one of anyio's threads."""
        if not _is_anyio_worker(worker):
            return None
        if worker not in self._workers:
            self._workers[worker] = Job(self, "thread", worker.name)
        return self._workers[worker]

    def _working(self) -> Iterator[Job]:
        yield from self._jobs
        if "anyio._backends._asyncio" not in sys.modules:
            return
        for thread in threading.enumerate():
            if not _is_anyio_worker(thread) or getattr(thread, "loop", None) is not self.loop:
                continue
            job = self.job_of(thread)
            assert job is not None
            if thread.queue.unfinished_tasks:  # type: ignore[attr-defined]
                yield job
            else:
                job.since, job.left_behind = real_monotonic(), False

    # ----------------------------------------------------------------------------------------------- requests

    def opened(self) -> None:
        """There is a new connection to another program."""
        self._heard_at = real_monotonic() + _GREETING_S - _AFTER_ANSWER_S

    def wrote(self, connection: Any) -> None:
        """Bytes went out to another program."""
        if connection not in self._one_way:
            self._asked.setdefault(connection, real_monotonic())

    def heard(self, connection: Any) -> None:
        """Bytes came in."""
        self._one_way.discard(connection)
        self._heard_at = real_monotonic()
        if _reads_on_demand(connection):  # the bytes may be TLS's own; whoever has his answer reads no more
            self._asked[connection] = self._heard_at
        else:
            self._asked.pop(connection, None)

    def closed(self, connection: Any) -> None:
        """The connection is over."""
        self._asked.pop(connection, None)
        self._one_way.discard(connection)

    # ------------------------------------------------------------------------------------------------ holding

    def in_threads(self) -> bool:
        """True while a thread works on what time waits for: it needs Python's lock, which a busy loop must leave to it."""
        jobs = (job for job in self._working() if job.kind == "thread")
        return any(not (job.left_behind or job.sleeping) for job in jobs)

    def holding(self, now: float, most_s: float) -> float | None:
        """Real seconds to wait for what is under way, or ``None`` where time may jump."""
        for job in tuple(self._working()):
            if job.left_behind or job.sleeping:
                continue
            if now - job.since < self._patience_s(job.name, most_s):
                return _POLL_S
            job.left_behind = True
            self._leave(job.kind, job.name)
        for connection, since in tuple(self._asked.items()):
            if _reads_on_demand(connection) and not connection.is_reading():
                continue
            if now - since < self._patience_s(_address(connection), most_s):
                return _POLL_S
            del self._asked[connection]
            self._one_way.add(connection)
            self._leave("request", _address(connection))
        left_s = self._heard_at + _AFTER_ANSWER_S - now
        return left_s if left_s > 0 else None

    def _patience_s(self, who: str, most_s: float) -> float:
        return float(most_s / 2 ** self._left[who])

    def _leave(self, kind: Kind, who: str) -> None:
        self._left[who] += 1
        if self._left[who] == 1:
            self._stalled(Stall(kind, who))


def _reads_on_demand(connection: Any) -> bool:
    """True for connections of anyio (and so of httpx): they read only while somebody waits for something to come."""
    if not isinstance(connection, asyncio.Transport):
        return False
    return type(connection.get_protocol()).__module__ == "anyio._backends._asyncio"


def _is_anyio_worker(thread: threading.Thread) -> bool:
    kind = type(thread)
    return kind.__name__ == "WorkerThread" and kind.__module__ == "anyio._backends._asyncio"


def _address(connection: Any) -> str:
    peer = connection.get_extra_info("peername") if isinstance(connection, asyncio.BaseTransport) else connection
    return f"{peer[0]}:{peer[1]}" if isinstance(peer, tuple) else str(peer)


class _Watched(asyncio.selector_events._SelectorSocketTransport):  # type: ignore[name-defined,misc]
    """A socket's transport that says when it was written to and when something came in. ``answers_itself`` is false where
    not everything that comes in is an answer, and somebody else tells."""

    answers_itself = True

    def __init__(self, outside: Outside, *args: Any, **options: Any) -> None:
        self._outside = outside
        outside.opened()
        super().__init__(*args, **options)

    def write(self, data: Any) -> None:
        self._outside.wrote(self)
        super().write(data)

    def writelines(self, list_of_data: Any) -> None:
        self._outside.wrote(self)
        super().writelines(list_of_data)

    def _read_ready(self) -> None:
        if self.answers_itself:
            self._outside.heard(self)
        super()._read_ready()

    def _call_connection_lost(self, exc: Exception | None) -> None:
        self._outside.closed(self)
        super()._call_connection_lost(exc)


def watched_transport(outside: Outside, loop: Any, sock: Any, protocol: Any, *args: Any, **options: Any) -> Any:
    """A transport for a socket; those of servers are not watched: who asks us will be answered."""
    if options.get("server") is not None:
        return asyncio.selector_events._SelectorSocketTransport(  # type: ignore[attr-defined]
            loop, sock, protocol, *args, **options
        )
    return _Watched(outside, loop, sock, protocol, *args, **options)
