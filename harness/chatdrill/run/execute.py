"""One whole run: open a session, play the cases, judge, and hand out everything a report needs. Interruptible."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from chatdrill.checks.results import Judgement
from chatdrill.clock import Clock
from chatdrill.engine.cases import Case
from chatdrill.run.pace import make_clock
from chatdrill.run.session import Session
from chatdrill.run.settings import Settings
from chatdrill.run.signals import Handling
from chatdrill.serve.loop import collect_less, new_loop, uncancel
from chatdrill.trace import Record

if TYPE_CHECKING:
    from chatdrill.coverage import Coverage
    from chatdrill.history import Past

T = TypeVar("T")
_STUCK_S = 1.0


@dataclass(repr=False)  # whoever shows a task shows its result, and a whole trace takes long to write
class Result:
    """What a run leaves behind. ``blobs`` are the files by hex SHA-256, ``problems`` why a platform's bot could not be
    reached, ``trace`` where the trace lies, ``coverage`` what the customers met, if somebody asked for it, ``past`` what came before."""

    records: list[Record]
    judgement: Judgement
    blobs: dict[str, bytes] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    interrupted: bool = False
    trace: Path | None = None
    coverage: Coverage | None = None
    past: Past | None = None


async def execute(
    settings: Settings,
    cases: Sequence[Case],
    *,
    seed: int,
    trace: Path | None,
    each: Callable[[bool], None] = lambda _: None,
    clock: Clock | None = None,
) -> Result:
    """Play ``cases`` and judge them; cancelling it still gives a result.

    Raises ``UsageError`` if the fakes cannot be opened or the trace cannot be written.
    """
    platforms = list(dict.fromkeys(name for case in cases for name in case.platforms))
    clock = clock or make_clock(settings, cases)
    session = Session(settings, platforms=platforms, seed=seed, trace=trace, clock=clock)
    interrupted = False
    try:
        await session.open()
        await session.play_all(cases, each=each)
    except asyncio.CancelledError:
        interrupted = True
        uncancel()
    finally:
        await session.close(interrupted=interrupted)
    return result_of(session, trace=trace, interrupted=interrupted)


def result_of(session: Session, *, trace: Path | None, interrupted: bool = False) -> Result:
    """What a session leaves behind."""
    files = {key: blobs.get(key) for blobs in session.blobs.values() for key in blobs}
    return Result(session.records, session.judge(), files, session.problems, interrupted, trace)


def run_loop(main: Coroutine[Any, Any, T], *, factory: Callable[[], asyncio.AbstractEventLoop] = new_loop) -> T:
    """Run a coroutine on a loop, the fastest unless a ``factory`` makes another; Ctrl-C, SIGTERM or SIGHUP cancel it once, politely.

    Only an ASGI bot that blocks the loop can stand in the way of that: it gets a ``KeyboardInterrupt`` where it blocks.
    """
    collect_less()
    with asyncio.Runner(loop_factory=factory) as runner:
        loop = runner.get_loop()
        task = loop.create_task(main)
        with _Cancelling(loop, task):
            try:
                return loop.run_until_complete(task)
            except KeyboardInterrupt:
                task.cancel()
                return loop.run_until_complete(task)


class _Cancelling(Handling):
    def __init__(self, loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
        super().__init__()
        self._loop = loop
        self._task = task
        self._asked = False
        self._heard = False

    def handle(self) -> None:
        """Cancel the task; shake the loop if it does not hear that."""
        if self._asked:  # what follows the first is bounded, and must not be disturbed
            return
        self._asked = True
        self._loop.call_soon_threadsafe(self._cancel)
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._shake)
            signal.setitimer(signal.ITIMER_REAL, _STUCK_S)

    def _cancel(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        self._heard = self._task.cancel()

    def __exit__(self, *details: object) -> None:
        super().__exit__(*details)
        if self._asked and not self._heard:  # too late for the task: whoever handles signals around it shall have it
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, 0)
            signal.raise_signal(signal.SIGINT)

    def _shake(self, _number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt
