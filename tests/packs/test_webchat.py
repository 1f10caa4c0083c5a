"""Some of the shipped scenarios in a site's chat, in virtual time: the Bot Connector with its cards and files, Rasa without files."""

from __future__ import annotations

import asyncio

import pytest

from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import make_cases, playable
from chatdrill.run.settings import load_settings
from shipped import shipped

PLAYED = {
    "A fitting by buttons", "The size chart", "The photo comes first", "Where the shop is", "Every webhook comes twice", "A digit that is no rating",
    "A link to an order", "Get started", "Call a person, and come back", "A reminder that works", "One order, two customers", "A quoted message",
    "Hello again",
}  # fmt: skip


@pytest.mark.parametrize(("platform", "left"), [("webchat", 0), ("rasa", 3)])
def test_the_shop_serves_its_visitors(platform: str, left: int) -> None:
    given = {"app": "chatdrill_scenarios.shoebot:app", "port": 0, "clock": "virtual", "platforms": platform}
    settings = load_settings(given, environ={})
    chosen = [scenario for scenario in shipped() if scenario.name in PLAYED]
    cases, left_out = playable(make_cases(chosen, [platform]), settings)
    assert len(cases) >= 9 and sum(left_out.values()) >= left
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        result = runner.run(execute(settings, cases, seed=1, trace=None))
    assert [finding.message for finding in result.judgement.findings] == [] and result.judgement.verdict == "pass"
