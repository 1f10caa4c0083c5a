"""Same seed, same trace, byte for byte, also with a helpdesk and its people behind the bot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from chatdrill.engine.bot import free_port

PLAIN = "A person comes, helps and goes"


def played(folder: Path, port: int, hash_seed: str) -> bytes:
    """The trace of a demo in a process of its own."""
    folder.mkdir()
    flags = ["--desk", "chatwoot", "--clock", "virtual", "--report", "none", "--platforms", "telegram", "-k", PLAIN]
    ended = subprocess.run(
        [sys.executable, "-m", "chatdrill", "demo", *flags, "--port", str(port), "--seed", "553"],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return (folder / "chatdrill-out" / "trace.jsonl").read_bytes()


def test_two_runs_with_one_seed_and_a_desk_write_the_same_bytes(tmp_path):
    port = free_port()
    first, second = (played(tmp_path / number, port, hash_seed=number) for number in ("1", "2"))
    assert b'"owner":"agent"' in first
    assert first.splitlines() == second.splitlines()
