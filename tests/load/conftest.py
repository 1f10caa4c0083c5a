"""Whole load runs, each a process of its own, against small bots."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

import inside
from chatdrill_load.result import LoadResult, read_result

BAD_BOT = Path(__file__).parents[1] / "run" / "bad_bot.py"
ECHO = """\
name: Echo
steps:
  - says: {text: Hello there, after: 0s}
  - hears: "You said: Hello there"
  - says: {text: and again, after: 0s}
  - hears: "You said: and again"
"""
PATIENCE_S = 90.0


@dataclass
class Ended:
    """What a load run left behind."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def result(self) -> LoadResult:
        return read_result(self.folder / "out")


@dataclass
class Load:
    """``run("--arrivals", "10/s", bot="twice")`` is ``chatdrill load`` in a folder of its own."""

    folder: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def words(self, *words: str, bot: str, scenario: str, command: str) -> list[str]:
        (self.folder / "echo.drill.yaml").write_text(scenario, "utf-8")
        started = f"{shlex.quote(sys.executable)} {shlex.quote(str(BAD_BOT))} {bot}"
        fixed = ["--platforms", "whatsapp", "--speed", "50", "--settle", "0s", "--reply-timeout", "1s", "--out", "out"]
        fixed += ["--port", "0", "--command", started, "--webhook", "http://127.0.0.1:{port}/{platform}"]
        return [command, "echo.drill.yaml", *fixed, *words]

    def start(
        self, *words: str, bot: str = "good", scenario: str = ECHO, command: str = "load"
    ) -> subprocess.Popen[str]:
        return self.spawn("chatdrill", *self.words(*words, bot=bot, scenario=scenario, command=command))

    def refused(self, *words: str, scenario: str = ECHO) -> inside.Ended:
        """A load that cannot begin ends before this process would have been given up for Locust."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "execv", lambda *_: pytest.fail("Locust was started"))
            return inside.chatdrill(self.folder, *self.words(*words, bot="good", scenario=scenario, command="load"))

    def spawn(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        """``python -m ...`` in the folder."""
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=self.folder,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def end(self, process: subprocess.Popen[str]) -> Ended:
        out, err = process.communicate(timeout=PATIENCE_S)
        return Ended(process.returncode, out, err, self.folder)

    def run(self, *words: str, bot: str = "good", scenario: str = ECHO, command: str = "load") -> Ended:
        return self.end(self.start(*words, bot=bot, scenario=scenario, command=command))


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    if find_spec("locust") is None:  # to import it would patch this process
        pytest.skip("a load run needs Locust (pip install 'chatdrill[load]')")
    made = Load(tmp_path)
    yield made
    for process in made.processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
