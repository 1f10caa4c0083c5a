"""The player: customers act and wait. It never decides pass or fail; it stops when going on makes no sense.

One player plays one case. Everything it knows of the bot it learns from the trace, like everybody else.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, cast

from chatdrill.engine.acting import Actor
from chatdrill.engine.cases import Case
from chatdrill.engine.chronicle import Chronicle, StepOutcome
from chatdrill.engine.conversation import Conversation
from chatdrill.engine.desk_steps import AgentSees, DeskStep, Handoff
from chatdrill.engine.hearing import TurnHeard, explain
from chatdrill.engine.identity import make_customer
from chatdrill.engine.listening import INTERRUPTED, NEVER_NUDGING, Unmet, Watch, listen
from chatdrill.engine.persona import Persona, next_active
from chatdrill.engine.play import Play
from chatdrill.engine.scenario import CustomerPlan
from chatdrill.engine.schedule import NO_TIMES, Schedule
from chatdrill.engine.steps import (
    Branches,
    Eventually,
    Hears,
    HearsNothing,
    Never,
    Reminded,
    Says,
    Step,
    Types,
    Waits,
    WaitsUntil,
    substitute,
    turns_of,
)
from chatdrill.engine.stunts import Stunts
from chatdrill.errors import ScenarioError, Unsupported
from chatdrill.model import Customer
from chatdrill.trace.transcript.phrases import day_and_time


class Player:
    """Plays one case from its first step to its end, and records how that went. ``play`` raises nothing but
    cancellation. ``meant_t`` is when its first customer meant to begin (real seconds since the run began), if that is known."""

    def __init__(
        self,
        case: Case,
        play: Play,
        blocks: tuple[Mapping[str, Any], Mapping[str, Any]],
        *,
        problem: str | None = None,
        meant_t: float | None = None,
    ) -> None:
        self._case = case
        self._meant_t = meant_t
        self._shared = play
        self._chronicle = Chronicle(case, play, blocks)
        self._first = case.scenario.customers[0].key
        self._problem = problem
        self._seed = play.seed.child(case.id)
        self._values: dict[str, str] = {}
        self._conversations: dict[str, Conversation] = {}
        self._actors: dict[str, Actor] = {}
        self._watches: list[Watch] = []
        self._schedule = Schedule(case, play)
        self._free_t = 0.0  # since when nothing but our own work keeps a customer from thinking of the next step
        self._stunts = Stunts(case, play, self._chronicle, self._seed)

    async def play(self) -> bool:
        """Play the case; true if that went to its end."""
        outcome, detail = "broken", None
        try:
            await self._begin()
            async with self._bound():
                await self._play_steps()
                await self._settle()
            outcome = "done"
        except Unmet as unmet:
            outcome, detail = "unmet", str(unmet)
        except TimeoutError:
            outcome, detail = "stopped", self._stopped()
        except (ScenarioError, Unsupported) as error:
            self._chronicle.trouble("scenario", str(error))
        except asyncio.CancelledError:
            outcome, detail = "stopped", INTERRUPTED
            raise
        except Exception as error:  # noqa: BLE001  # our own bug must not end the other conversations
            where = traceback.format_exception_only(error)[-1].strip()
            self._chronicle.trouble("harness", f"the player failed: {where}: {_last_frame(error)}")
        finally:
            self._end(outcome, detail)
        return outcome == "done"

    # ------------------------------------------------------------------------------------ beginning and end

    def _bound(self) -> AbstractAsyncContextManager[object]:
        """Ends a case that takes too long. Virtual time needs no such bound: whatever is waited for there is near."""
        if self._shared.clock.is_virtual:
            return nullcontext()
        return asyncio.timeout(self._shared.options.case_timeout_s)

    async def _begin(self) -> None:
        case, stage = self._case, self._shared.stage
        scenario = case.scenario
        personas = {plan.key: plan.persona or scenario.persona for plan in scenario.customers}
        ahead_s = await self._wait_for_the_beginning(personas[self._first])
        now = self._shared.clock.now()
        try:
            people = {plan.key: self._person(plan) for plan in scenario.customers}
            self._values = case.start_values(people)
            facts, secrets = case.told(self._values)
            self._stunts.open_desk(facts)
            addresses = {
                key: stage.join(case.platform_of(key), person, case=case.id, conv=f"{case.id}/{key}", ahead_s=ahead_s)
                for key, person in people.items()
            }
        except Exception:  # a case that cannot begin has a beginning in the trace, and so a verdict
            self._chronicle.began({}, {}, personas[self._first], now)
            raise
        self._chronicle.began(people, addresses, personas[self._first], now + ahead_s, facts, secrets)
        for key, person in people.items():
            self._bring_in(key, person, addresses[key], personas[key])
        self._actors[self._first].meant_t = self._meant_t
        if not (case.opens or any(step.when for step in case.steps)):
            self._values = {}  # nobody asks for them; tens of thousands may be playing
        if self._problem is not None:
            raise Unmet(self._problem)

    async def _wait_for_the_beginning(self, persona: Persona) -> float:
        """How far the chats run ahead of the clock: virtual time has one timeline, so there the case waits instead."""
        clock, scenario = self._shared.clock, self._case.scenario
        now = clock.now()
        starts = scenario.starts_at if scenario.starts_at is not None else max(now, clock.begins_at)
        begins = next_active(persona, starts, scenario.zone)
        if not clock.is_virtual:
            return begins - now
        if starts < now - _LATE_S:
            self._chronicle.began({}, {}, persona, now)
            raise ScenarioError(
                f"it starts at {day_and_time(starts, scenario.zone)}, but the drill is at "
                f"{day_and_time(now, scenario.zone)} already; one clock serves all scenarios of a run: let the run begin "
                "earlier with --start, or play this one by itself"
            )
        await clock.sleep(begins - now)
        return 0.0

    def _person(self, plan: CustomerPlan) -> Customer:
        locale = plan.locale or self._case.scenario.locale
        return make_customer(plan.key, plan.given, locale, self._seed.stream("identity", plan.same_as or plan.key))

    def _bring_in(self, key: str, person: Customer, address: str, persona: Persona) -> None:
        platform = self._case.platform_of(key)
        conversation = Conversation(
            id=f"{self._case.id}/{key}",
            customer=person,
            channel=platform,
            address=address,
            chat=self._shared.stage.channels[platform].state.chats[address],
            deadlines=self._shared.deadlines,
        )
        self._conversations[key] = conversation
        self._shared.listen(conversation)
        self._stunts.enter(conversation)
        actor = self._actors[key] = Actor(
            conversation,
            persona,
            self._shared.stage,
            self._shared.recorder,
            self._shared.clock,
            self._seed.child("persona", key),
            files=self._case.files,
            protected=tuple(self._values.values()),
        )
        actor.nudging = self._stunts.patience(conversation, actor.nudging)

    async def _settle(self) -> None:
        """Let the bot finish: what it still says belongs to this case."""
        for conversation in self._conversations.values():
            await self._shared.stage.quiet(conversation.channel, conversation.address, timeout_s=2.0)
        await asyncio.sleep(self._shared.options.settle_s)
        self._check_watches()

    def _end(self, outcome: str, detail: str | None) -> None:
        for conversation in self._conversations.values():
            self._shared.stage.leave(conversation.channel, conversation.address)
            self._shared.forget(conversation)
        self._stunts.close()
        self._chronicle.ended(outcome, detail, self._conversations.get(self._first))

    def _stopped(self) -> str:
        limit_s = self._shared.options.case_timeout_s
        return f"stopped after {limit_s:g} s (--case-timeout); what takes days is played with --clock virtual"

    # ------------------------------------------------------------------------------------------- the steps

    async def _play_steps(self) -> None:
        branches, opens = Branches(), self._case.opens
        for first, steps in turns_of(self._case.steps):
            lead = steps[0]
            conversation = self._conversations[lead.customer or self._first]
            if lead.when and not branches.admits(lead, self._values):
                for index in range(first, first + len(steps)):
                    self._chronicle.left(index, conversation, "skipped")
                continue
            turn = self._filled(first, steps) if opens else steps
            if type(lead) in _LISTENING:
                await self._hear(first, cast("Sequence[Hears]", turn), conversation)
            else:
                await self._do(first, turn[0], conversation)

    def _filled(self, first: int, steps: Sequence[Step]) -> Sequence[Step]:
        opens = self._case.opens
        return [substitute(step, self._values) if index in opens else step for index, step in enumerate(steps, first)]

    def _enter(self, index: int, step: Step, conversation: Conversation, at: float) -> None:
        """Begin a step at the drill time ``at``."""
        times = self._schedule.enter(index, step, at, conversation.word_at) if step.is_timed else NO_TIMES
        self._chronicle.entered(index, step, conversation, at, times)

    def _at(self, conversation: Conversation) -> float:
        return conversation.at(self._shared.clock.now())

    async def _do(self, index: int, step: Step, conversation: Conversation) -> None:
        """Play a step that does not wait for words of the bot's."""
        at = self._at(conversation)
        self._enter(index, step, conversation, at)
        if type(step) is Never:
            self._watches.append(Watch.of(step, conversation, at))
            self._chronicle.left(index, conversation, "played")
            return
        actor = self._actors[conversation.customer.key]
        try:
            await self._act(index, step, conversation, actor)
            if self._watches:
                self._check_watches()
        except (Unmet, Unsupported) as lacking:
            if not self._case.is_improvised or isinstance(step, _PAUSES):
                raise
            ended = self._chronicle.left(index, conversation, "skipped", str(lacking))
        else:
            ended = self._chronicle.left(index, conversation, "met" if type(step) in _AWAITED else "played")
            actor.meant_t = None
        self._free_t = ended.t  # whatever comes next is meant after this

    def _act(self, index: int, step: Step, conversation: Conversation, actor: Actor) -> Awaitable[None]:
        if type(step) is not Says:  # nearly every step is that: nobody need ask what else it is
            if isinstance(step, Waits):
                return self._pause(conversation, step.seconds)
            if isinstance(step, WaitsUntil):
                ends_at, now = self._schedule.span(index).due_at, self._at(conversation)
                return self._pause(conversation, (ends_at or now) - now)
            if isinstance(step, HearsNothing):
                return self._hear_nothing(index, conversation, step)
            if isinstance(step, Types):
                return actor.type_for(step.seconds)
            if isinstance(step, DeskStep):
                return self._stunts.do(index, step, conversation, actor, self._interrupted)
        return actor.act(index, step, since_t=self._free_t, wait=self._wait_for)

    # -------------------------------------------------------------------------------------------- listening

    async def _hear(self, first: int, steps: Sequence[Hears], conversation: Conversation) -> None:
        lead, at, word_at = steps[0], self._at(conversation), conversation.word_at
        for index, step in enumerate(steps, first):
            self._enter(index, step, conversation, at)
        actor = self._actors[conversation.customer.key]
        spans, limits_s = self._schedule.of_turn(first, steps, at)
        nudging = NEVER_NUDGING if type(lead) is Reminded else actor.nudging
        result = await listen(conversation, steps, spans, limits_s, nudging, self._interrupted)
        if result.captured:
            self._values.update(result.captured)
        if result.misses or result.mistimed:
            self._leave_unmet(first, steps, result, conversation, word_at)
        else:
            for index in range(first, first + len(steps)):
                self._chronicle.left(index, conversation, "met")
        if lead.only:  # such a step is a turn by itself
            await self._wait_quietly(conversation)
        heard_t = actor.heard(result.met, excused=type(lead) is Eventually)
        self._free_t = self._shared.recorder.t if lead.only else heard_t

    def _leave_unmet(
        self, first: int, steps: Sequence[Hears], result: TurnHeard, conversation: Conversation, word_at: float | None
    ) -> None:
        """Leave the steps of a turn that did not go as expected; raises ``Unmet`` unless what is missing is optional."""
        unmet = None
        for offset, step in enumerate(steps):
            outcome, detail = self._outcome(first + offset, step, result.of(offset), conversation, word_at)
            self._chronicle.left(first + offset, conversation, outcome, detail)
            unmet = unmet or (detail if outcome == "unmet" else None)
        if unmet is not None:
            raise Unmet(f"the bot did not say what was expected: {unmet}")

    def _outcome(
        self, index: int, step: Hears, result: TurnHeard, conversation: Conversation, word_at: float | None
    ) -> tuple[StepOutcome, str | None]:
        for _, item in result.mistimed:
            return "unmet", self._schedule.mistimed(index, step, item, word_at)
        for miss in result.misses:
            lines = explain(miss, conversation.pool, conversation.known)
            return "skipped" if step.optional else "unmet", lines.get("but", lines["nearest"])
        return _MET

    async def _hear_nothing(self, index: int, conversation: Conversation, step: HearsNothing) -> None:
        """Wait, and stop at the first word: it is against the rule, however long one goes on listening."""
        before = len(conversation.heard)
        conversation.listened = True

        def spoke() -> bool:
            self._interrupted(conversation)
            return any(not item.edit for item in conversation.heard[before:])

        waits_s, skips_s = self._split_pause(step.seconds)
        if await conversation.until(spoke, waits_s / self._shared.clock.speed):
            detail = f"the bot said {conversation.heard[-1].message.text[:80]!r}"
            self._chronicle.left(index, conversation, "unmet", detail)
            raise Unmet(detail)
        if skips_s:
            self._skip(conversation, skips_s)

    def _split_pause(self, seconds: float) -> tuple[float, float]:
        """What is really waited of a silence, and what is skipped because time cannot jump for the bot as well."""
        most = self._shared.options.skip_over_s
        is_short = self._shared.clock.is_virtual or not most or seconds <= most
        return (seconds, 0.0) if is_short else (most, seconds - most)

    async def _wait_for(self, conversation: Conversation, done: Any) -> bool:
        """Wait for something of the bot's that an act needs: a button to press, a message to react to."""

        def ready() -> bool:
            self._interrupted(conversation)
            return bool(done())

        return await conversation.until_at_last(ready, self._shared.real_s(self._shared.options.reply_timeout_s))

    async def _wait_quietly(self, conversation: Conversation) -> None:
        await self._shared.stage.quiet(conversation.channel, conversation.address, timeout_s=2.0)
        await asyncio.sleep(self._shared.options.settle_s)

    def _interrupted(self, conversation: Conversation) -> None:
        """Raise ``Unmet`` where waiting any longer makes no sense."""
        if self._shared.stopped_because is not None:
            raise Unmet(self._shared.stopped_because)
        if conversation.since_act > self._shared.options.runaway:
            raise Unmet(f"the bot sent {conversation.since_act} messages without a word of the customer")
        if self._watches:
            self._check_watches()

    def _check_watches(self) -> None:
        for watch in self._watches:
            if (said := watch.broken()) is not None:
                raise Unmet(f"the bot said what it never should: {said[:80]!r}")

    async def _pause(self, conversation: Conversation, seconds: float) -> None:
        """A pause of the scenario. A long one is skipped: drill time moves on, once the bot has had its say."""
        options, clock = self._shared.options, self._shared.clock
        if clock.is_virtual:
            ends = clock.now() + seconds
            if conversation.awaiting:  # a reply under way must not be overtaken by the pause
                await conversation.until(lambda: self._pause_over(conversation), min(seconds, options.reply_timeout_s))
            if not await conversation.rest(ends - clock.now()):
                raise Unmet(f"the bot did {conversation.deeds} things without a word of the customer")
            return
        if not options.skip_over_s or seconds <= options.skip_over_s:
            await clock.sleep(seconds)
            return
        await self._shared.stage.quiet(conversation.channel, conversation.address, timeout_s=2.0)
        if conversation.awaiting:
            limit = self._shared.real_s(min(seconds, options.reply_timeout_s))
            await conversation.until(lambda: self._pause_over(conversation), limit)
        await asyncio.sleep(options.settle_s)
        self._skip(conversation, seconds)

    def _skip(self, conversation: Conversation, seconds: float) -> None:
        """Move on the time of whoever waits, on all their platforms."""
        for one in map(self._conversations.__getitem__, self._case.accounts_of(conversation.customer.key)):
            self._shared.stage.skip(one.channel, one.address, seconds)

    def _pause_over(self, conversation: Conversation) -> bool:
        self._interrupted(conversation)
        return not conversation.awaiting


_LISTENING, _AWAITED = frozenset((Hears, Eventually, Reminded)), frozenset((HearsNothing, Handoff, AgentSees))
_PAUSES = (Waits, WaitsUntil, HearsNothing, Types)
_MET: tuple[StepOutcome, str | None] = ("met", None)
_LATE_S = 1.0
"""A beginning that is missed by less than this is no matter: others may have been played before."""


def _last_frame(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "no frame"
