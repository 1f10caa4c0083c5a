"""The floor: the agents of one case at work, and the queue of those who wait for them.

Whoever waits longest is offered first to the agent who is free, speaks the language and has least to do. Agents take what is
offered, decline it, or let it lie, as their habits say; what happens then is the desk's business. All of it is drill time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from chatdrill.calendars import Calendar
from chatdrill.clock import Clock
from chatdrill.engine.agents import NEVER, AgentPlan, agent_words
from chatdrill.errors import ChatdrillError, UsageError
from chatdrill.model import (
    Accept,
    Agent,
    AgentAct,
    Assigned,
    Close,
    Decline,
    EntryAdded,
    HandoffAsked,
    Owner,
    OwnerChanged,
    Reply,
    SetPresence,
    Text,
    TicketOpened,
)
from chatdrill.seeds import Stream
from chatdrill.serve import Stage
from chatdrill.serve.channel import Office
from chatdrill.trace import Filed

_PRIORITIES = ("urgent", "high", "normal", "medium", "low")


@dataclass
class Desked:
    """A ticket as the floor sees it. ``waits_since`` is drill time; ``declined`` are the agents who refused it."""

    id: str
    conv: str
    language: str
    owner: Owner = "bot"
    agent: str | None = None
    team: str | None = None
    priority: int = 2
    waits_since: float = 0.0
    offered_to: str | None = None
    declined: list[str] = field(default_factory=list)
    words: int = 0


@dataclass
class Worker:
    """An agent on the floor. ``refusals`` are the offers still to be declined."""

    agent: Agent
    plan: AgentPlan
    shift: Calendar | None
    refusals: int
    online: bool = True
    served: int = 0


class Floor:
    """The agents of one case. ``told`` is called whenever something has changed at the desk."""

    def __init__(
        self,
        stage: Stage,
        office: Office,
        clock: Clock,
        chance: Stream,
        workers: Mapping[str, Worker],
        language_of: Callable[[str], str],
        told: Callable[[str], None],
        trouble: Callable[[str], None],
    ) -> None:
        self.office = office
        self.workers = dict(workers)
        self.tickets: dict[str, Desked] = {}
        self._bureau = stage.bureau
        self._clock = clock
        self._chance = chance
        self._language_of = language_of
        self._told = told
        self._trouble = trouble
        self._closed = False
        for worker in self.workers.values():
            office.desk.hire(office.state, worker.agent)

    def close(self) -> None:
        """Everybody goes home."""
        self._closed = True

    def ticket_of(self, conv: str) -> Desked | None:
        """The newest ticket of a conversation."""
        return next((ticket for ticket in reversed(self.tickets.values()) if ticket.conv == conv), None)

    def seat(self, key: str) -> str:
        """The key of an agent at the desk, by the key in the scenario. Raises ``UsageError``."""
        if key not in self.workers:
            raise UsageError(f"there is no agent {key!r} here; known: {', '.join(self.workers)}")
        return self.workers[key].agent.key

    def worker_at(self, seat: str | None) -> Worker | None:
        """Whose seat it is, if it is one of this floor's."""
        return next((worker for worker in self.workers.values() if worker.agent.key == seat), None)

    # --------------------------------------------------------------------------------------- what the desk tells

    def note(self, filed: Filed) -> None:
        """Something became true at the desk."""
        event = filed.event
        if event.ticket is None or filed.conv is None:
            return
        ticket = self.tickets.get(event.ticket)
        if ticket is None:
            ticket = Desked(event.ticket, filed.conv, self._language_of(filed.conv))
            self.tickets[event.ticket] = ticket
        if isinstance(event, TicketOpened):
            ticket.team = event.team or ticket.team
            ticket.priority = _priority(event.priority)
        elif isinstance(event, HandoffAsked):
            ticket.declined.clear()
        elif isinstance(event, Assigned):
            ticket.team = event.team or ticket.team
        elif isinstance(event, OwnerChanged):
            self._owned(ticket, event, filed.at)
        elif isinstance(event, EntryAdded) and event.entry.author == "customer" and ticket.owner == "agent":
            self._written_to(ticket)
        self._told(ticket.conv)

    def _owned(self, ticket: Desked, event: OwnerChanged, at: float) -> None:
        before, ticket.owner = ticket.owner, event.owner
        ticket.agent, ticket.offered_to = event.agent, None
        if event.owner == "queue":
            ticket.waits_since = at
            ticket.declined.clear()
        if event.owner == "agent" and before != "agent":
            worker = self.worker_at(event.agent)
            if worker is not None:
                worker.served += 1
                self._written_to(ticket)
        self._clock.call_later(0.0, self._route)

    # -------------------------------------------------------------------------------------------------- routing

    def _route(self) -> None:
        """Offer those who wait to those who are free."""
        if self._closed:
            return
        waiting = [t for t in self.tickets.values() if t.owner == "queue" and t.offered_to is None]
        for ticket in sorted(waiting, key=lambda t: (t.priority, t.waits_since)):
            worker = self._free_for(ticket)
            if worker is not None:
                self._offer(ticket, worker)

    def _free_for(self, ticket: Desked) -> Worker | None:
        able = [
            worker
            for worker in self.workers.values()
            if self.is_working(worker)
            and self.load_of(worker) < worker.agent.capacity
            and worker.agent.key not in ticket.declined
            and (ticket.team is None or worker.agent.team in (None, ticket.team))
            and worker.plan.habits.accepts_s is not None
            and worker.plan.habits.accepts_s[0] != NEVER
        ]
        return min(able, key=partial(self._suits, ticket), default=None)

    def _suits(self, ticket: Desked, worker: Worker) -> tuple[bool, int, int]:
        return ticket.language not in worker.agent.languages, self.load_of(worker), worker.served

    def is_working(self, worker: Worker) -> bool:
        """Whether an agent is there: signed in, and in their shift."""
        return worker.online and (worker.shift is None or worker.shift.is_open(self._clock.now()))

    def load_of(self, worker: Worker) -> int:
        """The conversations that an agent has, those included that they are about to take."""
        seat = worker.agent.key
        return sum(
            (ticket.owner == "agent" and ticket.agent == seat) or ticket.offered_to == seat
            for ticket in self.tickets.values()
        )

    def _offer(self, ticket: Desked, worker: Worker) -> None:
        ticket.offered_to = worker.agent.key
        spread = worker.plan.habits.accepts_s or (0.0, 0.0)
        self._clock.call_later(self._chance.uniform(*spread), partial(self._answer_offer, ticket, worker))

    def _answer_offer(self, ticket: Desked, worker: Worker) -> None:
        if self._closed or ticket.owner != "queue" or ticket.offered_to != worker.agent.key:
            return
        ticket.offered_to = None
        if worker.refusals:
            worker.refusals -= 1
            ticket.declined.append(worker.agent.key)
            with contextlib.suppress(ChatdrillError):  # where a desk has no word for it, the offer just lies
                self._bureau.act(self.office.name, ticket.id, Decline(agent=worker.agent.key))
        else:
            self._try(ticket, Accept(agent=worker.agent.key))
        self._clock.call_later(0.0, self._route)

    def go(self, worker: Worker, act: SetPresence) -> None:
        """An agent comes or goes; who comes looks at the queue."""
        worker.online = act.presence == "online"
        self._bureau.act(self.office.name, "", act)
        self._clock.call_later(0.0, self._route)

    # ------------------------------------------------------------------------------------- answering by themselves

    def _written_to(self, ticket: Desked) -> None:
        worker = self.worker_at(ticket.agent)
        if worker is None or not worker.plan.habits.answers:
            return
        ticket.words += 1
        turn = ticket.words
        self._clock.call_later(
            self._chance.uniform(*worker.plan.habits.replies_s), partial(self._answer, ticket, worker, turn)
        )

    def _answer(self, ticket: Desked, worker: Worker, turn: int) -> None:
        if self._closed or ticket.owner != "agent" or ticket.agent != worker.agent.key or ticket.words != turn:
            return
        words = agent_words(ticket.language, worker.agent, self._chance, first=turn == 1)
        self._try(ticket, Reply(agent=worker.agent.key, parts=(Text(text=words),)))
        self._clock.call_later(worker.plan.habits.closes_after_s, partial(self._close, ticket, worker, turn))

    def _close(self, ticket: Desked, worker: Worker, turn: int) -> None:
        if not self._closed and ticket.owner == "agent" and ticket.agent == worker.agent.key and ticket.words == turn:
            self._try(ticket, Close(agent=worker.agent.key))

    def _try(self, ticket: Desked, act: AgentAct) -> None:
        try:
            self._bureau.act(self.office.name, ticket.id, act)
        except ChatdrillError as error:
            self._trouble(f"an agent could not {type(act).__name__.lower()} {ticket.id}: {error}")


def _priority(word: str | None) -> int:
    return _PRIORITIES.index(word.lower()) if word is not None and word.lower() in _PRIORITIES else 2
