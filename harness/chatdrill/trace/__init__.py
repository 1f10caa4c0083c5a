"""The trace: typed records, appended while a run goes, streamed to disk, read back."""

from chatdrill.trace.recorder import Recorder, read_trace
from chatdrill.trace.records import (
    Acted,
    Attempt,
    BotOutput,
    BotState,
    Called,
    CaseBegan,
    CaseEnded,
    Dropped,
    Record,
    RunBegan,
    RunEnded,
    Skipped,
    Stalled,
    StepBegan,
    StepEnded,
    Took,
    Trouble,
)

__all__ = [
    "Acted",
    "Attempt",
    "BotOutput",
    "BotState",
    "Called",
    "CaseBegan",
    "CaseEnded",
    "Dropped",
    "Record",
    "Recorder",
    "RunBegan",
    "RunEnded",
    "Skipped",
    "Stalled",
    "StepBegan",
    "StepEnded",
    "Took",
    "Trouble",
    "read_trace",
]
