"""A session: the fakes, the bot and the trace of one run, and the cases that are played in it, many at once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from chatdrill.checks.evidence import Evidence
from chatdrill.checks.judge import judge_case, judge_evidence, validate_blocks
from chatdrill.checks.results import CaseJudgement, Judgement
from chatdrill.checks.sla import resolved_sla
from chatdrill.clock import Clock, Stall, VirtualClock, WallClock
from chatdrill.clock.settled import SettledLoop
from chatdrill.engine.agents import shift_of
from chatdrill.engine.bot import BotOptions, LateApp, free_port, load_app, variables_set
from chatdrill.engine.cases import Case
from chatdrill.engine.cutting import cut
from chatdrill.engine.desk_steps import Restarts
from chatdrill.engine.faulting import read_faults
from chatdrill.engine.identity import make_customer
from chatdrill.engine.moments import Local
from chatdrill.engine.play import Play, PlayOptions
from chatdrill.engine.player import Player
from chatdrill.engine.steps import Sends
from chatdrill.errors import BotError, ScenarioError, SettingsError, UsageError
from chatdrill.model import Blobs
from chatdrill.run.following import following
from chatdrill.run.mishaps import told_of_mishaps
from chatdrill.run.raising import raised_stage
from chatdrill.run.reaching import Reach
from chatdrill.run.registry import platform_names
from chatdrill.run.settings import Settings
from chatdrill.run.turns import Turns
from chatdrill.seeds import Seed
from chatdrill.serve import Doors, Stage
from chatdrill.serve.faults.restarting import Restart
from chatdrill.trace import Record, Recorder, RunBegan, RunEnded, Stalled, Trouble
from chatdrill.version import VERSION
from chatdrill.wire import files

_JOBS = 50
_JOBS_VIRTUAL = 100_000
"""One timeline: who waits for two days is in nobody's way."""
_PATIENCE_S = 3.0
_HURRIED_PATIENCE_S = 1.2
_NOT_OURS = "restart is skipped: chatdrill did not start the bot (--command or --app)"


class Session:
    """Opens the fakes, brings up the bot, plays cases and judges them.

    A bot that cannot be reached does not stop the session: its cases end at once with that verdict, so that trace and
    report are written all the same. ``problems`` has the reason for each platform. ``worker`` is the number of the
    process among several that run at once, see ``Settings.placed``. A ``recorder`` of one's own takes the place of ``trace``. ``doors``: other
    processes hold the bot's account as well. ``through``: the bot is started by ``reach.run_through``, with the terminal.

    Raises ``UsageError`` for a trace that cannot be written, ``SettingsError`` for an unknown check or response time.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        platforms: Sequence[str],
        seed: int,
        trace: Path | None = None,
        clock: Clock | None = None,
        worker: int = 0,
        recorder: Recorder | None = None,
        doors: Doors | None = None,
        through: bool = False,
    ) -> None:
        self._sla = _read_tables(settings)
        self.settings = settings = settings.placed(worker=worker, free_port=free_port)
        self.platforms = tuple(platforms)
        self.seed = Seed(seed)
        self.clock = clock or WallClock(speed=settings["speed"])
        self.recorder = recorder or _open_recorder(self.clock, trace)
        self._evidence = Evidence()
        self._indexed = 0
        self._indexing = threading.Lock()  # pytest asks from its own thread
        self._bot = _bot_options(settings, through=through)
        self._following = following(settings, self.clock, self._bot.environment)
        if self._following is not None:
            self._bot = replace(self._bot, environment={**self._bot.environment, **self._following.environment})
        self._doors = doors
        self._cleanup = contextlib.ExitStack()
        self._slots = asyncio.Semaphore(settings["jobs"] or (_JOBS_VIRTUAL if self.clock.is_virtual else _JOBS))
        self._turns = Turns()
        app = LateApp(self._load_app) if self._bot.kind == "app" else None
        try:
            self.stage = self._make_stage(app)
        except BaseException:
            self.recorder.close()
            raise
        self._play = Play(self.stage, self.recorder, self.clock, self.seed, _play_options(settings))
        self._watch_time()
        self.reach = Reach(
            settings,
            self._bot,
            self.stage,
            self.recorder,
            lambda: self.evidence,
            self.platforms,
            app=app,
            lost=self._play.stop,
        )
        self._play.restart = self.reach.restart

    def _watch_time(self) -> None:
        """Tell a loop whose time jumps what it cannot see, and write down what keeps it from jumping."""
        loop = self.clock.loop if isinstance(self.clock, VirtualClock) else None
        if loop is None:
            return
        # What belongs to nobody's conversation is no sign of life: a bot that polls asks for updates without end.
        loop.signs = lambda: self.recorder.of_cases
        if isinstance(loop, SettledLoop):  # the other kind sees for itself what is under way
            loop.busy.append(self.stage.is_busy)
            loop.hoping.append(self._play.is_waiting)
        loop.stalled = self._note_stall

    def _note_stall(self, stall: Stall) -> None:
        who = self.stage.redact(stall.who)
        self.recorder.record(Stalled, what=stall.what, who=who, every_s=stall.every_s, late_share=stall.late_share)

    def _make_stage(self, app: LateApp | None) -> Stage:
        settings = self.settings
        stage = raised_stage(
            settings,
            # A bot that is started must come up, also if it speaks more than is drilled.
            self.platforms if self._bot.kind == "running" else platform_names(),
            clock=self.clock,
            seed=self.seed,
            recorder=self.recorder,
            app=app,
            doors=self._doors,
            cleanup=self._cleanup,
        )
        self._plan = read_faults(settings["faults"])
        skipped = stage.expose(self._plan, names=self.platforms)
        restarts = self._bot.kind == "running" and any(isinstance(rule.kind, Restart) for rule in self._plan)
        self.skipped_faults = (*skipped, *((_NOT_OURS,) if restarts else ()))
        return stage

    def _load_app(self) -> Any:
        """Import the bot once the fakes stand, because its variables name their ports."""
        self._cleanup.enter_context(variables_set({**self.stage.environment(), **self._bot.environment}))
        return load_app(self._bot.app or "", self._bot.folder)

    def variables(self) -> dict[str, str]:
        """The variables that point a bot at the fakes of this session's platforms."""
        found = {"CHATDRILL_URL": self.stage.base_url, **self.stage.detour(os.environ)}
        for name in (*self.platforms, *self.stage.bureau.offices):
            account = self.stage.accounts[name]
            found |= account.service.environment(account.state, account.base_url)
        if self.settings["desk"] is not None:
            found["CHATDRILL_DESK"] = self.settings["desk"]
        return found if self.clock.speed == 1 else {**found, "CHATDRILL_SPEED": f"{self.clock.speed:g}"}

    @property
    def evidence(self) -> Evidence:
        """The trace so far, indexed for the checks; that is done when it is asked for, not while people talk."""
        with self._indexing:
            new = self.recorder.records[self._indexed :]
            self._indexed += len(new)
            for record in new:
                self._evidence.add(record)
        return self._evidence

    def take_evidence(self) -> Evidence:
        """The evidence since this was asked last, of which the session then lets go: who plays without end keeps nothing. To be asked for
        while nobody plays."""
        taken = self.evidence
        with self._indexing:
            self._evidence = Evidence(run=taken.run)
            self.recorder.records.clear()
            self._indexed = 0
        return taken

    @property
    def is_over(self) -> bool:
        """True once the bot has gone away: nobody gets an answer any more."""
        return self._play.stopped_because is not None

    @property
    def problems(self) -> Mapping[str, str]:
        """Why the bot cannot be reached, by platform."""
        return self.reach.problems

    @property
    def blobs(self) -> Mapping[str, Blobs]:
        """The files of each platform and desk, for reports."""
        return {name: account.state.blobs for name, account in self.stage.accounts.items()}

    async def open(self, *, by_hand: bool = False, on_listening: Callable[[], None] = lambda: None) -> None:
        """Bind the ports, call ``on_listening``, and bring up the bot.

        ``by_hand``: nobody plays, and a bot that runs may come later. Raises ``UsageError`` (``PortTaken``) if a port
        cannot be bound; a bot that does not come up is recorded.
        """
        self._record_beginning()
        self._cleanup.enter_context(told_of_mishaps(self._note_mishap))
        with self.clock.unattended():
            try:
                await self.stage.open()
            except BotError as error:  # the start-up of an ASGI app
                self.reach.give_up(self.platforms, error)
                return
            on_listening()
            await (self.reach.wait_up() if by_hand else self.reach.up())

    def _note_mishap(self, what: str) -> None:
        self.recorder.record(Trouble, fault="harness", what=self.stage.redact(what))

    def _record_beginning(self) -> None:
        plain = {key: value for key, value in self.settings.values.items() if key not in ("bot_env", "set")}
        self.recorder.record(
            RunBegan,
            version=VERSION,
            seed=self.seed.value,
            clock="virtual" if self.clock.is_virtual else "real" if self.clock.speed == 1 else "scaled",
            speed=self.clock.speed,
            bot=self.stage.redact(self._bot.describe()),
            platforms=self.platforms,
            bot_clock=None if self._following is None else self._following.tier,
            bot_clock_why=None if self._following is None else self._following.because,
            settings={
                **plain,
                **{name: dict(table) for name, table in self.settings.tables.items()},
                "sla": self._sla,
                "faults_skipped": list(self.skipped_faults),
                "calendars": {name: calendar.block for name, calendar in self.settings.calendars.items()},
                "replay": [self.stage.redact(word) for word in self.settings.replay],
            },
        )

    # ------------------------------------------------------------------------------------------- the cases

    async def play(self, case: Case) -> CaseJudgement:
        """Play one case (when a slot is free) and judge it."""
        await self.play_only(self._cut(case))
        return judge_case(self.evidence.cases[case.id])

    async def play_only(self, case: Case, *, meant_t: float | None = None) -> bool:
        """Play one case (when a slot is free) and leave the judging to others; true if it was played to its end. ``meant_t``:
        when its first customer meant to begin, in real seconds since the run began."""
        async with self._turns.take(alone=_restarts(case)), self._slots:
            with self.clock.running():
                problem = next(filter(None, map(self.problems.get, case.platforms)), None)
                return await Player(case, self._play, self._blocks(case), problem=problem, meant_t=meant_t).play()

    def _blocks(self, case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
        tables, scenario = self.settings.tables, case.scenario
        own_sla = resolved_sla(scenario.sla, self.settings.calendars, f"{scenario.where}: sla")
        return (
            {**self._sla, **own_sla},
            {"no-runaway": {"limit": self.settings["runaway"]}, **tables.get("checks", {}), **scenario.checks},
        )

    async def play_all(self, cases: Sequence[Case], *, each: Callable[[bool], None] = lambda _: None) -> None:
        """Play many cases at once, the long ones first; ``each`` is told whether a case was played to its end.

        They are judged afterwards (``judge``): that work must not hold up those who are still talking.
        """
        cases = [self._cut(case) for case in cases]
        warm_up(cases)
        for case in cases:  # a calendar that nobody knows is told before anybody talks
            self._blocks(case)
            self._locate(case)

        async def one(case: Case) -> None:
            each(await self.play_only(case))

        with self.clock.running():
            async with asyncio.TaskGroup() as group:
                for case in sorted(cases, key=lambda case: (_restarts(case), -len(case.steps))):
                    group.create_task(one(case))

    def _cut(self, case: Case) -> Case:
        """The case, with a restart of the bot in it where faults want that and it can be done."""
        if self._bot.kind == "running":
            return case
        own = case.scenario.faults
        return cut(case, self._plan if own is None else read_faults(own), self.seed)

    def _locate(self, case: Case) -> None:
        """Raise ``ScenarioError``, naming the file, for a calendar that nobody knows."""
        scenario, calendars = case.scenario, self.settings.calendars
        try:
            Local.of(scenario.zone, scenario.calendar, calendars)
            for plan in scenario.agents:
                shift_of(plan, scenario.zone, calendars)
        except ScenarioError as error:
            raise ScenarioError(error.problem, where=case.scenario.where) from error

    def judge(self) -> Judgement:
        """Judge what has been recorded so far."""
        return judge_evidence(self.evidence)

    @property
    def records(self) -> list[Record]:
        """The trace so far."""
        return self.recorder.records

    async def close(self, *, interrupted: bool = False) -> None:
        """Stop the bot and the fakes, and end the trace: within seconds, sooner where somebody ``interrupted``."""
        try:
            with self.clock.unattended():
                # A bot that is being stopped is not blamed for what it can no longer take.
                await self.stage.fall_silent()
                await self.reach.down(patience_s=_HURRIED_PATIENCE_S if interrupted else _PATIENCE_S)
                await self.stage.close()
        finally:
            self._cleanup.close()
            if self._following is not None:
                self._following.close()
            self.recorder.record(RunEnded, interrupted=interrupted)
            self.recorder.close()


def _read_tables(settings: Settings) -> dict[str, Any]:
    """The block ``[sla]``, with its calendars in it. Names the line of a wrong key in it or in ``[checks]`` before anything
    is opened."""
    sla: dict[str, Any] = {}
    for name, table in settings.tables.items():
        for key, value in table.items():
            where = settings.place(name, key)
            try:
                if name == "sla":
                    sla |= resolved_sla({key: value}, settings.calendars, f"{where}: sla")
                else:
                    validate_blocks({}, {key: value}, where)
            except UsageError as error:
                said = str(error)
                raise SettingsError(said if said.startswith(where) else f"{where}: {said}") from error
    return sla


def _open_recorder(clock: Clock, trace: Path | None) -> Recorder:
    try:
        return Recorder(clock, path=trace, soon=_soon)
    except OSError as error:
        raise UsageError(
            f"cannot write the trace {trace}: {error.strerror}; choose another folder with --out"
        ) from error


def _soon(work: Callable[[], None]) -> None:
    """Do some work when this turn of the loop is over, or now where no loop runs."""
    try:
        asyncio.get_running_loop().call_soon(work)
    except RuntimeError:
        work()


def _bot_options(settings: Settings, *, through: bool) -> BotOptions:
    return BotOptions(
        command=settings["command"],
        app=settings["app"],
        through=through,
        ready_url=settings["ready_url"],
        ready_timeout_s=settings["ready_timeout"],
        environment=settings["bot_env"],
        folder=settings.folder("command" if settings["command"] else "app"),
    )


def _play_options(settings: Settings) -> PlayOptions:
    return PlayOptions(
        reply_timeout_s=settings["reply_timeout"],
        settle_s=settings["settle"],
        skip_over_s=settings["skip_over"],
        case_timeout_s=settings["case_timeout"],
        runaway=settings["runaway"],
        calendars=settings.calendars,
    )


def _restarts(case: Case) -> bool:
    """True for a case that restarts the bot: it is played when the others are over, for they would all feel it."""
    return Restarts in map(type, case.steps)


def warm_up(cases: Sequence[Case]) -> None:
    """Load what the first customer and the first picture need, so that it does not hold up those who talk already."""
    for locale in {plan.locale or case.scenario.locale for case in cases for plan in case.scenario.customers}:
        make_customer("nobody", {}, locale, Seed(0).stream("warm-up"))
    if any(isinstance(step, Sends) for case in cases for step in case.steps):
        files.warm_up()
