"""Locust's statistics, gathered where things happen and handed over a few times a second.

A request that is over costs two appends here; what Locust wants to know is added up when it is handed over.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from chatdrill_load.messages import Row


@dataclass(slots=True)
class Gain:
    """What one row gains in an interval. ``took_s`` has the requests that were answered, ``at`` when each of all was over; the others are
    the failures."""

    took_s: list[float] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    failed_at: list[float] = field(default_factory=list)

    def add(self, seconds: float | None, at: float, problem: str | None = None) -> None:
        """Count one request that was over at the Unix time ``at``; ``seconds`` is ``None`` where it got no answer, and ``problem`` what
        was wrong with it."""
        self.at.append(at)
        if seconds is not None:
            self.took_s.append(seconds)
        if problem is not None:
            self.problems.append(problem)
            self.failed_at.append(at)

    def take(self, type: str, name: str) -> Row:
        """The row so far; the next interval begins with nothing."""
        times_ms = [seconds * 1000 for seconds in self.took_s]
        row = Row(
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
        for gathered in (self.took_s, self.at, self.problems, self.failed_at):
            gathered.clear()
        return row


class Rows:
    """What Locust's statistics gain in an interval, by type and name."""

    def __init__(self) -> None:
        self._gains: dict[tuple[str, str], Gain] = {}

    def of(self, type: str, name: str) -> Gain:
        """Where the requests of one row are counted; keep it."""
        key = type, name
        if key not in self._gains:
            self._gains[key] = Gain()
        return self._gains[key]

    def take(self) -> list[Row]:
        """The rows that gained something since the last time."""
        return [gain.take(*key) for key, gain in self._gains.items() if gain.at]
