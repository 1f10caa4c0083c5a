"""What a report is told of the past: this run in numbers, the one it is set beside, and those before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from chatdrill.history.comparing import Comparison, compare
from chatdrill.history.summary import RunSummary
from chatdrill.history.trends import Trends, trends


@dataclass(frozen=True, kw_only=True)
class Past:
    """``earlier`` are runs of the same suite, the oldest first. ``baseline`` is what the run is set beside, and ``baseline_name`` what
    people call it: the run before, number 12, a trace."""

    now: RunSummary
    earlier: tuple[RunSummary, ...] = ()
    baseline: RunSummary | None = None
    baseline_name: str = ""

    @cached_property
    def comparison(self) -> Comparison | None:
        """This run beside the baseline."""
        return None if self.baseline is None else compare(self.now, self.baseline)

    @cached_property
    def trends(self) -> Trends | None:
        """What the runs say of each case; ``None`` where there are none."""
        return trends(self.now, self.earlier) if self.earlier else None
