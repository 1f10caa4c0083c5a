"""Suggested scenarios are real files, and played they meet what they were suggested for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatdrill.coverage import Ability, Coverage, Gap, Suggestion, measure, observe, suggest, suggestions
from chatdrill.coverage.measuring import Gap as GapType
from chatdrill.engine.loader import load_scenarios
from chatdrill.run.execute import Result
from chatdrill.run.registry import platform_names
from chatdrill.run.selection import make_cases, samples
from chatdrill.trace import Record
from covering.playing import play
from covering.story import Story

SAMPLE = 60
UP_TO_THE_BOT = {"api-error", "slow-api", "api-reset", "api-down", "lost-answer", "media-gone", "media-cut"}


@pytest.fixture(scope="module")
def coverage(played: Result, abilities: Mapping[str, Ability]) -> Coverage:
    return measure(observe(played.records, abilities), abilities)


def is_sure(gap: Gap) -> bool:
    """Whether meeting a gap depends neither on what the bot calls nor on what else is played in the same run."""
    fault = gap.wanted.get("fault")
    return fault not in UP_TO_THE_BOT and not (fault == "restart" and "time" in gap.wanted)


def records_of(result: Result, name: str) -> list[Record]:
    cases = defaultdict(list)
    for record in result.records:
        cases[record.case].append(record)
    return [*cases[None], *(one for case, records in cases.items() if case and name in case for one in records)]


def test_a_sample_of_suggestions_meets_what_it_claims(coverage: Coverage, abilities: Mapping[str, Ability]) -> None:
    every = [one for one in suggestions(coverage, 4 * SAMPLE) if one.scenario is not None and is_sure(one.gap)]
    found = {one.scenario.name: one for one in every[:: len(every) // SAMPLE] if one.scenario is not None}
    assert len(found) >= SAMPLE
    result = play(make_cases([one.scenario for one in found.values()], platform_names()))
    missed = [name for name, one in found.items() if not meets(one, records_of(result, name), abilities)]
    assert missed == []


def meets(one: Suggestion, records: list[Record], abilities: Mapping[str, Ability]) -> bool:
    seen = observe(records, abilities)
    return any(set(one.gap.values) <= set(point) for point in (*seen.points, *seen.strikes))


def test_every_suggestion_is_a_file_that_loads_and_plays_somewhere(coverage: Coverage, tmp_path: Path) -> None:
    for one in suggestions(coverage, 100):
        if one.scenario is None:
            assert one.why_not
            continue
        file = tmp_path / one.file_name
        file.write_text(one.text, "utf-8")
        (read,) = load_scenarios(file, samples=samples(), platforms=platform_names())
        assert make_cases([read], platform_names())


def test_names_of_files_differ_as_the_gaps_do(coverage: Coverage) -> None:
    names = [suggest(coverage, gap).file_name for gap in coverage.gaps[:300]]
    assert len(set(names)) == len(names)


def test_a_suggestion_for_a_platform_is_played_there(coverage: Coverage) -> None:
    found = (suggest(coverage, gap) for gap in coverage.gaps if "platform" in gap.wanted)
    places = [(one.gap.wanted["platform"], one.scenario.platforms) for one in found if one.scenario]
    assert places and all(platforms == (platform,) for platform, platforms in places)


def test_the_way_is_the_one_that_the_suite_went(coverage: Coverage) -> None:
    one = suggest(coverage, GapType(("kind", "state"), ("voice", "buttons"), 0, 1))
    assert one.scenario is not None and len(one.scenario.steps) > 2
    assert "regex: \\S" in one.text and "voice-en.ogg" in one.text


def test_what_only_the_bot_can_bring_about_has_a_reason(abilities: Mapping[str, Ability]) -> None:
    bare = measure(observe(Story().says().records, abilities), abilities)
    one = suggest(bare, GapType(("kind", "state"), ("text", "reminded"), 1, 1))
    assert one.scenario is None and "only the bot" in one.why_not


HOURS = {"calendar": {"zone": "Europe/Warsaw", "hours": {"mon-fri": "09:00-17:00"}, "holidays": "PL"}}


def test_a_suggestion_for_working_hours_brings_its_calendar(abilities: Mapping[str, Ability]) -> None:
    bare = measure(observe(Story(sla=HOURS).says("Hello").records, abilities), abilities)
    found = [suggest(bare, GapType(("kind", "time"), ("emoji", time), 0, 1)) for time in ("open", "closed", "holiday")]
    for one in found:
        assert one.scenario is not None
        result = play(make_cases([one.scenario], platform_names()))  # alone, as each has a time of its own
        assert meets(one, result.records, abilities)
