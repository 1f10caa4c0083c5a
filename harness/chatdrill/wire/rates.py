"""Rate limits as values: a token bucket that is told the time."""

from __future__ import annotations

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
