"""Rounds that alternate between contenders, and what comes of them: medians, spreads, and ratios of one to the others."""

from __future__ import annotations

import os
import statistics
from collections.abc import Mapping, Sequence

from ..bench import note, report
from .bot import Unavailable
from .contenders import Measured, Rate

Rounds = Sequence[Measured]
BARS = {"httpuser": 15.0, "fasthttpuser": 5.0, "hey": 1.0}  # how many times as fast we are at least


def alternate(contenders: Mapping[str, Rate], *, rounds: int, seconds: float, customers: int) -> dict[str, Rounds]:
    """What each contender did, by round. One that this machine lacks something for is left out, with a note."""
    found: dict[str, list[Measured]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name in list(found):
            try:
                found[name].append(contenders[name](seconds, customers))
            except Unavailable as why:
                note(f"{name} is left out: {why}")
                del found[name]
    return dict(found)


def show(measured: Mapping[str, Rounds], customers: int) -> None:
    """One line for each contender: medians and spreads; and how busy the machine was."""
    for name, rounds in measured.items():
        walls, cores = _spread([item.per_s for item in rounds]), _spread([item.per_core_s for item in rounds])
        note(f"{name:<14} round trips/s by the wall {walls}; by its core's own time {cores}")
    note(f"{customers} customers; load average {os.getloadavg()[0]:.2f}, the generators' own work included")


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Our rate as a multiple of another's, round by round: what slows the machine in a round slows both."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]


def report_ratios(ours: Rounds, others: Mapping[str, Rounds]) -> None:
    """One figure for each other contender: the median of the rounds' ratios by the wall against its bar."""
    for name, rounds in others.items():
        walls = ratios([item.per_s for item in ours], [item.per_s for item in rounds])
        cores = ratios([item.per_core_s for item in ours], [item.per_core_s for item in rounds])
        report(f"load.ratio_to_{name}", statistics.median(walls), "x", f">= {BARS[name]:g}")
        note(
            f"{len(walls)} rounds: by the wall {_spread(walls, 2)}; by the generator's core's own time {_spread(cores, 2)}"
        )


def _spread(values: Sequence[float], digits: int = 0) -> str:
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"
