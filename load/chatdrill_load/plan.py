"""The plan of a load run: what ``chatdrill load`` hands to the Locust process that it becomes."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from chatdrill.errors import UsageError
from chatdrill_load.messages import Job
from chatdrill_load.writing import write_whole

VARIABLE = "CHATDRILL_LOAD_PLAN"
FILE = "plan.json"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """``arrivals`` is the plan by which customers come (none: ``customers`` hold one conversation after the other),
    ``customers`` how many there are at once at most (0: as many as come), ``for_s`` how long, ``gates`` what must hold,
    ``baseline`` the result to compare with, ``staffing`` the
    promise for which agents are counted, ``command`` how it was called."""

    job: Job
    arrivals: str | None = None
    customers: int = 0
    for_s: float = 60.0
    gates: tuple[str, ...] = ()
    baseline: str | None = None
    staffing: str | None = None
    command: str = ""

    def save(self, folder: Path) -> Path:
        """Write it into a folder and return the file. Raises ``UsageError`` where that cannot be."""
        file = folder / FILE
        problem = write_whole(file, msgspec.json.format(msgspec.json.encode(self)))
        if problem is not None:
            raise UsageError(problem)
        return file


def read_plan() -> Plan:
    """The plan of this process, by the variable that ``chatdrill load`` sets."""
    return msgspec.json.decode(Path(os.environ[VARIABLE]).read_bytes(), type=Plan)
