"""The pack about time, played in virtual time: it holds against the bot, and it fails where the bot forgets something."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chatdrill.engine.cases import Case
from chatdrill.engine.loader import find_files
from chatdrill.engine.scenario import Scenario
from chatdrill.run.execute import Result, execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.registry import platform_names
from chatdrill.run.selection import make_cases, shipped_packs, spread
from chatdrill.run.settings import load_settings
from chatdrill_scenarios.shoebot import alarms
from chatdrill_scenarios.shoebot.channels import messenger
from chatdrill_scenarios.shoebot.policy import DEFAULTS
from chatdrill_scenarios.shoebot.skills import desk, survey, visits
from shipped import shipped

EACH = 4  # platforms of each scenario, by turns
USUAL = ("telegram", "whatsapp", "messenger", "viber")
TIME = shipped_packs() / "time"
FILES = [file.name for file in find_files(TIME)]
ZONES = {
    "Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Australia/Adelaide", "Australia/Lord_Howe",
}  # fmt: skip


def play(cases: Sequence[Case]) -> Result:
    """As ``chatdrill run --clock virtual`` does it, with the bot in this process."""
    settings = load_settings({"app": "chatdrill_scenarios.shoebot:app", "port": 0, "clock": "virtual"}, environ={})
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        return runner.run(execute(settings, cases, seed=1, trace=None))


@pytest.fixture(scope="module")
def scenarios() -> Sequence[Scenario]:
    return shipped("time")


@pytest.fixture(scope="module")
def played(scenarios: Sequence[Scenario]) -> Result:
    """All of it, once, as one timeline."""
    return play(spread(make_cases(scenarios, platform_names()), EACH))


@pytest.mark.parametrize("file", FILES)
def test_every_scenario_about_time_holds_against_the_bot(played: Result, file: str) -> None:
    cases = [case for case in played.judgement.cases if Path(case.case.split("::")[0]).name == file]
    assert cases
    assert {case.case: case.verdict for case in cases if case.verdict != "pass"} == {}


def test_nothing_is_found_in_the_whole_run(played: Result) -> None:
    assert [finding.message for finding in played.judgement.findings] == []
    assert played.judgement.verdict == "pass"


def test_the_pack_is_large_and_plays_on_every_platform(scenarios: Sequence[Scenario]) -> None:
    count = Counter(case.platform for case in make_cases(scenarios, platform_names()))
    assert len(scenarios) >= 40
    assert min(count[name] for name in ("telegram", "whatsapp", "messenger", "viber", "line")) >= 40


def test_every_scenario_about_time_says_when_it_begins_and_asks_for_virtual_time(scenarios: Sequence[Scenario]) -> None:
    assert [one.name for one in scenarios if not one.needs_virtual or one.starts_at is None] == []
    assert {one.zone for one in scenarios} >= ZONES


BREAKS = [
    ("SHOEBOT_DRAFT_MINUTES", "status=0 fitting=0 return=0", "A fitting is not kept for ever"),
    ("SHOEBOT_DRAFT_MINUTES", "status=9 fitting=9 return=9", "A fitting is kept for half an hour"),
    ("SHOEBOT_REMIND_HOURS", "0", "A reminder that works"),
    ("SHOEBOT_REMIND_HOURS", "47", "A reminder that works"),
    ("SHOEBOT_AWAKE_HOURS", "always", "No reminder at night"),
    ("SHOEBOT_DESK_HOURS", "always", "A person in the evening"),
    ("SHOEBOT_DESK_HOURS", "mon-fri 09:01-18:00", "The first minute after opening"),
    ("SHOEBOT_HOLIDAYS", "12-31", "A person at Easter"),
    ("SHOEBOT_ZONE", "Africa/Lagos", "Nine o'clock after the clocks went forward"),
    ("SHOEBOT_RESOLVE_HOURS", "25", "How did I do?"),
    ("SHOEBOT_RATING_HOURS", "1000", "Rated too late"),
    ("SHOEBOT_REOPEN_DAYS", "0", "Back after 25 hours"),
    ("SHOEBOT_REOPEN_DAYS", "99", "Back after 30 days"),
    ("SHOEBOT_WINDOW_HOURS", "99", "A template opens the window again"),
    ("SHOEBOT_WINDOW_HOURS", "99", "Messenger's window is closed"),
]


@pytest.mark.parametrize(("variable", "value", "name"), BREAKS)
def test_a_bot_with_other_habits_is_found_out(
    scenarios: Sequence[Scenario], monkeypatch: pytest.MonkeyPatch, variable: str, value: str, name: str
) -> None:
    assert variable in DEFAULTS
    monkeypatch.setenv(variable, value)
    chosen = [one for one in scenarios if one.name == name]
    result = play(make_cases(chosen, USUAL))
    assert {case.verdict for case in result.judgement.cases} == {"fail"}
    assert {finding.fault for finding in result.judgement.findings} == {"bot"}


FORGETFUL = [
    (alarms, "_awake", lambda policy, at: at, "No survey at night"),
    (visits, "draft_is_old", lambda turn: False, "A fitting is not kept for ever"),
    (survey, "CONTENT_FROM", 0, "A bad rating"),
    (messenger, "HUMAN_AGENT", "ACCOUNT_UPDATE", "A colleague writes on the sixth day"),
    (messenger, "TAGGED_S", 9 * 86_400, "On the eighth day it is too late"),
    (desk, "take_note", lambda turn: None, "A person in the evening"),
]


@pytest.mark.parametrize(("module", "name", "instead", "scenario"), FORGETFUL, ids=[row[1] for row in FORGETFUL])
def test_a_bot_that_forgets_something_is_found_out(
    scenarios: Sequence[Scenario],
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    instead: Any,
    scenario: str,
) -> None:
    assert hasattr(module, name)
    monkeypatch.setattr(module, name, instead)
    chosen = [one for one in scenarios if one.name == scenario]
    result = play(make_cases(chosen, USUAL))
    assert "fail" in {case.verdict for case in result.judgement.cases}
    assert {finding.fault for finding in result.judgement.findings} == {"bot"}
