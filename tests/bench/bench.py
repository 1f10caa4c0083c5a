"""How a benchmark speaks: one line for each figure, and an exit code that is not 0 if one falls short."""

from __future__ import annotations

import statistics
import sys
import time
import timeit
from collections.abc import Callable

_failed: list[str] = []


def report(name: str, value: float, unit: str, bar: str) -> None:
    """Print ``bench NAME  VALUE UNIT  bar >= N  holds``; ``bar`` is ``">= 1500"`` or ``"<= 40"``."""
    sign, _, number = bar.partition(" ")
    holds = value >= float(number) if sign == ">=" else value <= float(number)
    if not holds:
        _failed.append(name)
    print(f"bench {name:<34} {value:>10,.2f} {unit:<6} bar {bar:<9} {'holds' if holds else 'FALLS SHORT'}", flush=True)


def note(words: str) -> None:
    """A line for people."""
    print(f"      {words}", flush=True)


def finish() -> None:
    """End the process: 0 if every figure holds."""
    sys.exit(1 if _failed else 0)


def median_us(work: Callable[[], object], *, number: int = 2000, rounds: int = 7) -> float:
    """The median over rounds of the microseconds of the processor that one call of ``work`` takes."""
    work()
    times = [timeit.timeit(work, timer=time.process_time, number=number) / number * 1e6 for _ in range(rounds)]
    return statistics.median(times)
