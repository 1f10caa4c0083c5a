"""The floor: the agents of one case at work, and the queue of those who wait for them.

Whoever waits longest is offered first to the agent who is free, speaks the language and has least to do. Agents take what is
offered, decline it, or let it lie, as their habits say; what happens then is the desk's business. All of it is drill time, and
that of the ticket's own chat: where a pause is skipped for one customer, the agents have had it as well.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from chatdrill.calendars import Calendar
from chatdrill.clock import Clock
from chatdrill.engine.agents import NEVER, AgentPlan, agent_words
from chatdrill.errors import ChatdrillError, Unsupported, UsageError
from chatdrill.model import (
    Accept,
    Accepted,
    Agent,
    AgentAct,
    Assigned,
    Close,
    Decline,
    Declined,
    DeskEvent,
    Entry,
    EntryAdded,
    HandoffAsked,
    Owner,
    OwnerChanged,
    Presence,
    Reply,
    SetPresence,
    Text,
    TicketOpened,
)
from chatdrill.seeds import Stream
from chatdrill.serve import Stage
from chatdrill.serve.channel import Office
from chatdrill.trace import Filed

_PRIORITIES: Mapping[str, int] = {"urgent": 0, "high": 1, "priority": 1, "normal": 2, "medium": 2, "low": 3}
_USUAL = _PRIORITIES["normal"]
_SURELY_S = 0.001
"""So much later than a shift changes it has changed, however drill time is rounded."""


@dataclass
class Desked:
    """A ticket as the floor sees it. ``waits_since`` is drill time; ``declined`` are the agents who refused it.

    ``offers``, ``turns`` and ``spoken`` count the offers, the customer's words and all words, so that what was planned for an
    earlier one is known to be out of date. ``is_greeted``: whoever has it has answered already.
    """

    id: str
    conv: str
    language: str
    owner: Owner = "bot"
    agent: str | None = None
    team: str | None = None
    priority: int = _USUAL
    waits_since: float = 0.0
    offered_to: str | None = None
    declined: list[str] = field(default_factory=list)
    offers: int = 0
    turns: int = 0
    spoken: int = 0
    is_greeted: bool = False


@dataclass
class Worker:
    """An agent on the floor. ``refusals`` are the offers still to be declined; ``is_in``: their shift has begun."""

    agent: Agent
    plan: AgentPlan
    shift: Calendar | None
    refusals: int
    is_in: bool = True
    served: int = 0

    @property
    def takes_offers(self) -> bool:
        """Whether they take by themselves what waits in the queue."""
        accepts_s = self.plan.habits.accepts_s
        return accepts_s is not None and accepts_s[0] != NEVER


@dataclass(eq=False)
class _Errand:
    """What somebody is about to do at a ticket, and its drill time there."""

    ticket: Desked
    due_at: float
    work: Callable[[], None]


class Floor:
    """The agents of one case. ``now`` is the drill time of the case, that of the customer who is furthest ahead. ``told`` is
    called with a conversation at whose desk something has changed, ``trouble`` with what must not have happened."""

    def __init__(
        self,
        stage: Stage,
        office: Office,
        clock: Clock,
        chance: Stream,
        workers: Mapping[str, Worker],
        *,
        now: Callable[[], float],
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
        self._now = now
        self._language_of = language_of
        self._told = told
        self._trouble = trouble
        self._errands: list[_Errand] = []
        self._shift_looks = 0
        self._closed = False
        for worker in self.workers.values():
            office.desk.hire(office.state, worker.agent)

    def close(self) -> None:
        """Everybody goes home: who routes at the desk must not give them the tickets of other cases."""
        self._closed = True
        self._errands.clear()
        for worker in self.workers.values():
            self.office.state.seats[worker.agent.key].presence = "offline"

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

    # ------------------------------------------------------------------------------------------------------- time

    def _at(self, ticket: Desked) -> float:
        return self.office.at(ticket.id, self._clock.now())

    def _later(self, ticket: Desked, after_s: float, work: Callable[[], None]) -> None:
        errand = _Errand(ticket, self._at(ticket) + after_s, work)
        self._errands.append(errand)
        self._clock.call_later(after_s, partial(self._run, errand))

    def _run(self, errand: _Errand) -> None:
        if errand in self._errands:
            self._errands.remove(errand)
            self._guarded(errand.work)

    def _soon(self, work: Callable[[], None]) -> None:
        self._clock.call_later(0.0, partial(self._guarded, work))

    def _guarded(self, work: Callable[[], None]) -> None:
        """Nobody awaits what a timer does, so nobody else would hear of its failure."""
        if self._closed:
            return
        try:
            work()
        except Exception as error:  # noqa: BLE001  our own bug, and it must be seen
            self._trouble(f"the floor failed: {type(error).__name__}: {error}")

    def skipped(self, conv: str | None) -> None:
        """A pause was skipped in a conversation: what was due in it happens now."""
        due = [errand for errand in self._errands if errand.ticket.conv == conv]
        for errand in sorted(due, key=lambda errand: errand.due_at):
            if errand.due_at <= self._at(errand.ticket):
                self._run(errand)
        self.follow_shifts()

    def follow_shifts(self) -> None:
        """Whoever's shift has begun comes, whoever's has ended goes; and again when the next of them changes."""
        now, changes = self._now(), []
        for worker in self.workers.values():
            if worker.shift is None:
                continue
            is_in = worker.shift.is_open(now)
            if is_in is not worker.is_in:
                worker.is_in = is_in
                self._show(worker, "online" if is_in else "offline")
            changes.append(worker.shift.next_close(now) if is_in else worker.shift.next_open(now))
        self._shift_looks += 1
        due = min((change for change in changes if change is not None), default=None)
        if due is not None:
            self._clock.call_later(due - now + _SURELY_S, partial(self._look_again, self._shift_looks))
        self._soon(self._route)

    def _look_again(self, look: int) -> None:
        if look == self._shift_looks:
            self._guarded(self.follow_shifts)

    def _show(self, worker: Worker, presence: Presence) -> None:
        with contextlib.suppress(Unsupported):  # the desk does not know who is there; its agents still go home
            self._bureau.act(self.office.name, "", SetPresence(agent=worker.agent.key, presence=presence))

    def go(self, act: SetPresence) -> None:
        """An agent comes or goes; who comes looks at the queue. Raises ``Unsupported`` where the desk has no word for it."""
        self._bureau.act(self.office.name, "", act)
        self._soon(self._route)

    # --------------------------------------------------------------------------------------- what the desk tells

    def note(self, filed: Filed) -> None:
        """Something became true at the desk."""
        event = filed.event
        if event.ticket is None or filed.conv is None:
            return
        ticket = self.tickets.get(event.ticket) or self._met(event.ticket, filed.conv, filed.at)
        self._take_in(ticket, event, filed.at)
        self._told(ticket.conv)

    def _met(self, id: str, conv: str, at: float) -> Desked:
        """A ticket that has just turned out to be this case's; it may have been in the queue before that."""
        state = self.office.state.tickets.get(id)
        ticket = self.tickets[id] = Desked(id, conv, self._language_of(conv), waits_since=at)
        ticket.owner = self.office.owners.get(id, "bot")
        if state is not None:
            ticket.team, ticket.agent = state.team, state.assignee if ticket.owner == "agent" else None
        self._soon(self._route)
        return ticket

    def _take_in(self, ticket: Desked, event: DeskEvent, at: float) -> None:
        if isinstance(event, TicketOpened):
            ticket.team = event.team or ticket.team
            ticket.priority = _PRIORITIES.get((event.priority or "").lower(), _USUAL)
        elif isinstance(event, HandoffAsked):
            ticket.declined.clear()
        elif isinstance(event, Assigned | Accepted):
            self._assigned(ticket, event)
        elif isinstance(event, Declined):
            self._declined(ticket, event.agent)
        elif isinstance(event, OwnerChanged):
            self._owned(ticket, event, at)
        elif isinstance(event, EntryAdded):
            self._spoken(ticket, event.entry)
            return
        self._soon(self._route)

    def _assigned(self, ticket: Desked, event: Assigned | Accepted) -> None:
        """From one agent to another the ticket stays an agent's, so no change of its owner tells of it."""
        if isinstance(event, Assigned):
            ticket.team = event.team or ticket.team
        if ticket.owner == "agent" and event.agent is not None and event.agent != ticket.agent:
            self._given(ticket, event.agent)

    def _owned(self, ticket: Desked, event: OwnerChanged, at: float) -> None:
        ticket.owner, ticket.agent, ticket.offered_to = event.owner, event.agent, None
        if event.owner == "queue":
            ticket.waits_since = at
            ticket.declined.clear()
        elif event.owner == "agent":
            self._given(ticket, event.agent)

    def _given(self, ticket: Desked, seat: str | None) -> None:
        ticket.agent, ticket.is_greeted = seat, False
        worker = self.worker_at(seat)
        if worker is not None:
            worker.served += 1
            self._answer_later(ticket, worker)

    # -------------------------------------------------------------------------------------------------- routing

    def _route(self) -> None:
        """Offer those who wait to those who are free."""
        waiting = [t for t in self.tickets.values() if t.owner == "queue" and t.offered_to is None]
        for ticket in sorted(waiting, key=lambda t: (t.priority, t.waits_since - self._at(t))):
            worker = self._free_for(ticket)
            if worker is not None:
                self._offer(ticket, worker)

    def _free_for(self, ticket: Desked) -> Worker | None:
        able = [worker for worker in self.workers.values() if self._is_able(worker, ticket)]
        if able and all(worker.agent.key in ticket.declined for worker in able):
            ticket.declined.clear()  # everybody was asked: the round begins again
        asked = [worker for worker in able if worker.agent.key not in ticket.declined]
        return min(asked, key=partial(self._suits, ticket), default=None)

    def _is_able(self, worker: Worker, ticket: Desked) -> bool:
        return (
            worker.takes_offers
            and self.is_working(worker, self._at(ticket))
            and self.load_of(worker) < worker.agent.capacity
            and (ticket.team is None or worker.agent.team in (None, ticket.team))
        )

    def _suits(self, ticket: Desked, worker: Worker) -> tuple[bool, int, int]:
        return ticket.language not in worker.agent.languages, self.load_of(worker), worker.served

    def is_working(self, worker: Worker, at: float) -> bool:
        """Whether an agent is there at a drill time: signed in, and in their shift."""
        presence = self.office.state.seats[worker.agent.key].presence
        return presence == "online" and (worker.shift is None or worker.shift.is_open(at))

    def load_of(self, worker: Worker) -> int:
        """The conversations that an agent has, those included that they are about to take."""
        seat = worker.agent.key
        return sum(
            (ticket.owner == "agent" and ticket.agent == seat) or ticket.offered_to == seat
            for ticket in self.tickets.values()
        )

    def _offer(self, ticket: Desked, worker: Worker) -> None:
        ticket.offered_to = worker.agent.key
        ticket.offers += 1
        spread = worker.plan.habits.accepts_s or (0.0, 0.0)
        self._later(ticket, self._chance.uniform(*spread), partial(self._answer_offer, ticket, worker, ticket.offers))

    def _answer_offer(self, ticket: Desked, worker: Worker, offer: int) -> None:
        if ticket.owner != "queue" or ticket.offered_to != worker.agent.key or ticket.offers != offer:
            return
        ticket.offered_to = None
        if not self._is_able(worker, ticket):  # they went home meanwhile, or it is another team's now
            self._soon(self._route)
        elif worker.refusals:
            worker.refusals -= 1
            self._declined(ticket, worker.agent.key)
            with contextlib.suppress(ChatdrillError):  # where a desk has no word for it, the offer just lies
                self._bureau.act(self.office.name, ticket.id, Decline(agent=worker.agent.key))
            self._soon(self._route)
        elif not self._try(ticket, Accept(agent=worker.agent.key)):
            ticket.offered_to = worker.agent.key  # nobody is asked again until something changes

    def _declined(self, ticket: Desked, seat: str) -> None:
        if seat not in ticket.declined:
            ticket.declined.append(seat)
        if ticket.offered_to == seat:
            ticket.offered_to = None

    # ------------------------------------------------------------------------------------- answering by themselves

    def _spoken(self, ticket: Desked, entry: Entry) -> None:
        worker = self.worker_at(ticket.agent) if ticket.owner == "agent" else None
        if worker is None or not entry.public or not worker.plan.habits.answers:
            return
        ticket.spoken += 1
        close = partial(self._close, ticket, worker, ticket.spoken)
        self._later(ticket, worker.plan.habits.closes_after_s, close)
        if entry.author == "customer":
            self._answer_later(ticket, worker)

    def _answer_later(self, ticket: Desked, worker: Worker) -> None:
        if not worker.plan.habits.answers:
            return
        ticket.turns += 1
        answer = partial(self._answer, ticket, worker, ticket.turns)
        self._later(ticket, self._chance.uniform(*worker.plan.habits.replies_s), answer)

    def _answer(self, ticket: Desked, worker: Worker, turn: int) -> None:
        if self._has(worker, ticket) and ticket.turns == turn:
            words = agent_words(ticket.language, worker.agent, self._chance, first=not ticket.is_greeted)
            ticket.is_greeted = True
            self._try(ticket, Reply(agent=worker.agent.key, parts=(Text(text=words),)))

    def _close(self, ticket: Desked, worker: Worker, spoken: int) -> None:
        if self._has(worker, ticket) and ticket.spoken == spoken:
            self._try(ticket, Close(agent=worker.agent.key))

    def _has(self, worker: Worker, ticket: Desked) -> bool:
        return ticket.owner == "agent" and ticket.agent == worker.agent.key

    def _try(self, ticket: Desked, act: AgentAct) -> bool:
        try:
            self._bureau.act(self.office.name, ticket.id, act)
        except ChatdrillError as error:
            self._trouble(f"an agent could not {type(act).__name__.lower()} {ticket.id}: {error}")
            return False
        return True
