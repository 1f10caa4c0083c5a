"""The echo bot of ``bots/`` as a process: compiled once, pinned to a core, told where the vendors' APIs are."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatdrill.engine.bot import free_port
from chatdrill.preload.building import INSTALL_COMPILER, compiler
from chatdrill.run.registry import load_platform

SOURCES = Path(__file__).with_name("bots")
PLATFORMS = ("telegram", "whatsapp", "messenger")
_FLAGS = ("-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror")
_STOP_S = 10.0


class Unavailable(Exception):
    """Something that this machine lacks; the message says what, and how to get it."""


@dataclass(frozen=True)
class Cores:
    """One for what makes the load, one for the bot."""

    generator: int
    bot: int


def cores() -> Cores:
    """The first two that this process may use. Raises Unavailable."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        raise Unavailable("two cores are needed: one for the generator, one for the bot")
    return Cores(usable[0], usable[1])


def pinned(core: int | None) -> list[str]:
    """What goes before a command so that it stays on one core. Raises Unavailable."""
    if core is None:
        return []
    if (taskset := shutil.which("taskset")) is None:
        raise Unavailable("taskset is needed: apt install util-linux")
    return [taskset, "-c", str(core)]


@functools.cache
def build() -> Path:
    """The compiled bot, in a folder that goes with this process. Raises Unavailable without a C compiler or Linux."""
    if (cc := compiler()) is None:
        raise Unavailable(INSTALL_COMPILER)
    folder = Path(tempfile.mkdtemp(prefix="chatdrill-echo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sources = [str(path) for path in sorted(SOURCES.glob("*.c"))]
    done = subprocess.run(
        [cc, *_FLAGS, "-o", str(folder / "echo"), *sources], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unavailable(f"the echo bot does not compile here (it needs Linux): {done.stderr[:600]}")
    return folder / "echo"


@dataclass(frozen=True)
class Bot:
    """One that runs."""

    port: int
    process: subprocess.Popen[str]

    def hook(self, platform: str) -> str:
        """Where webhooks go."""
        return f"http://127.0.0.1:{self.port}/webhooks/{platform}"

    def counted(self) -> dict[str, int]:
        """What happened so far: webhooks, messages, calls, answered, refused, failed."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/count", timeout=30) as answer:
            return dict(json.loads(answer.read()))


@contextlib.contextmanager
def echo_bot(
    mode: Sequence[str] = ("echo",), *, api: str = "", core: int | None = None, truth: Path | None = None, port: int = 0
) -> Iterator[Bot]:
    """Run the bot; ``api`` is the URL below which every platform's API is found, as ``chatdrill env`` names it.

    ``truth`` is complete once the bot has ended. Raises Unavailable.
    """
    port = port or free_port()
    variables = os.environ | variables_of(api) | {"PORT": str(port)} | ({"ECHO_TRUTH": str(truth)} if truth else {})
    command = [*pinned(core), str(build()), *map(str, mode)]
    process = subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"the echo bot did not start: {' '.join(command)}")
        yield Bot(port, process)
    finally:
        stop(process)


def stop(process: subprocess.Popen[str]) -> None:
    """Ask a process to end, and end it if it does not."""
    process.terminate()
    try:
        process.communicate(timeout=_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def variables_of(api: str) -> dict[str, str]:
    """The variables that ``chatdrill env`` prints, with the settings' defaults."""
    if not api:
        return {}
    made = {item.env: item.default for name in PLATFORMS for item in load_platform(name).settings}
    return made | {f"{name.upper()}_API_ROOT": f"{api}/{name}" for name in PLATFORMS}
