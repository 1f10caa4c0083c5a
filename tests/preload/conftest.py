"""Programs under a preloaded clock: they wait for hours, and the tests jump."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chatdrill.preload import MovedClock, find
from preload.driven import play, started

Follow = Callable[..., str]


@pytest.fixture(scope="session")
def shim() -> Path:
    found = find()
    if found.shim is None:
        pytest.skip(found.why_not)
    return found.shim


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Compiles a C program: ``compiled(source, *flags)``."""
    cc = find().compiler
    if cc is None:
        pytest.skip("there is no C compiler")

    def compile_it(source: str, *flags: str) -> Path:
        made = tmp_path_factory.mktemp("program") / "program"
        command = [cc, "-x", "c", "-D_GNU_SOURCE", "-w", "-o", str(made), "-", *flags, "-lpthread"]
        done = subprocess.run(command, input=source, text=True, capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"{cc} cannot compile it here: {done.stderr[-300:]}")
        return made

    return compile_it


@pytest.fixture
def clock(shim: Path) -> Iterator[MovedClock]:
    with MovedClock(shim) as moved:
        yield moved


@pytest.fixture
def follow(clock: MovedClock) -> Follow:
    """Starts a command under the clock and jumps until it ends: its output."""

    def run(*command: str | Path) -> str:
        with started(clock, command) as process:
            return play(clock, process)

    return run


@pytest.fixture
def follow_python(follow: Follow) -> Follow:
    def run(code: str) -> str:
        return follow(sys.executable, "-c", code)

    return run


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node is not installed")
    return found
