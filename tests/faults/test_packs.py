"""The reference bot is a correct bot: no preset makes a check accuse it, and the same seed brings the same faults."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from chatdrill.engine.cases import Case
from chatdrill.engine.cutting import cut
from chatdrill.engine.desk_steps import Restarts
from chatdrill.engine.faulting import PRESETS, read_faults
from chatdrill.run.execute import Result, execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import make_cases, why_not_here
from chatdrill.run.settings import load_settings
from chatdrill.seeds import Seed
from chatdrill.trace import Injected
from deep import DEEP
from shipped import shipped

PLATFORMS = ("telegram", "whatsapp", "messenger")
PLAYED = [
    (name, platform)
    for number, name in enumerate(sorted(PRESETS))
    for platform in (PLATFORMS if DEEP else [PLATFORMS[number % 3]])
]
FIFTHS = 5
"""Each preset has one scenario in five, by turns; with ``DEEP=1`` all of them, on all platforms."""
EVERYTHING = (
    "lost 2%, early-edit 5%, lost-answer 2%, media-gone 20%, media-cut 20%, reordered-receipt 20%, desk-lag 10%"
)


def play(
    folder: Path, platform: str, faults: str, *, words: str = "", desk: str | None = None, seed: int = 5, turn: int = -1
) -> Result:
    given = {
        "app": "chatdrill_scenarios.shoebot:app",
        "bot_env": [f"SHOEBOT_DB={folder / 'shoebot.db'}"],
        "port": 0,
        "clock": "virtual",
        "faults": faults,
        "desk": desk,
        "start": "2026-01-12 10:00 Europe/Warsaw" if desk else None,
    }
    settings = load_settings(given, environ={})
    cases = make_cases(shipped("handoff") if desk else shipped(), [platform], desk)
    wanted = [case for case in cases if words in case.id and why_not_here(case.scenario, settings) is None]
    if turn >= 0 and not DEEP:
        wanted = wanted[turn % FIFTHS :: FIFTHS]
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        return runner.run(execute(settings, wanted, seed=seed, trace=None))


def accused(result: Result) -> list[tuple[str | None, str, str]]:
    return [(one.case, one.check, one.message) for one in result.judgement.findings]


def struck(result: Result, words: str = "") -> Counter[tuple[str | None, str, str]]:
    found = [one for one in result.records if isinstance(one, Injected) and words in (one.case or "")]
    return Counter((one.conv, one.fault, one.what) for one in found if one.conv is not None)


@pytest.mark.parametrize(("preset", "platform"), PLAYED)
def test_no_preset_makes_a_check_accuse_a_correct_bot(tmp_path: Path, preset: str, platform: str) -> None:
    result = play(tmp_path, platform, preset, turn=sorted(PRESETS).index(preset))
    assert accused(result) == []
    assert result.judgement.verdict == "pass"
    assert sum(struck(result).values()) > 30


def test_nor_do_the_other_kinds(tmp_path: Path) -> None:
    assert accused(play(tmp_path, "whatsapp", EVERYTHING, turn=0)) == []


def test_nor_does_a_bad_day_at_the_helpdesk(tmp_path: Path) -> None:
    result = play(tmp_path, "telegram", "bad-day, desk-lag 30%", desk="chatwoot", turn=1)
    assert accused(result) == []
    assert {one.platform for one in result.records if isinstance(one, Injected)} >= {"telegram", "chatwoot"}


def test_the_same_seed_brings_the_same_faults_to_a_customer_alone_and_among_others(tmp_path: Path) -> None:
    alone = play(tmp_path, "whatsapp", "bad-day", words="returns/caption")
    among = play(tmp_path, "whatsapp", "bad-day", words="returns/")
    other = play(tmp_path, "whatsapp", "bad-day", words="returns/caption", seed=6)
    assert struck(alone) == struck(among, "returns/caption") != struck(other)


def test_a_correct_bot_survives_a_restart_at_any_quiet_point(tmp_path: Path) -> None:
    result = play(tmp_path, "whatsapp", "restart 100%", words="returns/")
    assert accused(result) == []
    assert {fault for _, fault, _ in struck(result)} == {"restart"}


def cases() -> list[Case]:
    return make_cases(shipped("returns"), ["telegram"])


def test_a_restart_stands_between_an_answer_and_the_next_word() -> None:
    plan = read_faults("restart 100%")
    made = [cut(case, plan, Seed(1)) for case in cases()]
    places = [(case, index) for case in made for index, step in enumerate(case.steps) if isinstance(step, Restarts)]
    assert places
    assert all(case.plain[index - 1]["step"] == "hears" != case.plain[index + 1]["step"] for case, index in places)
    assert all(len(case.steps) == len(case.marks) == len(case.plain) for case in made)


def test_without_the_chance_a_case_is_left_alone() -> None:
    assert all(cut(case, read_faults("restart 0%, delay 5%"), Seed(1)) is case for case in cases())
