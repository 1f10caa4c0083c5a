"""How a rule of the handover is registered: as a check of its own, in the group ``handoff``, for cases with a desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.dialogs import Dialog, dialogs
from chatdrill.checks.parameters import Parameter, Parameters, words
from chatdrill.checks.registry import CaseFunction, Outcome, case_check

GROUP = "handoff"
"""The word in a ``checks`` block that stands for all of them: ``handoff: off``, ``handoff: {notices: [...]}``."""

DialogFunction = Callable[[Dialog, Parameters, Outcome], None]


def has_desk(case: CaseEvidence) -> bool:
    """True for a case in which anything was filed at a desk."""
    return bool(case.filed)


def notices() -> Parameter:
    """Patterns of the bot's own words about the handover."""
    return words()


def rule(id: str, law: str, **parameters: Any) -> Callable[[DialogFunction], DialogFunction]:
    """Register a rule that is judged dialog by dialog. The function counts ``outcome.evidence`` for each time that its
    trigger occurred, so that a rule which never applied says ``none``."""

    def register(function: DialogFunction) -> DialogFunction:
        @case_check(id, law, group=GROUP, applies=has_desk, notices=notices(), **parameters)
        def judge(case: CaseEvidence, given: Parameters, outcome: Outcome) -> None:
            for dialog in dialogs(case):
                function(dialog, given, outcome)

        return function

    return register


def case_rule(id: str, law: str, **parameters: Any) -> Callable[[CaseFunction], CaseFunction]:
    """Register a rule that looks at all dialogs of a case together."""
    return case_check(id, law, group=GROUP, applies=has_desk, notices=notices(), **parameters)
