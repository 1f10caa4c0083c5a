"""The report on a terminal: one line per conversation, then every failure in full, times, and the outcome last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Unpack

from chatdrill.checks.results import CaseJudgement, Finding, Statistic, worst
from chatdrill.coverage import suggestions
from chatdrill.coverage.telling import summary as summary_of
from chatdrill.trace import BotOutput
from chatdrill.trace.transcript import Transcripts, render_text, render_wire
from chatdrill.trace.transcript.cells import cells, pad, wrap
from chatdrill.trace.transcript.drawing import to_ascii
from chatdrill.trace.transcript.phrases import one_line, plain, platform_title, seconds
from chatdrill_reports import repeats
from chatdrill_reports.contract import Report, Run, numbered_findings
from chatdrill_reports.past import past_lines
from chatdrill_reports.pins import pin
from chatdrill_reports.service import NONE, agent_cells, agent_name, busiest, figures, left_out
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

_COLORS = {"pass": "32", "fail": "31", "error": "31", "inconclusive": "33", "none": "2", "dim": "2", "bold": "1"}
_OUTPUT_LINES_MAX = 12
_WIRE_MAX = 24
_FINDINGS_MAX = 40
_CASES_MAX = 60
_SUGGESTED = 3
_HOSTS_MAX = 20
_PAST_MAX = 15


def render(*, color: bool = False, width: int = 100, unicode: bool = True, **run: Unpack[Run]) -> bytes:
    """Text for a terminal of ``width`` columns, in UTF-8; in ASCII with plain signs if not ``unicode``."""
    report, page = Report(**run), Page(color, width)
    text = "\n".join(line.rstrip() for section in SECTIONS for line in section(page, report)) + "\n"
    return text.encode("utf-8", "replace") if unicode else to_ascii(text).encode("ascii", "backslashreplace")


def failures(*, color: bool = False, width: int = 100, **run: Unpack[Run]) -> bytes:
    """Only what is wrong: each conversation with findings in full, in UTF-8. What a failed test shows."""
    lines = _findings(Page(color, width), Report(**run))
    return "\n".join(line.rstrip() for line in lines).rstrip("\n").encode("utf-8", "replace") + b"\n"


@dataclass(frozen=True)
class Page:
    """What every section needs to know of the terminal."""

    color: bool
    width: int

    def ink(self, style: str, text: str) -> str:
        """The text in a colour, where colour was asked for."""
        return f"\x1b[{_COLORS[style]}m{text}\x1b[0m" if self.color and text else text

    def wrapped(self, text: str, first: str, rest: str = "") -> Iterator[str]:
        """The text in lines, the first with a head, the others indented as far."""
        lead = rest or " " * cells(first)
        for number, line in enumerate(wrap(plain(text), max(30, self.width - cells(first)))):
            yield f"{first if number == 0 else lead}{line}"


def _head(page: Page, report: Report) -> Iterator[str]:
    run = report.transcripts.run
    title = one_line(report.title, 60) or "chatdrill"
    count = len(report.judgement.cases)
    yield page.ink("bold", title) + f": {count} conversation{'s'[: count != 1]}"
    if run is not None:
        yield page.ink("dim", one_line(f"bot {run.bot}, seed {run.seed}, chatdrill {run.version}", 200))
    if report.time is not None:
        yield from (page.ink("dim", line) for line in page.wrapped(report.time.words, "time ", "  "))
    yield ""


def _cases(page: Page, report: Report) -> Iterator[str]:
    """A line for each conversation, or for each scenario where that would be too many lines to read; repeats have theirs."""
    cases = report.judgement.cases
    if report.judgement.repeats:
        return
    groups = [[case] for case in cases] if len(cases) <= _CASES_MAX else _by_scenario(cases)
    names = [one_line(group[0].name, max(20, page.width - 56)) for group in groups]
    column = max(map(cells, names), default=0)
    for group, name in zip(groups, names, strict=True):
        verdict = worst(case.verdict for case in group)
        facts, rest = _facts(group)
        yield f"  {page.ink(verdict, MARKS[verdict])} {pad(name, column)}  {facts}  {page.ink('dim', one_line(rest, 30))}"
    yield ""


def _repeats(page: Page, report: Report) -> Iterator[str]:
    judgement = report.judgement
    if not judgement.repeats:
        return
    rows = repeats.rows(judgement)
    column = max(cells(one_line(row.name, page.width - 40)) for row in rows)
    yield page.ink("bold", "Repeats")
    yield from (page.ink("dim", line) for line in page.wrapped(repeats.HINT, "  "))
    for row in rows[:_CASES_MAX]:
        verdict = row.repeats.verdict
        yield f"  {page.ink(verdict, MARKS[verdict])} {pad(one_line(row.name, page.width - 40), column)}  {row.platform:<10} {row.mark}"
        last = f"{repeats.last_power(judgement)} {row.power}"
        yield f"      {row.passed:<10} {row.rate:>7}  {row.bar} {row.interval:<9} {last}"
        yield from _failed_repeats(page, row)
    if len(rows) > _CASES_MAX:
        yield f"  and {len(rows) - _CASES_MAX} more cases"
    yield from page.wrapped(repeats.powers(judgement), "  all cases: ")
    yield ""


def _failed_repeats(page: Page, row: repeats.Row) -> Iterator[str]:
    for number, why, failed in row.failed:
        yield from page.wrapped(why, f"      {number:<4} ")
        if failed.cause == "seed":
            yield f"           {plain(failed.replay)}"
    if row.more:
        yield page.ink("dim", f"      {row.more}")


def _by_scenario(cases: Sequence[CaseJudgement]) -> list[list[CaseJudgement]]:
    groups: dict[tuple[str | None, str], list[CaseJudgement]] = {}
    for case in cases:
        groups.setdefault((case.file, case.name), []).append(case)
    return list(groups.values())


def _facts(group: Sequence[CaseJudgement]) -> tuple[str, str]:
    """The columns of a line, and what stands behind them in grey."""
    messages = sum(case.messages for case in group)
    count = f"{messages} message{'s'[: messages != 1]}"
    took = seconds(max(case.took_s for case in group))
    if len(group) == 1:
        return f"{platform_title(group[0].platform):<10} {count:>12} {took:>8}", row_words(group[0].row)
    bad = sum(case.verdict != "pass" for case in group)
    return f"{len(group):>3} times  {count:>12} {took:>8}", f"{bad} not passed" if bad else ""


def _findings(page: Page, report: Report) -> Iterator[str]:
    numbered = numbered_findings(report.judgement)
    told = list(repeats.told_in_full(report.judgement))
    names = {case.case for case in told}
    due = [number for number, (case, _) in numbered.items() if case is None or case.case in names]
    shown = due[:_FINDINGS_MAX]
    own = [(number, numbered[number][1]) for number in shown if numbered[number][0] is None]
    if own:
        yield from _title(page, worst(finding.verdict for _, finding in own), "The run as a whole")
        for number, finding in own:
            yield from _finding(page, number, finding)
        yield ""
    for case in told:
        mine = [(number, numbered[number][1]) for number in shown if numbered[number][0] is case]
        if mine:
            yield from _case_in_full(page, report.transcripts, case, mine)
    if len(due) > len(shown):
        yield f"{len(due) - len(shown)} more findings are in the other reports."
        yield ""
    if repeats.left_out(report.judgement):
        yield repeats.left_out(report.judgement)
        yield ""


def _title(page: Page, verdict: str, words: str) -> Iterator[str]:
    title = one_line(words, page.width - 8)
    rule = "─" * max(3, page.width - cells(title) - 3)
    yield f"{page.ink(verdict, MARKS[verdict])} {page.ink('bold', title)} {page.ink('dim', rule)}"


def _case_in_full(
    page: Page, transcripts: Transcripts, case: CaseJudgement, findings: list[tuple[int, Finding]]
) -> Iterator[str]:
    yield from _title(page, case.verdict, case_title(case))
    if place(case):
        yield f"  {page.ink('dim', place(case))}"
    for number, finding in findings:
        yield from _finding(page, number, finding)
    view = transcripts.view(case.case)
    pinned = pin(view, findings)
    excerpt = view.around(tuple(pinned.by_record))
    yield ""
    yield render_text(excerpt, color=page.color, width=page.width, notes=pinned.notes)
    yield ""
    yield f"  On the wire {page.ink('dim', f'({wire_times(view)})')}"
    yield render_wire(view, color=page.color, width=page.width, most=_WIRE_MAX)
    yield ""
    yield from _replay(case)


def _finding(page: Page, number: int, finding: Finding) -> Iterator[str]:
    yield from page.wrapped(finding.message, f"  {number}. ")
    details = unsaid(finding)
    column = max(map(cells, details), default=0)
    for label, text in details.items():
        yield from page.wrapped(text, f"     {pad(label, column)}  ")
    yield page.ink("dim", f"     the fault of {blame(finding)}")


def _replay(case: CaseJudgement) -> Iterator[str]:
    yield f"  Seed {case.seed}" + (". Play it again with:" if case.replay else "")
    if case.replay:
        yield f"    {plain(case.replay)}"
    yield ""


def _latencies(page: Page, report: Report) -> Iterator[str]:
    statistics = report.judgement.statistics
    if not statistics:
        return
    heads = ("answers", "p50", "p90", "p95", "p99", "slowest")
    yield page.ink("bold", "How long customers waited") + page.ink(
        "dim", "  (p90: nine answers in ten came within this time)"
    )
    yield page.ink("dim", f"  {'':<18} {'':<12}" + "".join(f"{head:>9}" for head in heads))
    last = ""
    for statistic in statistics:
        name, clock = latency_name(statistic.name), counted(statistic)
        title = f"{name}, {clock}" if clock else name
        if clock and title != last:
            yield f"  {title}"
        yield f"  {'' if clock or title == last else title:<18} {_platform(statistic):<12}{_numbers(statistic)}"
        last = title
    yield ""


def _platform(statistic: Statistic) -> str:
    return "all" if statistic.platform == "*" else platform_title(statistic.platform)


def _numbers(statistic: Statistic) -> str:
    return "".join(f"{cell:>9}" for cell in (str(statistic.samples), *percentile_words(statistic)))


def _past(page: Page, report: Report) -> Iterator[str]:
    """What is another than before: the verdicts that changed, what is slower, and what is flaky, with the figures that say why."""
    past = report.past
    if past is None or (past.comparison is None and past.trends is None):
        return
    found = past_lines(past)
    yield page.ink("bold", found.head)
    for verdict, text in found.lines[:_PAST_MAX]:
        mark = page.ink(verdict, MARKS[verdict])
        yield from page.wrapped(text, f"  {mark} ", "    ")
    if len(found.lines) > _PAST_MAX:
        yield f"  and {len(found.lines) - _PAST_MAX} more: chatdrill history --flaky"
    yield ""


def _service(page: Page, report: Report) -> Iterator[str]:
    if report.service is None:
        return
    overall = report.service.overall
    yield page.ink("bold", "Service") + page.ink("dim", "  (means; in drill time)")
    for figure in figures(overall):
        value = f"{figure.value:>9}" if figure.is_measured else page.ink("dim", NONE)
        rest = page.ink("dim", ", ".join(figure.said))
        yield f"  {figure.name:<28}{value}  {rest}"
    if overall.agents:
        yield page.ink("dim", f"  {'agents':<28}{'conversations':>13}{'for':>10}{'at once':>9}{'may hold':>10}")
    for agent in busiest(overall):
        count, held, peak, capacity = agent_cells(agent)
        yield f"  {pad(one_line(agent_name(agent, overall), 27), 28)}{count:>13}{held:>10}{peak:>9}{capacity:>10}"
    if left_out(overall):
        yield page.ink("dim", f"  {left_out(overall)}")
    yield ""


def _faults(page: Page, report: Report) -> Iterator[str]:
    found = report.injections
    if found is None:
        return
    yield from page.wrapped(found.summary, page.ink("bold", "Faults") + "  ", "        ")
    for sentence in found.skipped:
        yield from (page.ink("dim", line) for line in page.wrapped(sentence, "  "))
    yield ""


def _barred(page: Page, report: Report) -> Iterator[str]:
    if not report.barred:
        return
    yield page.ink("bold", "Kept from") + page.ink("dim", f"  ({BARRED})")
    hosts = list(report.barred.items())
    yield from (f"  {pad(one_line(host, 60), 40)}  {times}" for host, times in hosts[:_HOSTS_MAX])
    if len(hosts) > _HOSTS_MAX:
        yield f"  and {len(hosts) - _HOSTS_MAX} more"
    yield ""


def _coverage(page: Page, report: Report) -> Iterator[str]:
    if report.coverage is None:
        return
    yield from page.wrapped(summary_of(report.coverage), page.ink("bold", "Coverage") + "  ", "          ")
    for one in suggestions(report.coverage, _SUGGESTED):
        yield page.ink("dim", f"  missing: {one.gap}")
    yield page.ink("dim", "  chatdrill coverage tells the rest, and writes scenarios for it")
    yield ""


def _output(page: Page, report: Report) -> Iterator[str]:
    """The last words of a bot, where something broke."""
    if report.judgement.verdict != "error":
        return
    lines = [record.line for record in report.records if isinstance(record, BotOutput)]
    if lines:
        yield page.ink("bold", "What the bot printed last")
        yield from (f"  {one_line(line, page.width - 2)}" for line in lines[-_OUTPUT_LINES_MAX:])
        yield ""


def _outcome(page: Page, report: Report) -> Iterator[str]:
    judgement = report.judgement
    word = VERDICT_WORDS[judgement.verdict].upper()
    count = len(judgement.findings)
    findings = f" {count} finding{'s'[: count != 1]}." if count else ""
    yield f"{page.ink(judgement.verdict, f'{MARKS[judgement.verdict]} {word}')}: {summary(judgement)}{findings}"
    if report.command and judgement.verdict not in ("pass", "none"):
        yield page.ink("dim", f"Run it all again: {plain(report.command)}")


Section = Callable[[Page, Report], Iterator[str]]

# A further section is a function in this list.
SECTIONS: tuple[Section, ...] = (
    _head,
    _cases,
    _repeats,
    _findings,
    _latencies,
    _past,
    _service,
    _faults,
    _barred,
    _coverage,
    _output,
    _outcome,
)
