"""The shipped scenarios: they load, they show the whole language, and they hold against the bot."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatdrill.engine.cases import Case
from chatdrill.engine.identity import language_of
from chatdrill.engine.loader import find_files, load_scenarios
from chatdrill.engine.persona import PERSONAS, Persona
from chatdrill.engine.reading import READERS
from chatdrill.engine.scenario import Scenario
from chatdrill.run.execute import Result, execute, run_loop
from chatdrill.run.pace import loop_factory
from chatdrill.run.registry import platform_names
from chatdrill.run.selection import make_cases, samples, shipped_packs, spread
from chatdrill.run.settings import load_settings

PACKS = shipped_packs()
CALLED_FOR = {"patient", "impatient", "fragmenter", "night-owl", "elderly", "angry", "non-native"}
PLAYED = ("The photo comes first", "The size chart", "Returns are counted", "A menu is pressed once")


def documents() -> Iterator[Any]:
    """What stands in the files, as plain YAML."""
    for file in sorted(PACKS.rglob("*.yaml")):
        yield from yaml.safe_load_all(file.read_text("utf-8"))


def items(steps: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every entry of a list of steps, those under a condition included."""
    for step in steps:
        yield step
        for branch in ("then", "else"):
            yield from items(step.get(branch, ()))


def personas(packs: Sequence[Scenario]) -> Iterator[Persona]:
    for scenario in packs:
        yield from (plan.persona or scenario.persona for plan in scenario.customers)


@pytest.mark.parametrize("file", find_files(PACKS), ids=lambda file: file.name)
def test_every_shipped_file_loads_and_names_known_platforms(file: Path) -> None:
    found = load_scenarios(file, samples=samples(), platforms=platform_names())
    assert all(scenario.about and scenario.tags for scenario in found)


def test_there_are_enough_scenarios_and_no_two_have_one_name(packs: Sequence[Scenario]) -> None:
    assert len(packs) >= 25
    assert [name for name, count in Counter(scenario.name for scenario in packs).items() if count > 1] == []


def test_the_cases_have_ids_of_their_own(packs: Sequence[Scenario]) -> None:
    ids = [case.id for case in make_cases(packs, platform_names())]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("platform", ["telegram", "whatsapp", "messenger", "viber", "line"])
def test_every_platform_plays_each_language(packs: Sequence[Scenario], platform: str) -> None:
    played = {case.scenario.locale for case in make_cases(packs, [platform])}
    assert {language_of(locale) for locale in played} >= {"en", "pl", "ru"}


def test_the_personas_that_were_called_for_all_play(packs: Sequence[Scenario]) -> None:
    assert CALLED_FOR <= {persona.name for persona in personas(packs)} <= set(PERSONAS)


def test_every_verb_is_used_somewhere() -> None:
    lists = [document if isinstance(document, list) else document["steps"] for document in documents()]
    used = {key for steps in lists for step in items(steps) for key in step}
    assert used >= {*READERS, "if", "else", "include", "with", "as"}


def test_groups_and_captures_are_used_somewhere() -> None:
    words = set(re.findall(r"[{ -](\w+):", "\n".join(file.read_text("utf-8") for file in PACKS.rglob("*.drill.yaml"))))
    assert words >= {"only", "in_order", "capture", "regex", "edited", "within", "parts", "payload", "of"}


def test_the_readme_lists_every_file_and_no_other() -> None:
    listed = re.findall(r"^\| `([^`]+)` \|", (PACKS / "README.md").read_text("utf-8"), re.MULTILINE)
    there = [path.relative_to(PACKS).as_posix() for path in PACKS.rglob("*.yaml")]
    assert sorted(listed) == sorted(there)


def test_every_shared_step_file_is_included(packs: Sequence[Scenario]) -> None:
    sources = "\n".join(Path(scenario.file or "").read_text("utf-8") for scenario in packs)
    assert [file.name for file in PACKS.rglob("*.steps.yaml") if f"include: ../common/{file.name}" not in sources] == []


def test_the_examples_of_the_how_to_load(how_to: Sequence[Scenario], how_to_blocks: Mapping[str, str]) -> None:
    assert len(how_to) == len([name for name in how_to_blocks if name.endswith(".drill.yaml")]) >= 7


def play(cases: Sequence[Case], **how: Any) -> Result:
    settings = load_settings({"app": "chatdrill_scenarios.shoebot:app", "port": 0, **how}, environ={})

    async def bounded() -> Result:
        async with asyncio.timeout(None if settings["clock"] == "virtual" else 30):
            return await execute(settings, cases, seed=1, trace=None)

    return run_loop(bounded(), factory=loop_factory(settings))


def test_shipped_scenarios_hold_against_the_bot(packs: Sequence[Scenario]) -> None:
    chosen = [scenario for scenario in packs if scenario.name in PLAYED]
    result = play(spread(make_cases(chosen, platform_names()), 4), speed=8)
    assert len(result.judgement.cases) == 13  # one of them is Telegram's own
    assert [finding.message for finding in result.judgement.findings] == []
    assert result.judgement.verdict == "pass"


def test_the_examples_of_the_how_to_hold_against_the_bot(how_to: Sequence[Scenario]) -> None:
    result = play(make_cases(how_to, ["messenger", "whatsapp"]), clock="virtual")
    assert [finding.message for finding in result.judgement.findings] == []
    assert result.judgement.verdict == "pass"
