"""What was met is set against what can be: shares, impossible cells, and what is missing, in order."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chatdrill.coverage import PAIRS, Ability, Coverage, World, measure, observe, to_data, to_lines, to_markdown
from chatdrill.coverage.dimensions import VALUES
from chatdrill.coverage.telling import percent
from chatdrill.run.execute import Result
from covering.story import Story

IMPOSSIBLE = (
    ("whatsapp", {"kind": "round video"}),
    ("messenger", {"kind": "contact"}),
    ("telegram", {"kind": "basket"}),
    ("telegram", {"fault": "late-receipt"}),
    ("telegram", {"fault": "reorder"}),
    ("telegram", {"kind": "press", "state": "first contact"}),
    ("telegram", {"kind": "burst", "state": "days later"}),
    ("telegram", {"kind": "text", "fault": "media-gone"}),
    ("whatsapp", {"kind": "text", "fault": "late-receipt"}),
    ("telegram", {"state": "in the queue"}),
    ("telegram", {"time": "open"}),
)


@pytest.mark.parametrize(("platform", "given"), IMPOSSIBLE)
def test_what_cannot_be_is_no_gap(abilities: Mapping[str, Ability], platform: str, given: dict) -> None:
    assert not World(abilities).can(platform, given)


@pytest.mark.parametrize(
    "given",
    [{"kind": "press", "state": "buttons"}, {"kind": "photo", "fault": "media-gone"}, {"state": "in the queue"}],
)
def test_what_can_be_is_possible(abilities: Mapping[str, Ability], given: dict) -> None:
    assert World(abilities, desks=frozenset({"telegram"})).can("telegram", given)


def covered(abilities: Mapping[str, Ability], *stories: Story) -> Coverage:
    total = observe((), {})
    for story in stories:
        total.add(observe(story.records, abilities))
    return measure(total, abilities)


def test_a_cell_that_was_met_is_reached_and_no_gap(abilities: Mapping[str, Ability]) -> None:
    coverage = covered(abilities, Story().says().hears().says("🙏"))
    (table,) = (one for one in coverage.tables if one.pair == ("kind", "state"))
    assert table.counts == {("text", "first contact"): 1, ("emoji", "answered"): 1}
    assert ("emoji", "answered") not in {gap.values for gap in coverage.gaps}
    assert table.reached == 2 and coverage.points == 2


def test_what_was_met_although_it_cannot_be_counts_as_possible(abilities: Mapping[str, Ability]) -> None:
    coverage = covered(abilities, Story().says().strikes("late-receipt"))
    (table,) = (one for one in coverage.tables if one.pair == ("platform", "fault"))
    assert table.counts == {("telegram", "late-receipt"): 1}
    assert table.reached == 1 and ("telegram", "late-receipt") in table.possible


def test_reached_and_missing_cells_are_all_that_are_possible(played: Result, abilities: Mapping[str, Ability]) -> None:
    coverage = measure(observe(played.records, abilities), abilities)
    assert [table.pair for table in coverage.tables] == list(PAIRS)
    assert coverage.reached + len(coverage.gaps) == coverage.total
    assert 0 < coverage.share < 1 and coverage.points <= coverage.points_possible
    assert coverage.observed.conversations == len(played.judgement.cases)


def test_more_traces_never_mean_less(played: Result, abilities: Mapping[str, Ability]) -> None:
    one = observe(played.records, abilities)
    before = measure(one, abilities).reached
    one.add(observe(Story().says("/help").records, abilities))
    assert measure(one, abilities).reached > before


def test_what_was_never_met_comes_first(played: Result, abilities: Mapping[str, Ability]) -> None:
    coverage = measure(observe(played.records, abilities), abilities)
    met = {
        (name, value)
        for table in coverage.tables
        for cell in table.counts
        for name, value in zip(table.pair, cell, strict=True)
    }
    fresh = {(name, value) for name in VALUES for value in coverage.world.values(name)} - met
    first = [item for gap in coverage.gaps[: len(fresh)] for item in gap.wanted.items()]
    assert fresh and fresh <= set(first)


def test_only_the_platforms_asked_for_count(played: Result, abilities: Mapping[str, Ability]) -> None:
    coverage = measure(observe(played.records, abilities), abilities, ["messenger"])
    (table,) = (one for one in coverage.tables if one.pair == ("kind", "platform"))
    assert table.columns == ("messenger",)


def test_a_suite_of_nothing_is_told_without_an_error(abilities: Mapping[str, Ability]) -> None:
    nothing = measure(observe((), abilities), abilities, ["telegram"])
    assert nothing.reached == 0 and to_data(nothing, [])["share"] == 0
    assert list(to_lines(nothing, [])) and list(to_markdown(nothing, []))


@pytest.mark.parametrize(("share", "words"), [(0, "0 %"), (0.614, "61 %"), (0.9999, "99 %"), (1, "100 %")])
def test_nothing_is_rounded_up_to_a_hundred_percent(share: float, words: str) -> None:
    assert percent(share) == words
