"""Whole runs against small bots, in a folder of their own, on ports that nobody else uses."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chatdrill.cli import main

BAD_BOT = Path(__file__).with_name("bad_bot.py")
ECHO = """\
name: Echo
steps:
  - says: {text: Hello there, after: 0s}
  - hears: "You said: Hello there"
  - says: {text: and again, after: 0s}
  - hears: "You said: and again"
"""
PATIENCE_S = 20.0


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
        """All findings, and why the bot could not be reached, in one text."""
        findings = [finding["message"] for finding in self.summary["findings"]]
        return "\n".join([*findings, *self.summary["problems"].values()])


@dataclass
class Drill:
    """``run("--seed", "7", bot="good")`` is ``chatdrill run`` in a folder of its own; ``start`` a process of its own."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def write(self, text: str, name: str = "echo.drill.yaml") -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def words(self, *words: str, bot: str | None) -> list[str]:
        command = ["--out", str(self.folder / "out"), "--port", "0", "--platforms", "whatsapp", "--speed", "50"]
        if bot is None:
            return ["run", *words, *command, "--webhook", "http://127.0.0.1:9/{platform}"]
        started = f"{shlex.quote(sys.executable)} {shlex.quote(str(BAD_BOT))} {bot}"
        return ["run", *words, *command, "--webhook", "http://127.0.0.1:{port}/{platform}", "--command", started]

    def main(self, *words: str) -> Ended:
        """Any command, in this process."""
        self.capsys.readouterr()
        code = main(words)
        captured = self.capsys.readouterr()
        return Ended(code, captured.out, captured.err, self.folder)

    def run(self, *words: str, bot: str | None = "good", scenario: str = ECHO) -> Ended:
        path = self.write(scenario)
        return self.main(*self.words(str(path), "--json", "--reply-timeout", "0.5s", *words, bot=bot))

    def start(self, *words: str, bot: str, scenario: str = ECHO) -> subprocess.Popen[str]:
        path = self.write(scenario)
        return self.spawn("chatdrill", *self.words(str(path), "--json", *words, bot=bot))

    def spawn(self, *words: str) -> subprocess.Popen[str]:
        """``python -m ...`` in the folder."""
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def trace(self) -> list[dict[str, Any]]:
        """The records on disk so far."""
        path = self.folder / "out" / "trace.jsonl"
        lines = path.read_text("utf-8").split("\n") if path.exists() else []
        return [json.loads(line) for line in lines[:-1]]


@pytest.fixture
def drill(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Drill]:
    monkeypatch.chdir(tmp_path)
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup no process of ours would hear of it
    made = Drill(tmp_path, capsys)
    yield made
    signal.signal(signal.SIGHUP, before)
    for process in made.processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def until(drill: Drill) -> Callable[[Callable[[], Any]], Any]:
    """Wait until something is true, and give it; a process that ends before that says why."""

    def wait(is_true: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + PATIENCE_S
        while not (found := is_true()):
            ended = [process for process in drill.processes if process.poll() is not None]
            assert not ended, ended[0].communicate()
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.01)
        return found

    return wait
