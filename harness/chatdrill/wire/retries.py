"""When a failed delivery is tried again."""

from __future__ import annotations

from dataclasses import dataclass

from chatdrill.seeds import Stream


@dataclass(frozen=True)
class Retry:
    """When a failed delivery is tried again.

    The n-th failure waits ``delays_s[n-1]`` (the last one repeats) until ``attempts_max`` attempts are made or, counted
    from the first attempt, ``give_up_after_s`` have passed. ``jitter_s`` is the width of a random addition.
    """

    delays_s: tuple[float, ...]
    attempts_max: int | None = None
    give_up_after_s: float | None = None
    jitter_s: float = 0.0

    def delay_s(self, failures: int, elapsed_s: float, chance: Stream) -> float | None:
        """Seconds until the next attempt after ``failures`` failed ones, or ``None`` to give up."""
        if self.attempts_max is not None and failures >= self.attempts_max:
            return None
        delay = self.delays_s[min(failures, len(self.delays_s)) - 1] + chance.random() * self.jitter_s
        if self.give_up_after_s is not None and elapsed_s + delay > self.give_up_after_s:
            return None
        return delay
