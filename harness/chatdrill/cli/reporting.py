"""The report for the person in front of the terminal."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from typing import Any, TypedDict

from chatdrill.run.execute import Result
from chatdrill.run.registry import load_reporter
from chatdrill.run.reports import run_fields


def print_terminal(result: Result, *, title: str, command: str) -> None:
    """Print the report in the colours and letters that the terminal has. Raises ``BrokenPipeError``."""
    text = load_reporter("terminal")(**terminal_shape(), **run_fields(result, title=title, command=command))
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.flush()


class Shape(TypedDict):
    """What a terminal can show: colours, letters in a line, more than ASCII."""

    color: bool
    width: int
    unicode: bool


def terminal_shape() -> Shape:
    """Of the terminal that standard output goes to."""
    return Shape(
        color=use_color(sys.stdout),
        width=min(120, shutil.get_terminal_size((100, 24)).columns),
        unicode=(sys.stdout.encoding or "").lower().replace("-", "") == "utf8",
    )


def exports(variables: Mapping[str, str]) -> str:
    """Variables as a shell takes them, one a line."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def use_color(stream: Any) -> bool:
    """Colour only on a terminal that wants it (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")
