"""What fuzzing finds, how small it makes it, and that it finds nothing where there is nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chatdrill.engine.cases import cases
from chatdrill.engine.loader import load_scenarios
from chatdrill.engine.steps import Sends
from chatdrill.fuzz import Chat, Fuzzed, fuzz, hanging
from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import samples
from chatdrill.trace import StepEnded
from deep import tries
from fuzz.conftest import settings_for

Fuzzing = Callable[..., Fuzzed]
DIALOGS = tries(100, 2_000)


def test_a_correct_bot_is_accused_of_nothing(fuzzing: Fuzzing) -> None:
    fuzzed = fuzzing("good", dialogs=DIALOGS)
    assert (fuzzed.failures, fuzzed.mishaps, fuzzed.problem, fuzzed.dialogs) == ([], {}, None, DIALOGS)


def test_a_crash_shrinks_to_the_one_message_that_makes_it(fuzzing: Fuzzing) -> None:
    [failure] = [one for one in fuzzing("crashing").failures if one.check == "acknowledged"]
    assert failure.messages == 1 and failure.how == "alone"
    [said] = [line.text for one in failure.played for line in Chat(one.evidence).said]
    assert len(said) <= 2 and max(said) > "\uffff"


@pytest.fixture(scope="module")
def deaf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Fuzzed]:
    """Where the failures of a bot that is silent on pictures were kept, and how it was fuzzed."""
    folder = tmp_path_factory.mktemp("deaf")
    settings = settings_for("deaf", folder)
    return folder, fuzz(settings, platforms=["telegram"], dialogs=120, seed=1, keep=folder)


def test_silence_shrinks_to_the_picture_alone(deaf: tuple[Path, Fuzzed]) -> None:
    [failure] = deaf[1].failures
    assert failure.check == "answered"
    assert [type(step) for step in failure.scenario.steps if not hasattr(step, "seconds")] == [Sends]


def test_the_memory_of_another_customer_takes_two_conversations(fuzzing: Fuzzing) -> None:
    failure = next(one for one in fuzzing("leaking").failures if one.check == "no-cross-talk")
    assert failure.how == "together" and len(failure.others) == 1 and failure.messages == 2


def test_a_webhook_that_is_never_answered_does_not_hold_up_the_fuzzing(fuzzing: Fuzzing) -> None:
    fuzzed = fuzzing("stuck", dialogs=80, shrink=False)
    assert fuzzed.dialogs == 80
    assert "acknowledged" in {one.check for one in fuzzed.failures}


def test_a_bot_that_blocks_the_loop_is_interrupted_and_accused(
    fuzzing: Fuzzing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hanging, "BLOCKED_S", 0.05)
    fuzzed = fuzzing("blocking", dialogs=40, shrink=False, stop_at=1)
    assert fuzzed.problem is None and "acknowledged" in {one.check for one in fuzzed.failures}


def test_a_property_of_the_users_own_is_held_against_every_dialog(fuzzing: Fuzzing) -> None:
    [failure] = fuzzing("promising", properties=(no_refund,)).failures
    assert (failure.check, failure.message) == ("property no_refund", "the bot promised a refund")
    [line] = Chat(failure.played[0].evidence).said
    assert line.text == "return"


def no_refund(chat: Chat) -> None:
    assert not any("refund" in line.text for line in chat.heard), "the bot promised a refund"


def test_the_same_seed_finds_the_same_failures(fuzzing: Fuzzing) -> None:
    again = fuzz(settings_for("crashing"), platforms=["telegram"], dialogs=120, seed=1)
    once = fuzzing("crashing")
    assert [(f.check, f.dialog, f.dialogs_until) for f in again.failures] == [
        (f.check, f.dialog, f.dialogs_until) for f in once.failures
    ]


def test_what_is_kept_fails_again_by_itself_and_is_tried_first_next_time(deaf: tuple[Path, Fuzzed]) -> None:
    folder, [failure] = deaf[0], deaf[1].failures
    settings = settings_for("deaf", folder)
    assert failure.file is not None and failure.replay.startswith("chatdrill run ")
    [scenario] = load_scenarios(Path(failure.file), samples=samples(), platforms=("telegram",))
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        playing = execute(settings, cases(scenario, ["telegram"], samples=samples()), seed=failure.seed, trace=None)
        findings = runner.run(playing).judgement.findings
    assert [finding.check for finding in findings] == ["answered"]
    next_time = fuzz(settings, platforms=["telegram"], dialogs=1, seed=99, keep=folder, shrink=False)
    assert [one.check for one in next_time.failures] == ["answered"]


def test_what_is_mended_is_forgotten(deaf: tuple[Path, Fuzzed], tmp_path: Path) -> None:
    shutil.copytree(deaf[0] / "known", tmp_path / "known")
    assert list((tmp_path / "known").iterdir())
    fuzz(settings_for("good"), platforms=["telegram"], dialogs=1, seed=1, keep=tmp_path)
    assert not list((tmp_path / "known").iterdir())


UNSAYABLE = """
name: it cannot be typed
platforms: [telegram]
steps:
  - says: hi
  - says: "\\u200b"
  - says: bye
"""


@pytest.mark.parametrize(("improvised", "outcomes"), [(True, ["played", "skipped", "played"]), (False, ["played"])])
def test_what_the_platform_has_no_way_to_do_is_left_out_only_where_nobody_wrote_it(
    tmp_path: Path, improvised: bool, outcomes: list[str]
) -> None:
    (tmp_path / "odd.drill.yaml").write_text(UNSAYABLE, "utf-8")
    [scenario] = load_scenarios(tmp_path / "odd.drill.yaml", samples=samples(), platforms=("telegram",))
    [case] = cases(scenario, ["telegram"], samples=samples())
    settings = settings_for("good")
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        result = runner.run(execute(settings, [replace(case, is_improvised=improvised)], seed=1, trace=None))
    assert [record.outcome for record in result.records if isinstance(record, StepEnded)] == outcomes
