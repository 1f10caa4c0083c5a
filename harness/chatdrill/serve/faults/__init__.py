"""Faults: those that a step or a tester's hand brings about, and those that come by chance."""

from chatdrill.serve.faults.base import FaultKind, Rule
from chatdrill.serve.faults.fault import Fault, Kind, Where
from chatdrill.serve.faults.kinds import KINDS
from chatdrill.serve.faults.waiting import Faults
from chatdrill.serve.faults.weather import Plan, Strike, Weather, skipped

__all__ = ["KINDS", "Fault", "FaultKind", "Faults", "Kind", "Plan", "Rule", "Strike", "Weather", "Where", "skipped"]
