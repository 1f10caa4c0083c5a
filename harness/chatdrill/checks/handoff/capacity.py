"""Who gets how many, and in which order, HO-37 and HO-38: what the desk's routing and its agents do, over all tickets of a case.

These two rules judge the desk, so a finding is a fault of the infrastructure; of the bot only where the bot itself chose the
agent, and of the harness where its own agents took what they must not. What a scenario lets an agent do by hand is never judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.laws import case_rule
from chatdrill.checks.handoff.pace import moment, outlook
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome
from chatdrill.checks.results import Fault
from chatdrill.model import Accepted, Assigned, Declined, HandoffAsked, OwnerChanged, TicketOpened
from chatdrill.trace import Filed


@dataclass
class Seat:
    """A ticket as the routing sees it. ``asked`` is the record since which it waits, ``assigned`` the newest choice of an agent."""

    id: str
    priority: str = ""
    team: str | None = None
    agent: str | None = None
    asked: Filed | None = None
    assigned: Filed | None = None
    declined: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Taken:
    """An agent got a ticket. ``manual``: by somebody's hand, as the scenario has it. ``waiting`` are those who wait meanwhile."""

    seat: Seat
    agent: str
    record: Filed
    since: Filed | None
    waiting: tuple[tuple[Seat, Filed], ...]
    automatic: bool
    manual: bool

    @property
    def fault(self) -> Fault:
        """Who decided that."""
        if self.automatic or self.record.by == "desk":
            return "infrastructure"
        return "bot" if self.record.by == "bot" else "harness"


@dataclass
class Routing:
    """All tickets of a case, as one record after the other changes them."""

    seats: dict[str, Seat] = field(default_factory=dict)

    def follow(self, records: list[Filed]) -> Iterator[Taken]:
        """Every time that an agent got a ticket."""
        for record in records:
            if record.event.ticket is None:
                continue
            seat = self.seats.setdefault(record.event.ticket, Seat(record.event.ticket))
            self._learn(seat, record)
            agent = self._gains(seat, record)
            if agent is not None and agent != seat.agent:
                yield self._taken(seat, agent, record)
            if isinstance(record.event, OwnerChanged):
                self._move(seat, record, record.event)
            elif agent is not None:
                seat.agent = agent

    def load(self, agent: str) -> int:
        """How many tickets an agent has."""
        return Counter(seat.agent for seat in self.seats.values())[agent]

    def _learn(self, seat: Seat, record: Filed) -> None:
        event = record.event
        if isinstance(event, TicketOpened):
            seat.priority, seat.team = event.priority or "", event.team
        elif isinstance(event, HandoffAsked):
            seat.priority = str(event.fields.get("priority", seat.priority))
        elif isinstance(event, Assigned):
            seat.team = event.team or seat.team
            seat.assigned = record if event.agent is not None else None
        elif isinstance(event, Declined):
            seat.declined.append(event.agent)
            seat.assigned = None

    def _gains(self, seat: Seat, record: Filed) -> str | None:
        """Who has the ticket from this record on, if it says so: a new owner, or another agent of a ticket that has one."""
        event = record.event
        if isinstance(event, OwnerChanged):
            return event.agent if event.owner == "agent" else None
        return event.agent if isinstance(event, Assigned | Accepted) and seat.agent is not None else None

    def _taken(self, seat: Seat, agent: str, record: Filed) -> Taken:
        choice = seat.assigned
        automatic = choice is not None and isinstance(choice.event, Assigned) and choice.event.automatic
        manual = record.by == "agent" and (record.step is not None or seat.asked is None)
        waiting = [
            (other, other.asked) for other in self.seats.values() if other.asked is not None and other is not seat
        ]
        return Taken(seat, agent, record, seat.asked, tuple(waiting), automatic and record.by != "agent", manual)

    def _move(self, seat: Seat, record: Filed, event: OwnerChanged) -> None:
        seat.agent = event.agent if event.owner == "agent" else None
        seat.asked = record if event.owner == "queue" else None
        if event.owner == "queue":
            seat.declined.clear()
            seat.assigned = None


@case_rule(
    "HO-37", "No agent holds more conversations at once than their capacity; whoever is too many waits in the queue."
)
def capacity(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """By the capacity of the scenario's agents. Conversations that agents take, or get from a colleague, by hand may be more."""
    most = {agent.key: agent.capacity for agent in case.began.agents.values()}
    names = {agent.key: agent.name for agent in case.began.agents.values()}
    routing = Routing()
    for taken in routing.follow(case.filed):
        if taken.agent not in most:
            continue
        outcome.evidence += 1
        held = routing.load(taken.agent) + 1
        if held > most[taken.agent] and not taken.manual:
            outcome.fail(
                f"{names[taken.agent]} got conversation {held}, but can hold {most[taken.agent]}",
                fault=taken.fault,
                cites=(taken.record.n, *([taken.since.n] if taken.since else [])),
                conv=taken.record.conv,
                details={"expected": "it waits in the queue, or goes to somebody who is free"},
            )


@case_rule(
    "HO-38",
    "Conversations leave the queue in the order in which they entered it, and nobody is forgotten there.",
    queue_tick=duration("60s"),
)
def fair_queue(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """Within one priority and team. An automatic routing must keep the order exactly. Where agents take what they are offered, one
    may be quicker than another, but whoever is overtaken is served within two ``queue_tick``."""
    teams = {agent.key: agent.team for agent in case.began.agents.values()}
    accused: set[int] = set()
    for taken in Routing().follow(case.filed):
        if taken.since is None:
            continue
        outcome.evidence += 1
        for seat, asked in taken.waiting:
            is_rival = asked.n < taken.since.n and seat.priority == taken.seat.priority
            suits = seat.team in (None, taken.seat.team, teams.get(taken.agent)) and taken.agent not in seat.declined
            if not is_rival or not suits or taken.manual or asked.n in accused:
                continue
            if taken.automatic and seat.assigned is None:
                accused.add(asked.n)
                _fail(taken, asked, "was assigned", outcome)
            elif not taken.automatic and _is_forgotten(case, seat.id, asked, taken, parameters["queue_tick"]):
                accused.add(asked.n)
                _fail(taken, asked, "was taken, and the other one forgotten", outcome)


def _fail(taken: Taken, asked: Filed, what: str, outcome: Outcome) -> None:
    outcome.fail(
        f"a conversation that came later {what} while {asked.event.ticket} waited",
        fault=taken.fault,
        cites=(taken.record.n, asked.n, *([taken.since.n] if taken.since else [])),
        conv=asked.conv,
    )


def _is_forgotten(case: CaseEvidence, ticket: str, asked: Filed, taken: Taken, tick_s: float) -> bool:
    due = moment(case, taken.record) + 2 * tick_s
    left = next(
        (
            record
            for record in case.filed
            if record.n > asked.n
            and record.event.ticket == ticket
            and isinstance(record.event, OwnerChanged | Declined)
        ),
        None,
    )
    return outlook(case, due) == "over" and (left is None or moment(case, left) > due)
