"""Conversation coverage: which states, kinds of messages, faults, platforms and times the customers of a suite met, and what is left.

Pure functions of traces. ``observe`` reads what was met, ``measure`` sets it against what can be, ``suggest`` writes a scenario for
what is missing.
"""

from chatdrill.coverage.dimensions import DIMENSIONS, PAIRS, VALUES, Dimension
from chatdrill.coverage.measuring import Coverage, Gap, Table, measure
from chatdrill.coverage.observing import Observed, observe
from chatdrill.coverage.possible import Ability, World, ability_of
from chatdrill.coverage.suggesting import Suggestion, suggest, suggestions
from chatdrill.coverage.telling import to_data, to_lines, to_markdown

__all__ = [
    "DIMENSIONS",
    "PAIRS",
    "VALUES",
    "Ability",
    "Coverage",
    "Dimension",
    "Gap",
    "Observed",
    "Suggestion",
    "Table",
    "World",
    "ability_of",
    "measure",
    "observe",
    "suggest",
    "suggestions",
    "to_data",
    "to_lines",
    "to_markdown",
]
