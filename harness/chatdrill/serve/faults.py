"""Faults that a tester injects, on the platform's API and on the way of its webhooks."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import msgspec

from chatdrill.seeds import Stream

Where = Literal["api", "webhook"]
Kind = Literal["status", "delay", "reset", "duplicate", "drop", "swap"]

_MEANING: dict[tuple[Where, Kind], str] = {
    ("api", "status"): "answered {status} instead of being handled",
    ("api", "delay"): "held up for {delay_s:g} s",
    ("api", "reset"): "reset before it was handled",
    ("api", "drop"): "handled, but the answer was lost",
    ("webhook", "status"): "the bot's answer was replaced by {status}",
    ("webhook", "delay"): "held up for {delay_s:g} s",
    ("webhook", "reset"): "reset before it reached the bot",
    ("webhook", "duplicate"): "delivered {times}",
    ("webhook", "drop"): "lost for good",
    ("webhook", "swap"): "overtaken by the next one",
}


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One fault. ``match`` is a pattern (``send*``) for the last part of an API path or the kind of an update.

    ``times`` is how often it strikes (``null``: always), ``probability`` how likely it does each time. ``delay_s`` and
    ``retry_after_s`` are real seconds, ``copies`` how many duplicates follow; ``case``: it strikes in this case only; ``body`` is the text of an injected answer, else the vendor's words for it.
    """

    where: Where
    kind: Kind
    platform: str = "*"
    match: str = "*"
    status: int = 500
    retry_after_s: int | None = None
    delay_s: float = 1.0
    body: str | None = None
    times: int | None = 1
    probability: float = 1.0
    copies: int = 1
    case: str | None = None

    def __post_init__(self) -> None:
        if (self.where, self.kind) not in _MEANING:
            kinds = ", ".join(kind for where, kind in _MEANING if where == self.where)
            raise ValueError(f"there is no fault {self.kind!r} on the {self.where} side; known: {kinds}")
        if not 200 <= self.status <= 599 or not 0 <= self.probability <= 1 or not 0 <= self.delay_s <= 3600:
            raise ValueError("status must be 200-599, probability 0-1, delay_s 0-3600")
        if self.copies < 1 or (self.times is not None and self.times < 1) or (self.retry_after_s or 0) < 0:
            raise ValueError("times and copies must be 1 or more, retry_after_s 0 or more")

    @property
    def note(self) -> str:
        """What it does, for the record."""
        times = "twice" if self.copies == 1 else f"{self.copies + 1} times"
        return "fault: " + _MEANING[self.where, self.kind].format(status=self.status, delay_s=self.delay_s, times=times)


class Faults:
    """The faults that are waiting to strike, in the order they were added."""

    def __init__(self, chance: Stream) -> None:
        self._chance = chance
        self._waiting: list[Fault] = []

    @property
    def waiting(self) -> Sequence[Fault]:
        """Those that will still strike."""
        return self._waiting

    def add(self, fault: Fault) -> None:
        """Let a fault wait."""
        self._waiting.append(fault)

    def clear(self) -> int:
        """Forget all; returns how many there were."""
        count = len(self._waiting)
        self._waiting.clear()
        return count

    def forget(self, case: str) -> None:
        """Forget the faults of a case."""
        self._waiting = [fault for fault in self._waiting if fault.case != case]

    def strike(self, where: Where, platform: str, names: Iterable[str], case: Callable[[], str | None]) -> Fault | None:
        """The fault that hits this exchange, if one does; its number of times goes down. ``case`` says whose exchange it is,
        which may take a while to find out."""
        if not self._waiting:
            return None
        for fault in self._waiting:
            if fault.where == where and self._hits(fault, platform, names, case):
                return self._use(fault)
        return None

    def _hits(self, fault: Fault, platform: str, names: Iterable[str], case: Callable[[], str | None]) -> bool:
        if fault.platform not in ("*", platform):
            return False
        if fault.case is not None and fault.case != case():
            return False
        if not any(fnmatch.fnmatchcase(name.lower(), fault.match.lower()) for name in names):
            return False
        return fault.probability >= 1 or self._chance.random() < fault.probability

    def _use(self, fault: Fault) -> Fault:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._waiting.remove(fault)
        return fault
