"""What the player does at the helpdesk: agents act for it, and it waits for what must happen there first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from chatdrill.calendars import Calendar
from chatdrill.engine.agents import DEFAULT_AGENT, HABITS, AgentPlan, make_agent
from chatdrill.engine.cases import Case
from chatdrill.engine.conversation import Conversation
from chatdrill.engine.desk_steps import CARRIED_KINDS, AgentDoes, AgentSees, Handoff
from chatdrill.engine.desk_truth import entry_message, seen
from chatdrill.engine.durations import say_seconds
from chatdrill.engine.floor import Desked, Floor, Worker
from chatdrill.engine.hearing import describe
from chatdrill.engine.listening import Unmet
from chatdrill.engine.match import find_message, matches
from chatdrill.engine.media import load_media
from chatdrill.engine.moments import Local
from chatdrill.engine.play import Play
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.errors import ScenarioError, Unsupported, UsageError
from chatdrill.model import (
    Accept,
    Agent,
    AgentAct,
    AgentTyping,
    Close,
    Decline,
    DeleteReply,
    EditReply,
    Entry,
    EntryAdded,
    EntryChanged,
    HandoffAsked,
    Note,
    Part,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    SurveyAsked,
    TakeOver,
    Text,
    TicketOpened,
    Transfer,
)
from chatdrill.seeds import Seed
from chatdrill.serve.channel import Office
from chatdrill.trace import Filed
from chatdrill.wire import strings_in

_HANDOFF_S = 30.0
"""Drill seconds in which a handover is expected, where the scenario does not say it."""
_AGENT_S = 300.0
"""Drill seconds that a step of an agent waits until the agent has the conversation."""

Interrupted = Callable[[Conversation], None]


class DeskWork:
    """The desk's side of one case. ``entries`` are the messages of each ticket as the agents see them now."""

    def __init__(self, case: Case, play: Play, office: Office, seed: Seed, trouble: Callable[[str], None]) -> None:
        self._case = case
        self._shared = play
        self._office = office
        self._chance = seed.stream("agents")
        self.entries: dict[str, dict[str, Entry]] = {}
        self._filled: dict[str, list[str]] = {}  # what stands in each ticket's fields
        self._languages: dict[str, str] = {}
        self._surveyed: set[str] = set()
        self.floor = Floor(
            play.stage,
            office,
            play.clock,
            seed.stream("floor"),
            {plan.key: self._worker(plan, seed) for plan in _plans(case)},
            lambda conv: self._languages.get(conv, "en"),
            self._told,
            trouble,
        )
        play.attend(case.id, self._note)

    @property
    def agents(self) -> dict[str, Agent]:
        """The agents, by their key at the desk."""
        return {worker.agent.key: worker.agent for worker in self.floor.workers.values()}

    def _worker(self, plan: AgentPlan, seed: Seed) -> Worker:
        agent = make_agent(plan, self._case.id, self._case.scenario.locale, seed.stream("agent", plan.key))
        shift = self._calendar(plan.shift) if plan.shift is not None else None
        return Worker(agent, plan, shift, plan.habits.declines)

    def _calendar(self, shift: str | Mapping[str, object]) -> Calendar | None:
        return Local.of(self._case.scenario.zone, shift, self._shared.options.calendars).calendar

    def enter(self, conversation: Conversation) -> None:
        """A customer comes in."""
        self._languages[conversation.id] = conversation.customer.language

    def close(self) -> None:
        """The case is over."""
        self.floor.close()
        self._shared.unattend(self._case.id)

    # -------------------------------------------------------------------------------------- what the desk tells

    def _note(self, filed: Filed) -> None:
        event = filed.event
        if event.ticket is not None:
            entries = self.entries.setdefault(event.ticket, {})
            if isinstance(event, EntryAdded):
                entries[event.entry.id] = event.entry
            elif isinstance(event, SurveyAsked):
                self._surveyed.add(event.ticket)
            elif isinstance(event, TicketOpened | HandoffAsked):
                self._filled.setdefault(event.ticket, []).extend(strings_in(msgspec.to_builtins(event)))
            elif isinstance(event, EntryChanged) and event.entry_id in entries:
                entries[event.entry_id] = seen(entries[event.entry_id], event)
        self.floor.note(filed)

    def _told(self, conv: str) -> None:
        self._shared.wake(conv)

    def surveyed(self, conv: str) -> bool:
        """True once the desk has asked the customer of a conversation how it was."""
        ticket = self.floor.ticket_of(conv)
        return ticket is not None and ticket.id in self._surveyed

    # ------------------------------------------------------------------------------------------------- waiting

    async def _until(
        self, conversation: Conversation, done: Callable[[], bool], drill_s: float, interrupted: Interrupted
    ) -> bool:
        def ready() -> bool:
            interrupted(conversation)
            return done()

        return await conversation.until(ready, self._shared.real_s(drill_s))

    async def hand_over(self, step: Handoff, conversation: Conversation, interrupted: Interrupted) -> str | None:
        """Wait for a handover; what is missing, or ``None``."""

        def missing() -> str | None:
            ticket = self.floor.ticket_of(conversation.id)
            if ticket is None or ticket.owner not in ("queue", "agent"):
                return "the bot did not hand over: " + (
                    "no ticket was made" if ticket is None else f"{ticket.owner} owns it"
                )
            if step.to is not None and ticket.team != step.to:
                return f"it went to {ticket.team or 'no team'}, not to {step.to!r}"
            lacks = [fact for fact in step.carries if not self._carries(ticket, fact)]
            return f"the ticket does not show {', '.join(lacks)}" if lacks else None

        within_s = step.within_s or _HANDOFF_S
        if await self._until(conversation, lambda: missing() is None, within_s, interrupted):
            return None
        return f"{missing()} within {say_seconds(within_s)}"

    def _carries(self, ticket: Desked, fact: str) -> bool:
        entries = self.entries.get(ticket.id, {}).values()
        if fact in CARRIED_KINDS:
            return any(file.mime.startswith(CARRIED_KINDS[fact]) for entry in entries for file in entry.files)
        words = " ".join((*self._filled.get(ticket.id, ()), *(entry.text for entry in entries)))
        return self._case.facts[fact].lower() in words.lower()

    async def sees(self, step: AgentSees, conversation: Conversation, interrupted: Interrupted) -> str | None:
        """Wait until messages stand in the ticket; what is missing, or ``None``."""

        def missing() -> list[str]:
            ticket = self.floor.ticket_of(conversation.id)
            entries = () if ticket is None else tuple(self.entries.get(ticket.id, {}).values())
            shown = [entry_message(entry) for entry in entries]
            return [
                describe(item) for item in step.expectations if not any(matches(item, one) is None for one in shown)
            ]

        within_s = step.within_s or self._shared.options.reply_timeout_s
        if await self._until(conversation, lambda: not missing(), within_s, interrupted):
            return None
        return f"the agent did not see {', '.join(missing())} within {say_seconds(within_s)}"

    # --------------------------------------------------------------------------------------------- agents' acts

    async def do(self, index: int, step: AgentDoes, conversation: Conversation, interrupted: Interrupted) -> None:
        """Let an agent act. Raises ``Unmet`` where the conversation never comes to them."""
        if step.verb == "goes":
            self._goes(step)
            return
        ticket = await self._ready(step, conversation, interrupted)
        agent = self._who(step, ticket)
        if step.verb == "types":
            self._act(ticket, AgentTyping(agent=agent), index)
            await self._shared.clock.sleep(step.seconds or 0.0)
            return
        if step.verb in ("says", "sends"):
            await self._reply(index, step, ticket, agent)
            return
        self._act(ticket, self._simple_act(step, ticket, agent), index)

    async def _ready(self, step: AgentDoes, conversation: Conversation, interrupted: Interrupted) -> Desked:
        """The ticket, once it is where the act needs it."""
        states = _NEEDS.get(step.verb, ("agent",))

        def there() -> bool:
            ticket = self.floor.ticket_of(conversation.id)
            return ticket is not None and ("any" in states or ticket.owner in states)

        within_s = step.within_s or _AGENT_S
        if not await self._until(conversation, there, within_s, interrupted):
            ticket = self.floor.ticket_of(conversation.id)
            where = "no ticket was made" if ticket is None else f"the ticket belongs to {_OWNERS[ticket.owner]}"
            raise Unmet(f"no agent could act ({step.verb}) within {say_seconds(within_s)}: {where}")
        found = self.floor.ticket_of(conversation.id)
        assert found is not None
        return found

    def _who(self, step: AgentDoes, ticket: Desked) -> str:
        if step.agent is not None:
            return self.floor.seat(step.agent)
        if ticket.agent is not None:
            return ticket.agent
        return next(iter(self.floor.workers.values())).agent.key

    async def _reply(self, index: int, step: AgentDoes, ticket: Desked, agent: str) -> None:
        parts = self._parts(step)
        worker = self.floor.worker_at(agent)
        if worker is not None:
            typing_s = len(step.text or "") * 60 / worker.plan.habits.typing
            await self._shared.clock.sleep(
                self._chance.uniform(*worker.plan.habits.replies_s) + min(typing_s, _TYPING_MAX_S)
            )
        quoted = None if step.message is None else self._entry(step, ticket, None)
        self._act(ticket, Reply(agent=agent, parts=parts, reply_to=quoted), index)

    def _parts(self, step: AgentDoes) -> tuple[Part, ...]:
        if step.text is not None:
            return (Text(text=step.text),)
        return tuple(self._part(content) for content in step.contents)

    def _part(self, content: Content) -> Part:
        if isinstance(content, Attachment):
            return load_media(content, self._case.files, self._office.state.blobs)
        return content

    def _simple_act(self, step: AgentDoes, ticket: Desked, agent: str) -> AgentAct:
        match step.verb:
            case "notes":
                return Note(agent=agent, text=step.text or "")
            case "edits":
                return EditReply(agent=agent, entry_id=self._entry(step, ticket, "agent"), text=step.text or "")
            case "deletes":
                return DeleteReply(agent=agent, entry_id=self._entry(step, ticket, "agent"))
            case "transfers":
                to = None if step.to is None else self.floor.seat(step.to)
                return Transfer(agent=agent, to_agent=to, to_team=step.team)
            case "sets":
                return SetState(agent=agent, state=step.word or "open")  # type: ignore[arg-type]  # the reader has checked it
        return _PLAIN[step.verb](agent=agent)

    def _entry(self, step: AgentDoes, ticket: Desked, author: str | None) -> str:
        entries = self.entries.get(ticket.id, {}).values()
        shown = [entry_message(entry) for entry in entries if author in (None, entry.author) and entry.public]
        assert step.message is not None
        found = find_message(step.message, shown)
        if found is None:
            raise ScenarioError(f"the ticket shows no message yet that is {step.message}")
        return found.id

    def _goes(self, step: AgentDoes) -> None:
        keys = [step.agent] if step.agent is not None else list(self.floor.workers)
        for key in keys:
            self.floor.seat(key)
            worker = self.floor.workers[key]
            self.floor.go(worker, SetPresence(agent=worker.agent.key, presence=step.word or "online"))  # type: ignore[arg-type]

    def _act(self, ticket: Desked, act: AgentAct, index: int) -> None:
        try:
            self._shared.stage.bureau.act(self._office.name, ticket.id, act, step=index)
        except Unsupported:
            raise
        except UsageError as error:
            raise Unmet(f"an agent could not {type(act).__name__.lower()}: {error}") from error


_PLAIN: Mapping[str, Callable[..., AgentAct]] = {
    "accepts": Accept,
    "declines": Decline,
    "takes over": TakeOver,
    "closes": Close,
    "releases": Release,
    "reopens": Reopen,
}
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "accepts": ("queue",),
    "declines": ("queue",),
    "takes over": ("any",),
    "reopens": ("any",),
    "notes": ("queue", "agent"),
    "transfers": ("queue", "agent"),
    "edits": ("any",),
    "deletes": ("any",),
}
_OWNERS = {"bot": "the bot", "queue": "the queue", "agent": "an agent", "none": "nobody"}
_TYPING_MAX_S = 20.0


def _plans(case: Case) -> tuple[AgentPlan, ...]:
    """The scenario's agents, or one who works as the steps ask for."""
    if case.scenario.agents:
        return case.scenario.agents
    told = any(isinstance(step, AgentDoes) and step.verb in ("accepts", "declines") for step in case.steps)
    return (AgentPlan(key=DEFAULT_AGENT, habits=HABITS["told" if told else "steady"]),)
