"""Players against a toy bot: no process, no sleep, in virtual time or a few hundred times as fast."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from chatdrill.checks.evidence import Evidence
from chatdrill.checks.judge import judge_case
from chatdrill.checks.results import CaseJudgement
from chatdrill.clock import Clock, JumpingLoop, VirtualClock, WallClock
from chatdrill.engine.cases import cases
from chatdrill.engine.play import Play, PlayOptions
from chatdrill.engine.player import Player
from chatdrill.engine.scenario import Scenario
from chatdrill.model import Text, Write
from chatdrill.run.registry import load_platform
from chatdrill.run.selection import samples
from chatdrill.seeds import Seed
from chatdrill.serve import Client, ListenOptions, Stage
from chatdrill.serve.loop import new_exact_loop
from chatdrill.trace import Acted, CaseEnded, Record, Recorder, RunBegan, StepEnded, Trouble
from chatdrill.wire import Desk
from engine.toy_bot import Answer, ToyBot, echo

R = TypeVar("R", bound=Record)
FRIDAY = 1_774_598_400.0
HOOK = "http://bot.test/hook"


@dataclass
class Played:
    """What a play left behind."""

    records: list[Record]
    judgements: list[CaseJudgement]
    bot: ToyBot
    took_s: float

    def all(self, kind: type[R]) -> list[R]:
        return [record for record in self.records if isinstance(record, kind)]

    @property
    def verdict(self) -> str:
        assert len(self.judgements) == 1
        return self.judgements[0].verdict

    @property
    def messages(self) -> str:
        """All findings."""
        return "\n".join(finding.message for judgement in self.judgements for finding in judgement.findings)

    @property
    def ended(self) -> CaseEnded:
        (ended,) = self.all(CaseEnded)
        return ended

    @property
    def outcomes(self) -> list[str]:
        return [record.outcome for record in self.all(StepEnded)]

    @property
    def troubles(self) -> list[tuple[str, str]]:
        return [(record.fault, record.what) for record in self.all(Trouble)]

    def said(self, cause: str = "step") -> list[str]:
        """The customers' texts."""
        writes = [record.act for record in self.all(Acted) if record.cause == cause and isinstance(record.act, Write)]
        return [part.text for write in writes for part in write.parts if isinstance(part, Text)]


async def play_on(
    clock: Clock,
    *scenarios: Scenario,
    answer: Answer = echo,
    seed: int = 7,
    during: Callable[[Play], Any] = lambda _: None,
    checks: dict[str, Any] | None = None,
    desk: Desk[Any] | None = None,
    **options: Any,
) -> Played:
    """Play scenarios all at once against a toy bot that answers so, with this helpdesk behind it."""
    recorder, evidence, bot = Recorder(clock), Evidence(), ToyBot(answer)
    recorder.listeners.append(evidence.add)
    name = "virtual" if clock.is_virtual else "scaled"
    recorder.record(RunBegan, version="0", seed=seed, clock=name, speed=clock.speed, bot="toy", platforms=("whatsapp",))
    stage = Stage(clock=clock, seed=Seed(seed), recorder=recorder, app=bot, listen=ListenOptions(port=0))
    stage.add(load_platform("whatsapp"), {"rate_limits": "no"})
    if desk is not None:
        stage.add_desk(desk)
    bot.stage, bot.client = stage, Client(clock.monotonic)
    name = None if desk is None else desk.name
    chosen = [case for scenario in scenarios for case in cases(scenario, ["whatsapp"], samples=samples(), desk=name)]
    quick = {"reply_timeout_s": 60.0, "settle_s": 0.03, "patience_floor_s": 0.2, "skip_over_s": 20.0}
    began = clock.monotonic()
    async with stage:
        stage.set_webhook("whatsapp", HOOK)
        shared = Play(stage, recorder, clock, Seed(seed), PlayOptions(**{**quick, **options}))
        during(shared)
        with clock.running():
            await asyncio.gather(*(Player(case, shared, ({}, checks or {})).play() for case in chosen))
        bot.client.close()
    judgements = [judge_case(evidence.cases[case.id]) for case in chosen]
    return Played(recorder.records, judgements, bot, clock.monotonic() - began)


@pytest.fixture
def play() -> Callable[..., Awaitable[Played]]:
    """``await play(Scenario(...), answer=...)`` plays in wall time, 200 times as fast: for what only it can show."""

    async def call(*scenarios: Scenario, speed: float = 200.0, **how: Any) -> Played:
        return await play_on(WallClock(speed=speed), *scenarios, **how)

    return call


@pytest.fixture
def jump() -> Callable[..., Played]:
    """``jump(Scenario(...), answer=...)`` plays in virtual time, from 2026-03-27 08:00 UTC (a Friday) on."""

    def call(*scenarios: Scenario, **how: Any) -> Played:
        async def main() -> Played:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, JumpingLoop)
            return await play_on(VirtualClock(loop, start=FRIDAY), *scenarios, **how)

        with asyncio.Runner(loop_factory=new_exact_loop) as runner:
            return runner.run(main())

    return call
