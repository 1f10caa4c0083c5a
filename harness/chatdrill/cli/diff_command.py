"""``chatdrill diff``."""

from __future__ import annotations

import sys
from pathlib import Path

from chatdrill.cli import FAIL, PASS
from chatdrill.cli.differences import add_comparing, shown, write_differences
from chatdrill.cli.options import parser
from chatdrill.cli.replaying import read_again
from chatdrill.comparing import compare
from chatdrill.run.traces import load_run, trace_of
from chatdrill.trace import Record, RunBegan

_EXAMPLES = """\
  chatdrill diff before/ after/
  chatdrill diff main/trace.jsonl branch/trace.jsonl --to diff.html
  chatdrill diff monday/ today/ --compare structure --json

0: nothing changed; 1: something did."""


def main(words: list[str]) -> int:
    """Say what changed between two runs."""
    options = parser("diff", "What changed between two runs: replies, their times, verdicts.", _EXAMPLES)
    options.add_argument("before", type=Path, metavar="A", help="a trace.jsonl, or the folder it lies in")
    options.add_argument("after", type=Path, metavar="B", help="the other")
    add_comparing(options, "wording")
    options.add_argument("--no-times", action="store_true", help="do not compare response times")
    arguments = options.parse_args(words)
    traces = trace_of(arguments.before), trace_of(arguments.after)
    before, after = (load_run(trace)[0] for trace in traces)
    found = compare(
        before,
        after,
        titles=(str(traces[0]), str(traces[1])),
        strictness=arguments.compare,
        verdicts=(_verdicts(traces[0], before), _verdicts(traces[1], after)),
        with_times=not arguments.no_times,
    )
    for path in write_differences(found, arguments.to):
        print(path, file=sys.stderr)
    shown(found, as_json=arguments.json)
    return PASS if found.is_same else FAIL


def _verdicts(trace: Path, records: list[Record]) -> dict[str, str]:
    """The verdict on each case; what was recorded of real people was no drill, and is not judged."""
    if any(isinstance(record, RunBegan) and record.settings.get("recorded") for record in records):
        return {}
    return {case.case: case.verdict for case in read_again(trace, records).cases}
