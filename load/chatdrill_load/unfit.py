"""Which scenarios cannot be a load: those that take the bot away from all customers at once."""

from __future__ import annotations

from chatdrill.engine.desk_steps import Restarts
from chatdrill.engine.faulting import read_faults
from chatdrill.engine.scenario import Scenario
from chatdrill.serve.faults.restarting import Restart


def restarts_by_chance(faults: str | None) -> bool:
    """True where faults written so restart the bot."""
    return any(isinstance(rule.kind, Restart) for rule in read_faults(faults or "none"))


def restarts_the_bot(scenario: Scenario) -> bool:
    """True for a scenario that restarts the bot, by a step or by its own faults."""
    by_step = any(isinstance(step, Restarts) for step in scenario.steps)
    return by_step or restarts_by_chance(scenario.faults)
