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
    teller = _PlainTeller(case)
    for record in case.records:
        take = _TAKES.get(type(record))
        if take is not None and record.conv is not None and not take(teller, record.conv, record):
            return None
    return teller.told()


class _PlainTeller:
    """``said`` is the message that met nothing yet, ``wanted`` the step that waits for one, by conversation; ``listened`` are the
    conversations whose turn is not over. A method is false where it cannot go on."""

    def __init__(self, case: CaseEvidence) -> None:
        self._plain = kept(case, "plain", _plain)
        self._told = Retelling()
        self._said: dict[str, Message] = {}
        self._wanted: dict[str, tuple[int, Expectation]] = {}
        self._listened: set[str] = set()

    def told(self) -> Retelling | None:
        if self._said or self._wanted:
            return None
        self._told.turns += len(self._listened)
        return self._told

    def began(self, conv: str, record: StepBegan) -> bool:
        if record.played is not None or record.not_before_at is not None or record.due_at is not None:
            return False
        expectation = self._plain(record.step)
        if expectation is None:
            return True
        if expectation is _NOT_PLAIN or conv in self._wanted:
            return False
        self._wanted[conv] = record.step, expectation
        self._told.listened[conv] = record.n
        self._listened.add(conv)
        return True

    def ended(self, conv: str, record: StepEnded) -> bool:
        wanted = self._wanted.pop(conv, None)
        if wanted is None:
            return True
        message = self._said.pop(conv, None)
        self._told.expectations += 1
        return wanted[0] == record.step and message is not None and matches(wanted[1], message) is None

    def took(self, conv: str, record: Took) -> bool:
        effect = record.effect
        if isinstance(effect, Sent):
            is_only_one = conv not in self._said
            self._said[conv] = effect.message
            return is_only_one
        return not isinstance(effect, (Edited, Deleted))

    def acted(self, conv: str, record: Acted) -> bool:
        if record.cause == "platform" or isinstance(record.act, NO_TURN):
            return True
        if conv in self._listened:
            self._listened.remove(conv)
            self._told.turns += 1
        return record.cause == "step" and conv not in self._said and conv not in self._wanted


_TAKES: dict[type, Any] = {
    StepBegan: _PlainTeller.began,
    StepEnded: _PlainTeller.ended,
    Took: _PlainTeller.took,
    Acted: _PlainTeller.acted,
}

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
