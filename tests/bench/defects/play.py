"""One scenario against the reference bot, in virtual time and in this process, as ``chatdrill demo --desk`` plays it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chatdrill.checks.results import Finding
from chatdrill.engine.scenario import Scenario
from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import find_scenarios, make_cases, shipped_packs
from chatdrill.run.settings import load_settings
from chatdrill.trace import CaseEnded

from .defect import Defect

OWN = Path(__file__).parent
MONDAY = "2026-01-12 10:00 Europe/Warsaw"
"""People are there then, where the scenario does not say when it begins."""
SEED = 1


@dataclass(frozen=True)
class Setting:
    """What the correct bot and the one with the defect have in common."""

    scenario: str
    desk: str
    platform: str
    settings: tuple[str, ...] = ()

    @classmethod
    def of(cls, defect: Defect) -> Setting:
        """The setting in which a defect shows."""
        return cls(defect.scenario, defect.desk, defect.platform, defect.settings)


@lru_cache(maxsize=1)
def scenarios() -> Mapping[str, Scenario]:
    """The shipped scenarios of the handover and those beside this file, by name."""
    return {one.name: one for one in find_scenarios([shipped_packs() / "handoff", OWN])}


@dataclass(frozen=True)
class Played:
    """What the rules of the handover find, and how the scenario ended: ``done`` if all that it asks for could be done."""

    findings: tuple[Finding, ...]
    outcome: str


def play(setting: Setting, env: tuple[str, ...] = (), trace: Path | None = None) -> Played:
    """Play and judge. Raises ``RuntimeError`` if the scenario could not be played, so that nothing was looked
    at."""
    scenario = scenarios()[setting.scenario]
    with tempfile.TemporaryDirectory() as folder:
        flags = {
            "app": "chatdrill_scenarios.shoebot:app",
            "port": 0,
            "clock": "virtual",
            "desk": setting.desk,
            "set": list(setting.settings),
            "start": None if scenario.starts_at is not None else MONDAY,
            "bot_env": [f"SHOEBOT_DB={folder}/bot.db", *env],
        }
        loaded = load_settings(flags, environ={})
        cases = make_cases([scenario], [setting.platform], setting.desk)
        with asyncio.Runner(loop_factory=loop_factory(loaded)) as runner:
            result = runner.run(execute(loaded, cases, seed=SEED, trace=trace))
    findings = result.judgement.findings
    broken = [*result.problems.values(), *(one.message for one in findings if one.verdict == "error")]
    if broken:
        raise RuntimeError(f"{setting.scenario!r} could not be played: {broken[0]}")
    found = tuple(one for one in findings if one.check.startswith("HO-") and one.verdict == "fail")
    return Played(found, next(record.outcome for record in result.records if isinstance(record, CaseEnded)))


def play_defect(defect: Defect, trace: Path | None = None) -> Played:
    """What becomes of the bot with the defect."""
    with defect.seeded():
        return play(Setting.of(defect), defect.env, trace)
