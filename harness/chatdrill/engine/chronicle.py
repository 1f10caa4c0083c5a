"""What is written down of one case while it is played: its beginning, its steps, its end, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from chatdrill.engine.cases import Case
from chatdrill.engine.conversation import Conversation
from chatdrill.engine.persona import Persona
from chatdrill.engine.play import Play
from chatdrill.engine.schedule import Times
from chatdrill.engine.steps import Step, step_to_dict
from chatdrill.model import Agent, Customer
from chatdrill.serve.faults.restarting import BACK_S, Restart
from chatdrill.trace import CaseBegan, CaseEnded, Injected, StepBegan, StepEnded, Trouble

StepOutcome = Literal["played", "met", "unmet", "skipped"]


_NOTHING: Mapping[str, str] = MappingProxyType({})


class Chronicle:
    """Makes the records of a case. ``blocks`` are its ``sla`` and its ``checks``."""

    def __init__(self, case: Case, play: Play, blocks: tuple[Mapping[str, Any], Mapping[str, Any]]) -> None:
        self._case = case
        self._id = case.id
        self._recorder = recorder = play.recorder
        self._record = recorder.record
        self._now = play.clock.now
        self._seed = play.seed.value
        self._blocks = blocks
        self._desk: str | None = None
        self._agents: dict[str, Agent] = {}

    def staffed(self, desk: str, agents: dict[str, Agent]) -> None:
        """There is a helpdesk behind the bot, with these people."""
        self._desk, self._agents = desk, agents

    def began(
        self,
        people: dict[str, Customer],
        addresses: dict[str, str],
        persona: Persona,
        at: float,
        facts: Mapping[str, str] = _NOTHING,
        secrets: tuple[str, ...] = (),
    ) -> None:
        """The case begins at the drill time ``at``; its customers will tell these ``facts`` and ``secrets``."""
        case, scenario = self._case, self._case.scenario
        sla, checks = self._blocks
        self._record(
            CaseBegan,
            at=at,
            case=case.id,
            name=scenario.name,
            platform=case.platform,
            seed=self._seed,
            persona=persona.name,
            customers=people,
            steps=case.plain,
            addresses=addresses,
            tags=scenario.tags,
            row=dict(case.row),
            sla=dict(sla),
            checks=dict(checks),
            zone=scenario.zone,
            file=scenario.file,
            line=scenario.line,
            desk=self._desk,
            agents=self._agents,
            facts=dict(facts),
            secrets=secrets,
            channels={plan.key: plan.platform for plan in scenario.customers if plan.platform is not None},
        )

    def entered(self, index: int, step: Step, conversation: Conversation, at: float, times: Times) -> None:
        """A step begins; what was filled into it since the case was made is written down."""
        changed = step_to_dict(step) if step is not self._case.steps[index] else None
        not_before_at, due_at, zone = times
        recorder = self._recorder
        recorder.add(
            StepBegan(
                n=recorder.n,
                t=recorder.t,
                at=at,
                case=self._id,
                conv=conversation.id,
                step=index,
                played=changed,
                not_before_at=not_before_at,
                due_at=due_at,
                zone=zone,
            )
        )

    def left(
        self, index: int, conversation: Conversation, outcome: StepOutcome, detail: str | None = None
    ) -> StepEnded:
        """A step ends."""
        recorder = self._recorder
        return recorder.add(
            StepEnded(
                n=recorder.n,
                t=recorder.t,
                at=self._now() + conversation.chat.ahead_s,
                case=self._id,
                conv=conversation.id,
                step=index,
                outcome=outcome,
                detail=detail,
            )
        )

    def restarted(self, conversation: Conversation) -> None:
        """The bot is restarted, as it comes by chance."""
        self._record(
            Injected,
            at=conversation.at(self._now()),
            case=self._case.id,
            conv=conversation.id,
            platform=self._case.platform,
            fault=Restart.name,
            what="the bot is killed and started again",
            bears=Restart.bears,
            late_s=BACK_S,
        )

    def trouble(self, fault: Literal["scenario", "harness"], what: str) -> None:
        """Something went wrong that is not the bot's."""
        self._record(Trouble, case=self._case.id, fault=fault, what=what)

    def ended(self, outcome: str, detail: str | None, conversation: Conversation | None) -> None:
        """The case ends; its first conversation says when."""
        at = None if conversation is None else conversation.at(self._now())
        self._record(CaseEnded, at=at, case=self._case.id, outcome=outcome, detail=detail)
