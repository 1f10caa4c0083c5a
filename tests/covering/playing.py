"""Playing against the reference bot."""

from __future__ import annotations

from collections.abc import Sequence

from chatdrill.engine.cases import Case
from chatdrill.run.execute import Result, execute, run_loop
from chatdrill.run.pace import loop_factory
from chatdrill.run.settings import load_settings


def play(cases: Sequence[Case]) -> Result:
    """Play cases against the reference bot, in this process and in virtual time."""
    bot = {"app": "chatdrill_scenarios.shoebot:app", "port": 0, "clock": "virtual"}
    settings = load_settings({**bot, "bot_env": ["SHOEBOT_DEBOUNCE_S=1.2"]}, environ={})
    return run_loop(execute(settings, cases, seed=1, trace=None), factory=loop_factory(settings))
