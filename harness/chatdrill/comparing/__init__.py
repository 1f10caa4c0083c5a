"""What changed between two runs: replies, their order and times, handovers, verdicts. Pure functions of two traces."""

from chatdrill.comparing.differing import Case, Difference, Moved, ReplyChange, Run, TurnChange, compare, readable_run
from chatdrill.comparing.halves import Reply, Turn

__all__ = [
    "Case",
    "Difference",
    "Moved",
    "Reply",
    "ReplyChange",
    "Run",
    "Turn",
    "TurnChange",
    "compare",
    "readable_run",
]
