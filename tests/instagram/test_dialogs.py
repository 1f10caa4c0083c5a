"""The shop's bot on Instagram: some ten dialogs of the shipped ones, in virtual time."""

from __future__ import annotations

import asyncio

from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import make_cases
from chatdrill.run.settings import load_settings
from shipped import shipped

PLAYED = (
    "A message that was taken back at once",
    "A post in two forms",
    "An answer to a story",
    "A mention in a story",
    "A link to an order",
    "Get started",
    "From an advertisement",
    "An edited order number",
    "Where the shop is",
    "The size chart",
    "A reaction needs no answer",
    "A colleague writes on the sixth day",
)


def test_the_shops_bot_speaks_instagram() -> None:
    chosen = [one for one in shipped() if one.name in PLAYED]
    settings = load_settings({"app": "chatdrill_scenarios.shoebot:app", "port": 0, "clock": "virtual"}, environ={})
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        result = runner.run(execute(settings, make_cases(chosen, ["instagram"]), seed=1, trace=None))
    assert [(finding.case, finding.check, finding.message) for finding in result.judgement.findings] == []
    assert len(result.judgement.cases) == len(PLAYED) and result.judgement.verdict == "pass"
