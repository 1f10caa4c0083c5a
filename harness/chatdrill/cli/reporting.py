"""Writing reports: the terminal's, and the files that were asked for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chatdrill.errors import UsageError
from chatdrill.run.execute import Result
from chatdrill.run.registry import load_reporter

FILE_NAMES = {"html": "report.html", "junit": "junit.xml", "jsonl": "results.jsonl", "markdown": "summary.md"}
_DEFAULT = ("html", "junit", "jsonl", "markdown")


def chosen_reports(words: Sequence[str] | None, out: Path) -> dict[str, Path]:
    """``["html", "junit=build/junit.xml"]`` as formats and files; all of them in ``out`` if nothing was said.

    Raises ``UsageError`` for an unknown format.
    """
    chosen = {}
    for word in _DEFAULT if words is None else words:
        name, _, file = word.partition("=")
        if name == "none":
            continue
        load_reporter(name)
        chosen[name] = Path(file) if file else out / FILE_NAMES.get(name, f"report.{name}")
    return chosen


def write_reports(result: Result, chosen: Mapping[str, Path], *, title: str, command: str) -> dict[str, Path]:
    """Write the reports. Raises ``UsageError`` if a file cannot be written."""
    run = run_fields(result, title=title, command=command)
    for name, path in chosen.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(load_reporter(name)(**run))
        except OSError as error:
            raise UsageError(f"cannot write the report {path}: {error.strerror}") from error
    return dict(chosen)


def run_fields(result: Result, *, title: str, command: str) -> dict[str, Any]:
    """What every reporter takes."""
    return {
        "records": result.records,
        "judgement": result.judgement,
        "blobs": result.blobs,
        "title": title,
        "command": command,
    }


def print_terminal(result: Result, *, title: str, command: str) -> None:
    """The report for the person in front of the terminal."""
    text = load_reporter("terminal")(
        color=use_color(sys.stdout),
        width=min(120, shutil.get_terminal_size((100, 24)).columns),
        unicode=(sys.stdout.encoding or "").lower().replace("-", "") == "utf8",
        **run_fields(result, title=title, command=command),
    )
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.flush()


def use_color(stream: Any) -> bool:
    """Colour only on a terminal that wants it (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")
