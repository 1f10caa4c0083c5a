"""The report as Markdown, for the summary page of a CI run or a comment on a change.

What customers and bots wrote stands escaped or in fenced code, so that it can neither draw tables nor call people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Unpack

from chatdrill.checks.results import CaseJudgement, Finding, Statistic
from chatdrill.checks.service import ALL, Service
from chatdrill.coverage import suggestions, to_markdown
from chatdrill.trace.transcript import render_text, render_wire
from chatdrill.trace.transcript.phrases import one_line, plain, platform_title, seconds
from chatdrill_reports import repeats
from chatdrill_reports.contract import Report, Run, numbered_findings
from chatdrill_reports.marking import code, fenced, md
from chatdrill_reports.past import past_lines
from chatdrill_reports.pins import pin
from chatdrill_reports.service import Figure, agent_cells, agent_name, busiest, figures, left_out
from chatdrill_reports.words import (
    BARRED,
    MARKS,
    VERDICT_WORDS,
    blame,
    case_title,
    counted,
    latency_name,
    percentile_words,
    place,
    row_words,
    summary,
    unsaid,
    wire_times,
)

_SIZE_MAX = 900_000  # GitHub takes job summaries of up to 1 MiB
_CASES_IN_FULL_MAX = 30
_WIDTH = 90
_SUGGESTED = 10
_PAST_MAX = 30


def render(**run: Unpack[Run]) -> bytes:
    """The text, in UTF-8; transcripts that would make it longer than CI systems accept are left out, and counted."""
    report = Report(**run)
    return ("\n".join(line for section in SECTIONS for line in section(report)) + "\n").encode("utf-8", "replace")


def _head(report: Report) -> Iterator[str]:
    judgement, run = report.judgement, report.transcripts.run
    yield f"## {md(report.title or 'chatdrill')}: {VERDICT_WORDS[judgement.verdict]}"
    yield ""
    yield f"{MARKS[judgement.verdict]} {summary(judgement)}"
    if run is not None:
        yield f"Bot {code(run.bot)}, seed {code(str(run.seed))}, chatdrill {md(run.version)}."
    if report.time is not None:
        yield f"Time: {md(report.time.words)}"
    yield ""


def _cases(report: Report) -> Iterator[str]:
    if not report.judgement.cases or report.judgement.repeats:
        return
    yield "| | Conversation | Platform | Row | Messages | Time | Findings |"
    yield "|---|---|---|---|---:|---:|---:|"
    for case in report.judgement.cases:
        count = len(case.findings) or ""
        name, platform, row = md(one_line(case.name, 80)), md(platform_title(case.platform)), md(row_words(case.row))
        yield f"| {MARKS[case.verdict]} | {name} | {platform} | {row} | {case.messages} | {seconds(case.took_s)} | {count} |"
    yield ""


def _repeats(report: Report) -> Iterator[str]:
    judgement = report.judgement
    if not judgement.repeats:
        return
    rows = repeats.rows(judgement)
    yield "### Repeats"
    yield ""
    yield f"| | Conversation | Platform | | Passed | Rate | Interval | 0 to 100 % | {md(repeats.last_power(judgement))} |"
    yield "|---|---|---|---|---:|---:|---:|---|---:|"
    for row in rows:
        names = f"{MARKS[row.repeats.verdict]} | {md(row.name)} | {md(row.platform)} | {row.mark}"
        yield f"| {names} | {row.passed} | {row.rate} | {row.interval} | {code(row.bar)} | {row.power} |"
    yield ""
    yield f"All cases: {md(repeats.powers(judgement))} ({md(repeats.HINT)})."
    yield ""
    for row in rows:
        yield from _failed_repeats(row)


def _failed_repeats(row: repeats.Row) -> Iterator[str]:
    if not row.failed:
        return
    yield f"**{md(row.name)}** on {md(row.platform)}:"
    yield ""
    for number, why, failed in row.failed:
        command = f": {code(plain(failed.replay))}" if failed.cause == "seed" else ""
        yield f"- {md(number)} {md(why)}{command}"
    if row.more:
        yield f"- {row.more}"
    yield ""


def _past(report: Report) -> Iterator[str]:
    if report.past is None or (report.past.comparison is None and report.past.trends is None):
        return
    found = past_lines(report.past)
    yield f"### {md(found.head)}"
    yield ""
    yield from (f"- {MARKS[verdict]} {md(text)}" for verdict, text in found.lines[:_PAST_MAX])
    if len(found.lines) > _PAST_MAX:
        yield f"- and {len(found.lines) - _PAST_MAX} more"
    yield ""


def _latencies(report: Report) -> Iterator[str]:
    if not report.judgement.statistics:
        return
    yield "### How long customers waited"
    yield ""
    yield "| | Platform | Answers | p50 | p90 | p95 | p99 | slowest |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    yield from map(_latency_row, report.judgement.statistics)
    yield ""


def _latency_row(statistic: Statistic) -> str:
    name = ", ".join(filter(None, (latency_name(statistic.name), counted(statistic))))
    platform = "all" if statistic.platform == "*" else platform_title(statistic.platform)
    cells = [md(name), md(platform), str(statistic.samples), *percentile_words(statistic)]
    return f"| {' | '.join(cells)} |"


def _service(report: Report) -> Iterator[str]:
    if report.service is None:
        return
    yield "### Service"
    yield ""
    columns = [report.service.overall]
    columns += report.service.platforms if len(report.service.platforms) > 1 else ()
    heads = ["all" if one.platform == ALL else md(platform_title(one.platform)) for one in columns]
    yield f"| | {' | '.join(heads)} |"
    yield f"|---|{'---|' * len(heads)}"
    for rows in zip(*map(figures, columns), strict=True):
        yield f"| {rows[0].name} | {' | '.join(map(_figure, rows))} |"
    yield ""
    yield from _agents(report.service.overall)


def _figure(figure: Figure) -> str:
    said = ", ".join(figure.said)
    return f"**{figure.value}** ({said})" if figure.is_measured and said else figure.value


def _agents(service: Service) -> Iterator[str]:
    if not service.agents:
        return
    yield "| Agent | Conversations | For | Most at once | May hold |"
    yield "|---|---:|---:|---:|---:|"
    for agent in busiest(service):
        yield f"| {md(agent_name(agent, service))} | {' | '.join(agent_cells(agent))} |"
    yield ""
    if left_out(service):
        yield left_out(service)
        yield ""


def _faults(report: Report) -> Iterator[str]:
    found = report.injections
    if found is None:
        return
    yield "### Faults"
    yield ""
    yield f"Wanted: {code(found.wanted)}. Struck {md(found.summary)}."
    yield ""
    if found.kinds:
        yield "| Kind | Times | Conversations | On | For example |"
        yield "|---|---:|---:|---|---|"
    for kind in found.kinds:
        places = md(", ".join(map(platform_title, kind.platforms)))
        yield f"| {md(kind.name)} | {kind.count} | {kind.conversations} | {places} | {md(kind.example)} |"
    yield ""
    yield from _folded(
        "Faults by conversation", "\n".join(f"{one_line(name, 120)}: {struck}" for name, struck in found.cases)
    )
    yield from (f"- {md(sentence)}" for sentence in found.skipped)
    yield ""


def _barred(report: Report) -> Iterator[str]:
    if not report.barred:
        return
    yield "### Kept from"
    yield ""
    yield f"{md(BARRED)}."
    yield ""
    yield from (f"- {code(host)} {times}" for host, times in report.barred.items())
    yield ""


def _coverage(report: Report) -> Iterator[str]:
    if report.coverage is not None:
        yield from to_markdown(report.coverage, suggestions(report.coverage, _SUGGESTED), level=3)


def _findings(report: Report) -> Iterator[str]:
    numbered = numbered_findings(report.judgement)
    if not numbered:
        return
    yield "### Findings"
    yield ""
    for number, (case, finding) in numbered.items():
        if case is None:
            yield from _finding(number, finding)
    yield ""
    failed = list(repeats.told_in_full(report.judgement))
    written = 0
    for count, case in enumerate(failed):
        mine = [(number, finding) for number, (owner, finding) in numbered.items() if owner is case]
        lines = list(_case(report, case, mine))
        written += sum(len(line.encode("utf-8", "replace")) + 1 for line in lines)
        if count >= _CASES_IN_FULL_MAX or written > _SIZE_MAX:
            yield f"{len(failed) - count} more conversations with findings are in the HTML report."
            return
        yield from lines
    if repeats.left_out(report.judgement):
        yield repeats.left_out(report.judgement)


def _case(report: Report, case: CaseJudgement, findings: Sequence[tuple[int, Finding]]) -> Iterator[str]:
    yield f"#### {MARKS[case.verdict]} {md(case_title(case))}"
    yield ""
    if place(case):
        yield f"{code(place(case))}, seed {code(str(case.seed))}"
        yield ""
    for number, finding in findings:
        yield from _finding(number, finding)
    view = report.transcripts.view(case.case)
    pinned = pin(view, findings)
    excerpt = view.around(tuple(pinned.by_record))
    yield ""
    yield from _folded("Conversation", render_text(excerpt, width=_WIDTH, notes=pinned.notes))
    yield from _folded(f"On the wire ({wire_times(view)})", render_wire(view, width=_WIDTH))
    if case.replay:
        yield "Play it again:"
        yield ""
        yield from fenced(plain(case.replay), "sh")
    yield ""


def _finding(number: int, finding: Finding) -> Iterator[str]:
    yield f"{number}. **{md(finding.message)}**"
    for label, text in unsaid(finding).items():
        yield f"   - {md(label)}: {md(one_line(text, 500))}"
    yield f"   - the fault of {md(blame(finding))}"


def _folded(title: str, text: str) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from fenced(text, "text")
    yield ""
    yield "</details>"
    yield ""


# A further section is a function in this list.
SECTIONS: tuple[Callable[[Report], Iterator[str]], ...] = (
    _head,
    _cases,
    _repeats,
    _past,
    _latencies,
    _service,
    _faults,
    _barred,
    _coverage,
    _findings,
)
