"""What was imported is played like any scenario: the trace of a run, imported, passes against the same bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatdrill.cli import main
from importing.kit import export, imported

ORDERS = Path(__file__).parents[2] / "scenarios" / "chatdrill_scenarios" / "packs" / "orders"
BOT = ["--app", "chatdrill_scenarios.shoebot:app", "--clock", "virtual", "--port", "0"]


def play(scenarios: Path, out: Path, platform: str) -> int:
    return main(["run", str(scenarios), *BOT, "--platforms", platform, "--out", str(out)])


@pytest.mark.parametrize("strictness", ["structure", "wording"])
def test_the_trace_of_a_run_is_a_scenario_that_the_same_bot_passes(strictness, tmp_path, capsys):
    assert play(ORDERS / "by-link.drill.yaml", tmp_path / "run", "telegram") == 0
    flags = ["--expect", strictness, "--keep-personal-data", "--platforms", "telegram"]
    assert imported(tmp_path / "run", *flags)
    assert play(tmp_path / "out", tmp_path / "again", "telegram") == 0


def test_a_chat_of_whatsapp_is_played_on_any_platform(tmp_path, capsys):
    chat = (
        "12/01/2026, 10:00 - Anna: Hi, where is my order 553?\n"
        "12/01/2026, 10:00 - Shoe Shop: Order 553 is on its way.\n"
        "12/01/2026, 10:01 - Anna: thanks\n"
        "12/01/2026, 10:01 - Shoe Shop: You are welcome\n"
    )
    imported(export(tmp_path, "chat.txt", chat), "--keep", "order")
    assert play(tmp_path / "out", tmp_path / "run", "whatsapp") == 0, capsys.readouterr().out
