"""Shipped scenarios over the reference bot on LINE, in virtual time: among them all that is particular to it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import make_cases
from chatdrill.run.settings import load_settings
from shipped import shipped

PLAYED = (
    "Where the shop is", "The size chart", "Call a person, and come back", "A link to an order", "Get started", "Every webhook comes twice",
    "The platform is down", "The platform stumbles", "The answer of the platform is lost", "News that are no customer",
    "Thirty days with one customer",
)  # fmt: skip


def test_shipped_scenarios_hold_on_line(tmp_path: Path) -> None:
    given = {
        "app": "chatdrill_scenarios.shoebot:app",
        "port": 0,
        "clock": "virtual",
        "bot_env": [f"SHOEBOT_DB={tmp_path}/bot.db"],
    }
    settings = load_settings(given, environ={})
    cases = [case for case in make_cases(shipped(), ["line"]) if case.scenario.name in PLAYED]
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        result = runner.run(execute(settings, cases, seed=1, trace=None))
    assert [(finding.case, finding.message) for finding in result.judgement.findings] == []
    assert len(cases) == len(PLAYED) == len(result.judgement.cases)
