"""The engine of a crowd: a session with its bot, customers who come by plan or when asked for, and what is told of them."""

from __future__ import annotations

import asyncio
import itertools
import math
import traceback
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chatdrill.clock import WallClock
from chatdrill.engine.cases import Case
from chatdrill.engine.scenario import read_persona
from chatdrill.errors import UsageError
from chatdrill.run.reaching import refuse_stranger
from chatdrill.run.selection import choose, playable
from chatdrill.run.session import Session, warm_up
from chatdrill.run.settings import Settings, load_settings
from chatdrill.serve import Doors
from chatdrill.serve.heads import is_loopback
from chatdrill.trace import Recorder
from chatdrill_load.arrivals import read_arrivals
from chatdrill_load.crowd.observing import Observer
from chatdrill_load.crowd.verdicts import Verdicts
from chatdrill_load.messages import (
    Arrive,
    BotGone,
    Choice,
    Ended,
    Failed,
    Finished,
    Job,
    Meet,
    News,
    Now,
    Opened,
    Play,
    Stop,
    Tick,
)
from chatdrill_load.unfit import restarts_the_bot

TICK_S = 0.5
_MOMENT_S = 1.0
_OF_THE_FIRST = ("command", "webhook", "ready_url", "bot_env")
_ANYWHERE = ("0.0.0.0", "::", "")
_EVERYBODY = 10_000_000
"""Conversations at once: the engine decides who comes in, not the session."""


def _nobody_asked(*_: object) -> None:
    pass


class Engine:
    """Plays conversations and tells ``say`` what comes of them. ``open`` first, ``close`` last; in between ``play``, ``arrive`` and
    ``stop`` may be called at any time."""

    def __init__(self, job: Job, say: Callable[[News], None]) -> None:
        self._job = job
        self._say = say
        self._settings = settings = _settings(job)
        self._cases = _cases(job, settings)
        self._turn: dict[Choice, Iterator[Case]] = {}
        clock = WallClock(speed=settings["speed"])
        recorder = Recorder(clock, keep=False)
        self._session = Session(
            settings,
            platforms=list(dict.fromkeys(name for case in self._cases for name in case.platforms)),
            seed=job.seed,
            clock=clock,
            recorder=recorder,
            doors=_doors(job, settings["host"]),
        )
        self._observer = Observer(recorder, Path(job.out) / f"trace-{job.index}.jsonl", keep=job.keep)
        self._open: dict[str, asyncio.Task[None]] = {}
        self._comings: dict[asyncio.Task[None], float] = {}  # and when each is over, in seconds since the run began
        self._verdicts = Verdicts()
        self._working: list[asyncio.Task[None]] = []
        self._is_bot_gone = False
        self._outside = 0
        self._arrived = 0
        self._arrivals_t = 0.0

    # ------------------------------------------------------------------------------------------ beginning and end

    async def open(self) -> None:
        """Open the fakes and bring up the bot; tells ``Opened``. Raises ``UsageError`` if a port is taken, or for a bot elsewhere."""
        self._refuse_strangers(self._settings.given_webhook(name) for name in self._session.platforms)
        await self._session.open(by_hand=not self._job.leads)
        stage = self._session.stage
        webhooks = {name: account.state.webhook_url for name, account in stage.accounts.items()}
        self._refuse_strangers(webhooks.values())
        warm_up(self._cases)
        self._say(
            Opened(
                url=stage.base_url,
                variables=self._session.variables(),
                cases=[case.id for case in self._cases],
                problems=dict(self._session.problems),
                door=stage.door_address if self._job.doors > 1 else None,
                webhooks={name: url for name, url in webhooks.items() if url},
                urls={name: account.base_url for name, account in stage.accounts.items()},
                began=self._session.recorder.began,
            )
        )
        self._working = [self._background(self._tick_for_ever()), self._background(self._verdicts.work())]

    def _refuse_strangers(self, urls: Iterable[str | None]) -> None:
        if not self._job.own_target:
            for url in filter(None, urls):
                refuse_stranger(urlsplit(url).hostname or "", "load")

    async def close(self, *, interrupted: bool = False) -> None:
        """Break off who still talks, close everything, and tell the rest."""
        broken_off = len(self._open)
        for task in (*self._comings, *self._open.values()):
            task.cancel()
        await asyncio.gather(*self._comings, *self._open.values(), return_exceptions=True)
        for task in self._working:
            task.cancel()
        self._verdicts.finish()
        await self._session.close(interrupted=interrupted)
        self.tick(at_last=True)
        self._observer.keeping.close()
        self._say(Finished(broken_off=broken_off))

    def _background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Something that goes on beside the conversations; if it fails, the figures would be wrong, so the run does."""

        def look(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()) is not None:
                self._say(Failed(what="".join(traceback.format_exception(error))))

        task = asyncio.create_task(work)
        task.add_done_callback(look)
        return task

    async def _tick_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK_S
            await asyncio.sleep(TICK_S)
            self._observer.lag(loop.time() - due)
            self.tick()
            self._look_for_bot()

    def _look_for_bot(self) -> None:
        if self._session.problems and not self._is_bot_gone:
            self._is_bot_gone = True
            self._say(BotGone(why=next(iter(self._session.problems.values()))))

    @property
    def arrived(self) -> int:
        """How many customers have come."""
        return self._arrived

    def tick(self, *, at_last: bool = False) -> None:
        """Tell what happened since the last time."""
        observer = self._observer
        now = Now(
            open=len(self._open),
            waiting=observer.waiting,
            outside=self._outside,
            arrived=self._arrived,
            ended=observer.ended,
            failed=observer.failed,
            abandoned=observer.abandoned,
            lag_s=observer.take_lag(),
            arrivals_t=self._arrivals_t,
        )
        self._say(
            Tick(
                now=now,
                rows=observer.rows.take(),
                figures=observer.meter.snapshot(),
                bad=observer.take_bad(),
                handoffs=observer.take_handoffs(),
                slow=observer.keeping.take_slow(self._session.recorder.t, at_last=at_last),
                lost=observer.keeping.take_lost(),
            )
        )

    # ------------------------------------------------------------------------------------------------- customers

    def rest(self) -> None:
        """Let nobody come any more; who talks goes on. A plan that is over in a moment anyway is left to it: those who are due by then come,
        though this process may be late."""
        for coming, ends_t in self._comings.items():
            if ends_t > self._session.recorder.t + _MOMENT_S:
                coming.cancel()

    def meet(self, order: Meet) -> None:
        """Get to know the other crowds, and where the bot is that one of them has brought up."""
        stage = self._session.stage
        stage.meet(order.doors)
        for name, account in stage.accounts.items():  # the crowd with the bot may have more than is played
            account.state.told_url = order.told_urls.get(name, "")
            if name in order.webhooks:
                stage.set_webhook(name, order.webhooks[name])

    def play(self, order: Play) -> None:
        """Let one customer come now; tells ``Ended`` when they are gone."""
        self._come(
            order.choice,
            self._session.recorder.t,
            judged=lambda ended: self._say(msgspec.structs.replace(ended, ticket=order.ticket)),
        )

    def arrive(self, order: Arrive) -> asyncio.Task[None]:
        """Let customers come by a plan, from now on, until the task is cancelled or the plan is over."""
        coming = self._background(self._arrivals(order))
        length_s = math.inf if order.until_s is None else order.until_s
        self._comings[coming] = self._session.recorder.t + length_s
        return coming

    def measure_anew(self) -> None:
        """Forget what was measured; from now on only what customers mean to say from now on counts."""
        self._observer.measure_anew()

    async def drain(self, patience_s: float) -> None:
        """Wait for who talks, then send home who still does: they were not answered in time."""
        if self._open:
            await asyncio.wait(list(self._open.values()), timeout=patience_s)
        for task in list(self._open.values()):
            task.cancel()
        await asyncio.gather(*self._open.values(), return_exceptions=True)
        self._verdicts.finish()

    async def _arrivals(self, order: Arrive) -> None:
        """Nobody waits for the bot here: who is due comes, and who is due while the crowd is busy comes late and is measured from
        when they were due."""
        chance = self._session.seed.stream("arrivals")
        times = read_arrivals(order.plan).times(chance, share=(order.index, order.count), until_s=order.until_s)
        self._arrivals_t = began_t = self._session.recorder.t
        room = asyncio.Semaphore(order.customers_max or _EVERYBODY)
        due_t = began_t
        try:
            for due_t in map(began_t.__add__, times):
                wait_s = due_t - self._session.recorder.t
                if wait_s > 0:
                    await asyncio.sleep(wait_s)
                await self._enter(room)
                # A loop's timer may be early by half a millisecond, and nobody is gone before they come.
                self._come(order.choice, min(due_t, self._session.recorder.t), gone=room.release)
        finally:
            if self._outside:
                self._turn_away(due_t, map(began_t.__add__, times))

    async def _enter(self, room: asyncio.Semaphore) -> None:
        if room.locked():
            self._outside = 1
        await room.acquire()
        self._outside = 0

    def _turn_away(self, first_t: float, later: Iterator[float]) -> None:
        """Who was due and never came in is counted: they would have waited longest."""
        now = self._session.recorder.t
        for due_t in itertools.chain((first_t,), itertools.takewhile(now.__gt__, later)):
            self._observer.turned_away(due_t)

    def _come(
        self,
        choice: Choice,
        due_t: float,
        *,
        gone: Callable[[], None] = _nobody_asked,
        judged: Callable[[Ended], None] = _nobody_asked,
    ) -> None:
        """Let a customer come; ``gone`` is told when they have left, ``judged`` what their conversation came to."""
        case = self._next(choice)
        self._arrived += 1
        self._observer.came(case.platform, due_t)
        own = replace(case, id=f"{case.id} #{self._job.index}-{self._arrived}")
        self._open[own.id] = asyncio.create_task(self._converse(own, case.id, due_t, gone, judged))

    async def _converse(
        self, case: Case, name: str, due_t: float, gone: Callable[[], None], judged: Callable[[Ended], None]
    ) -> None:
        try:
            await self._session.play_only(case, meant_t=due_t)
        finally:
            del self._open[case.id]
            gone()
            self._verdicts.give(self._observer.conclude(case.id, name, due_t), judged)

    def _next(self, choice: Choice) -> Case:
        """The cases in turn, so that each has its share from the beginning."""
        if choice not in self._turn:
            self._turn[choice] = itertools.cycle(chosen_among(self._cases, choice, Path(self._job.folder)))
        return next(self._turn[choice])

    async def stop(self, order: Stop) -> None:
        """Let nobody come any more, and wait for who is there, ``patience_s`` at most."""
        self.rest()
        if self._comings:
            await asyncio.wait(self._comings, timeout=_MOMENT_S)
            for coming in self._comings:
                coming.cancel()
            await asyncio.gather(*self._comings, return_exceptions=True)
        if self._open:
            await asyncio.wait(list(self._open.values()), timeout=order.patience_s)
        self._verdicts.finish()


def chosen_among(cases: Sequence[Case], choice: Choice, folder: Path) -> list[Case]:
    """The cases of a choice, once for every persona as often as it counts. Raises ``UsageError`` if there are none."""
    roots = [(folder / path).resolve() for path in choice.paths]
    fitting = [case for case in cases if choice.words in case.id and (not roots or _lies_in(case, roots))]
    if not fitting:
        raise UsageError(f"no case of {', '.join(choice.paths) or 'the load'} has {choice.words!r} in its name")
    personas = [read_persona(name) for name, count in choice.personas for _ in range(count)]
    if not personas:
        return fitting
    return [replace(case, scenario=case.scenario.played_by(persona)) for persona in personas for case in fitting]


def _lies_in(case: Case, roots: Sequence[Path]) -> bool:
    file = Path(case.scenario.file or "").resolve()
    return any(file == root or root in file.parents for root in roots)


def _doors(job: Job, host: str) -> Doors | None:
    """Where the other crowds reach this one. Raises ``UsageError`` for an address that they cannot dial."""
    if job.doors == 1:
        return None
    if job.own_machine and (is_loopback(host) or host in _ANYWHERE):
        raise UsageError(
            f"the master is on another machine, and {host or 'no address'} is nothing that the workers there could dial: say with --host "
            "which address of this machine they and the bot reach"
        )
    return Doors(index=job.index, key=job.key, host=host, port=job.door_port)


def _settings(job: Job) -> Settings:
    flags = {**job.flags, "jobs": _EVERYBODY}
    if not job.leads:  # one crowd brings up the bot, and the bot calls at its door
        flags = {name: value for name, value in flags.items() if name not in _OF_THE_FIRST}
        if not job.own_machine:
            flags = {**flags, "port": 0, "platform_ports": []}
    file = None if job.settings is None else Path(job.folder) / job.settings
    return load_settings(flags, folder=Path(job.folder), file=file)


def _cases(job: Job, settings: Settings) -> Sequence[Case]:
    paths = [Path(job.folder) / path for path in job.paths]
    left = playable(choose(paths, settings, only=job.only, words=job.words, tags=job.tags), settings)[0]
    return [case for case in left if not restarts_the_bot(case.scenario)]
