"""``chatdrill judge``."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

import msgspec

from chatdrill.calendars import Calendar, read_calendars
from chatdrill.checks.sla import resolved_sla
from chatdrill.cli.options import parser
from chatdrill.cli.playing import exit_code
from chatdrill.cli.replaying import read_again
from chatdrill.cli.reporting import print_terminal
from chatdrill.errors import UsageError
from chatdrill.run.execute import Result
from chatdrill.run.traces import load_run, trace_of
from chatdrill.trace import Record, RunBegan

_EXAMPLES = """\
  chatdrill judge chatdrill-out/trace.jsonl
  chatdrill judge chatdrill-out/trace.jsonl --sla first_response=2s --sla p95_next_response=1.5s
  chatdrill judge chatdrill-out/trace.jsonl --check unexpected=allow --json

The names are those of `sla` in a scenario and of `chatdrill checks`."""


def main(words: list[str]) -> int:
    """Judge a recorded trace again, with other response times or newer checks."""
    options = parser("judge", "Judge a recorded trace again, with other response times or newer checks.", _EXAMPLES)
    options.add_argument("trace", type=Path, help="a trace.jsonl, or the folder it lies in")
    options.add_argument("--sla", action="append", default=[], metavar="NAME=TIME", help="a response time (repeatable)")
    options.add_argument(
        "--check", action="append", default=[], metavar="ID=VALUE", help="on, off or a parameter (repeatable)"
    )
    options.add_argument("--json", action="store_true", help="print the judgement for machines")
    arguments = options.parse_args(words)
    sla, checks = _pairs(arguments.sla), _pairs(arguments.check)
    trace = trace_of(arguments.trace)
    records, blobs = load_run(trace)
    blocks = {"sla": resolved_sla(sla, _calendars(records), "--sla"), "checks": checks}
    judgement = read_again(trace, records, **blocks)
    result = Result(records, judgement, blobs, trace=trace)
    if arguments.json:
        print(json.dumps(msgspec.to_builtins(judgement)))
    else:
        print_terminal(result, title="chatdrill judge", command=shlex.join(["chatdrill", "judge", *words]))
    return exit_code(result)


def _calendars(records: Sequence[Record]) -> dict[str, Calendar]:
    """The calendars of the run, so that ``--sla calendar=shop`` may name one."""
    settings = records[0].settings if records and isinstance(records[0], RunBegan) else {}
    return read_calendars(settings.get("calendars", {}), lambda *names: f"the trace: calendars.{'.'.join(names)}")


def _pairs(words: list[str]) -> dict[str, str]:
    for word in words:
        if "=" not in word:
            raise UsageError(f"write NAME=VALUE, not {word!r}")
    return {name: value for name, _, value in (word.partition("=") for word in words)}
