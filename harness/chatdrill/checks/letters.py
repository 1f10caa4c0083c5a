"""A check of the letters themselves: none of them is torn."""

from __future__ import annotations

import re

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.parameters import Parameters
from chatdrill.checks.registry import Outcome, case_check
from chatdrill.model import Text, Write

_TORN = re.compile("[\x1b\ufffd\ud800-\udfff]")
_ESCAPE = "\x1b"
_AROUND = 12


@case_check(
    "whole-characters",
    "Every character of the bot's messages is whole: no text is cut inside one.",
    broken="the bot cut a text inside a character",
)
def whole_characters(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Half an emoji, the sign that replaces bytes which are no character, and the escape of an SMS without what it escapes. Excused: what a
    customer of the case has sent themselves."""
    outcome.evidence += len(case.heard)
    suspicious = [heard for heard in case.heard if _may_be_torn(heard.message.text)]
    theirs = _signs_of_customers(case) if suspicious else set()
    for heard in suspicious:
        text = heard.message.text
        place = next((torn.start() for torn in _TORN.finditer(text) if torn[0] not in theirs), None)
        if place is not None:
            around = text[max(0, place - _AROUND) : place + _AROUND]
            outcome.fail(
                f"a character is torn in {around!r}: cut texts between characters, and before an escape of GSM-7",
                cites=(heard.record.n,),
                conv=heard.record.conv,
            )


def _signs_of_customers(case: CaseEvidence) -> set[str]:
    written = (act.act for act in case.acts if isinstance(act.act, Write))
    texts = (part.text for write in written for part in write.parts if isinstance(part, Text))
    return {sign for text in texts for sign in _TORN.findall(text)}


def _may_be_torn(text: str) -> bool:
    """What is ASCII is only looked through for the escape, in a fraction of the time."""
    return _ESCAPE in text if text.isascii() else _TORN.search(text) is not None
