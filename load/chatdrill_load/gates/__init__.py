"""SLA gates: one line that a run keeps or breaks, and how much of its error budget was spent when.

The words of a gate stand in docs/reference/load-arrivals.md.
"""

from chatdrill_load.gates.gate import RATES, Gate, GateResult
from chatdrill_load.gates.reading import EXAMPLES, read_gate

__all__ = ["EXAMPLES", "RATES", "Gate", "GateResult", "read_gate"]
