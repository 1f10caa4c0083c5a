"""``chatdrill doctor``."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import sys
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from chatdrill.cli.options import parser
from chatdrill.errors import UsageError
from chatdrill.preload import Available, Trial, find, reach, try_shim
from chatdrill.preload.building import INSTALL_COMPILER
from chatdrill.preload.detour import try_node, try_python
from chatdrill.version import VERSION

_EXAMPLES = """\
  chatdrill doctor
  chatdrill doctor --command "npm start"
  chatdrill doctor -- python bot.py"""

_HOUR_OF_NODE = ("-e", "setTimeout(() => {}, 3600000)")


@dataclass(frozen=True)
class _Line:
    """``mark`` is ok, lacks or no; ``advice`` what to do about it."""

    subject: str
    mark: str
    words: str
    advice: str = ""


def main(words: list[str]) -> int:
    """Print what is there; with a command, exit code 1 if no clock can be preloaded into that bot."""
    options = parser("doctor", "What this machine has to move the time of a bot with.", _EXAMPLES)
    options.add_argument(
        "--command", dest="bot", metavar="COMMAND", help="say whether the time of a bot started like this can be moved"
    )
    options.add_argument("words", nargs="*", metavar="WORD", help="the same command, after --")
    arguments = options.parse_args(words)
    command = _command(arguments.bot, arguments.words)
    available = find()
    lines = [*_machine(), *_preloading(available), *_leading()]
    wanted = [_bot(command, available)] if command else []
    _print([*lines, *wanted])
    return int(any(line.mark != "ok" for line in wanted))


def _command(text: str | None, words: list[str]) -> list[str]:
    if text and words:
        raise UsageError("one command at a time: with --command or after --, not both")
    try:
        return shlex.split(text) if text else words
    except ValueError as error:
        raise UsageError(f"--command {text!r}: {error}") from None


def _print(lines: list[_Line]) -> None:
    width = max(len(line.subject) for line in lines) + 2
    for line in lines:
        first, *rest = f"{line.words}{'; ' if line.advice else ''}{line.advice}".splitlines()
        print(f"{line.subject:<{width}}{line.mark:<7}{first}")
        for more in rest:
            print(f"{'':<{width + 7}}{more}")


# ------------------------------------------------------------------------------------------------------- the machine


def _machine() -> Iterator[_Line]:
    yield _Line("chatdrill", "ok", VERSION)
    yield _Line("Python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield _library("event loop", "uvloop", "uvloop {}", "asyncio's own, several times slower")
    yield _library("in-process time", "time-machine", "time-machine {}: an ASGI app's clocks follow", "not installed")
    yield _zones()


def _library(subject: str, name: str, present: str, absent: str) -> _Line:
    try:
        found = version(name)
    except PackageNotFoundError:
        found = ""
    if found and find_spec(name.replace("-", "_")):
        return _Line(subject, "ok", present.format(found))
    return _Line(subject, "lacks", absent, f"pip install {name}")


def _zones() -> _Line:
    count = len(zoneinfo.available_timezones())
    if count:
        return _Line("time zones", "ok", f"{count} zones")
    return _Line("time zones", "lacks", "no database", "pip install tzdata")


# ---------------------------------------------------------------------------------------------------------- preloading


def _preloading(available: Available) -> Iterator[_Line]:
    yield _compiler(available)
    if available.shim is None:
        yield _Line("preloaded clock", "lacks", available.why_not)
    else:
        yield _Line("preloaded clock", "ok", str(available.shim))
        yield _tried("  with sleep", lambda shim: try_shim(shim), available.shim)
        yield _node(available.shim)
    yield _faketime(available)


def _compiler(available: Available) -> _Line:
    if available.compiler:
        return _Line("C compiler", "ok", available.compiler)
    advice = "" if available.shim else INSTALL_COMPILER
    return _Line("C compiler", "lacks", "none" if advice else "none, and none is needed: the clock is built", advice)


def _tried(subject: str, attempt: Callable[[Path], Trial], shim: Path) -> _Line:
    try:
        trial = attempt(shim)
    except OSError as error:
        return _Line(subject, "lacks", f"could not be tried: {error.strerror}")
    return _Line(subject, "ok" if trial.follows else "no", trial.words)


def _node(shim: Path) -> _Line:
    node = shutil.which("node")
    if node is None:
        return _Line("  with Node", "lacks", "not installed, so not tried")
    return _tried("  with Node", lambda path: try_shim(path, (node, *_HOUR_OF_NODE)), shim)


def _faketime(available: Available) -> _Line:
    if available.faketime:
        return _Line("libfaketime", "ok", f"{available.faketime}: the fallback, for a bot that only reads the clock")
    advice = "" if available.shim else "apt install libfaketime"
    return _Line("libfaketime", "lacks", "not installed" if advice else "not installed, and not needed", advice)


# -------------------------------------------------------------------------------------- bots as they are (chatdrill exec)


def _leading() -> Iterator[_Line]:
    yield _certificates()
    yield _led("  into Python", sys.executable, try_python)
    node = shutil.which("node")
    if node is None:
        yield _Line("  into Node", "lacks", "not installed, so not tried")
    else:
        yield _led("  into Node", node, try_node)


def _certificates() -> _Line:
    try:
        found = version("trustme")
    except PackageNotFoundError:
        return _Line("redirect", "lacks", "no certificates for chatdrill exec", "pip install 'chatdrill[redirect]'")
    return _Line("redirect", "ok", f"trustme {found}: a bot may have the vendors' addresses built in")


def _led(subject: str, program: str, attempt: Callable[[str], bool]) -> _Line:
    try:
        is_kept = attempt(program)
    except OSError as error:
        return _Line(subject, "lacks", f"could not be tried: {error.strerror}")
    if is_kept:
        return _Line(subject, "ok", f"{program} is led to the fakes, and to nobody else")
    return _Line(subject, "no", f"{program} is not led; only what asks for a proxy is")


def _bot(command: list[str], available: Available) -> _Line:
    found = reach(command, Path(), os.environ)
    if not found.reached:
        return _Line("this bot", "no", found.words)
    if available.shim:
        return _Line("this bot", "ok", found.words)
    if available.faketime:
        return _Line("this bot", "lacks", f"{found.program}: only what it reads as the time follows, not its timers")
    return _Line("this bot", "no", "nothing can be preloaded here", "see above")
