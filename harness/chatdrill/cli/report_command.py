"""``chatdrill report``."""

from __future__ import annotations

import shlex
from pathlib import Path

from chatdrill.cli.covering import add_coverage, cover
from chatdrill.cli.options import parser
from chatdrill.cli.remembering import EARLIER_MAX, make_past, read_baseline
from chatdrill.cli.replaying import read_again
from chatdrill.cli.reporting import print_terminal
from chatdrill.errors import UsageError
from chatdrill.history import FILE, History, Past, summarise
from chatdrill.run.execute import Result
from chatdrill.run.registry import check_reporter, reporter_names
from chatdrill.run.reports import FILE_NAMES, write_reports
from chatdrill.run.traces import load_run, trace_of

_EXAMPLES = """\
  chatdrill report chatdrill-out/trace.jsonl
  chatdrill report chatdrill-out/trace.jsonl --format junit --to build/junit.xml
  chatdrill report chatdrill-out/trace.jsonl --format terminal"""


def main(words: list[str]) -> int:
    """Turn a recorded trace into a report."""
    options = parser("report", "Turn a recorded trace into a report.", _EXAMPLES)
    options.add_argument("trace", type=Path, help="a trace.jsonl, or the folder it lies in")
    options.add_argument(
        "--format", default="html", metavar="FORMAT", help=f"{', '.join(reporter_names())} (default: html)"
    )
    add_coverage(options)
    options.add_argument(
        "--baseline", metavar="WHAT", help="set it beside a number of --history, a trace or the folder of a run"
    )
    options.add_argument(
        "--history", type=Path, metavar="FILE", help="a history that has this run: those before it are told, too"
    )
    options.add_argument("--to", type=Path, metavar="FILE", help="default: beside the trace (allure writes a folder)")
    arguments = options.parse_args(words)
    check_reporter(arguments.format)
    trace = trace_of(arguments.trace)
    records, blobs = load_run(trace)
    result = Result(records, read_again(trace, records), blobs, trace=trace)
    if arguments.coverage:
        result.coverage = cover([records])
    result.past = _past(result, arguments.history, arguments.baseline)
    command = shlex.join(["chatdrill", "report", *words])
    if arguments.format == "terminal" and arguments.to is None:
        print_terminal(result, title=trace.name, command=command)
        return 0
    name = FILE_NAMES.get(arguments.format, f"report.{arguments.format}")
    path = arguments.to or trace.parent / name
    write_reports(result, {arguments.format: path}, title=trace.name, command=command)
    print(path)
    return 0


def _past(result: Result, file: Path | None, baseline: str | None) -> Past | None:
    """What came before, as far as it was asked for. Raises ``UsageError`` if a history does not have this run."""
    if file is None and baseline is None:
        return None
    history = None if file is None else History(file / FILE if file.is_dir() else file)
    given = None if baseline is None else read_baseline(baseline, history, Path.cwd())
    now = summarise(result.judgement, result.records, suite="")
    if history is None:
        return make_past(now, (), given, wants_last=False)
    known = history.find(now)
    if known is None:
        raise UsageError(f"{history.path} has no run like {result.trace}")
    earlier = history.runs(known.suite, most=EARLIER_MAX, before=known.number)
    return make_past(known, earlier, given, wants_last=True)
