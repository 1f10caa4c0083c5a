"""The faults that are waiting to strike, and the weather in which everything else is."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from chatdrill.seeds import Stream
from chatdrill.serve.channel import Account, Role
from chatdrill.serve.faults.fault import Fault, Where
from chatdrill.serve.faults.weather import Strike, Weather


class Faults:
    """The faults that are waiting to strike, in the order they were added; and ``weather``, which needs nobody to add it."""

    def __init__(self, chance: Stream, weather: Weather) -> None:
        self._chance = chance
        self._waiting: list[Fault] = []
        self.weather = weather

    @property
    def active(self) -> bool:
        """True if anything may strike at all."""
        return bool(self._waiting) or self.weather.active

    @property
    def waiting(self) -> Sequence[Fault]:
        """Those that were added and will still strike."""
        return self._waiting

    def add(self, fault: Fault) -> None:
        """Let a fault wait."""
        self._waiting.append(fault)

    def clear(self) -> int:
        """Forget all that wait; returns how many there were."""
        count = len(self._waiting)
        self._waiting.clear()
        return count

    def forget(self, case: str) -> None:
        """Forget the faults of a case."""
        self._waiting = [fault for fault in self._waiting if fault.case != case]
        self.weather.forget(case)

    def strike(
        self, where: Where, account: Account[Any], names: Sequence[str], role: Callable[[], Role], *, first: bool = True
    ) -> Strike | None:
        """What hits this exchange, if anything does; the number of times of a waiting fault goes down. ``role`` says whose
        exchange it is, which may take a while to find out; ``first``: it is the first attempt at it."""
        for fault in self._waiting:
            if fault.where == where and self._hits(fault, account.name, names, role):
                return Strike.planned(self._use(fault))
        return self.weather.strike(where, account, names, role) if first and self.weather.active else None

    def _hits(self, fault: Fault, platform: str, names: Iterable[str], role: Callable[[], Role]) -> bool:
        if fault.platform not in ("*", platform):
            return False
        if fault.case is not None and fault.case != role().case:
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
