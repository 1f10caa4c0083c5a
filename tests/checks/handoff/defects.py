"""All defects of spoiled conversations, in the order of the rules."""

from __future__ import annotations

from checks.handoff import (  # noqa: F401  register them
    defects_ends,
    defects_faults,
    defects_nobody,
    defects_relays,
    defects_silence,
    defects_tickets,
)
from checks.handoff.tape import DEFECTS as _DEFECTS

DEFECTS = sorted(_DEFECTS, key=lambda defect: defect.rule)
