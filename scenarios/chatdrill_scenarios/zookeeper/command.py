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
from chatdrill.errors import UsageError, did_you_mean

from ..zoo.catalogue import SPECIMENS
from ..zoo.correct import CORRECT, Correct
from ..zoo.specimen import Specimen
from .keeping import Score, keep, sample
from .telling import as_json, markdown, table
from .watching import Sighting

_EXAMPLES = """\
  chatdrill zoo --quick
  chatdrill zoo --category delivery
  chatdrill zoo -k "twice" --all
  chatdrill zoo --desk chatwoot --out /tmp/zoo
  chatdrill zoo --list"""
_QUICK_OF_EACH = 6
_QUICK_CORRECT = 4


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
        chosen, correct, processes=arguments.processes, everything=arguments.all, suites=not arguments.quick, each=seen
    )
    progress.end()
    print(as_json(score) if arguments.json else table(score), end="", flush=True)
    if arguments.out:
        _write(score, Path(arguments.out))
    return PASS if score.is_good else FAIL


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
    desk = None if arguments.desk is None else arguments.desk.replace("none", "")
    chosen = [one for one in SPECIMENS if _fits(one, arguments.words, arguments.category, desk)]
    if not chosen:
        raise UsageError(f"none of the {len(SPECIMENS)} specimens was chosen; --list shows their names")
    if arguments.quick:
        return sample(chosen, _QUICK_OF_EACH), CORRECT[:_QUICK_CORRECT]
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
