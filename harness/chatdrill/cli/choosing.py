"""The flags that choose cases, and the choice."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from chatdrill.engine.cases import Case
from chatdrill.errors import UsageError
from chatdrill.run.selection import find_scenarios, make_cases, narrow, why_not_here
from chatdrill.run.settings import Settings


def add_choice(to: argparse.ArgumentParser) -> None:
    """Add ``-k``, ``--case``, ``--tag``, ``--list`` and ``--json``."""
    to.add_argument("-k", dest="words", metavar="WORDS", help="only cases whose name contains this, in any case")
    to.add_argument("--case", action="append", default=[], metavar="ID", help="only this case (repeatable)")
    to.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="only scenarios with this tag (repeatable)"
    )
    to.add_argument("--list", action="store_true", help="print the names of the cases and play nothing")
    to.add_argument("--json", action="store_true", help="print the outcome (or the list) for machines")


def choose(paths: Iterable[Path], settings: Settings, arguments: argparse.Namespace) -> list[Case]:
    """The chosen cases. Raises ``UsageError`` if there are none."""
    found = make_cases(find_scenarios(paths), settings.platforms, settings["desk"])
    if not found:
        raise UsageError(f"no scenario runs on {', '.join(settings.platforms)}")
    chosen = narrow(found, only=arguments.case, words=arguments.words, tags=arguments.tag)
    return chosen if arguments.list else _playable(chosen, settings)


def _playable(chosen: Sequence[Case], settings: Settings) -> list[Case]:
    """The cases that make sense in this run; what is left out is said."""
    left = [case for case in chosen if why_not_here(case.scenario, settings) is None]
    reasons = Counter(why for case in chosen if (why := why_not_here(case.scenario, settings)) is not None)
    if not left:
        raise UsageError(
            "nothing that was chosen can be played: " + "; ".join(f"{n} {why}" for why, n in reasons.items())
        )
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
