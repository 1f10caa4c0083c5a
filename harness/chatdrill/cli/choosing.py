"""The flags that choose cases, and the choice."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from chatdrill.engine.cases import Case
from chatdrill.errors import UsageError
from chatdrill.run import selection
from chatdrill.run.settings import Settings


def add_choice(to: argparse.ArgumentParser) -> None:
    """Add ``-k``, ``--case``, ``--tag``, ``--spread``, ``--list`` and ``--json``."""
    to.add_argument("-k", dest="words", metavar="WORDS", help="only cases whose name contains this, in any case")
    to.add_argument("--case", action="append", default=[], metavar="ID", help="only this case (repeatable)")
    to.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="only scenarios with this tag (repeatable)"
    )
    to.add_argument(
        "--spread",
        metavar="N",
        type=int,
        help="each scenario on only N of the platforms, by turns: many channels, and still a short run",
    )
    to.add_argument("--list", action="store_true", help="print the names of the cases and play nothing")
    to.add_argument("--json", action="store_true", help="print the outcome (or the list) for machines")


def choose(paths: Iterable[Path], settings: Settings, arguments: argparse.Namespace) -> list[Case]:
    """The chosen cases; what is left out of them is said. Raises ``UsageError`` if there are none."""
    if arguments.spread is not None and arguments.spread < 1:
        raise UsageError(f"--spread must be 1 or more, not {arguments.spread}")
    chosen = selection.choose(
        paths,
        settings,
        only=arguments.case,
        words=arguments.words,
        tags=arguments.tag,
        platforms_each=arguments.spread,
    )
    if arguments.list:
        return chosen
    left, reasons = selection.playable(chosen, settings)
    for why, count in reasons.items():
        print(f"left out, because they {why}: {count} conversations", file=sys.stderr)
    return left


def print_list(cases: Sequence[Case], *, as_json: bool) -> None:
    """Print the names of the cases."""
    print(json.dumps(list(map(_plain, cases)), indent=2) if as_json else "\n".join(case.id for case in cases))


def _plain(case: Case) -> dict[str, object]:
    scenario = case.scenario
    return {
        "case": case.id,
        "name": scenario.name,
        "platform": case.platform,
        "tags": list(scenario.tags),
        "row": dict(case.row),
        "file": scenario.file,
        "line": scenario.line,
    }
