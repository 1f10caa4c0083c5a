"""The pack of the handover, on every desk: the reference bot hands over as it should, and no rule speaks against it.

The richest desk plays all of it but two files that take more than half of the time (``make demo`` plays them), each other desk a quarter of the files by turns, so that each file is played before two desks or more.
With ``DEEP=1`` every desk plays all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from chatdrill.engine.cases import Case
from chatdrill.engine.loader import find_files
from chatdrill.run.execute import Result, execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.registry import desk_names, load_desk
from chatdrill.run.selection import make_cases, shipped_packs, why_not_here
from chatdrill.run.settings import load_settings
from deep import DEEP
from shipped import shipped

HANDOFF = shipped_packs() / "handoff"
FILES = [file.name for file in find_files(HANDOFF)]
LONGEST = ("s06-twenty", "s11-comes-back")
INSIDE_A_PLATFORM = {"messenger_inbox": "messenger"}
RICHEST = "chatwoot"  # first, so that one process plays it for both tests that look at it


def is_left_out(case: Case, desk: str) -> bool:
    """True if other desks play it."""
    if DEEP:
        return False
    if desk == RICHEST:
        return any(name in case.id for name in LONGEST)
    number = next(number for number, name in enumerate(FILES) if name in case.id)
    return (number + sorted(desk_names()).index(desk)) % 4 > 0


def play(desk: str, platform: str, folder: Path, without: Sequence[str] = ()) -> Result:
    """As ``chatdrill demo --clock virtual --desk`` does it, ``without`` some files."""
    limits = [f"{desk}.rate_limits=no"] if any(each.name == "rate_limits" for each in load_desk(desk).settings) else []
    given = {
        "app": "chatdrill_scenarios.shoebot:app",
        "bot_env": [f"SHOEBOT_DB={folder / 'shoebot.db'}"],
        "port": 0,
        "clock": "virtual",
        "start": "2026-01-12 10:00 Europe/Warsaw",
        "desk": desk,
        "set": limits,
    }
    settings = load_settings(given, environ={})
    every = make_cases(shipped("handoff"), [platform], desk)
    cases = [case for case in every if not any(name in case.id for name in without)]
    played = [case for case in cases if why_not_here(case.scenario, settings) is None and not is_left_out(case, desk)]
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        return runner.run(execute(settings, played, seed=1, trace=None))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Result]:
    """What came of a desk; each is played once."""
    return cache(lambda desk: play(desk, INSIDE_A_PLATFORM.get(desk, "telegram"), tmp_path_factory.mktemp(desk)))


def test_most_rules_have_something_to_look_at(played: Callable[[str], Result]) -> None:
    seen = {one.check for case in played(RICHEST).judgement.cases for one in case.results if one.evidence}
    assert len([check for check in seen if check.startswith("HO-")]) >= 40


@pytest.mark.parametrize("desk", sorted(desk_names(), key=lambda name: name != RICHEST))
def test_the_bot_hands_over_on_every_desk(desk: str, played: Callable[[str], Result]) -> None:
    result = played(desk)
    assert len(result.judgement.cases) >= (20 if DEEP or desk == RICHEST else 4)
    assert [(finding.case, finding.check, finding.message) for finding in result.judgement.findings] == []
    assert result.judgement.verdict == "pass"


def test_the_bot_hands_over_where_ids_have_slashes_and_keys_vanish(tmp_path: Path) -> None:
    """Viber's ids are Base64, and a keyboard goes with the bot's next message."""
    result = play(RICHEST, "viber", tmp_path, without=() if DEEP else LONGEST)
    assert [(finding.case, finding.check, finding.message) for finding in result.judgement.findings] == []
    assert result.judgement.verdict == "pass"


def test_all_sixteen_situations_are_there() -> None:
    assert {f"s{number:02}" for number in range(1, 17)} <= {file.name[:3] for file in find_files(HANDOFF)}


def test_nothing_of_the_pack_is_played_without_a_desk() -> None:
    assert [scenario.name for scenario in shipped("handoff") if not scenario.needs_desk] == []
