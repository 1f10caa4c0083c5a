"""The reference bot on WeChat: some scenarios of the packs, in virtual time, plain and sealed."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import pytest

from chatdrill.engine.scenario import Scenario
from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import find_scenarios, make_cases, shipped_packs
from chatdrill.run.settings import load_settings

FILES = (
    "orders/by-link",
    "talk/small-talk",
    "questions/address",
    "fittings/nearest-shop",
    "returns/not-a-photo",
    "hard/unknown-kinds",
    "time/survey",
    "time/human-agent",
)
PLAYED = (
    "Get started",
    "A link to an order",
    "Thanks and goodbye",
    "A quoted message",
    "Where the shop is",
    "A fitting at the nearest shop",
    "A voice note instead of the photo",
    "Something the bot has never heard of",
    "How did I do?",
    "On the eighth day it is too late",
)


@cache
def scenarios() -> list[Scenario]:
    files = [shipped_packs() / f"{name}.drill.yaml" for name in FILES]
    return [scenario for scenario in find_scenarios(files) if scenario.name in PLAYED]


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_ten_scenarios_pass(mode: str, tmp_path: Path) -> None:
    given = {"app": "chatdrill_scenarios.shoebot:app", "clock": "virtual", "port": 0, "out": str(tmp_path)}
    settings = load_settings({**given, "set": [f"wechat.mode={mode}"]}, environ={})
    cases = make_cases(scenarios(), ["wechat"])
    assert len(cases) == len(PLAYED)
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        result = runner.run(execute(settings, cases, seed=1, trace=None))
    assert [(finding.case, finding.message) for finding in result.judgement.findings] == []
    assert result.judgement.verdict == "pass"
