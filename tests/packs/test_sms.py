"""Some of the shipped scenarios on SMS, in virtual time: choices by number, words that opt out, pictures by MMS."""

from __future__ import annotations

import asyncio

import pytest

from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import make_cases, playable
from chatdrill.run.settings import load_settings
from shipped import shipped

PLAYED = {
    "Leaving by a word and coming back", "Choices by number", "A fitting by buttons", "Blocked and forgiven", "The size chart",
    "The photo comes first", "Returns are counted", "Where the shop is", "Every webhook comes twice", "A digit that is no rating",
    "A reaction needs no answer",
}  # fmt: skip


@pytest.mark.parametrize("platform", ["twilio", "infobip"])
def test_the_shop_serves_its_customers_by_sms(platform: str) -> None:
    given = {"app": "chatdrill_scenarios.shoebot:app", "port": 0, "clock": "virtual", "platforms": platform}
    settings = load_settings(given, environ={})
    chosen = [scenario for scenario in shipped() if scenario.name in PLAYED]
    cases, left_out = playable(make_cases(chosen, [platform]), settings)
    assert len(cases) >= 10 and any(reason.endswith("react") for reason in left_out)
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        result = runner.run(execute(settings, cases, seed=1, trace=None))
    assert [finding.message for finding in result.judgement.findings] == [] and result.judgement.verdict == "pass"
