"""What the player does at the helpdesk: agents act for it, and it waits for what must happen there first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from chatdrill.engine.agents import DEFAULT_AGENT, HABITS, AgentPlan, make_agent, shift_of
from chatdrill.engine.cases import Case
from chatdrill.engine.conversation import Conversation
from chatdrill.engine.desk_steps import CARRIED_KINDS, AgentDoes, AgentSees, Handoff
from chatdrill.engine.desk_truth import entry_message, seen
from chatdrill.engine.durations import say_seconds
from chatdrill.engine.expect import MessageRef
from chatdrill.engine.floor import Desked, Floor, Worker
from chatdrill.engine.hearing import describe
from chatdrill.engine.listening import Unmet
from chatdrill.engine.match import find_message, matches
from chatdrill.engine.media import load_media
from chatdrill.engine.play import Play
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.errors import Unsupported, UsageError
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
from chatdrill.trace import Filed, Skipped
from chatdrill.wire import strings_in

_HANDOFF_S = 30.0
"""Drill seconds in which a handover is expected, where the scenario does not say it."""
_AGENT_S = 300.0
"""Drill seconds that a step of an agent waits until the agent has the conversation."""

Interrupted = Callable[[Conversation], None]


class DeskWork:
    """The desk's side of one case. ``entries`` are the messages of each ticket as the agents see them now."""

    def __init__(
        self,
        case: Case,
        play: Play,
        office: Office,
        seed: Seed,
        facts: Mapping[str, str],
        trouble: Callable[[str], None],
    ) -> None:
        self._case = case
        self._facts = facts
        self._shared = play
        self._office = office
        self._chance = seed.stream("agents")
        self.entries: dict[str, dict[str, Entry]] = {}
        self._filled: dict[str, list[str]] = {}  # what stands in each ticket's fields
        self._conversations: dict[str, Conversation] = {}
        self._surveyed: set[str] = set()
        self.floor = Floor(
            play.stage,
            office,
            play.clock,
            seed.stream("floor"),
            {plan.key: self._worker(plan, seed) for plan in _plans(case)},
            now=self._now,
            language_of=self._language_of,
            told=play.wake,
            trouble=trouble,
        )
        play.attend(case.id, self._note)

    @property
    def agents(self) -> dict[str, Agent]:
        """The agents, by their key at the desk."""
        return {worker.agent.key: worker.agent for worker in self.floor.workers.values()}

    def _worker(self, plan: AgentPlan, seed: Seed) -> Worker:
        scenario = self._case.scenario
        agent = make_agent(plan, self._case.id, scenario.locale, scenario.zone, seed.stream("agent", plan.key))
        shift = shift_of(plan, scenario.zone, self._shared.options.calendars)
        return Worker(agent, plan, shift, plan.habits.declines)

    def enter(self, conversation: Conversation) -> None:
        """A customer comes in."""
        self._conversations[conversation.id] = conversation
        self.floor.follow_shifts()

    def _now(self) -> float:
        now = self._shared.clock.now()
        return max((conversation.at(now) for conversation in self._conversations.values()), default=now)

    def _language_of(self, conv: str) -> str:
        return self._conversations[conv].customer.language if conv in self._conversations else "en"

    def is_with_people(self, conversation: Conversation) -> bool:
        """True while somebody is waited for, or has the conversation."""
        ticket = self.floor.ticket_of(conversation.id)
        return ticket is not None and ticket.owner in ("queue", "agent")

    def close(self) -> None:
        """The case is over."""
        self.floor.close()
        self._shared.unattend(self._case.id)

    # -------------------------------------------------------------------------------------- what the desk tells

    def _note(self, record: Filed | Skipped) -> None:
        if isinstance(record, Skipped):
            self.floor.skipped(record.conv)
        else:
            self._note_event(record)

    def _note_event(self, filed: Filed) -> None:
        event = filed.event
        if event.ticket is not None:
            if event.ticket not in self.entries:  # what stood there before anybody knew whose it is
                self.entries[event.ticket] = {entry.id: entry for entry in self._standing(event.ticket)}
            entries = self.entries[event.ticket]
            if isinstance(event, EntryAdded):
                entries[event.entry.id] = event.entry
            elif isinstance(event, SurveyAsked):
                self._surveyed.add(event.ticket)
            elif isinstance(event, TicketOpened | HandoffAsked):
                self._filled.setdefault(event.ticket, []).extend(strings_in(msgspec.to_builtins(event)))
            elif isinstance(event, EntryChanged) and event.entry_id in entries:
                entries[event.entry_id] = seen(entries[event.entry_id], event)
        self.floor.note(filed)

    def _standing(self, ticket: str) -> Sequence[Entry]:
        found = self._office.state.tickets.get(ticket)
        return found.entries if found is not None else ()

    def surveyed(self, conv: str) -> bool:
        """True once the desk has asked the customer of a conversation how it was."""
        ticket = self.floor.ticket_of(conv)
        return ticket is not None and ticket.id in self._surveyed

    # ------------------------------------------------------------------------------------------------- waiting

    async def _until(
        self,
        conversation: Conversation,
        done: Callable[[], bool],
        drill_s: float,
        interrupted: Interrupted,
        *,
        hopes: bool = False,
    ) -> bool:
        def ready() -> bool:
            interrupted(conversation)
            return done()

        return await conversation.until_at_last(ready, self._shared.real_s(drill_s), hopes=hopes)

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

        within_s = _HANDOFF_S if step.within_s is None else step.within_s
        if await self._until(conversation, lambda: missing() is None, within_s, interrupted, hopes=True):
            return None
        return f"{missing()} within {say_seconds(within_s)}"

    def _carries(self, ticket: Desked, fact: str) -> bool:
        entries = self.entries.get(ticket.id, {}).values()
        if fact in CARRIED_KINDS:
            return any(file.mime.startswith(CARRIED_KINDS[fact]) for entry in entries for file in entry.files)
        words = " ".join((*self._filled.get(ticket.id, ()), *(entry.text for entry in entries)))
        return self._facts[fact].lower() in words.lower()

    async def sees(self, step: AgentSees, conversation: Conversation, interrupted: Interrupted) -> str | None:
        """Wait until messages stand in the ticket; what is missing, or ``None``."""

        def missing() -> list[str]:
            ticket = self.floor.ticket_of(conversation.id)
            entries = () if ticket is None else tuple(self.entries.get(ticket.id, {}).values())
            shown = [entry_message(entry) for entry in entries]
            return [
                describe(item) for item in step.expectations if not any(matches(item, one) is None for one in shown)
            ]

        within_s = self._shared.options.reply_timeout_s if step.within_s is None else step.within_s
        if await self._until(conversation, lambda: not missing(), within_s, interrupted, hopes=True):
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
        if step.verb == "accepts" and ticket.agent == agent:
            return  # they were quicker than the scenario
        self._act(ticket, self._simple_act(step, ticket, agent), index)

    async def _ready(self, step: AgentDoes, conversation: Conversation, interrupted: Interrupted) -> Desked:
        """The ticket, once it is where the act needs it."""
        within_s = _AGENT_S if step.within_s is None else step.within_s
        within_s = 0.0 if self._case.is_improvised else within_s

        def missing() -> str | None:
            return self._missing(step, self.floor.ticket_of(conversation.id))

        if not await self._until(conversation, lambda: missing() is None, within_s, interrupted):
            raise Unmet(f"no agent could act ({step.verb}) within {say_seconds(within_s)}: {missing()}")
        found = self.floor.ticket_of(conversation.id)
        assert found is not None
        return found

    def _missing(self, step: AgentDoes, ticket: Desked | None) -> str | None:
        """Why an agent cannot do it yet."""
        if ticket is None:
            return "no ticket was made"
        states = _NEEDS.get(step.verb, ("agent",))
        has_it = step.verb == "accepts" and step.agent is not None and ticket.agent == self.floor.seat(step.agent)
        if not has_it and "any" not in states and ticket.owner not in states:
            return f"the ticket belongs to {_OWNERS[ticket.owner]}"
        if step.message is not None and self._entry(step, ticket) is None:
            return f"the ticket shows no message that is {step.message}"
        return None

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
        quoted = None if step.message is None else self._entry(step, ticket)
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
                return EditReply(agent=agent, entry_id=self._entry(step, ticket) or "", text=step.text or "")
            case "deletes":
                return DeleteReply(agent=agent, entry_id=self._entry(step, ticket) or "")
            case "transfers":
                to = None if step.to is None else self.floor.seat(step.to)
                return Transfer(agent=agent, to_agent=to, to_team=step.team)
            case "sets":
                return SetState(agent=agent, state=step.word or "open")  # type: ignore[arg-type]  # the reader has checked it
        return _PLAIN[step.verb](agent=agent)

    def _entry(self, step: AgentDoes, ticket: Desked) -> str | None:
        """The newest message that the step means: one of an agent's where it is changed, anybody's where it is quoted."""
        own = step.verb in ("edits", "deletes")
        entries = self.entries.get(ticket.id, {}).values()
        shown = [entry_message(entry) for entry in entries if entry.public and (not own or entry.author == "agent")]
        found = find_message(step.message or MessageRef(), shown)
        return None if found is None else found.id

    def _goes(self, step: AgentDoes) -> None:
        for key in [step.agent] if step.agent is not None else self.floor.workers:
            self.floor.go(SetPresence(agent=self.floor.seat(key), presence=step.word or "online"))  # type: ignore[arg-type]  # checked

    def _act(self, ticket: Desked, act: AgentAct, index: int) -> None:
        try:
            self._shared.stage.bureau.act(self._office.name, ticket.id, act, step=index)
        except (Unsupported, UsageError) as error:
            if isinstance(error, Unsupported) and not self._case.is_improvised:
                raise
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
    """The scenario's agents, or one. Whom a step tells to accept or decline does nothing of it by themselves, unless the
    scenario says how soon."""
    told = {step.agent for step in case.steps if isinstance(step, AgentDoes) and step.verb in ("accepts", "declines")}
    plans = case.scenario.agents or (AgentPlan(key=DEFAULT_AGENT, habits=HABITS["steady"]),)
    return tuple(_waits_for_steps(plan) if told & {None, plan.key} else plan for plan in plans)


def _waits_for_steps(plan: AgentPlan) -> AgentPlan:
    if plan.habits.accepts_s != HABITS[plan.habits.name].accepts_s:
        return plan
    return msgspec.structs.replace(plan, habits=msgspec.structs.replace(plan.habits, accepts_s=None))
