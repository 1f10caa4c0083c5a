"""A session: the fakes, the bot and the trace of one run, and the cases that are played in it, many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatdrill.checks.evidence import Evidence
from chatdrill.checks.judge import judge_case, judge_evidence, validate_blocks
from chatdrill.checks.results import CaseJudgement, Judgement
from chatdrill.clock import Clock, WallClock
from chatdrill.engine.bot import BotOptions, BotProcess, LateApp, accepts_connections, answers, load_app, wait_until
from chatdrill.engine.cases import Case
from chatdrill.engine.player import Play, Player, PlayOptions
from chatdrill.errors import BotError
from chatdrill.model import Blobs
from chatdrill.run.registry import load_platform, platform_names
from chatdrill.run.settings import Settings
from chatdrill.seeds import Seed
from chatdrill.serve import DeliverOptions, ListenOptions, Stage
from chatdrill.trace import BotState, Called, Record, Recorder, RunBegan, RunEnded
from chatdrill.version import VERSION

_FIRST_WORD_S = 5.0
"""How long (real seconds) a bot that is ready may take to say where a platform's updates should go."""


class Session:
    """Opens the fakes, brings up the bot, plays cases and judges them.

    A bot that cannot be reached does not stop the session: its cases end at once with that verdict, so that trace and
    report are written all the same. ``problems`` has the reason for each platform.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        platforms: Sequence[str],
        seed: int,
        trace: Path | None = None,
        clock: Clock | None = None,
        port: int | None = None,
    ) -> None:
        self.settings = settings
        self.platforms = tuple(platforms)
        self.seed = Seed(seed)
        self.clock = clock or WallClock(speed=settings["speed"])
        self.recorder = Recorder(self.clock, path=trace)
        self.evidence = Evidence()
        self.recorder.listeners.append(self.evidence.add)
        self.problems: dict[str, str] = {}
        self._bot = _bot_options(settings)
        self._app = LateApp(self._load_app) if self._bot.kind == "app" else None
        self._process: BotProcess | None = None
        self._port = settings["port"] if port is None else port
        self._slots = asyncio.Semaphore(max(1, settings["jobs"]))
        self.stage = self._make_stage()
        self._play = Play(self.stage, self.recorder, self.clock, self.seed, _play_options(settings))
        validate_blocks(settings.tables.get("sla", {}), settings.tables.get("checks", {}), str(settings.source))

    def _make_stage(self) -> Stage:
        settings = self.settings
        stage = Stage(
            app=self._app,
            clock=self.clock,
            seed=self.seed,
            recorder=self.recorder,
            listen=ListenOptions(host=settings["host"], port=self._port, platform_ports=settings["platform_ports"]),
            deliver=DeliverOptions(batch=settings["batch"], ack_timeout_s=settings["ack_timeout"]),
        )
        for name in platform_names():  # all of them: a bot that speaks more than is drilled must still come up
            stage.add(load_platform(name), settings.platform_settings.get(name, {}))
        return stage

    def _load_app(self) -> Any:
        """Import the bot once the fakes stand, because its variables name their ports."""
        return load_app(self._bot.app or "", self._bot_environment(), Path.cwd())

    def _bot_environment(self) -> dict[str, str]:
        return {**self.stage.environment(), **self._bot.environment}

    @property
    def blobs(self) -> Mapping[str, Blobs]:
        """The files of each platform, for reports."""
        return {name: channel.state.blobs for name, channel in self.stage.channels.items()}

    async def open(self, *, on_listening: Callable[[], None] = lambda: None) -> None:
        """Bind the ports (then call ``on_listening``) and bring up the bot. Raises ``PortTaken``; a bot that does not come up is recorded."""
        self.recorder.record(
            RunBegan,
            version=VERSION,
            seed=self.seed.value,
            clock="virtual" if self.clock.is_virtual else "real" if self.clock.speed == 1 else "scaled",
            speed=self.clock.speed,
            bot=self._bot.describe(),
            platforms=self.platforms,
            settings=self._recorded_settings(),
        )
        try:
            await self.stage.open()
            on_listening()
            await self._start_bot()
        except BotError as error:
            self._unreachable(self.platforms, error)
            return
        await asyncio.gather(*(self._connect(name) for name in self.platforms))

    def _recorded_settings(self) -> dict[str, Any]:
        plain = {key: value for key, value in self.settings.values.items() if key != "bot_env"}
        return {
            **plain,
            "sla": dict(self.settings.tables.get("sla", {})),
            "checks": dict(self.settings.tables.get("checks", {})),
        }

    def _unreachable(self, platforms: Sequence[str], error: BotError) -> None:
        self.problems.update(dict.fromkeys(platforms, str(error)))
        self.recorder.record(BotState, state="unreachable", detail=str(error))

    # ------------------------------------------------------------------------------------------- the bot

    async def _start_bot(self) -> None:
        if self._app is not None and self._app.problem is not None:
            raise self._app.problem
        if self._bot.kind == "command":
            await self._start_process(self._bot_environment())

    async def _start_process(self, environment: Mapping[str, str]) -> None:
        self._process = process = BotProcess(self._bot, self.recorder, redact=self.stage.redact)
        process.exited = self._bot_exited
        await process.start(environment)
        if not await wait_until(
            self._is_ready, timeout_s=self._bot.ready_timeout_s, still_alive=lambda: process.running
        ):
            raise BotError(self._not_ready(process))
        self.recorder.record(BotState, state="ready")

    async def _is_ready(self) -> bool:
        if self._bot.ready_url:
            return await answers(self._bot.ready_url)
        if any(isinstance(record, Called) for record in self.evidence.outside):
            return True
        return await accepts_connections(self.settings.webhook(self.platforms[0]))

    def _not_ready(self, process: BotProcess) -> str:
        what = self._bot.ready_url or self.settings.webhook(self.platforms[0])
        said = "".join(f"\n    | {line}" for line in process.last_lines) or " (it printed nothing)"
        if not process.running:
            return f"the bot ended before it was ready; its last words:{said}"
        return f"the bot was not ready after {self._bot.ready_timeout_s:g} s: nothing answers at {what}; its last words:{said}"

    def _bot_exited(self, reason: str) -> None:
        self.problems.update(dict.fromkeys(self.platforms, reason))
        self._play.stop(reason)

    async def _connect(self, name: str) -> None:
        """Find out where the platform's updates go: the settings say it, the bot does, or it is the usual place."""
        channel = self.stage.channels[name]
        given = self.settings.given_webhook(name)
        if given is not None and channel.state.webhook_url is None:
            self.stage.set_webhook(name, given)
        by_bot = channel.platform.delivery.registered_by == "bot"
        if by_bot and channel.state.webhook_url is None and not await self._speaks_for_itself(name):
            return
        if channel.state.webhook_url is None and not channel.polled:
            self.stage.set_webhook(name, self.settings.webhook(name))
        if channel.state.webhook_url is not None:
            try:
                await self.stage.check_webhook(name)
            except BotError as error:
                self._unreachable([name], error)

    async def _speaks_for_itself(self, name: str) -> bool:
        """Wait until the bot has registered a webhook or asked for updates, where a platform lets it do that.

        A bot that runs already may have registered before the fakes were there: then it is the usual place. A bot that
        was just started and does neither gets no updates.
        """
        channel = self.stage.channels[name]

        def has() -> bool:
            return channel.state.webhook_url is not None or channel.polled

        spoke = await wait_until(has, timeout_s=_FIRST_WORD_S, still_alive=lambda: name not in self.problems)
        if not spoke and self._bot.kind != "running":
            detail = f"{name}: the bot has neither registered a webhook nor asked for updates"
            self.recorder.record(BotState, state="webhook", detail=detail)
            return False
        return True

    # ------------------------------------------------------------------------------------------- the cases

    async def play(self, case: Case) -> CaseJudgement:
        """Play one case (when a slot is free) and judge it."""
        async with self._slots:
            await Player(case, self._play, self._blocks(case), problem=self.problems.get(case.platform)).play()
        return judge_case(self.evidence.cases[case.id])

    def _blocks(self, case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
        tables = self.settings.tables
        return (
            {**tables.get("sla", {}), **case.scenario.sla},
            {"no-runaway": {"limit": self.settings["runaway"]}, **tables.get("checks", {}), **case.scenario.checks},
        )

    async def play_all(self, cases: Sequence[Case], *, each: Callable[[CaseJudgement], None] = lambda _: None) -> None:
        """Play many cases at once; ``each`` is told every verdict as it comes."""

        async def one(case: Case) -> None:
            each(await self.play(case))

        async with asyncio.TaskGroup() as group:
            for case in cases:
                group.create_task(one(case))

    def judge(self) -> Judgement:
        """Judge what has been recorded so far."""
        return judge_evidence(self.evidence)

    @property
    def records(self) -> list[Record]:
        """The trace so far."""
        return self.recorder.records

    async def close(self, *, interrupted: bool = False) -> None:
        """Stop the bot and the fakes, and end the trace. Bounded."""
        self._play.closing = True
        if self._process is not None:
            await self._process.stop()
        await self.stage.close()
        self.recorder.record(RunEnded, interrupted=interrupted)
        self.recorder.close()


def _bot_options(settings: Settings) -> BotOptions:
    return BotOptions(
        command=settings["command"],
        app=settings["app"],
        ready_url=settings["ready_url"],
        ready_timeout_s=settings["ready_timeout"],
        environment=settings["bot_env"],
    )


def _play_options(settings: Settings) -> PlayOptions:
    return PlayOptions(
        reply_timeout_s=settings["reply_timeout"],
        settle_s=settings["settle"],
        skip_over_s=settings["skip_over"],
        case_timeout_s=settings["case_timeout"],
        runaway=settings["runaway"],
    )
