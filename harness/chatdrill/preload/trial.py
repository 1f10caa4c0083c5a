"""Trying a preloaded clock: a program that would wait for an hour, and a jump."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chatdrill.clock import real_monotonic
from chatdrill.preload.moved import MovedClock

SLEEPER = ("sleep", "3600")
_LONG_S = 60.0
"""A wait of at least this long is the program's own; shorter ones are the habits of its runtime."""
_LOOK_EVERY_S = 0.005


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Whether the program ended after a jump, how long that took (real seconds), and what happened, in words."""

    follows: bool
    took_s: float
    words: str


def try_shim(shim: Path, command: Sequence[str] = SLEEPER, *, patience_s: float = 10.0) -> Trial:
    """Start a command that waits for long, let time jump to the end of its wait, and see whether it ends.

    Raises ``OSError`` if the command cannot be started.
    """
    with MovedClock(shim) as clock:
        silent = subprocess.DEVNULL
        environment = {**os.environ, **clock.environment}
        with subprocess.Popen(command, env=environment, stdin=silent, stdout=silent, stderr=silent) as process:
            try:
                return _try(clock, process, patience_s=patience_s)
            finally:
                process.kill()


def _try(clock: MovedClock, process: subprocess.Popen[bytes], *, patience_s: float) -> Trial:
    begun = real_monotonic()
    jumped_at = None
    while not _ended(process):
        if real_monotonic() - begun > patience_s:
            words = "it did not follow a jump" if jumped_at else "it never showed that it waits"
            return Trial(follows=False, took_s=patience_s, words=words)
        due = next((wait.due for wait in clock.waits() if wait.due and wait.due - wait.begun > _LONG_S), None)
        if due is not None and jumped_at is None:
            jumped_at = real_monotonic()
            clock.move_to(due)
    if jumped_at is None or process.returncode:
        return Trial(follows=False, took_s=0.0, words=f"it ended by itself with exit code {process.returncode}")
    took_s = real_monotonic() - jumped_at
    return Trial(follows=True, took_s=took_s, words=f"an hour's wait ended {took_s * 1000:.0f} ms after a jump")


def _ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_LOOK_EVERY_S)
    except subprocess.TimeoutExpired:
        return False
    return True
