"""Faults by chance: which exchange is struck, drawn for each customer and each of their exchanges from a stream of its own.

So what happens to one customer does not depend on who else is there, nor on who was faster.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from chatdrill.clock import Clock
from chatdrill.seeds import Seed
from chatdrill.serve.channel import Account, Role
from chatdrill.serve.faults.base import Bears, Rule, Striking
from chatdrill.serve.faults.calls import ApiDown, MediaFault
from chatdrill.serve.faults.deliveries import Skew
from chatdrill.serve.faults.fault import Fault, Where
from chatdrill.serve.faults.trail import Trail

Plan = tuple[Rule, ...]


@dataclass(frozen=True)
class Strike:
    """A fault that hits an exchange: what it is called, who wanted it, and what it may do to a correct bot."""

    fault: Fault
    name: str
    by: Literal["step", "chance"]
    bears: Bears = "nothing"
    late_s: float = 0.0

    @property
    def what(self) -> str:
        """What it does, in words."""
        return self.fault.note.removeprefix("fault: ")

    @classmethod
    def planned(cls, fault: Fault) -> Strike:
        """The fault of a scenario's step, or of a tester's own hand: whoever wrote it knows what to expect."""
        return cls(fault, fault.kind, "step")


@dataclass
class Skewed:
    """A vendor's clock that is off in one conversation; ``is_news`` until somebody has asked."""

    off_s: float
    name: str = Skew.name
    by: Literal["step", "chance"] = "chance"
    bears: Bears = "nothing"
    late_s: float = 0.0
    is_news: bool = True

    @property
    def what(self) -> str:
        """What it does, in words."""
        return f"the vendor's clock is {abs(self.off_s):g} s {'fast' if self.off_s > 0 else 'slow'}"


@dataclass
class _Memory:
    """What has come of the plan in one case: how many exchanges of a kind there were, which API is down until when, and whose
    clock is off."""

    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    down: dict[tuple[str, str], tuple[float, Strike]] = field(default_factory=dict)
    skews: dict[tuple[str, str], Skewed | None] = field(default_factory=dict)


class Weather:
    """The plans of a run, and what they have come to. A case may have a plan of its own, which takes the place of the run's."""

    def __init__(self, seed: Seed, clock: Clock) -> None:
        self._seed = seed
        self._clock = clock
        self._plan: Plan = ()
        self._own: dict[str, Plan] = {}
        self._memory: defaultdict[str, _Memory] = defaultdict(_Memory)
        self.active = False
        self.trail: Trail | None = None

    def set(self, plan: Plan, case: str | None = None) -> None:
        """From here on these rules hold, everywhere or in one case."""
        if case is None:
            self._plan = plan
        else:
            self._own[case] = plan
        self.active = bool(self._plan) or any(self._own.values())
        if self.trail is None and any(isinstance(rule.kind, MediaFault) for rule in plan):
            self.trail = Trail()

    def forget(self, case: str) -> None:
        """A case is over."""
        if self._own.pop(case, None) is not None:
            self.active = bool(self._plan) or any(self._own.values())
        self._memory.pop(case, None)
        if self.trail is not None:
            self.trail.forget(case)

    def strike(
        self, where: Where, account: Account[Any], names: Sequence[str], role: Callable[[], Role]
    ) -> Strike | None:
        """What hits this exchange; of several rules that would, the first."""
        who = role()
        if who.case is None:  # what a bot asks while it comes up, and news of the account, belong to nobody's drill
            return None
        if where == "api" and who.conv is None:
            return None
        case, conv = who.case or "", who.conv or ""
        memory = self._memory[case]
        down = memory.down.get((account.name, conv)) if where == "api" else None
        if down is not None and self._clock.now() < down[0]:
            return down[1]
        key = (conv, account.name, where, *names)
        memory.counts[key] += 1
        for rule in self._rules(account, case):
            kind = rule.kind
            if isinstance(kind, Striking) and kind.where == where and kind.meets(account, tuple(names)):
                strike = self._drawn(kind, rule, account, memory, case, key)
                if strike is not None:
                    return strike
        return None

    def skew(self, account: Account[Any], role: Role) -> Skewed | None:
        """How the vendor's clock goes in a conversation, if it is off."""
        case, key = role.case or "", (account.name, role.conv or "")
        skews = self._memory[case].skews
        if key in skews:
            if (known := skews[key]) is not None:
                known.is_news = False
            return known
        off_s = 0.0
        for rule in self._rules(account, case):
            if isinstance(rule.kind, Skew):
                chance = self._seed.stream(rule.kind.name, case, *key)
                off_s = rule.kind.off_s(rule, chance) if chance.random() < rule.share else 0.0
        found = skews[key] = Skewed(off_s) if off_s else None
        return found

    def _rules(self, account: Account[Any], case: str) -> Iterator[Rule]:
        for rule in self._own.get(case, self._plan):
            if rule.on in ("*", account.name) and rule.why_not(account) is None:
                yield rule

    def _drawn(
        self, kind: Striking, rule: Rule, account: Account[Any], memory: _Memory, case: str, key: tuple[str, ...]
    ) -> Strike | None:
        place = (account.name, key[0])
        chance = self._seed.stream(kind.name, case, *key, str(memory.counts[key]))
        if chance.random() >= rule.share:
            return None
        if isinstance(kind, ApiDown) and place in memory.down:
            return None  # once a conversation
        fault = kind.fault(rule, chance)
        strike = Strike(fault, kind.name, "chance", kind.bears_at(account), kind.late_s(fault, account))
        if isinstance(kind, ApiDown):
            memory.down[place] = (self._clock.now() + fault.delay_s, replace(strike, late_s=0.0))
        return strike


def skipped(plan: Plan, accounts: Iterable[Account[Any]]) -> tuple[str, ...]:
    """Which rules of a plan never strike where, each reason once."""
    found: dict[tuple[str, str], list[str]] = {}
    for rule in plan:
        for account in accounts:
            why = rule.why_not(account) if rule.on in ("*", account.name) else None
            if why is not None:
                found.setdefault((rule.kind.name, why), []).append(account.service.title)
    return tuple(
        f"{name} is skipped on {', '.join(dict.fromkeys(titles))}: {why}" for (name, why), titles in found.items()
    )
