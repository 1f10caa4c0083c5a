"""Agents needed, hour by hour.

Every hour is judged as if it went on for ever, the usual way of planners (SIPP; L. Green, P. Kolesar, J. Soares, "Improving the SIPP
Approach for Staffing Service Systems That Have Cyclic Demands", 2001): the floor is warmed up with customers of the same
kind before its hour is counted. Where chats last long against an hour, the agents that a peak needs are needed a little
later than the peak.

The hour is drawn many times. ``agents`` keeps the target over all draws together; ``low`` to ``high`` is what nine of ten single
hours would have needed, for an hour is short and one is not like the next.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from chatdrill.errors import UsageError
from chatdrill.seeds import Seed
from chatdrill_load.staffing.demand import Demand, HourDemand
from chatdrill_load.staffing.erlang import Traffic, least, servers_needed, waiting
from chatdrill_load.staffing.floor import Crew, replay
from chatdrill_load.staffing.target import TimeToHuman

CAPACITY = 5
"""Conversations that an agent has at once, unless told otherwise."""

_HOUR_S = 3600.0
_WARM_UP = 10  # mean handling times; what an empty floor began with is forgotten by then unless it is on the brink
_LOW, _HIGH = 0.05, 0.95

Model = Literal["Erlang C", "Erlang A"]


@dataclass(frozen=True, kw_only=True)
class ErlangAgents:
    """What the formula says: agents, and how the floor would do with them. Shares are from 0 to 1."""

    model: Model
    agents: int
    kept: float
    mean_wait_s: float
    abandoned: float
    occupancy: float


@dataclass(frozen=True, kw_only=True)
class HourStaffing:
    """The agents of an hour by simulation, how the floor would do with them, and what the formulas say.

    ``rate_per_h`` is that of the handoffs in the part of the hour that was measured (``measured_s``). ``occupancy`` is the
    share of all chat slots that are taken; ``mean_wait_s`` that of all who came, also of those who gave up.
    """

    hour: int
    measured_s: float
    handoffs: int
    rate_per_h: float
    agents: int
    low: int
    high: int
    kept: float
    mean_wait_s: float
    abandoned: float
    occupancy: float
    erlang_c: ErlangAgents
    erlang_a: ErlangAgents | None


@dataclass(frozen=True, kw_only=True)
class Staffing:
    """The agents of every hour of the run, for this target."""

    target: TimeToHuman
    capacity: int
    hours: tuple[HourStaffing, ...]

    @property
    def peak(self) -> int:
        """The agents of the hour that needs most."""
        return max((hour.agents for hour in self.hours), default=0)


@dataclass(frozen=True)
class _Tally:
    came: int = 0
    kept: int = 0
    abandoned: int = 0
    waited_s: float = 0.0
    busy_s: float = 0.0

    def __add__(self, other: _Tally) -> _Tally:
        return _Tally(
            self.came + other.came,
            self.kept + other.kept,
            self.abandoned + other.abandoned,
            self.waited_s + other.waited_s,
            self.busy_s + other.busy_s,
        )

    @property
    def share(self) -> float:
        return self.kept / self.came if self.came else 1.0


def agents_needed(
    demand: Demand,
    target: TimeToHuman,
    *,
    seed: Seed,
    capacity: int = CAPACITY,
    slowdown: float = 0.0,
    repeats: int = 20,
    hour_s: float = _HOUR_S,
) -> Staffing:
    """The agents that keep the target in every hour of the run. Raises ``UsageError`` for what cannot be.

    ``slowdown`` 0.1 means that each further chat makes all chats of an agent a tenth longer; the formulas know nothing of it.
    """
    if capacity < 1 or repeats < 1 or not slowdown >= 0 or not hour_s > 0:
        raise UsageError(
            "staffing needs at least one chat an agent, one repeat and a time above 0, and no negative slow-down: "
            f"capacity={capacity}, repeats={repeats}, hour_s={hour_s}, slowdown={slowdown}"
        )
    terms = _Terms(target, capacity, slowdown, repeats, hour_s)
    hours = tuple(_staffed(hour, terms, seed.child("staffing", str(hour.hour))) for hour in demand.hours(hour_s))
    return Staffing(target=target, capacity=capacity, hours=hours)


@dataclass(frozen=True)
class _Terms:
    target: TimeToHuman
    capacity: int
    slowdown: float
    repeats: int
    hour_s: float


def _staffed(hour: HourDemand, terms: _Terms, seed: Seed) -> HourStaffing:
    demand = hour.demand
    handling_s = demand.mean_handling_s
    by_c = _by_formula("Erlang C", Traffic(rate_per_s=hour.rate_per_s, handling_s=handling_s), terms)
    patience_s = demand.mean_patience_s
    traffic = Traffic(rate_per_s=hour.rate_per_s, handling_s=handling_s, patience_s=patience_s)
    by_a = None if patience_s is None else _by_formula("Erlang A", traffic, terms)
    draws = [_Draw(hour, terms, seed.child(str(repeat))) for repeat in range(terms.repeats)]
    needs = sorted(draw.need(by_c.agents) for draw in draws)
    agents = _enough_for_all(draws, terms, by_c.agents)
    total = _sum(draw.tally(agents) for draw in draws)
    return HourStaffing(
        hour=hour.hour,
        measured_s=hour.measured_s,
        handoffs=len(hour.arrivals_s),
        rate_per_h=hour.rate_per_s * _HOUR_S,
        agents=agents,
        low=min(agents, _rank(needs, _LOW)),
        high=max(agents, _rank(needs, _HIGH)),
        kept=total.share,
        mean_wait_s=total.waited_s / total.came if total.came else 0.0,
        abandoned=total.abandoned / total.came if total.came else 0.0,
        occupancy=total.busy_s / (agents * terms.capacity * terms.hour_s * terms.repeats) if agents else 0.0,
        erlang_c=by_c,
        erlang_a=by_a,
    )


def _by_formula(model: Model, traffic: Traffic, terms: _Terms) -> ErlangAgents:
    agents = servers_needed(traffic, terms.target, per_agent=terms.capacity)
    found = waiting(traffic, agents * terms.capacity, terms.target.bar_s)
    return ErlangAgents(
        model=model,
        agents=agents,
        kept=found.kept,
        mean_wait_s=found.mean_wait_s,
        abandoned=found.abandoned,
        occupancy=found.occupancy,
    )


class _Draw:
    """One draw of an hour: always the same customers, whatever the number of agents, so that numbers can be compared."""

    def __init__(self, hour: HourDemand, terms: _Terms, seed: Seed) -> None:
        self._terms = terms
        self._from_s = _WARM_UP * hour.demand.mean_handling_s
        self._customers = hour.customers(seed, self._from_s + terms.hour_s)
        self.tally = cache(self._tally)

    def need(self, guess: int) -> int:
        """The fewest agents that keep the target in this hour; 0 if nobody came at all."""
        if not self._customers:
            return 0
        return least(lambda agents: self.tally(agents).share >= self._terms.target.share, guess)

    def _tally(self, agents: int) -> _Tally:
        terms = self._terms
        visits = replay(self._customers, Crew(agents=agents, capacity=terms.capacity, slowdown=terms.slowdown))
        until_s, bar_s = self._from_s + terms.hour_s, terms.target.bar_s
        came = kept = abandoned = 0
        waited_s = busy_s = 0.0
        for (arrival_s, _, patience_s), (wait_s, end_s) in zip(self._customers, visits, strict=True):
            if wait_s <= patience_s and wait_s < math.inf:
                busy_s += max(0.0, min(end_s, until_s) - max(arrival_s + wait_s, self._from_s))
            if arrival_s < self._from_s:
                continue
            came += 1
            waited_s += min(wait_s, patience_s)
            abandoned += wait_s > patience_s
            kept += wait_s <= bar_s and wait_s <= patience_s
        return _Tally(came, kept, abandoned, waited_s, busy_s)


def _enough_for_all(draws: Sequence[_Draw], terms: _Terms, guess: int) -> int:
    if not guess:
        return 0
    return least(lambda agents: _sum(draw.tally(agents) for draw in draws).share >= terms.target.share, guess)


def _sum(tallies: Iterable[_Tally]) -> _Tally:
    return sum(tallies, _Tally())


def _rank(ordered: Sequence[int], share: float) -> int:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
