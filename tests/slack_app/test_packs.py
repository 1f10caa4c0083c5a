"""Some shipped scenarios on Slack in virtual time: words, buttons, files, edits, bursts, redeliveries, time."""

from __future__ import annotations

import asyncio

from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import make_cases
from chatdrill.run.settings import load_settings
from shipped import shipped

PLAYED = frozenset(
    {
        "A fitting by buttons",
        "A person in the evening",
        "An edited order number",
        "Call a person, and come back",
        "Every webhook comes twice",
        "Hello again",
        "News that are no customer",
        "One answer for a burst",
        "Returns are counted",
        "The acknowledgement is lost",
        "The photo comes first",
        "The same words again",
        "Where the shop is",
    }
)


def test_the_shop_serves_its_customers_on_slack() -> None:
    given = {"app": "chatdrill_scenarios.shoebot:app", "port": 0, "clock": "virtual"}
    settings = load_settings(given, environ={})
    chosen = [scenario for scenario in shipped() if scenario.name in PLAYED]
    cases = make_cases(chosen, ["slack"])
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        result = runner.run(execute(settings, cases, seed=1, trace=None))
    assert [(finding.case, finding.message) for finding in result.judgement.findings] == []
    assert result.judgement.verdict == "pass" and len(cases) >= 10
