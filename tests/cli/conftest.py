"""The command line, called in this process, in an empty folder."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import inside


@pytest.fixture
def chatdrill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., inside.Ended]:
    """``chatdrill("run", "drills/")``; the working folder is ``tmp_path``, unless the test has gone elsewhere."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: inside.chatdrill(Path.cwd(), *words)


@pytest.fixture
def echo(tmp_path: Path) -> list[str]:
    """The flags of a run against an echo bot in this process, whose variables do not stay."""
    (tmp_path / "echo.drill.yaml").write_text(ECHO, "utf-8")
    return ["echo.drill.yaml", "--app", "cli.echo_app:app", "--platforms", "whatsapp", *FAST]


FAST = ["--port", "0", "--speed", "50", "--reply-timeout", "0.3s", "--settle", "0.05s", "--report", "none"]
ECHO = """\
name: Echo
tags: [first]
steps:
  - says: Hello there
  - hears: Hello there
---
name: Wrong
tags: [second]
data: [{who: Anna}, {who: Boris}]
steps:
  - says: "{who}"
  - hears: Good morning, {who}
"""


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        yield busy.getsockname()[1]
