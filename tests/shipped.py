"""The shipped scenarios, read once for all tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from chatdrill.engine.scenario import Scenario
from chatdrill.run.selection import find_scenarios, shipped_packs


@cache
def shipped(*parts: str) -> Sequence[Scenario]:
    """All of them, or those of these folders and files of the packs."""
    return tuple(find_scenarios([shipped_packs() / part for part in parts] or [shipped_packs()]))
