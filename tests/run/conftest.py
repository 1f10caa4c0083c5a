"""Whole runs against small bots, in a folder of their own, on ports that nobody else uses."""

from __future__ import annotations

import json
import shlex
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

BAD_BOT = Path(__file__).with_name("bad_bot.py")
ECHO = """\
name: Echo
steps:
  - says: {text: Hello there, after: 0s}
  - hears: "You said: Hello there"
  - says: {text: and again, after: 0s}
  - hears: "You said: and again"
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Ended:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def messages(self) -> str:
        """All findings in one text."""
        return "\n".join(finding["message"] for finding in self.summary["findings"])


@dataclass
class Drill:
    """``run("echo.drill.yaml", bot="good")`` runs ``chatdrill run`` as a process of its own."""

    folder: Path

    def write(self, text: str, name: str = "echo.drill.yaml") -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def command(self, *words: str, bot: str | None = None) -> list[str]:
        port = free_port()
        command = [sys.executable, "-m", "chatdrill", "run", *words, "--out", str(self.folder / "out"), "--port", "0"]
        command += ["--platforms", "whatsapp", "--webhook", f"http://127.0.0.1:{port}/webhooks/{{platform}}"]
        command += ["--speed", "20", "--reply-timeout", "1s", "--ready-timeout", "10s", "--bot-env", f"PORT={port}"]
        if bot is not None:
            command += ["--command", f"{shlex.quote(sys.executable)} {shlex.quote(str(BAD_BOT))} {bot}"]
        return command

    def run(self, *words: str, bot: str | None = None, scenario: str = ECHO) -> Ended:
        self.write(scenario)
        command = self.command("echo.drill.yaml", "--json", *words, bot=bot)
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        return Ended(done.returncode, done.stdout, done.stderr, self.folder)


@pytest.fixture
def drill(tmp_path: Path) -> Drill:
    return Drill(tmp_path)
