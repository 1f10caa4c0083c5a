"""The laws where pushes are sealed; that they hold for plain ones is proved with those of every platform."""

from __future__ import annotations

import dataclasses

import pytest

from chatdrill.conformance import PLATFORM_LAWS, check_platform
from chatdrill.model import Text, Write
from chatdrill.wire.sheets import Ask
from chatdrill_fakes.platforms.wechat import platform
from chatdrill_fakes.platforms.wechat.sheet import EXAMPLES, SHEET

SAFE = dataclasses.replace(SHEET, examples=EXAMPLES)  # answers to a webhook, which the sheet has too, are plain
HOOKS = [law for law in PLATFORM_LAWS if law.prove.__module__.endswith((".hooks", ".talk"))]
MIXED = {"examinations_are_signed"}
"""In compatible mode what is sealed stands beside any body, which need not be XML."""


@pytest.mark.parametrize("mode", ["safe", "compatible"])
def test_sealed_pushes_keep_the_laws(mode: str) -> None:
    laws = [law for law in HOOKS if mode == "safe" or law.name not in MIXED]
    report = check_platform(platform, SAFE, settings={"mode": mode}, laws=laws)
    assert not report.broken, report
    idle = {result.law.name for result in report.results if result.verdict == "does not apply"}
    assert idle == {"missing_proof_is_refused", "stale_is_refused", "receipts_are_told"}, "tampering is seen"


def test_an_answer_that_is_no_call_is_told() -> None:
    silent = Ask("", answers="success", after=(Write(parts=(Text(text="Hi"),)),))
    spoiled = dataclasses.replace(SHEET, examples=(silent,))
    laws = [law for law in PLATFORM_LAWS if law.name == "coverage_is_exercised"]
    report = check_platform(platform, spoiled, laws=laws)
    assert report.broken and "nothing comes of the answer success" in str(report)
