"""From the queue of a telephone into a messenger, in virtual time."""

from __future__ import annotations

import asyncio

from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import make_cases, playable
from chatdrill.run.settings import load_settings
from shipped import shipped

WITH = ["twilio", "telegram", "whatsapp"]


def test_callers_go_on_in_a_messenger() -> None:
    given = {"app": "chatdrill_scenarios.shoebot:app", "port": 0, "clock": "virtual", "platforms": ",".join(WITH)}
    settings = load_settings(given, environ={})
    chosen = list(shipped("calls"))
    cases, left_out = playable(make_cases(chosen, WITH), settings)
    assert len(cases) >= 12 and not left_out
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        result = runner.run(execute(settings, cases, seed=1, trace=None))
    assert [finding.message for finding in result.judgement.findings] == [] and result.judgement.verdict == "pass"
    looked = {each.check: each.evidence for case in result.judgement.cases for each in case.results if each.evidence}
    assert {"links-usable", "context-kept", "context-private"} <= looked.keys()
