"""A floor of agents, replayed: who waits how long, who gives up, how many slots are taken.

Customers queue in order. An agent talks to up to ``capacity`` of them at once. If company costs nothing, every slot is a server
of its own, and one pass over the customers finds every wait (J. Kiefer, J. Wolfowitz, 1955): the next customer gets the slot
that is free first. If each further chat makes an agent slower, the chats of an agent share a clock that slows down as they
become more, and events are played one after the other.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chatdrill_load.staffing.demand import Customer


class Visit(NamedTuple):
    """How long a customer waited or would have had to (infinite: longer than patience), and when the chat was over."""

    wait_s: float
    end_s: float


_NEVER = Visit(math.inf, math.inf)


@dataclass(frozen=True, kw_only=True)
class Crew:
    """So many agents, so many chats at once for each; each further chat makes all chats of an agent longer by ``slowdown``."""

    agents: int
    capacity: int
    slowdown: float = 0.0


def replay(customers: Sequence[Customer], crew: Crew) -> list[Visit]:
    """What becomes of each customer, in their order (that of arrival)."""
    if crew.agents == 0:
        return [_NEVER] * len(customers)
    return _Floor(crew, customers).played() if crew.slowdown else _slots(customers, crew.agents * crew.capacity)


def _slots(customers: Sequence[Customer], slots: int) -> list[Visit]:
    free_s = [0.0] * slots  # a heap: the slot that is free first comes first
    visits: list[Visit] = []
    for arrival_s, handling_s, patience_s in customers:
        start_s = max(arrival_s, free_s[0])
        if start_s - arrival_s > patience_s:
            visits.append(_NEVER)
            continue
        heapq.heapreplace(free_s, start_s + handling_s)
        visits.append(Visit(start_s - arrival_s, start_s + handling_s))
    return visits


class _Agent:
    """An agent's chats on a clock of their own: it shows how much of a chat that began at 0 would be done by now."""

    def __init__(self, number: int, slowdown: float) -> None:
        self.number = number
        self.chats: list[tuple[float, int]] = []  # a heap: when each is over, by the agent's clock, and whose it is
        self.changes = 0  # whoever noted a date with this agent before the last change must forget it
        self._slowdown = slowdown
        self._clock_s = 0.0
        self._seen_s = 0.0

    def _pace(self) -> float:
        return 1 / (1 + self._slowdown * (len(self.chats) - 1)) if self.chats else 0.0

    def _advance(self, now_s: float) -> None:
        self._clock_s += (now_s - self._seen_s) * self._pace()
        self._seen_s = now_s
        self.changes += 1

    def begin(self, now_s: float, customer: int, handling_s: float) -> None:
        self._advance(now_s)
        heapq.heappush(self.chats, (self._clock_s + handling_s, customer))

    def end(self, now_s: float) -> int:
        self._advance(now_s)
        return heapq.heappop(self.chats)[1]

    def next_end_s(self) -> float:
        return self._seen_s + max(0.0, self.chats[0][0] - self._clock_s) / self._pace()


class _Floor:
    """The agents who slow each other's chats down, the queue before them, and the ends of chats to come."""

    def __init__(self, crew: Crew, customers: Sequence[Customer]) -> None:
        self._capacity = crew.capacity
        self._customers = customers
        self._agents = [_Agent(number, crew.slowdown) for number in range(crew.agents)]
        self._idlest = [(0, agent.number) for agent in self._agents]  # a heap; stale entries are dropped when met
        self._ends: list[tuple[float, int, int]] = []  # a heap: when, whose, and how many changes that agent had seen
        self._queue: deque[int] = deque()
        self._starts_s = [math.inf] * len(customers)
        self._ends_s = [math.inf] * len(customers)

    def played(self) -> list[Visit]:
        for index, customer in enumerate(self._customers):
            self._until(customer.arrival_s)
            self._arrive(index, customer.arrival_s)
        self._until(math.inf)
        starts_and_ends = zip(self._customers, self._starts_s, self._ends_s, strict=True)
        return [Visit(start_s - customer.arrival_s, end_s) for customer, start_s, end_s in starts_and_ends]

    def _until(self, now_s: float) -> None:
        while self._ends and self._ends[0][0] <= now_s:
            at_s, number, changes = heapq.heappop(self._ends)
            agent = self._agents[number]
            if agent.changes == changes:
                self._ends_s[agent.end(at_s)] = at_s
                self._take_next(agent, at_s)

    def _arrive(self, index: int, now_s: float) -> None:
        agent = self._free()
        if agent is None:
            self._queue.append(index)
        else:
            self._begin(agent, index, now_s)

    def _free(self) -> _Agent | None:
        while self._idlest:
            chats, number = heapq.heappop(self._idlest)
            if len(self._agents[number].chats) == chats:
                return self._agents[number]
        return None

    def _take_next(self, agent: _Agent, now_s: float) -> None:
        """The agent has a free slot: it goes to the first in the queue who is still there."""
        while self._queue:
            index = self._queue.popleft()
            if now_s - self._customers[index].arrival_s <= self._customers[index].patience_s:
                return self._begin(agent, index, now_s)
        return self._note(agent)

    def _begin(self, agent: _Agent, index: int, now_s: float) -> None:
        self._starts_s[index] = now_s
        agent.begin(now_s, index, self._customers[index].handling_s)
        self._note(agent)

    def _note(self, agent: _Agent) -> None:
        if len(agent.chats) < self._capacity:
            heapq.heappush(self._idlest, (len(agent.chats), agent.number))
        if agent.chats:
            heapq.heappush(self._ends, (agent.next_end_s(), agent.number, agent.changes))
