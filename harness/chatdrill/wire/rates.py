"""Rate limits as values: a token bucket and a window, both told the time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """``per_s`` tokens flow in each second, up to ``burst``; ``now`` is whatever clock the caller keeps to."""

    per_s: float
    burst: float
    tokens: float = field(default=-1.0)
    seen_at: float = field(default=0.0)

    def take(self, now: float, count: float = 1.0) -> float:
        """Take ``count`` tokens. Returns 0.0, or the seconds after which there will be enough (nothing taken)."""
        if self.tokens < 0:
            self.tokens, self.seen_at = self.burst, now
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.seen_at) * self.per_s)
        self.seen_at = max(self.seen_at, now)
        if self.tokens >= count:
            self.tokens -= count
            return 0.0
        return (count - self.tokens) / self.per_s


@dataclass(slots=True)
class Window:
    """``count`` calls in ``period_s`` seconds that begin with the first of them, then nothing until they are over.

    That is "200 requests per minute" as vendors count it; a ``Bucket`` of the same numbers lets nearly twice as many pass in
    the first minute.
    """

    count: int
    period_s: float
    used: int = field(default=0)
    ends_at: float = field(default=-math.inf)

    def take(self, now: float) -> float:
        """Count a call. Returns 0.0, or the seconds after which the next window begins (nothing counted)."""
        if now >= self.ends_at:
            self.used, self.ends_at = 0, now + self.period_s
        if self.used < self.count:
            self.used += 1
            return 0.0
        return self.resets_in(now)

    def left(self, now: float) -> int:
        """How many calls the window that ``now`` lies in still takes."""
        return self.count if now >= self.ends_at else self.count - self.used

    def resets_in(self, now: float) -> float:
        """Seconds until the next window can begin."""
        return max(0.0, min(self.period_s, self.ends_at - now))
