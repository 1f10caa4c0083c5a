"""One whole run: open a session, play the cases, judge, and hand out everything a report needs. Interruptible."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from chatdrill.checks.results import CaseJudgement, Judgement
from chatdrill.clock import Clock
from chatdrill.engine.cases import Case
from chatdrill.run.session import Session
from chatdrill.run.settings import Settings
from chatdrill.trace import Record

T = TypeVar("T")


@dataclass
class Result:
    """What a run leaves behind. ``blobs`` are the files by hex SHA-256, ``problems`` why a platform's bot could not be
    reached, ``trace`` where the trace lies."""

    records: list[Record]
    judgement: Judgement
    blobs: dict[str, bytes] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False
    trace: Path | None = None


async def execute(
    settings: Settings,
    cases: Sequence[Case],
    *,
    seed: int,
    trace: Path | None,
    each: Callable[[CaseJudgement], None] = lambda _: None,
    clock: Clock | None = None,
) -> Result:
    """Play ``cases`` and judge them; cancelling it still gives a result.

    Raises ``UsageError`` (``PortTaken``) if the fakes cannot be opened.
    """
    platforms = list(dict.fromkeys(case.platform for case in cases))
    session = Session(settings, platforms=platforms, seed=seed, trace=trace, clock=clock)
    interrupted = False
    try:
        await session.open()
        await session.play_all(cases, each=each)
    except asyncio.CancelledError:
        interrupted = True
        task = asyncio.current_task()
        while task is not None and task.uncancel():
            pass
    finally:
        await session.close(interrupted=interrupted)
    blobs = {key: blobs.get(key) for blobs in session.blobs.values() for key in blobs}
    return Result(session.records, session.judge(), blobs, session.problems, interrupted, trace)


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the fastest loop there is; Ctrl-C and SIGTERM cancel it once, politely."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        loop = runner.get_loop()
        task = loop.create_task(main)
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, task.cancel)
            except (NotImplementedError, RuntimeError, ValueError):  # not on Windows, not outside the main thread
                continue
        return loop.run_until_complete(task)


def new_loop() -> asyncio.AbstractEventLoop:
    """The fastest event loop there is."""
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
