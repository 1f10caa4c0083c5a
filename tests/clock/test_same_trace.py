"""Same seed, same trace, byte for byte: albums, bursts and days of pauses, on several platforms at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from chatdrill.engine.bot import free_port

PACKS = Path(__file__).parents[2] / "scenarios" / "chatdrill_scenarios" / "packs"
NAMED = "telegram,whatsapp,messenger,slack"
CHOSEN = ("returns/album.drill.yaml", "returns/three-days.drill.yaml", "bursts", "hard/window.drill.yaml")


def played(folder: Path, port: int, seed: int, hash_seed: str) -> bytes:
    """The trace of a run in a process of its own."""
    folder.mkdir()
    flags = ["--app", "chatdrill_scenarios.shoebot:app", "--clock", "virtual", "--report", "none", "--platforms", NAMED]
    command = [sys.executable, "-m", "chatdrill", "run", *(str(PACKS / name) for name in CHOSEN), *flags]
    ended = subprocess.run(
        [*command, "--port", str(port), "--seed", str(seed)],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return (folder / "chatdrill-out" / "trace.jsonl").read_bytes()


def test_two_runs_with_one_seed_write_the_same_bytes_and_another_seed_others(tmp_path):
    port = free_port()
    first = played(tmp_path / "first", port, 553, "1")
    assert all(f'"platform":"{name}"'.encode() in first for name in ("telegram", "whatsapp", "messenger", "slack"))
    second = played(tmp_path / "second", port, 553, "2")
    assert first.splitlines() == second.splitlines()
    assert first == second
    assert first != played(tmp_path / "third", port, 554, "1")
