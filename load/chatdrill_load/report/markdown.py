"""The load run as Markdown, for the summary of a CI run or a comment on a change; short enough to be read there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chatdrill.trace.transcript.phrases import plain
from chatdrill_load.report import words
from chatdrill_load.report.comparing import RULE, Change, Comparison, compare
from chatdrill_load.result import LoadResult, TableRow
from chatdrill_reports.marking import code, fenced, md
from chatdrill_reports.words import MARKS, VERDICT_WORDS

_ROWS_MAX = 20
_WORST_MAX = 5
_SIGNS = {"slower": "🔺", "faster": "🔽", "noise": "≈", "unknown": "?"}


def render_markdown(result: LoadResult, baseline: LoadResult | None = None) -> bytes:
    """The text, in UTF-8."""
    found = None if baseline is None else compare(result, baseline)
    lines = [line for section in _SECTIONS for line in section(result)]
    lines += _comparison(found) if found is not None else _percentiles(result)
    lines += [line for section in _ENDING for line in section(result)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _head(result: LoadResult) -> Iterator[str]:
    yield f"## {md(words.title(result))}: {VERDICT_WORDS[result.verdict]}"
    yield ""
    if result.partial:
        yield f"> **This run is not whole: {md(result.partial)}**"
        yield ""
    yield f"{MARKS[result.verdict]} {md(words.lead(result))} {_bot(result)}Seed {code(str(result.seed))}."
    yield ""
    yield from (f"- {MARKS[reason.verdict]} {md(reason.words)}" for reason in words.reasons(result))
    yield from (f"- {md(words.recovered(one))}" for one in result.recoveries)
    yield from (f"- ! {md(caution)}" for caution in words.cautions(result))
    yield ""


def _bot(result: LoadResult) -> str:
    return f"Bot {code(result.bot)}. " if result.bot else ""


def _gates(result: LoadResult) -> Iterator[str]:
    if not result.gates:
        return
    yield "| | Gate | |"
    yield "|---|---|---|"
    for gate in result.gates:
        yield f"| {MARKS[gate.verdict]} | {md(gate.gate)} | {md(gate.words)} |"
    yield ""


def _percentiles(result: LoadResult) -> Iterator[str]:
    rows = words.totals(words.shown(result.rows))[:_ROWS_MAX]
    if not rows:
        return
    yield f"| | Samples | {' | '.join(words.COLUMNS)} | slowest |"
    yield f"|---|---:|{'---:|' * (len(words.COLUMNS) + 1)}"
    for row in rows:
        cells = [_cell(row, name) for name in words.COLUMNS]
        yield f"| {_name(row)} | {row.samples:,} | {' | '.join(cells)} | {words.took(row.max_s)} |"
    if any(row.few for row in rows):
        yield ""
        yield md("~ too few samples to tell this percentile from the slowest")
    yield ""


def _name(row: TableRow) -> str:
    platform, step = words.where(row)
    return md(", ".join(filter(None, (words.KINDS[row.kind], platform, step))))


def _cell(row: TableRow, name: str) -> str:
    return f"{md('~') if name in row.few else ''}{words.took(row.percentiles_s.get(name))}"


def _comparison(found: Comparison) -> Iterator[str]:
    yield "### Beside the baseline"
    yield ""
    yield md(found.words())
    yield ""
    yield from (f"- ! {md(caution)}" for caution in found.cautions)
    for gate in found.turned:
        before, now = (VERDICT_WORDS[one] if one else "not set" for one in (gate.before, gate.now))
        yield f"- {md(gate.gate)}: {before} → {now}"
    yield ""
    yield from _pairs(found)
    yield f"<sub>{md(RULE)}</sub>"
    yield ""


def _pairs(found: Comparison) -> Iterator[str]:
    kept = words.totals([pair.row for pair in found.pairs])[:_ROWS_MAX]
    yield f"| | Samples | {' | '.join(words.COLUMNS)} |"
    yield f"|---|---:|{'---:|' * len(words.COLUMNS)}"
    for pair in found.pairs:
        if pair.row in kept:
            cells = [_change(pair.changes[name]) if name in pair.changes else "" for name in words.COLUMNS]
            yield f"| {_name(pair.row)} | {pair.row.samples:,} ({pair.before.samples:,}) | {' | '.join(cells)} |"
    yield ""


def _change(change: Change) -> str:
    share = f" {words.change(change.share)}" if change.share is not None else ""
    return f"{words.took(change.now_s)} ({words.took(change.before_s)}) {_SIGNS[change.means]}{share}"


def _troubles(result: LoadResult) -> Iterator[str]:
    found = [
        (said[count != 1], count) for what, said in words.TROUBLES.items() if (count := result.counts.get(what, 0))
    ]
    found += [(f"calls of {method} were refused", count) for method, count in result.refused.items()]
    yield from (f"- {count:,} {md(said)}" for said, count in found)
    if abandoned := result.counts.get("abandoned", 0):
        yield f"- {words.plural(abandoned, 'conversation')} given up by the customer"
    if found or abandoned:
        yield ""


def _struck(result: LoadResult) -> Iterator[str]:
    if result.struck:
        kinds = ", ".join(f"{code(kind)} {count:,}" for kind, count in words.commonest(result.struck))
        yield f"Faults struck by chance {sum(result.struck.values()):,} times: {kinds}"
        yield ""


def _worst(result: LoadResult) -> Iterator[str]:
    groups = words.worst(result.worst)
    if not groups:
        return
    yield f"<details><summary>Conversations that failed ({result.failed:,})</summary>"
    yield ""
    for group in groups[:_WORST_MAX]:
        yield f"- {len(group.cases)}× {md(group.problem)}{md(words.beside(group.check))}, such as {code(group.cases[0])}"
    yield ""
    if commands := words.commands(result.worst):
        yield from fenced("\n".join(commands), "sh")
        yield ""
    yield "</details>"
    yield ""


def _command(result: LoadResult) -> Iterator[str]:
    if result.command:
        yield from fenced(plain(result.command), "sh")


# A further section is a function in one of these lists.
_SECTIONS: tuple[Callable[[LoadResult], Iterator[str]], ...] = (_head, _gates)
_ENDING: tuple[Callable[[LoadResult], Iterator[str]], ...] = (_troubles, _struck, _worst, _command)
