"""A handful of the seeded defects of the reference bot; the bench ``handoff`` plays all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.defects.catalogue import DEFECTS
from bench.defects.defect import Defect
from bench.defects.play import Setting, play, play_defect, scenarios
from chatdrill.checks.registry import CHECKS

QUICK = {
    "two workers take one update": "HO-01",
    "every message gets an answer, whoever is in charge": "HO-14",
    "a message whose answer was lost is posted again": "HO-22",
    "replies go to the chat that wrote last": "HO-28",
    "private notes are replies": "HO-30",
    "the bot stays silent for ever": "HO-40",
    "webhooks are not verified": "HO-47",
}
CHOSEN = [defect for defect in DEFECTS if defect.name in QUICK]


@pytest.mark.parametrize("defect", CHOSEN, ids=lambda defect: defect.name)
def test_a_seeded_defect_is_found_by_the_rule_that_owns_it(defect: Defect) -> None:
    assert defect.rule == QUICK[defect.name]
    assert defect.rule in {finding.check for finding in play_defect(defect).findings}


@pytest.mark.parametrize("setting", sorted({Setting.of(one) for one in CHOSEN}, key=str), ids=lambda one: one.scenario)
def test_the_reference_bot_is_not_accused_on_the_same_scenarios(setting: Setting) -> None:
    played = play(setting)
    assert [finding.message for finding in played.findings] == []
    assert played.outcome == "done"


def test_every_rule_of_the_handover_owns_a_defect() -> None:
    rules = {check for check in CHECKS if check.startswith("HO-")}
    assert {defect.rule for defect in DEFECTS} == rules
    assert len(DEFECTS) >= 40


def test_no_two_defects_have_one_name_and_each_has_its_scenario() -> None:
    assert len({(defect.rule, defect.name) for defect in DEFECTS}) == len(DEFECTS)
    assert {defect.scenario for defect in DEFECTS} <= set(scenarios())


def test_what_a_defect_replaces_is_there_again_afterwards() -> None:
    for defect in DEFECTS:
        before = [getattr(owner, name) for owner, name, _ in defect.patches]
        with defect.seeded():
            pass
        assert [getattr(owner, name) for owner, name, _ in defect.patches] == before


def test_every_own_scenario_is_used() -> None:
    own = {name for name, one in scenarios().items() if Path(one.file or "").parent.name == "defects"}
    assert own <= {defect.scenario for defect in DEFECTS}
