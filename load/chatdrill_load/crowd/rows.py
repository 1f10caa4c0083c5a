"""Locust's statistics, gathered where things happen and handed over a few times a second.

A request that is over costs two appends here; what Locust wants to know is added up when it is handed over.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from chatdrill_load.messages import Row


@dataclass(slots=True)
class _Gain:
    """``took_s`` has the requests that were answered, ``at`` when each of all was over; the others are the failures."""

    took_s: list[float] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    failed_at: list[float] = field(default_factory=list)

    def row(self, type: str, name: str) -> Row:
        times_ms = [seconds * 1000 for seconds in self.took_s]
        return Row(
            type,
            name,
            len(self.at),
            sum(times_ms),
            min(times_ms, default=0.0),
            max(times_ms, default=0.0),
            dict(Counter(map(round, times_ms))),
            dict(Counter(self.problems)),
            dict(Counter(map(int, self.at))),
            dict(Counter(map(int, self.failed_at))),
        )


class Rows:
    """What Locust's statistics gain in an interval, by type and name."""

    def __init__(self) -> None:
        self._gains: dict[tuple[str, str], _Gain] = {}

    def add(self, type: str, name: str, seconds: float | None, at: float, problem: str | None = None) -> None:
        """Count one request that was over at the Unix time ``at``; ``seconds`` is ``None`` where it got no answer, and ``problem`` what
        was wrong with it."""
        gain = self._gains.get((type, name))
        if gain is None:
            gain = self._gains[type, name] = _Gain()
        gain.at.append(at)
        if seconds is not None:
            gain.took_s.append(seconds)
        if problem is not None:
            gain.problems.append(problem)
            gain.failed_at.append(at)

    def take(self) -> list[Row]:
        """The rows so far; the next interval begins with none."""
        taken, self._gains = self._gains, {}
        return [gain.row(type, name) for (type, name), gain in taken.items()]
