"""Every specimen is well formed, and what it replaces is there; a few are found by the check that names the cause."""

from __future__ import annotations

import gc
from collections import Counter

import pytest

from chatdrill.checks.registry import CHECKS
from chatdrill.probe import PROBES
from chatdrill.run.registry import desk_names, platform_names
from chatdrill_scenarios.zoo.catalogue import SPECIMENS
from chatdrill_scenarios.zoo.correct import CORRECT
from chatdrill_scenarios.zoo.promises import PROMISES
from chatdrill_scenarios.zoo.specimen import PROBE, Specimen, instead, specimen
from chatdrill_scenarios.zookeeper.playing import Place, named, play, scenarios
from chatdrill_scenarios.zookeeper.watching import Looks, place_of, watch

HANDED_OVER = (
    "two workers take one update",
    "every message gets an answer, whoever is in charge",
    "replies go to the chat that wrote last",
    "private notes are replies",
    "the bot stays silent for ever",
)
SAMPLE = (
    "answers whatever is delivered again",
    "answers the first fragment only",
    "crashes on an album",
    "is struck dumb by writing from right to left",
    "signs JSON that it has written anew",
    "fails at updates that it does not know",
    "runs against a limit",
    "keeps dialogs in memory",
    "says everything twice",
    "answers everybody in English",
    "writes to WhatsApp outside the window",
    "tells whose order it is",
    "serves one customer after the other",
    *HANDED_OVER,
)
WHERE_IT_SHOWS = Looks(suites=False)
BY_NAME = {one.name: one for one in SPECIMENS}


def test_no_two_specimens_have_one_name_and_there_are_enough() -> None:
    assert [name for name, count in Counter(one.name for one in SPECIMENS).items() if count > 1] == []
    assert len([one for one in SPECIMENS if one.category != "handoff"]) >= 80
    assert len([one for one in SPECIMENS if one.minimum]) >= 30


@pytest.mark.parametrize("one", SPECIMENS, ids=lambda one: one.name)
def test_what_a_specimen_names_is_there_and_what_it_replaces_comes_back(one: Specimen) -> None:
    assert all(found in CHECKS or found.removeprefix(PROBE) in PROBES for found in one.found_by)
    assert set(one.fuzzed_by) <= {*CHECKS, *PROMISES}
    assert one.like and (one.where or one.probes) and set(one.where) <= set(scenarios())
    assert one.platform in platform_names() and one.desk in ("", *desk_names())
    before = [getattr(owner, name) for owner, name, _ in one.patches]
    with one.seeded():
        pass
    assert [getattr(owner, name) for owner, name, _ in one.patches] == before


def test_a_patch_of_what_is_not_there_is_an_error() -> None:
    lost = specimen("state", "lost", "nowhere#1", "expected", "Hello again", instead(Place, gone=None))
    with pytest.raises(AttributeError, match="gone"), lost.seeded():
        pass


def test_every_rule_of_the_handover_owns_a_specimen() -> None:
    rules = {check for check in CHECKS if check.startswith("HO-")}
    assert rules <= {check for one in SPECIMENS for check in one.found_by}


def test_the_sample_has_every_category() -> None:
    assert {BY_NAME[name].category for name in SAMPLE} == {one.category for one in SPECIMENS}


@pytest.mark.parametrize("name", SAMPLE)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_specimen_is_found_by_the_check_that_names_the_cause(name: str) -> None:
    seen = watch(BY_NAME[name], WHERE_IT_SHOWS)
    gc.collect()  # what a bot with a defect leaves open is not the next test's
    assert seen.right, seen


@pytest.mark.parametrize("name", SAMPLE)
def test_the_bot_without_the_defect_is_not_accused_on_the_same_scenarios(name: str) -> None:
    for where in BY_NAME[name].where:
        played = play(place_of(BY_NAME[name]), named([where]))
        assert played.dialogs and (played.findings, played.stuck, played.trouble) == ((), (), ())


def test_a_bot_with_no_defect_is_a_specimen_of_nothing() -> None:
    healthy = specimen("state", "healthy", "nowhere#1", "expected", "Hello again")
    seen = watch(healthy, WHERE_IT_SHOWS)
    assert not seen.found and not seen.right and seen.dialogs == 1


def test_the_correct_bots_stand_on_every_platform_and_before_every_desk() -> None:
    assert {bot.platform for bot in CORRECT} == set(platform_names())
    assert {bot.desk for bot in CORRECT} == {"", *desk_names()}
