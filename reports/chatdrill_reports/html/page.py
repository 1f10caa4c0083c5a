"""The page: a list of sections, each a small function that gathers what its template draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, Unpack

from jinja2 import Environment
from markupsafe import Markup

from chatdrill.checks.hours import calendars
from chatdrill.checks.results import Latency
from chatdrill.checks.sla import read_sla
from chatdrill.errors import UsageError
from chatdrill.trace import BotOutput, BotState, CaseBegan
from chatdrill.trace.transcript import phrases
from chatdrill.trace.transcript.drawing import aside_words, wire_result, wire_time
from chatdrill_reports import repeats, service, words
from chatdrill_reports.contract import Report, Run, numbered_findings
from chatdrill_reports.html import chart, markup, shell
from chatdrill_reports.html.conversations import Conversation, conversations
from chatdrill_reports.html.heat import heat_maps
from chatdrill_reports.html.shell import Section
from chatdrill_reports.html.thumbs import Thumbs

_BOT_LINES_MAX = 200


def render(**run: Unpack[Run]) -> bytes:
    """The page, in UTF-8. Works from a file, without a network and without JavaScript."""
    book = Book(Report(**run))
    environment = _environment()
    sections = shell.sections(SECTIONS, book, environment)
    names = {"book": book, "sections": sections, "icons": Markup(shell.text("icons.svg"))}
    return shell.page("page.html.j2", names, environment=environment)


class Book:
    """What several sections need: the report, its findings by number, its conversations, its pictures."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.judgement = report.judgement
        self.run = report.transcripts.run
        self.thumbs = Thumbs(report.blobs)
        self.numbered = numbered_findings(report.judgement)

    @cached_property
    def conversations(self) -> list[Conversation]:
        """All conversations, told."""
        hours = calendars(self.report.records)
        return conversations(self.judgement.cases, self.report.transcripts, self.numbered, hours)

    @cached_property
    def by_case(self) -> Mapping[int, Conversation]:
        """A conversation by the identity of its judgement."""
        return {id(one.case): one for one in self.conversations}

    @property
    def title(self) -> str:
        """The title of the page."""
        return phrases.one_line(self.report.title, 100) or "Conversation drill"


# -------------------------------------------------------------------------------------------------- the sections


def _overview(book: Book) -> Mapping[str, Any]:
    counts = [(verdict, book.judgement.count(verdict)) for verdict in words.VERDICTS]
    firsts = [one for one in book.judgement.statistics if one.name == "first_response"]
    overall = next((one for one in firsts if one.platform == "*"), firsts[0] if firsts else None)
    return {
        "counts": [(verdict, count) for verdict, count in counts if count],
        "first": overall,
        "messages": sum(case.messages for case in book.judgement.cases),
        "summary": words.summary(book.judgement),
        "time": book.report.time,
    }


def _suite(book: Book) -> Mapping[str, Any] | None:
    if not book.conversations:
        return None
    platforms = sorted({one.case.platform for one in book.conversations})
    order = {verdict: rank for rank, verdict in enumerate(words.VERDICTS)}
    return {"platforms": platforms, "order": order, "has_rows": any(one.case.row for one in book.conversations)}


def _repeats(book: Book) -> Mapping[str, Any] | None:
    if not book.judgement.repeats:
        return None
    anchors = {one.case.case: one.anchor for one in book.conversations}
    names = {"rows": repeats.rows(book.judgement), "powers": repeats.powers(book.judgement), "hint": repeats.HINT}
    return {**names, "last": repeats.last_power(book.judgement), "anchors": anchors}


def _latency(book: Book) -> Mapping[str, Any] | None:
    latencies = [latency for case in book.judgement.cases for latency in case.latencies]
    kinds: dict[tuple[str, str | None], list[Latency]] = {}
    for latency in latencies:
        kinds.setdefault((latency.name, latency.calendar), []).append(latency)
    statistics = book.judgement.statistics
    if not kinds and not statistics:
        return None
    charts = [chart.draw(kind[0], found, statistics, _promised(book, *kind)) for kind, found in kinds.items()]
    return {"charts": charts, "statistics": [(one, words.percentile_words(one)) for one in statistics]}


def _promised(book: Book, name: str, calendar: str | None) -> float | None:
    """The bound on every answer, if all conversations in which this calendar counts were promised the same."""
    found = [_bound(record.sla, name) for record in book.report.records if isinstance(record, CaseBegan)]
    bounds = {bound for bound, counts in found if counts == calendar}
    return bounds.pop() if len(bounds) == 1 else None


def _bound(block: Mapping[str, Any], name: str) -> tuple[float | None, str | None]:
    """What a block promises, and the name of the calendar that counts."""
    try:
        sla = read_sla(block)
        calendar = sla.calendar_of(name)
    except UsageError:
        return None, None  # a trace from elsewhere: its promise is not drawn, the answers are
    return sla.bounds.get(name), None if calendar is None else calendar.name


def _service(book: Book) -> Mapping[str, Any] | None:
    metrics = book.report.service
    if metrics is None:
        return None
    platforms = metrics.platforms if len(metrics.platforms) > 1 else ()
    heads = ["all", *(phrases.platform_title(one.platform) for one in platforms)]
    rows = list(zip(*map(service.figures, (metrics.overall, *platforms)), strict=True))
    agents = [
        (service.agent_name(one, metrics.overall), service.agent_cells(one)) for one in service.busiest(metrics.overall)
    ]
    facts = {"columns": heads, "rows": rows, "agents": agents}
    return {**facts, "main": service.figures(metrics.overall), "left_out": service.left_out(metrics.overall)}


def _faults(book: Book) -> Mapping[str, Any] | None:
    found = book.report.injections
    if found is None:
        return None
    anchors = {one.case.case: one for one in book.conversations}
    return {"found": found, "cases": [(anchors.get(name), name, struck) for name, struck in found.cases]}


def _barred(book: Book) -> Mapping[str, Any] | None:
    return {"hosts": book.report.barred, "hint": words.BARRED} if book.report.barred else None


def _coverage(book: Book) -> Mapping[str, Any] | None:
    return None if book.report.coverage is None else heat_maps(book.report.coverage)


def _findings(book: Book) -> Mapping[str, Any] | None:
    if not book.numbered:
        return None
    owners = book.by_case
    entries = [(number, finding, case and owners[id(case)]) for number, (case, finding) in book.numbered.items()]
    return {"entries": entries}


def _chats(book: Book) -> Mapping[str, Any] | None:
    return {"conversations": book.conversations} if book.conversations else None


def _bot(book: Book) -> Mapping[str, Any] | None:
    lines = [record for record in book.report.records if isinstance(record, BotOutput)]
    states = [record for record in book.report.records if isinstance(record, BotState)]
    if not lines and not states:
        return None
    return {"lines": lines[-_BOT_LINES_MAX:], "left_out": max(0, len(lines) - _BOT_LINES_MAX), "states": states}


# A further section is a line here, a function above and a template ``sections/<id>.html.j2``.
SECTIONS: tuple[Section[Book], ...] = (
    Section("overview", "Overview", _overview),
    Section("repeats", "Repeats", _repeats),
    Section("suite", "Suite", _suite),
    Section("latency", "How long customers waited", _latency),
    Section("service", "Service", _service),
    Section("findings", "Findings", _findings),
    Section("faults", "Faults", _faults),
    Section("barred", "Kept from", _barred),
    Section("coverage", "Coverage", _coverage),
    Section("chats", "Conversations", _chats),
    Section("bot", "What the bot printed", _bot),
)


# --------------------------------------------------------------------------------------------------- the drawing


@cache
def _environment() -> Environment:
    made = shell.environment()
    made.filters.update(_FILTERS)
    return made


_FILTERS: dict[str, Callable[..., Any]] = {
    "aside_words": aside_words,
    "blame": words.blame,
    "case_title": words.case_title,
    "clock_time": phrases.clock_time,
    "counted": words.counted,
    "day": phrases.day,
    "facts": phrases.file_facts,
    "fields": phrases.fields,
    "later": phrases.later,
    "latency_name": words.latency_name,
    "media_name": phrases.media_name,
    "order_line": phrases.order_line,
    "place": words.place,
    "play_time": phrases.play_time,
    "repeat_words": words.repeat_words,
    "rich": markup.rich,
    "row_words": words.row_words,
    "tag": markup.tag,
    "wire_result": wire_result,
    "wire_time": lambda event, view: wire_time(view, event).strip(),
    "wire_times": words.wire_times,
}
