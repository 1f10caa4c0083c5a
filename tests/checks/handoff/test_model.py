"""The rules of the handover tell right from wrong: generated conversations are accused of nothing, spoiled ones by the right rule.

``make bench-handoff`` plays fifty times as many.
"""

from __future__ import annotations

from functools import cache

import pytest

from chatdrill.checks import CheckResult
from checks.handoff.defects import DEFECTS
from checks.handoff.model import RULES, accused, converse, judged
from checks.handoff.stage import Stage
from checks.handoff.tape import Defect, first_spoiled
from deep import tries

PIECE = 25


@cache
def played(seed: int) -> tuple[Stage, dict[str, CheckResult]]:
    """A conversation, and what each rule says of it."""
    stage = converse(seed)
    return stage, judged(stage)


@pytest.mark.parametrize("start", range(0, tries(25, 1000), PIECE))
def test_conversations_without_a_mistake_are_accused_of_nothing(start):
    for seed in range(start, start + PIECE):
        stage, results = played(seed)
        told = [(f.check, f.message, stage.cited(f)) for f in accused(results)]
        assert not told, (seed, told)


def test_the_same_seed_gives_the_same_conversation():
    assert converse(11).made == converse(11).made


def test_every_rule_is_asked_in_some_conversation():
    judging = {rule for seed in range(60) for rule, result in played(seed)[1].items() if result.evidence}
    assert judging == set(RULES)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.rule}: {defect.name}")
def test_a_spoiled_conversation_is_told_by_the_rule_that_owns_it(defect: Defect):
    seed, stage = first_spoiled(defect)
    assert stage.verdict(defect.rule) == "fail", seed


def test_every_rule_has_a_defect():
    assert {defect.rule for defect in DEFECTS} == set(RULES)
