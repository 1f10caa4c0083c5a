"""``chatdrill zoo``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chatdrill.cli import FAIL, PASS
from chatdrill.cli.options import parser
from chatdrill.cli.progress import Progress
from chatdrill.engine.faulting import NONE, read_faults
from chatdrill.errors import UsageError, did_you_mean

from ..zoo.catalogue import SPECIMENS
from ..zoo.correct import CORRECT, Correct
from ..zoo.specimen import Specimen
from .keeping import Score, keep, sample
from .telling import as_json, markdown, table
from .watching import Looks, Sighting

_EXAMPLES = """\
  chatdrill zoo --quick
  chatdrill zoo --category delivery
  chatdrill zoo -k "twice" --all
  chatdrill zoo --desk chatwoot --out /tmp/zoo
  chatdrill zoo --category delivery --fuzz 200
  chatdrill zoo --category handoff --faults flaky-mobile
  chatdrill zoo --list"""
_QUICK_OF_EACH = 6
_MISSED = 175
"""Dialogs for a specimen that nothing else has found, by default: the first three rounds of fuzzing."""


def main(words: list[str]) -> int:
    """Show every bot with a planted defect to the shipped scenarios and the probe, and count what they find."""
    options = _options()
    arguments = options.parse_args(words)
    chosen, correct = _chosen(arguments)
    if arguments.list:
        print("\n".join(f"{one.category:<11} {one.platform:<10} {one.desk:<13} {one.name}" for one in chosen))
        return PASS
    progress = Progress(len(chosen) + len(correct), "bots", "not found")

    def seen(one: Sighting | str) -> None:
        progress(isinstance(one, str) or one.right)

    score = keep(
        chosen,
        correct,
        processes=arguments.processes,
        looks=_looks(arguments),
        drawn=arguments.fuzz or 0,
        each=seen,
    )
    progress.end()
    print(as_json(score) if arguments.json else table(score), end="", flush=True)
    if arguments.out:
        _write(score, Path(arguments.out))
    return PASS if score.is_good else FAIL


def _looks(arguments: argparse.Namespace) -> Looks:
    missed = 0 if arguments.quick else _MISSED
    return Looks(
        everything=arguments.all,
        suites=not arguments.quick,
        fuzz=arguments.fuzz or 0,
        missed=missed if arguments.fuzz is None else arguments.fuzz,
        faults=arguments.faults,
    )


def _options() -> argparse.ArgumentParser:
    options = parser("zoo", "Show bots with planted defects to the shipped scenarios and the probe.", _EXAMPLES)
    options.add_argument(
        "-k", dest="words", metavar="WORDS", default="", help="only specimens whose name contains this"
    )
    options.add_argument("--category", metavar="NAME", help=f"only these: {', '.join(_categories())}")
    options.add_argument("--desk", metavar="NAME", help="only those behind which this helpdesk is; none: without any")
    options.add_argument(
        "--all", action="store_true", help="go on after the first right finding, to see all that speaks"
    )
    options.add_argument(
        "--quick", action="store_true", help="a few of each category, where they show, and a few correct bots"
    )
    options.add_argument(
        "--fuzz",
        metavar="N",
        type=int,
        help="fuzz each specimen with a minimal chat, and each correct bot, with so many dialogs; 0: none, not even those"
        f" that nothing else has found (which get {_MISSED})",
    )
    options.add_argument(
        "--faults",
        metavar="FAULTS",
        default="",
        help="what goes wrong on the way in each scenario, such as flaky-mobile",
    )
    options.add_argument("--list", action="store_true", help="print the names and play nothing")
    options.add_argument("--json", action="store_true", help="print the outcome for machines")
    options.add_argument("--out", metavar="FOLDER", help="write zoo.json and zoo.md there")
    options.add_argument(
        "--processes", metavar="N", type=int, default=os.cpu_count() or 1, help="how many at once (default: the cores)"
    )
    return options


def _categories() -> list[str]:
    return list(dict.fromkeys(one.category for one in SPECIMENS))


def _chosen(arguments: argparse.Namespace) -> tuple[Sequence[Specimen], Sequence[Correct]]:
    """The specimens, and where all are shown the correct bots too. Raises ``UsageError`` if nothing is left."""
    if arguments.category not in (None, *_categories()):
        raise UsageError(
            f"--category: there is no {arguments.category!r}{did_you_mean(arguments.category, _categories())}"
        )
    if arguments.processes < 1:
        raise UsageError(f"--processes: at least one, not {arguments.processes}")
    try:
        read_faults(arguments.faults or NONE)
    except ValueError as error:
        raise UsageError(f"--faults: {error}") from error
    if arguments.fuzz is not None and arguments.fuzz < 0:
        raise UsageError(f"--fuzz: none or more dialogs, not {arguments.fuzz}")
    desk = None if arguments.desk is None else arguments.desk.replace("none", "")
    chosen = [one for one in SPECIMENS if _fits(one, arguments.words, arguments.category, desk)]
    if not chosen:
        raise UsageError(f"none of the {len(SPECIMENS)} specimens was chosen; --list shows their names")
    if arguments.quick:
        return sample(chosen, _QUICK_OF_EACH), [
            *{one.app: one for one in reversed(CORRECT)}.values()
        ]  # one of each program
    return chosen, (CORRECT if len(chosen) == len(SPECIMENS) else ())


def _fits(one: Specimen, words: str, category: str | None, desk: str | None) -> bool:
    if category not in (None, one.category) or desk not in (None, one.desk):
        return False
    return words.casefold() in one.name.casefold()


def _write(score: Score, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("zoo.json", as_json(score)), ("zoo.md", markdown(score))):
        (folder / name).write_text(text, "utf-8")
        print(folder / name, file=sys.stderr)
