"""A load run on the terminal, at its end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatdrill.engine.durations import say_seconds
from chatdrill_load.report.words import (
    COLUMNS,
    KINDS,
    LAG_S,
    beside,
    broken,
    commands,
    commonest,
    forgiven,
    recovered,
    worst,
)
from chatdrill_load.result import LoadResult, TableRow

_MARKS = {"pass": "✓", "fail": "✗", "inconclusive": "?", "none": "?"}
_WORDS = {"pass": "PASSED", "fail": "FAILED", "inconclusive": "UNDECIDED", "none": "UNDECIDED"}
_BAD_MAX = 10
_ROWS_MAX = 12
_NAME_MAX = 44


def summary(result: LoadResult) -> str:
    """All that a reader needs who opens nothing else."""
    parts = [
        _head(result),
        _table(result.rows, result.replies),
        _counts(result),
        _bad(result),
        _agents(result),
        _recovery(result),
        _gates(result),
        _verdict(result),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _head(result: LoadResult) -> list[str]:
    lines = [f"chatdrill load: {result.conversations:,} conversations in {say_seconds(result.took_s)}, {result.plan}"]
    lines += [f"bot at {result.bot}"] if result.bot else []
    lines.append(f"seed {result.seed}, at most {result.open_most:,} conversations at once")
    if result.partial:
        lines.append(f"! partial: {result.partial}")
    if result.lag_p99_s > LAG_S:
        lines.append(
            f"! chatdrill itself could not keep up: it was up to {say_seconds(result.lag_s)} late "
            f"(p99 {say_seconds(result.lag_p99_s)}); use more workers (--processes N), or fewer customers"
        )
    return lines


def _table(rows: Sequence[TableRow], replies: TableRow | None) -> list[str]:
    shown = [row for row in rows if row.kind in KINDS]
    if not shown:
        return []
    head = f"{'':<{_NAME_MAX}}{'samples':>10}" + "".join(f"{column:>9}" for column in (*COLUMNS, "max"))
    lines = [head] if replies is None else [head, _line(replies, "every reply")]
    for kind, words in KINDS.items():
        own = [row for row in shown if row.kind == kind]
        if own:
            lines.append(words.lower())
            lines += [_line(row) for row in _worth_a_line(own)]
            left = len(own) - _ROWS_MAX
            lines += [f"  and {left} more, all faster"] if left > 0 else []
    if any(row.few for row in shown):
        lines.append("~ too few samples to tell this percentile from the maximum")
    return lines


def _worth_a_line(rows: Sequence[TableRow]) -> list[TableRow]:
    """The sums, and the slowest: in the order of the scenarios' steps."""
    slowest = sorted(rows, key=lambda row: (row.name != "*", -row.percentiles_s["p95"]))[:_ROWS_MAX]
    return sorted(slowest, key=lambda row: (row.name != "*", row.platform, _steps_in_order(row.name)))


def _steps_in_order(name: str) -> list[tuple[int, str]]:
    return [(int(word), "") if word.isdecimal() else (0, word) for word in re.split(r"(\d+)", name)]


def _line(row: TableRow, name: str = "") -> str:
    where = "all" if row.platform == "*" else row.platform
    name = name or (f"  {where}" if row.name in ("*", "") else f"  {where} · {row.name}")
    name = name if len(name) < _NAME_MAX else name[: _NAME_MAX - 2] + "…"
    cells = [f"{'~' if column in row.few else ''}{say_seconds(row.percentiles_s[column])}" for column in COLUMNS]
    return f"{name:<{_NAME_MAX}}{row.samples:>10,}" + "".join(f"{cell:>9}" for cell in (*cells, say_seconds(row.max_s)))


def _counts(result: LoadResult) -> list[str]:
    words = {
        "answered": "turns were answered",
        "unanswered": "turns got no answer in time",
        "late": "replies came too late for anybody to wait for",
        "more": "further messages after an answer",
        "unmatched": "messages answer nothing that was asked",
        "turned_away": "customers were due and never came in: so many talked already as may at once (--customers)",
        "abandoned": "conversations were given up by the customer",
    }
    lines = [f"{count:>10,} {words[what]}" for what, count in result.counts.items() if what in words]
    lines += [f"{count:>10,} calls of {method} were refused" for method, count in result.refused.items()]
    lines += [f"{count:>10,} faults of the kind {kind} struck by chance" for kind, count in commonest(result.struck)]
    return lines + ([f"{result.broken_off:>10,} conversations were broken off at the end"] if result.broken_off else [])


def _bad(result: LoadResult) -> list[str]:
    failures = commonest(result.failures)
    lines = [
        f"{count:>10,} conversation{'s' * (count != 1)} failed: {broken(check)}{beside(check)}"
        for check, count in failures
    ]
    for group in worst(result.worst)[:_BAD_MAX]:
        others = f" (and {len(group.cases) - 1} like it)" if len(group.cases) > 1 else ""
        lines.append(f"  {group.problem}{beside(group.check)}\n    in {group.cases[0]}{others}")
    return lines + [f"  their transcripts: {command}" for command in commands(result.worst)]


def _recovery(result: LoadResult) -> list[str]:
    return list(map(recovered, result.recoveries))


def _gates(result: LoadResult) -> list[str]:
    return [f"{_MARKS[gate.verdict]} {gate.gate}: {gate.words}" for gate in result.gates]


def _agents(result: LoadResult) -> list[str]:
    return [
        f"hour {each.hour + 1}: {each.agents} agents ({each.low} to {each.high}; Erlang C: {each.erlang_c}) for "
        f"{each.handoffs_per_h:,.0f} handoffs an hour and {each.target}; they are busy {each.occupancy:.0%} of the time"
        for each in result.agents
    ]


def _verdict(result: LoadResult) -> list[str]:
    failed = [gate for gate in result.gates if gate.verdict == "fail"]
    allowing = forgiven(result)
    allowed = f", which {allowing.gate} allows" if allowing else ""
    reasons = [f"{result.failed:,} of {result.conversations:,} conversations failed{allowed}"] if result.failed else []
    reasons += [f"{len(failed)} of {len(result.gates)} gates failed"] if failed else []
    if not result.counts:
        reasons = ["nobody talked"]
    words = "; ".join(reasons) or f"all {result.conversations:,} conversations passed"
    words += f"; but {result.partial}" if result.partial else ""
    return [f"{_MARKS[result.verdict]} {_WORDS[result.verdict]}: {words}."]
