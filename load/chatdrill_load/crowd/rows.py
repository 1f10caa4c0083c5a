"""Locust's statistics, gathered where things happen and handed over a few times a second."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatdrill_load.messages import Row


@dataclass
class _Gain:
    count: int = 0
    total_ms: float = 0.0
    least_ms: float = float("inf")
    most_ms: float = 0.0
    times: dict[int, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    seconds: dict[int, int] = field(default_factory=dict)
    failed_seconds: dict[int, int] = field(default_factory=dict)


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
        second = int(at)
        gain.count += 1
        gain.seconds[second] = gain.seconds.get(second, 0) + 1
        if seconds is not None:
            ms = seconds * 1000
            gain.total_ms += ms
            gain.least_ms = min(gain.least_ms, ms)
            gain.most_ms = max(gain.most_ms, ms)
            whole = round(ms)
            gain.times[whole] = gain.times.get(whole, 0) + 1
        if problem is not None:
            gain.failures[problem] = gain.failures.get(problem, 0) + 1
            gain.failed_seconds[second] = gain.failed_seconds.get(second, 0) + 1

    def take(self) -> list[Row]:
        """The rows so far; the next interval begins with none."""
        taken, self._gains = self._gains, {}
        return [
            Row(
                type,
                name,
                gain.count,
                gain.total_ms,
                gain.least_ms if gain.times else 0.0,
                gain.most_ms,
                gain.times,
                gain.failures,
                gain.seconds,
                gain.failed_seconds,
            )
            for (type, name), gain in taken.items()
        ]
