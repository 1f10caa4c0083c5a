"""Declared messengers in a run: the packs on the company's chat, a bot that answers in its answers, helpdesks with a person."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chatdrill.engine.cases import Case
from chatdrill.run.execute import Result, execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import find_scenarios, make_cases
from chatdrill.run.settings import load_settings
from shipped import shipped

FILES = ("orders/by-link", "questions/address", "fittings/nearest-shop", "returns/album", "talk/small-talk")
ECHO = """
name: What one says is answered
steps:
  - says: Hello
  - hears: {contains: "Hello"}
  - says: My parcel is late
  - hears: {contains: My parcel is late}
"""
KEYS = {
    "chatwoot": ["token=cw-webhook-chatdrill"],
    "chat2desk": ["key=c2d0f3b1a5e84d7c92b6e0a4f8d13c"],
    "intercom": ["key=dG9rOmNoYXRkcmlsbA==", "token=chatdrill-ic-secret"],
}


def play(cases: list[Case], out: Path, app: str, *given: str) -> Result:
    chosen = {"app": app, "clock": "virtual", "port": 0, "out": str(out), "set": [f"declared.{each}" for each in given]}
    settings = load_settings(chosen, environ={})
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        return runner.run(execute(settings, cases, seed=1, trace=None))


def passed(result: Result) -> None:
    assert [(finding.case, finding.message) for finding in result.judgement.findings] == []
    assert result.judgement.verdict == "pass"


def written(folder: Path, text: str) -> list[Case]:
    file = folder / "echo.drill.yaml"
    file.write_text(text)
    return list(make_cases(find_scenarios([file]), ["declared"]))


def test_shipped_scenarios_pass_on_the_companys_chat(tmp_path: Path) -> None:
    cases = make_cases(shipped(*(f"{name}.drill.yaml" for name in FILES)), ["declared"])
    assert len(cases) >= 8
    passed(play(list(cases), tmp_path, "chatdrill_scenarios.shoebot:app"))


def test_a_bot_that_answers_in_its_answers_is_heard(tmp_path: Path) -> None:
    press = ECHO + '  - presses: Again\n  - hears: {contains: "You said: again"}\n'
    passed(play(written(tmp_path, press), tmp_path, "declared.apps:parrot"))


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_helpdesk_with_a_person_is_drilled(tmp_path: Path, name: str) -> None:
    text = ECHO.replace('contains: "Hello"', 'contains: "Bob has read: Hello"')
    passed(play(written(tmp_path, text), tmp_path, f"declared.apps:{name}", f"spec={name}", *KEYS[name]))
