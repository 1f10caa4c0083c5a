"""Telling a case again where nothing deviates: the commonest one by far, told in a fraction of the time.

Every turn hears one message, it is the one that was expected, and nothing else is said. What this cannot tell is told in full;
what it tells comes out the same there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.told import Retelling, kept, read_listening
from chatdrill.engine.conversation import NO_TURN
from chatdrill.engine.expect import Expectation
from chatdrill.engine.match import matches
from chatdrill.engine.steps import Hears
from chatdrill.model import Deleted, Edited, Message, Sent
from chatdrill.trace import Acted, StepBegan, StepEnded, Took


def told_plainly(case: CaseEvidence) -> Retelling | None:
    """Tell a case that is over and in which nothing deviates; ``None`` for one of which that is not plain."""
    if case.ended is None or case.ended.outcome != "done":
        return None
    plain, told = kept(case, "plain", _plain), Retelling()
    said: dict[str, Message] = {}  # the message that met nothing yet, by conversation
    wanted: dict[str, tuple[int, Expectation]] = {}  # the step that waits for one
    turns: set[str] = set()  # the conversations whose turn is not over
    record: Any  # asked once what it is: a case has hundreds of them
    for record in case.records:
        kind, conv = type(record), record.conv
        if conv is None:
            continue
        if kind is StepBegan:
            if record.played is not None or record.not_before_at is not None or record.due_at is not None:
                return None
            expectation = plain(record.step)
            if expectation is None:
                continue
            if expectation is _NOT_PLAIN or conv in wanted:
                return None
            wanted[conv] = record.step, expectation
            told.listened[conv] = record.n
            if conv not in turns:
                turns.add(conv)
                told.turns += 1
        elif kind is StepEnded:
            awaited = wanted.pop(conv, None)
            if awaited is None:
                continue
            message = said.pop(conv, None)
            if awaited[0] != record.step or message is None or matches(awaited[1], message) is not None:
                return None
            told.expectations += 1
        elif kind is Acted:
            if record.cause == "platform" or isinstance(record.act, NO_TURN):
                continue
            if record.cause != "step" or conv in said or conv in wanted:
                return None
            turns.discard(conv)
        elif kind is Took:
            effect = record.effect
            if type(effect) is Sent and conv not in said:
                said[conv] = effect.message
            elif isinstance(effect, (Sent, Edited, Deleted)):
                return None
    return None if said or wanted else told


_NOT_PLAIN = Expectation()
"""Stands for whatever a step expects that is not one message at any time."""


def _plain(data: Mapping[str, Any]) -> Expectation | None:
    """The one message that a step expects, if that is all there is to it; ``None`` for a step that expects nothing."""
    step = read_listening(data)
    if step is None:
        return None
    if type(step) is not Hears or step.only or step.within_s is not None or len(step.expectations) != 1:
        return _NOT_PLAIN
    expectation = step.expectations[0]
    return _NOT_PLAIN if expectation.reply_to is not None else expectation
