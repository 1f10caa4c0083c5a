"""A session on an event loop in a thread of its own, for programs without a loop that ask for one verdict after another."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from chatdrill.checks.results import CaseJudgement
from chatdrill.engine.cases import Case
from chatdrill.run.execute import Result, result_of
from chatdrill.run.pace import loop_factory, make_clock
from chatdrill.run.session import Session
from chatdrill.run.settings import Settings
from chatdrill.run.signals import Raising

T = TypeVar("T")
_CLOSE_S = 10.0


class Background:
    """The session is opened by the first case that is started. Every method is for the thread that made the object."""

    def __init__(
        self, settings: Settings, *, seed: int, trace: Path, worker: int = 0, cases: Sequence[Case] = ()
    ) -> None:
        self.trace = trace
        self._loop = loop_factory(settings)()
        self._thread = threading.Thread(target=self._loop.run_forever, name="chatdrill", daemon=True)
        self._thread.start()

        async def make() -> Session:
            clock = make_clock(settings, cases)
            return Session(settings, platforms=settings.platforms, seed=seed, trace=trace, clock=clock, worker=worker)

        try:
            self.session = self._submit(make()).result()
        except BaseException:
            self._stop_loop()
            raise
        self._cleanup = contextlib.ExitStack()
        self._cleanup.enter_context(Raising())  # a SIGTERM, too, must not leave the bot behind
        self._opened: Future[None] | None = None
        self._verdicts: dict[str, Future[CaseJudgement]] = {}

    def open(self) -> None:
        """Open the session, once, and wait until the bot is up. Raises ``UsageError`` if the fakes cannot be opened."""
        if self._opened is None:
            self._opened = self._submit(self.session.open())
        self._opened.result()

    def start(self, cases: Iterable[Case]) -> None:
        """Begin to play these cases, all at one moment, unless they were begun before. Raises what ``open`` raises."""
        self.open()
        fresh = [case for case in cases if case.id not in self._verdicts]
        if fresh:
            self._verdicts |= self._submit(self._begin(fresh)).result()

    async def _begin(self, cases: Sequence[Case]) -> dict[str, Future[CaseJudgement]]:
        return {case.id: self._submit(self.session.play(case)) for case in cases}

    def verdict(self, case: Case) -> CaseJudgement:
        """Wait for the verdict on a case, which is begun now if it was not. Raises what ``open`` raises."""
        self.start([case])
        return self._verdicts[case.id].result()

    def verdicts(self, cases: Iterable[Case]) -> list[Future[CaseJudgement]]:
        """The verdicts to come on cases that were begun."""
        return [self._verdicts[case.id] for case in cases]

    def _submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self, *, interrupted: bool = False) -> Result:
        """Stop everything, in bounded time, and give what the session leaves behind."""
        for future in (self._opened, *self._verdicts.values()):
            if future is not None:
                future.cancel()
        try:
            return self._submit(self._close(interrupted)).result(timeout=_CLOSE_S)
        finally:
            self._cleanup.close()
            self._stop_loop()

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=1)
        if not self._thread.is_alive():
            self._loop.close()

    async def _close(self, interrupted: bool) -> Result:
        await self.session.close(interrupted=interrupted)
        return result_of(self.session, trace=self.trace, interrupted=interrupted)
