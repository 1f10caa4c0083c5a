"""Fuzzing: dialogs that nobody wrote, played many at once; what fails is made as small as it can be, and kept."""

from chatdrill.fuzz.chat import Chat, Line, Property, load_property
from chatdrill.fuzz.finding import Failure, Fuzzed
from chatdrill.fuzz.fuzzing import Fuzzing, Plan, fuzz
from chatdrill.fuzz.testing import fuzzed

__all__ = ["Chat", "Failure", "Fuzzed", "Fuzzing", "Line", "Plan", "Property", "fuzz", "fuzzed", "load_property"]
