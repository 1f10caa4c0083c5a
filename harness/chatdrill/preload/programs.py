"""Whether a preloaded clock reaches the program that a command starts: said before it is started, in a sentence."""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatdrill.preload.elf import Executable, read_executable

_LINE_MAX_BYTES = 4096
_SCRIPTS_MAX = 8
_ELSEWHERE = "docker podman nerdctl kubectl ssh sudo su doas systemd-run chroot flatpak"
"""They start a program where our variables do not come along."""
_LAUNCHERS = (
    "sh bash dash zsh ash ksh fish busybox npm npx pnpm yarn bunx make just task uv uvx poetry pipenv pdm hatch rye tox "
    "honcho foreman overmind supervisord tini dumb-init gosu nice nohup setsid stdbuf time timeout xargs watchexec "
    "nodemon bundle rake mvn gradle sbt cargo dotnet direnv mise asdf"
)
"""The bot is what they start."""
_WAY_OUT = "drill it with the drill's time in its webhooks, or in real time"
_ASSIGNMENT = re.compile(r"\w+=")


@dataclass(frozen=True, kw_only=True)
class Reachable:
    """``words`` is a sentence for a report. ``is_launcher``: what the command starts decides, and is not known yet."""

    reached: bool
    words: str
    program: Path | None = None
    is_launcher: bool = False


def reach(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Reachable:
    """Look at the program that ``command`` would start in ``folder`` with the variables of ``environment``. Never raises."""
    if not command:
        return Reachable(reached=False, words="there is no command")
    if (name := Path(command[0]).name) in _ELSEWHERE.split():
        return Reachable(
            reached=False, words=f"{name} starts it where a preloaded clock does not come along; {_WAY_OUT}"
        )
    try:
        return _reach(list(command), folder, environment, scripts_left=_SCRIPTS_MAX)
    except OSError as error:
        return Reachable(reached=False, words=f"{error.filename}: {error.strerror}")


def _reach(command: list[str], folder: Path, environment: Mapping[str, str], *, scripts_left: int) -> Reachable:
    program = _located(command[0], folder, environment)
    if program is None:
        return Reachable(reached=False, words=f"there is no program {command[0]!r} to start")
    if Path(command[0]).name == "env":
        return _through_env(program, command[1:], folder, environment, scripts_left=scripts_left)
    interpreter = _first_line(program)
    if interpreter is None:
        return _judged(program, read_executable(program), is_launcher=Path(command[0]).name in _LAUNCHERS.split())
    if not scripts_left or not interpreter:
        return Reachable(reached=False, words=f"{program}: its first line (#!) names no program", program=program)
    inner = _reach(interpreter, folder, environment, scripts_left=scripts_left - 1)
    is_launcher = inner.is_launcher or program.name in _LAUNCHERS.split()
    return _launched(program) if is_launcher and inner.reached else inner


def _located(name: str, folder: Path, environment: Mapping[str, str]) -> Path | None:
    """As ``execvp`` looks for it. The path itself is told, not what it links to: that is what people know."""
    if "/" in name:
        return path if (path := folder / name).is_file() else None
    found = shutil.which(name, path=environment.get("PATH", os.defpath))
    return Path(found) if found else None


def _first_line(program: Path) -> list[str] | None:
    """The words after ``#!``, or None where there are none. Linux hands on all that follows the first as one word."""
    with program.open("rb") as file:
        line = file.readline(_LINE_MAX_BYTES)
    if not line.startswith(b"#!"):
        return None
    return line[2:].decode("utf-8", "replace").strip().split(maxsplit=1)


def _through_env(
    env: Path, words: list[str], folder: Path, environment: Mapping[str, str], *, scripts_left: int
) -> Reachable:
    """``env`` as a script's interpreter (``-S a b`` is one word there) or at the front of a command."""
    if words and words[0].startswith("-S"):
        words = shlex.split(" ".join([words[0].removeprefix("-S"), *words[1:]]))
    own = _words_of_env(words)
    if {"-i", "-", "--ignore-environment"} & set(words[:own]):
        return Reachable(reached=False, words=f"{env} -i forgets the variables that preload the clock", program=env)
    if not words[own:] or not scripts_left:
        return Reachable(reached=False, words=f"{env} names no program", program=env)
    return _reach(words[own:], folder, environment, scripts_left=scripts_left - 1)


def _words_of_env(words: list[str]) -> int:
    """How many of the words are for ``env`` itself: options, some with a word of their own, and assignments."""
    count = 0
    while count < len(words) and (words[count].startswith("-") or _ASSIGNMENT.match(words[count])):
        count += 2 if words[count] in ("-u", "--unset", "-C", "--chdir") else 1
    return count


def _launched(program: Path) -> Reachable:
    words = f"{program} starts other programs: the clock reaches those that are linked dynamically"
    return Reachable(reached=True, words=words, program=program, is_launcher=True)


def _judged(program: Path, found: Executable | None, *, is_launcher: bool) -> Reachable:
    problem = _problem(program, found)
    if problem:
        return Reachable(reached=False, words=f"{program} {problem}; {_WAY_OUT}", program=program)
    if is_launcher:
        return _launched(program)
    assert found is not None
    words = f"{program} is linked dynamically ({found.machine}): its clocks and timers follow"
    return Reachable(reached=True, words=words, program=program)


def _problem(program: Path, found: Executable | None) -> str:
    """Why the clock cannot be preloaded, or nothing."""
    if found is None:
        return "is no program of Linux (ELF)"
    if found.is_go:
        return "is a Go program: those ask the kernel for the time themselves, so a preloaded clock does not reach it"
    if found.interpreter is None:
        return "is statically linked: it loads no libraries, so a clock cannot be preloaded"
    if found.bits != 64 or found.machine != platform.machine():
        return f"is a {found.bits}-bit program for {found.machine}, and the clock is built for {platform.machine()}"
    if program.stat().st_mode & (stat.S_ISUID | stat.S_ISGID):
        return "runs as another user (setuid), and Linux preloads nothing into such programs"
    return ""
