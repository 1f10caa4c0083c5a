"""What fuzzing finds, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from chatdrill.checks.results import Finding
from chatdrill.engine.scenario import Scenario
from chatdrill.fuzz.playing import Key, Played
from chatdrill.strategies.machine import Dialog

How = Literal["alone", "together", "flaky"]
"""A failure comes ``alone``, only ``together`` with other conversations, or at times (``flaky``)."""
Named = tuple[str, Dialog]


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """The first time that a failure was seen: in which dialog, and in which batch, after how many dialogs and seconds."""

    key: Key
    finding: Finding
    name: str
    dialog: Dialog
    batch: tuple[Named, ...]
    dialogs_until: int
    seconds_until: float


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A failure, and the smallest dialog that shows it. ``messages`` counts the customer's messages in it, ``others`` are the conversations
    that must be held beside it. ``rate`` is the share of plays in which it came, ``played`` what the last of them came to; ``seed`` and
    ``replay`` show it again, ``file`` is where it is kept."""

    check: str
    message: str
    finding: Finding
    dialog: Dialog
    scenario: Scenario
    messages: int
    dialogs_until: int
    seconds_until: float
    how: How = "alone"
    rate: float = 1.0
    others: tuple[Dialog, ...] = ()
    played: tuple[Played, ...] = ()
    tries: int = 0
    seed: int = 0
    replay: str = ""
    file: str | None = None
    also: tuple[Finding, ...] = ()


@dataclass(kw_only=True)
class Fuzzed:
    """What fuzzing came to. ``messages`` counts those of both sides, ``said`` the customers' alone. ``problem``: why it ended before its time. ``mishaps`` are not the bot's fault: each kind once, and how often."""

    failures: list[Failure] = field(default_factory=list)
    dialogs: int = 0
    messages: int = 0
    said: int = 0
    seconds: float = 0.0
    seed: int = 0
    problem: str | None = None
    interrupted: bool = False
    mishaps: dict[Key, tuple[Finding, int]] = field(default_factory=dict)

    @property
    def dialogs_per_s(self) -> float:
        """The speed of exploring."""
        return self.dialogs / self.seconds if self.seconds else 0.0


def sightings_of(played: Sequence[Played], known: set[Key]) -> list[tuple[Key, Finding, Played]]:
    """What is wrong in a batch that was not known before; each kind in the shortest dialog that has it."""
    found: dict[Key, tuple[Finding, Played]] = {}
    for one in played:
        for key, finding in one.keys.items():
            if key not in known and (key not in found or one.dialog.messages < found[key][1].dialog.messages):
                found[key] = finding, one
    return [(key, finding, one) for key, (finding, one) in found.items()]
