"""``chatdrill coverage``."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from chatdrill.cli import FAIL, PASS, UNDECIDED
from chatdrill.cli.covering import cover
from chatdrill.cli.options import parser
from chatdrill.coverage import Coverage, Suggestion, suggestions, to_data, to_lines, to_markdown
from chatdrill.errors import UsageError, did_you_mean
from chatdrill.run.registry import platform_names
from chatdrill.run.settings import load_settings
from chatdrill.run.traces import TRACE, trace_of
from chatdrill.trace import Record, read_trace

_EXAMPLES = """\
  chatdrill coverage
  chatdrill coverage chatdrill-out/ nightly/trace.jsonl --platform telegram,whatsapp
  chatdrill coverage --suggest 20 --write drills/suggested
  chatdrill coverage --fail-under 60

A cell is a pair: of a kind of message, a state of the conversation, a platform, a fault and a time. Exit code 1: less was met
than --fail-under asks for; 5: nobody said anything."""
_SUGGESTED = 10


def main(words: list[str]) -> int:
    """Tell what the customers of a suite met, and what is missing."""
    options = parser("coverage", "Which states, kinds of messages, faults, platforms and times a suite met.", _EXAMPLES)
    _add_flags(options)
    arguments = options.parse_args(words)
    floor = _floor(arguments.fail_under)
    platforms = _platforms(arguments.platform)
    coverage = cover(map(_read, arguments.traces or [load_settings({}).out]), platforms)
    found = suggestions(coverage, arguments.suggest) if arguments.suggest else []
    _print(coverage, found, arguments)
    if arguments.write is not None:
        _write(arguments.write, found)
    if not coverage.observed.words:
        print("no customer said anything in these traces", file=sys.stderr)
        return UNDECIDED
    if coverage.share * 100 < floor:
        print(f"coverage is {coverage.share * 100:.1f} %, less than the {floor:g} % asked for", file=sys.stderr)
        return FAIL
    return PASS


def _add_flags(options: argparse.ArgumentParser) -> None:
    options.add_argument(
        "traces",
        nargs="*",
        type=Path,
        metavar="TRACE",
        help="traces, or the folders of runs; several are added up (default: the last run's)",
    )
    options.add_argument("--platform", action="append", default=[], metavar="NAMES", help="only these platforms")
    options.add_argument(
        "--suggest",
        type=_count,
        default=_SUGGESTED,
        metavar="N",
        help=f"suggest scenarios for the N most useful cells that are missing (default: {_SUGGESTED})",
    )
    options.add_argument("--write", type=Path, metavar="FOLDER", help="write the suggested scenarios into this folder")
    options.add_argument("--fail-under", default="0", metavar="PERCENT", help="exit with 1 if less than this was met")
    shape = options.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="all figures, for machines")
    shape.add_argument("--markdown", action="store_true", help="for the summary page of a CI run")


def _count(word: str) -> int:
    if not word.isdecimal():
        raise argparse.ArgumentTypeError(f"a whole number from 0 on, not {word!r}")
    return int(word)


def _floor(word: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%?", word.strip())
    if found is None or float(found[1]) > 100:
        raise UsageError(f"--fail-under takes 0 to 100 (percent), not {word!r}")
    return float(found[1])


def _platforms(words: Sequence[str]) -> list[str]:
    names = [name.strip() for word in words for name in word.split(",") if name.strip()]
    for name in names:
        if name not in platform_names():
            raise UsageError(f"no platform {name!r}{did_you_mean(name, platform_names())}")
    return names


def _read(path: Path) -> list[Record]:
    """The records of a trace. Raises ``UsageError`` with the nearest trace where there is none, ``TraceError`` for a damaged one."""
    trace = trace_of(path)
    if not trace.is_file():
        raise UsageError(f"no trace {trace}{_near(trace)}")
    return list(read_trace(trace))


def _near(trace: Path) -> str:
    folder = next((one for one in trace.parents if one.is_dir()), Path())
    known = sorted(str(one) for one in (*folder.glob("*.jsonl"), *folder.glob(f"*/{TRACE}")))
    return did_you_mean(str(trace), known) or "; play something first: chatdrill run"


def _print(coverage: Coverage, found: Sequence[Suggestion], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(to_data(coverage, found), ensure_ascii=False))
        return
    for line in (to_markdown if arguments.markdown else to_lines)(coverage, found):
        print(line)


def _write(folder: Path, found: Sequence[Suggestion]) -> None:
    """Write the suggestions; what is there already stays as somebody may have worked on it."""
    written = kept = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in found:
            path = folder / one.file_name
            if one.scenario is None or path.exists():
                kept += one.scenario is not None
                continue
            path.write_text(one.text, encoding="utf-8")
            written += 1
    except OSError as error:
        raise UsageError(f"cannot write into {folder}: {error.strerror}") from error
    stayed = f"; {kept} were there already and stay as they are" if kept else ""
    print(f"{written} scenarios written into {folder}{stayed}", file=sys.stderr)
