"""What ``replay`` and ``diff`` share: how strictly runs are compared, and the reports of what changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from chatdrill.cli import forget_stdout
from chatdrill.cli.reporting import terminal_shape
from chatdrill.comparing import Difference
from chatdrill.errors import UsageError
from chatdrill.run.registry import diff_reporters


def add_comparing(options: argparse.ArgumentParser, default: str) -> None:
    """Add ``--compare``, ``--to`` and ``--json``."""
    options.add_argument(
        "--compare",
        choices=("structure", "wording"),
        default=default,
        help="structure: number, order, parts and buttons of the bot's messages, handovers; wording: its words as well "
        f"(default: {default})",
    )
    options.add_argument(
        "--to",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="write what changed into this file: .html, .json or .txt (repeatable)",
    )
    options.add_argument("--json", action="store_true", help="print what changed for machines")


def write_differences(found: Difference, paths: Iterable[Path]) -> list[Path]:
    """Write the reports, each by the end of its file's name. Raises ``UsageError`` for another end, or a file that cannot be written."""
    known = diff_reporters()
    chosen = [(path, path.suffix.lstrip(".").lower()) for path in paths]
    for path, kind in chosen:
        if kind not in known:
            raise UsageError(f"{path}: the name must end in {', '.join(f'.{name}' for name in known)}")
    for path, kind in chosen:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(known[kind](found), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from error
    return [path for path, _ in chosen]


def shown(found: Difference, *, as_json: bool) -> None:
    """Print what changed."""
    known = diff_reporters()
    text = known["json"](found) if as_json else known["txt"](found, **terminal_shape())
    try:
        print(text, end="")
        sys.stdout.flush()
    except BrokenPipeError:  # the verdict counts, whoever reads it
        forget_stdout()
