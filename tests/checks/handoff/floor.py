"""The queue of a generated helpdesk and its people: first come, first served, nobody above their capacity."""

from __future__ import annotations

import random
from typing import Protocol

from chatdrill.model import Assigned, OwnerChanged
from checks.handoff.stage import Stage


class Served(Protocol):
    """A conversation as the floor sees it."""

    who: str
    owner: str
    agent: str

    def has_agent(self, agent: str) -> None:
        """Somebody has taken it."""


class Floor:
    """The queue and its people: first come, first served, nobody above their capacity."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage, self.chance = stage, chance
        self.automatic = chance.random() < 0.4
        self.waiting: list[Served] = []
        self.held = {"bob": 0, "carol": 0}

    def joins(self, talk: Served) -> None:
        self.waiting.append(talk)
        self.wakes(self.chance.uniform(0.5, 4) if self.automatic else self.chance.uniform(1, 40))

    def leaves(self, talk: Served) -> None:
        """The conversation is no longer in the queue, or in an agent's hands."""
        if talk in self.waiting:
            self.waiting.remove(talk)
        elif talk.owner == "agent":
            self.held[talk.agent] -= 1
            self.wakes(self.chance.uniform(0.2, 2))

    def wakes(self, seconds: float) -> None:
        self.stage.later(seconds, self.stage.who, self.serves)

    def free(self) -> list[str]:
        return [agent for agent, count in self.held.items() if count < self.stage.capacity]

    def serves(self) -> None:
        """The first in the queue gets somebody who is free."""
        free = self.free()
        if not self.waiting or not free:
            return
        talk, agent = self.waiting.pop(0), self.chance.choice(free)
        self.stage.to(talk.who)
        if not self.automatic:
            self.stage.accepts(agent, after=0)
        else:
            ticket = self.stage.ticket
            taken = OwnerChanged(ticket=ticket, owner="agent", agent=agent)
            self.stage.files(Assigned(ticket=ticket, agent=agent, automatic=True), taken, by="desk")
            self.stage.hooked("accepted")
        self.held[agent] += 1
        talk.has_agent(agent)
