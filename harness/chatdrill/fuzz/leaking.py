"""A bot in this process that keeps growing: memory, tasks, open files and sockets that no conversation needs any more.

Bots may remember whom they talked to. So only what is far above that counts, and only what grows by as much again the next time.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

from chatdrill.checks.results import Finding
from chatdrill.engine.steps import Waits
from chatdrill.strategies.machine import Dialog

LEAKS = "leaks"
ROUND = 20
"""Conversations between two readings."""
ROUNDS = 3
"""The first fills caches; what grows in the second and in the third as well has no end."""
MEMORY_MAX = 64 * 1024
"""Bytes of a conversation that a bot may keep: more than all that most customers write in a year."""
TASKS_MAX = 0.5
FILES_MAX = 0.25
"""Tasks, and open files and sockets, that may be left of a conversation, on the average."""
_DAY_S = 86400.0
_FRAMES = 4
_FILES = Path("/proc/self/fd")


@dataclass(frozen=True)
class Reading:
    """What the process holds: ``memory`` in bytes, as far as the bot's own code asked for it, and ``most`` is the line that did so most;
    ``tasks``; ``files``, sockets among them."""

    memory: int
    tasks: int
    files: int
    most: str = ""


class Scale:
    """While it is entered, memory is counted by who asked for it. ``module`` is the bot's, which is imported already."""

    def __init__(self, module: str) -> None:
        file = getattr(sys.modules.get(module), "__file__", None)
        self._folder = f"{Path(file).parent}/" if file else ""

    def __enter__(self) -> Self:
        tracemalloc.start(_FRAMES)
        return self

    def __exit__(self, *details: object) -> None:
        tracemalloc.stop()

    def read(self) -> Reading:
        """How much there is now, after everything that nobody needs was thrown away. To be asked for in the loop of the bot."""
        gc.collect()
        sizes: Counter[str] = Counter()
        for asked in tracemalloc.take_snapshot().statistics("traceback"):
            own = next((frame for frame in reversed(asked.traceback) if self._is_own(frame.filename)), None)
            if own is not None:
                sizes[f"{Path(own.filename).name}:{own.lineno}"] += asked.size
        files = sum(1 for _ in _FILES.iterdir()) if _FILES.is_dir() else 0
        most = max(sizes, key=sizes.__getitem__, default="")
        return Reading(sizes.total(), len(asyncio.all_tasks()), files, most)

    def _is_own(self, filename: str) -> bool:
        return bool(self._folder) and filename.startswith(self._folder) and "site-packages" not in filename


def is_short(dialog: Dialog) -> bool:
    """True for a conversation that is over within a day, so that several rounds fit into the life of one bot."""
    return sum(step.seconds for step in dialog.steps if isinstance(step, Waits)) < _DAY_S


def leaks(readings: Sequence[Reading], dialogs: int = ROUND) -> list[Finding]:
    """What grew from each reading to the next by more than conversations may leave, of which there were ``dialogs`` between two."""
    grown = list(pairwise(readings))
    memory = min((after.memory - before.memory for before, after in grown), default=0) / dialogs
    tasks = min((after.tasks - before.tasks for before, after in grown), default=0) / dialogs
    files = min((after.files - before.files for before, after in grown), default=0) / dialogs
    told: list[str] = []
    if memory > MEMORY_MAX:
        told.append(
            f"the bot keeps {memory / 1024:.0f} KiB of every conversation that is over; most was asked for at {readings[-1].most}"
        )
    if tasks > TASKS_MAX:
        told.append(f"the bot leaves {tasks:.1f} tasks running for every conversation that is over")
    if files > FILES_MAX:
        told.append(f"the bot leaves {files:.1f} files or sockets open for every conversation that is over")
    return [Finding(check=LEAKS, verdict="fail", fault="bot", message=each) for each in told]
