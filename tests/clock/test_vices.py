"""Runs with a virtual clock against bots that will not let time jump: bounded, named, and over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clock.vices import spins_for_ever, ticks_for_ever, works_for_ever

SCENARIO = """\
name: Three days
steps:
  - says: one
  - hears: {contains: one at Mon 09:00}
  - waits: 3 days
  - says: two
  - hears: {contains: two at Thu 09:00}
"""


def line(function: Callable[..., Any]) -> int:
    """Where a function begins."""
    return function.__code__.co_firstlineno


def run(folder: Path, vice: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the summary of a run against the bot with that vice."""
    (folder / "days.drill.yaml").write_text(SCENARIO, "utf-8")
    flags = ["--app", "clock.vices:app", "--platforms", "whatsapp", "--clock", "virtual"]
    ended = subprocess.run(
        [sys.executable, "-m", "chatdrill", "run", ".", *flags, "--port", "0", "--report", "none", "--json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "VICE": vice},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return ended.returncode, json.loads(ended.stdout)


@pytest.mark.parametrize(
    ("vice", "code", "says"),
    [
        ("", 0, None),
        ("poll", 0, None),  # a thread that sleeps for ever ends with the drill
        ("work", 5, f"works_for_ever (vices.py:{line(works_for_ever)}) worked in a thread"),
        ("spin", 1, f"spins_for_ever (vices.py:{line(spins_for_ever)}) never rests"),
        ("tick", 5, f"ticks_for_ever (vices.py:{line(ticks_for_ever)}) wakes every 1s for nothing"),
    ],
)
def test_a_run_comes_to_its_end_and_names_what_held_the_time(tmp_path, vice, code, says):
    ended, summary = run(tmp_path, vice)
    told = [finding["message"] for finding in summary["findings"]]
    assert ended == code, summary
    assert [message for message in told if says and says in message] == told
    assert len(told) == (says is not None)
