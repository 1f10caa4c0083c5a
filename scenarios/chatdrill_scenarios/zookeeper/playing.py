"""Scenarios against one bot, in virtual time and in this process, as ``chatdrill demo`` plays them."""

from __future__ import annotations

import asyncio
import shlex
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from chatdrill.checks.results import Finding
from chatdrill.engine.cases import Case
from chatdrill.engine.scenario import Scenario
from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.registry import load_service
from chatdrill.run.selection import find_scenarios, make_cases, shipped_packs, why_not_case
from chatdrill.run.settings import Settings, load_settings
from chatdrill.trace import CaseEnded

from ..zoo import shapes
from ..zoo.specimen import SHOEBOT

MONDAY = "2026-01-12 10:00 Europe/Warsaw"
"""People are there then, where the scenario does not say when it begins."""
SEED = 1
HANDOFF, RULES = "handoff", "rules"


@lru_cache(maxsize=1)
def scenarios() -> Mapping[str, Scenario]:
    """The shipped scenarios by name."""
    return {one.name: one for one in find_scenarios([shipped_packs()])}


@lru_cache(maxsize=1)
def parrots() -> tuple[Scenario, ...]:
    """What a bot can do that says again what it hears."""
    return tuple(find_scenarios([Path(shapes.__file__).with_name("parrots.drill.yaml")]))


@dataclass(frozen=True)
class Place:
    """Where a bot is shown: what the correct one and the one with a defect have in common. One with a ``shape`` (of ``zoo.shapes``) has a
    process of its own, and real time."""

    app: str
    platform: str
    desk: str = ""
    settings: tuple[str, ...] = ()
    shape: str = ""

    @property
    def is_shop(self) -> bool:
        """The reference bot, spoiled or not: only that has promised what ``zoo.promises`` says."""
        return self.app == SHOEBOT


@dataclass(frozen=True)
class Played:
    """What the checks hold against the bot, and what was in the way of playing (``trouble``). ``dialogs`` were played; ``stuck`` are
    those that did not come to their end."""

    findings: tuple[Finding, ...]
    dialogs: int
    stuck: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()


def suite(place: Place) -> list[Scenario]:
    """The shipped scenarios that fit a place. With a helpdesk, what has nothing to do with it is played elsewhere; the scenes of
    the rules are for whoever names them."""
    if not place.is_shop:
        return list(parrots())
    return [one for one in scenarios().values() if _fits(one, place)]


def named(names: Iterable[str]) -> list[Scenario]:
    """The shipped scenarios with these names. Raises ``KeyError`` for one that is not there."""
    return [scenarios()[name] for name in names]


def _fits(scenario: Scenario, place: Place) -> bool:
    if scenario.needs_desk != bool(place.desk):
        return False
    return not place.desk or Path(scenario.file or "").parent.name == HANDOFF


def play(place: Place, chosen: Sequence[Scenario], env: Iterable[str] = (), *, faults: str = "") -> Played:
    """Play and judge. A dialog that cannot be played there is left out."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(place, chosen, [f"SHOEBOT_DB={folder}/bot.db", *env], faults)
        cases = _cases(place, chosen, settings, dict(pair.split("=", 1) for pair in env).get("SHOEBOT_PLATFORMS"))
        with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
            result = runner.run(execute(settings, cases, seed=SEED, trace=None))
    findings = result.judgement.findings
    ends = [record for record in result.records if isinstance(record, CaseEnded)]
    return Played(
        findings=tuple(one for one in findings if one.verdict == "fail" and one.fault == "bot"),
        dialogs=len(cases),
        stuck=tuple(str(record.case) for record in ends if record.outcome != "done"),
        trouble=(*result.problems.values(), *(one.message for one in findings if one.verdict == "error")),
    )


def settings_for(
    place: Place, chosen: Sequence[Scenario], env: Sequence[str], faults: str = "", more: Iterable[str] = ()
) -> Settings:
    """Virtual time and the bot in this process; ``more`` are further values of tables."""
    given: dict[str, Any] = {"port": 0, "bot_env": list(env), **_how(place)}
    if faults:
        given["faults"] = faults
    if place.desk:
        begins = any(one.starts_at is not None for one in chosen) and len(chosen) == 1
        given |= {"desk": place.desk, "start": None if begins else MONDAY}
    given["set"] = [*more, *place.settings, *(_limits(place.platform, place.desk) if len(chosen) > 1 else ())]
    return load_settings(given, environ={})


def _how(place: Place) -> dict[str, Any]:
    if not place.shape:
        calls = (
            {} if place.is_shop else {"webhook": ["http://127.0.0.1:8080/"]}
        )  # the shop tells the platform where it is
        return {"app": place.app, "clock": "virtual", **calls}
    command = shlex.join([sys.executable, "-m", shapes.__name__, place.shape])
    calls = {} if place.shape == "polling" else {"webhook": ["http://127.0.0.1:{port}/"]}
    return {"command": command, "clock": "real", **calls}


def _limits(*services: str) -> list[str]:
    """A hundred conversations at once share one account here, which is more than some vendors let it call."""
    limited = (
        name for name in services if name and any(one.name == "rate_limits" for one in load_service(name).settings)
    )
    return [f"{name}.rate_limits=no" for name in limited]


def _cases(place: Place, chosen: Sequence[Scenario], settings: Settings, spoken: str | None) -> list[Case]:
    """The scenarios on the place's platform; customers of theirs may be on others, if the bot speaks them (``spoken``: no more than these)."""
    platforms = dict.fromkeys((place.platform, *(name for one in chosen for name in one.other_platforms)))
    if spoken is not None:
        chosen = [one for one in chosen if {*one.other_platforms} <= {*spoken.split(",")}]
    made = (case for case in make_cases(chosen, [*platforms], place.desk or None) if case.platform == place.platform)
    return [case for case in made if why_not_case(case, settings) is None]
