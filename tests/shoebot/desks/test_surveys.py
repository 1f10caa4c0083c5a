"""Where the desk asks how it was, the bot passes that on and asks nothing itself; the answer is the desk's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chatdrill.run.execute import Result, execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import find_scenarios, make_cases
from chatdrill.run.settings import load_settings

SCENARIO = """\
name: The desk asks
locale: en_GB
agents:
  bob: {{name: Bob Stone, accepts: 5s}}
steps:
  - says: I want to talk to a person
  - hears: {{contains: calling a colleague}}
  - handoff:
  - agent says: Hello, Bob here.
  - hears: Hello, Bob here.
  - agent closes:
  - hears: {hears}
  - says: "{digit}"
  - hears: {{contains: "{thanks}"}}
"""


def play(desk: str, setting: str, folder: Path, **words: str) -> Result:
    file = folder / "survey.drill.yaml"
    file.write_text(SCENARIO.format(**words), "utf-8")
    given = {
        "app": "chatdrill_scenarios.shoebot:app",
        "bot_env": [f"SHOEBOT_DB={folder / 'shoebot.db'}"],
        "port": 0,
        "clock": "virtual",
        "start": "2026-01-12 10:00 Europe/Warsaw",
        "desk": desk,
        "set": [f"{desk}.{setting}", f"{desk}.rate_limits=no"],
    }
    settings = load_settings(given, environ={})
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        cases = make_cases(find_scenarios([file]), ["telegram"], desk)
        return runner.run(execute(settings, cases, seed=1, trace=None))


BACK = '{contains: "The bot is back"}'


@pytest.mark.parametrize(
    ("desk", "setting", "question", "digit"),
    [
        ("bitrix24", "vote=yes", "send 1 if you are content", "1"),
        ("bitrix24", "vote=yes", "send 1 if you are content", "0"),
        ("chat2desk", "survey=Please rate us from 1 to 5", "rate us from 1 to 5", "4"),
    ],
)
def test_a_question_behind_the_end_is_asked_once_and_answered(
    desk: str, setting: str, question: str, digit: str, tmp_path: Path
) -> None:
    hears = f'[{{contains: "{question}"}}, {BACK}]'
    result = play(desk, setting, tmp_path, hears=hears, digit=digit, thanks="Thank you for your rating")
    assert [(finding.check, finding.message) for finding in result.judgement.findings] == []
    seen = {one.check: one.evidence for case in result.judgement.cases for one in case.results}
    assert seen["HO-44"] and seen["HO-45"]


def test_a_question_before_the_end_is_asked_once_and_answered(tmp_path: Path) -> None:
    """Whether a person is still in charge then is the desk's business, so only these rules are asked."""
    words = {"hears": "{contains: How likely are you}", "digit": "9", "thanks": "The bot is back"}
    result = play("amocrm", "nps=yes", tmp_path, **words)
    assert [one.message for one in result.judgement.findings if one.check in ("expected", "HO-44", "HO-45")] == []
