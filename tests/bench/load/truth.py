"""What the echo bot wrote down against what a load run reported.

The bot notes for each message when the kernel had its webhook (also while the bot was frozen) and when its reply was handed
to the kernel, by the machine's monotonic clock. That is the bot's share; with the moments at which the customers meant to
write (the same clock), the truth includes whatever the message waited for before it was sent.
"""

from __future__ import annotations

import csv
import math
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..bench import note, report

SHARE = 0.01
ABSOLUTE_S = 0.001
_NS = 1e-9

Meant = Mapping[tuple[str, str], float]  # seconds of the monotonic clock by customer and message, as the bot names them


@dataclass(frozen=True, slots=True)
class Row:
    """One customer's message at the bot; moments in seconds of the monotonic clock."""

    platform: str
    customer: str
    message: str
    arrived_s: float
    read_s: float
    replied_s: float | None  # None: never


@dataclass(frozen=True, slots=True)
class Comparison:
    """One reported figure. ``true`` is the nearest of the values that the figure may have by any definition of it."""

    name: str
    reported: float
    true: float
    holds: bool

    def plain(self) -> str:
        """For people."""
        if self.name == "samples":
            return f"{self.reported:,.0f} samples were reported, in truth {self.true:,.0f}"
        off_s = self.reported - self.true
        share = f", {off_s / self.true:+.2%}" if self.true else ""
        return f"{self.name} {self.reported * 1000:,.3f} ms, in truth {self.true * 1000:,.3f} ms ({off_s * 1000:+.3f} ms{share})"


@dataclass(frozen=True, slots=True)
class Reported:
    """What a load run says of its replies: figures in seconds by name, how many, and when each message was meant."""

    figures_s: Mapping[str, float]
    samples: int
    meant_s: Meant | None = None


@dataclass(frozen=True, slots=True)
class KnownBot:
    """A mode of the echo bot with its numbers, and how long the longest wait is at least if it did as it was told."""

    mode: Sequence[str]
    longest_s: float


KNOWN_BOTS = {
    "constant": KnownBot(("delay", "20"), 0.02),
    "stalls": KnownBot(("stalls", "100", "2000"), 2.0),
    "freeze": KnownBot(("freeze", "10", "10"), 5.0),  # of those who write during the freeze the first waits longest
}

Play = Callable[[Sequence[str], Path], Reported]  # plays against the bot in that mode, which writes its truth there


def hold_to_truth(name: str, play: Play) -> None:
    """One figure: what a run against one of the KNOWN_BOTS reports, compared with what that bot wrote down.

    Raises ValueError if the run was too short or too idle for the bot's delay to have been met.
    """
    bot = KNOWN_BOTS[name]
    with tempfile.TemporaryDirectory() as folder:
        truth = Path(folder) / "truth.csv"
        reported = play(bot.mode, truth)
        rows = read_rows(truth)
        true_s = latencies_s(rows, reported.meant_s)
    if max(true_s, default=0.0) < bot.longest_s:
        raise ValueError(f"no customer waited {bot.longest_s:g} s for the bot {name!r}: nothing was put to the test")
    report_truth(name, compare(true_s, reported.figures_s, reported.samples))
    own = sorted(latencies_s(rows))
    p50, p99 = own[len(own) // 2] * 1000, own[len(own) * 99 // 100] * 1000
    note(f"the bot's own share: p50 {p50:,.3f} ms, p99 {p99:,.3f} ms; told to: {' '.join(bot.mode)}")


def read_rows(path: Path) -> list[Row]:
    """The bot's file, in the order in which replies left. Raises ValueError with the line that is none of the bot's."""
    with path.open(newline="") as file:
        return [_row(number, values) for number, values in enumerate(csv.reader(file), 1) if number > 1]


def _row(number: int, values: Sequence[str]) -> Row:
    try:
        platform, customer, message, arrived, read, replied = values
        replied_s = int(replied) * _NS if replied else None
        return Row(platform, customer, message, int(arrived) * _NS, int(read) * _NS, replied_s)
    except ValueError as error:
        raise ValueError(f"line {number} of the bot's truth: {error}") from error


def latencies_s(rows: Iterable[Row], meant_s: Meant | None = None) -> list[float]:
    """Seconds from a message to its reply, of those that got one.

    ``meant_s`` has the moment at which a message was meant to be written, by customer and message id; without it time runs
    from the arrival at the bot. Raises KeyError for a message that is not in it.
    """
    answered = [(row, row.replied_s) for row in rows if row.replied_s is not None]
    return [
        replied - (row.arrived_s if meant_s is None else meant_s[row.customer, row.message])
        for row, replied in answered
    ]


def compare(true_s: Sequence[float], reported_s: Mapping[str, float], samples: int) -> list[Comparison]:
    """Compare each reported figure (``p50``, ``p99.9``, ``max``, ``min``, ``mean``) and the number of samples.

    A figure holds within 1 % or 1 ms, whichever is more. A percentile lies between two samples, and definitions differ in
    which one they mean, so either is right, and what lies between. Raises ValueError for other figures or an empty truth.
    """
    if not true_s:
        raise ValueError("the bot replied to nobody, so there is no truth to compare with")
    ordered = sorted(true_s)
    counted = Comparison("samples", samples, len(ordered), samples == len(ordered))
    return [counted, *(_compared(name, value, bounds(ordered, name)) for name, value in reported_s.items())]


def bounds(ordered: Sequence[float], name: str) -> tuple[float, float]:
    """The least and the greatest value that a figure of these samples may have by a usual definition."""
    if name in ("min", "max", "mean"):
        value = {"min": ordered[0], "max": ordered[-1], "mean": math.fsum(ordered) / len(ordered)}[name]
        return value, value
    if not re.fullmatch(r"p\d+(\.\d+)?", name) or float(name[1:]) > 100:
        raise ValueError(f"{name!r} is no figure: p50, p99.9, min, mean or max")
    position, last = (
        float(name[1:]) / 100 * len(ordered),
        len(ordered) - 1,
    )  # so many samples lie below, or at, the value
    return ordered[min(max(math.ceil(position - 1e-9) - 1, 0), last)], ordered[min(math.floor(position + 1e-9), last)]


def _compared(name: str, reported: float, allowed: tuple[float, float]) -> Comparison:
    true = min(max(reported, allowed[0]), allowed[1])
    return Comparison(name, reported, true, abs(reported - true) <= max(SHARE * true, ABSOLUTE_S))


def report_truth(bot: str, compared: Sequence[Comparison]) -> None:
    """One line for a bot with known delays: how many figures are wrong, each of which is told, and the one furthest off."""
    wrong = [comparison for comparison in compared if not comparison.holds]
    report(f"load.untrue_{bot}", len(wrong), "", "<= 0")
    times = [comparison for comparison in compared if comparison.name != "samples"]
    worst = max(times, key=lambda comparison: abs(comparison.reported - comparison.true), default=None)
    for comparison in wrong or ([worst] if worst else []):
        note(comparison.plain())
