"""Abilities of the shipped platforms, and a small suite that was played against the reference bot in virtual time."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chatdrill.coverage import Ability, ability_of
from chatdrill.run.execute import Result
from chatdrill.run.registry import load_platform, platform_names
from chatdrill.run.selection import make_cases
from covering.playing import play
from shipped import shipped

SUITE = (
    "A fitting by buttons",
    "A voice note instead of the photo",
    "Blocked and forgiven",
    "From the status to a return",
)


@pytest.fixture(scope="session")
def abilities() -> Mapping[str, Ability]:
    return {name: ability_of(load_platform(name)) for name in platform_names()}


@pytest.fixture(scope="session")
def played() -> Result:
    names = {scenario.name: scenario for scenario in shipped()}
    chosen = [scenario for name, scenario in names.items() if name in SUITE]
    return play(make_cases(chosen, ["telegram", "messenger"]))
