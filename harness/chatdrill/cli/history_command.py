"""``chatdrill history``."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from chatdrill.cli.options import parser
from chatdrill.cli.reporting import use_color
from chatdrill.errors import UsageError
from chatdrill.history import FILE, History, Trends, trends
from chatdrill.history.keeping import Line
from chatdrill.history.telling import case_lines, trend_lines
from chatdrill.run.settings import load_settings
from chatdrill.trace.transcript.phrases import one_line, seconds

_EXAMPLES = """\
  chatdrill history
  chatdrill history chatdrill-out/history.db --last 50
  chatdrill history --case "torn shoe"
  chatdrill history --flaky --json
  sqlite3 chatdrill-out/history.db "SELECT name, count(*) FROM cases WHERE verdict = 'fail' GROUP BY name"
"""
_LAST, _READ_MAX = 20, 30
_COLORS = {"pass": "32", "fail": "31", "error": "31", "inconclusive": "33"}


def main(words: list[str]) -> int:
    """List the runs of a history, and the cases that are flaky or slower than they were."""
    options = parser("history", "List the runs that were kept, and what they say of cases.", _EXAMPLES.rstrip())
    options.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="the history, or the folder it lies in (default: that of --out)",
    )
    options.add_argument("--suite", metavar="NAME", help="only this suite (default: the one played last)")
    options.add_argument("--last", type=int, default=_LAST, metavar="N", help=f"so many runs (default: {_LAST})")
    options.add_argument("--case", metavar="WORDS", help="how the cases with this in their name went, run by run")
    options.add_argument("--flaky", action="store_true", help="only what is flaky, broke, or is slower than it was")
    options.add_argument("--json", action="store_true", help="print it for machines")
    arguments = options.parse_args(words)
    if arguments.last < 1:
        raise UsageError(f"--last {arguments.last}: at least one run")
    history = History(_place(arguments.file))
    suites = history.suites()
    suite = arguments.suite or next(iter(suites), None)
    if suite not in suites:
        raise UsageError(f"{history.path} has no suite {suite!r}; it has: {', '.join(suites) or 'none'}")
    lines = history.lines(suite=suite, most=arguments.last)
    runs = history.runs(suite, most=_READ_MAX)
    told = trends(runs[-1], runs[:-1])
    if arguments.json:
        print(json.dumps({"suite": suite, "suites": suites, **_data(lines, told)}))
        return 0
    others = [name for name in suites if name != suite]
    shown = () if arguments.flaky or arguments.case else _table(suite, lines, others)
    cases = [one for one in told.cases if arguments.case and arguments.case.lower() in one.now.case.lower()]
    for text in (*shown, *(case_lines(cases) if arguments.case else trend_lines(told))):
        print(text)
    return 0


def _place(given: Path | None) -> Path:
    if given is None:
        settings = load_settings()
        file = settings["history"]
        return settings.out / FILE if file in (None, "none") else settings.folder("history") / file
    return given / FILE if given.is_dir() else given


def _table(suite: str, lines: Iterable[Line], others: list[str]) -> Iterator[str]:
    ink = use_color(sys.stdout)
    yield f"Runs of {one_line(suite, 80)}, the last first"
    for one in lines:
        when = dt.datetime.fromtimestamp(one.at).strftime("%Y-%m-%d %H:%M:%S") if one.at else "?"
        verdict = f"\x1b[{_COLORS.get(one.verdict, '2')}m{one.verdict:<12}\x1b[0m" if ink else f"{one.verdict:<12}"
        about = one_line(f"seed {one.seed}, bot {one.bot}", 60)
        yield f"  {one.number:>5}  {when}  {verdict}  {one.passed:>5} of {one.cases:<5} {seconds(one.took_s):>9}  {about}"
    if others:
        yield f"  other suites: {one_line(', '.join(others), 100)}"
    yield ""


def _data(lines: Iterable[Line], told: Trends) -> dict[str, object]:
    kinds = {kind: [_case(one) for one in told.of(kind)] for kind in ("flaky", "broke", "mended", "new")}
    return {"runs": [line._asdict() for line in lines], **kinds, "slower": [_case(one) for one in told.slower]}


def _case(one: object) -> object:
    return msgspec.to_builtins(one)
