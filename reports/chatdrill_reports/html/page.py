"""The page: a list of sections, each a small function that gathers what its template draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, Unpack

from jinja2 import Environment
from markupsafe import Markup

from chatdrill.checks.hours import calendars
from chatdrill.checks.results import Latency
from chatdrill.engine.copies import copied
from chatdrill.history import CaseTrend
from chatdrill.trace import BotOutput, BotState
from chatdrill.trace.transcript import phrases
from chatdrill.trace.transcript.drawing import aside_words, wire_result, wire_time
from chatdrill_reports import repeats, service, words
from chatdrill_reports.contract import Report, Run, numbered_findings
from chatdrill_reports.html import attainment, chart, course, markup, moments, ownership, packing, series, shell
from chatdrill_reports.html.answers import Answers
from chatdrill_reports.html.conversations import Conversation, conversations
from chatdrill_reports.html.heat import heat_maps
from chatdrill_reports.html.owners import OWNERS
from chatdrill_reports.html.shell import Section
from chatdrill_reports.html.thumbs import Thumbs

_BOT_LINES_MAX = 200
_FINDINGS_MAX = 150


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
    def answers(self) -> Answers:
        """The latencies, with when they began and what was promised."""
        return Answers(self.report)

    @cached_property
    def by_id(self) -> Mapping[str, Conversation]:
        """A conversation by the id of its case, without the number of a repeat: of several the worst."""
        found: dict[str, Conversation] = {}
        for one in self.conversations:
            copy = copied(one.case.case)
            found.setdefault(one.case.case if copy is None else copy.case, one)
        return found

    @cached_property
    def by_case(self) -> Mapping[int, Conversation]:
        """A conversation by the identity of its judgement."""
        return {id(one.case): one for one in self.conversations}

    def trend(self, one: Conversation) -> CaseTrend | None:
        """What earlier runs say of a conversation."""
        copy = copied(one.case.case)
        return self.report.trend_of(one.case.case if copy is None else copy.case)

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
    trends = {one.case.case: series.trend_kinds(book.trend(one)) for one in book.conversations}
    names = {"order": order, "trends": trends, "rows_max": packing.ROWS_MAX}
    return {**names, "platforms": platforms, "has_rows": any(one.case.row for one in book.conversations)}


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
    kinds = {
        kind: found for kind, found in kinds.items() if any(one.seconds for one in found)
    }  # the rest is in the table
    statistics = book.judgement.statistics
    if not kinds and not statistics:
        return None
    charts = [chart.draw(kind[0], found, statistics, book.answers.promised(*kind)) for kind, found in kinds.items()]
    return {"charts": charts, "statistics": [(one, words.percentile_words(one)) for one in statistics]}


def _course(book: Book) -> Mapping[str, Any] | None:
    found = course.draw(book.answers.course())
    return None if found is None else {"plot": found}


def _attainment(book: Book) -> Mapping[str, Any] | None:
    found = attainment.attainment(book.answers.kept(), book.answers.calendar)
    return None if found is None else {"found": found}


def _moments(book: Book) -> Mapping[str, Any] | None:
    failed, slow = moments.failed(book.report, book.conversations), moments.slow(book.report, book.conversations)
    if not failed and not slow:
        return None
    return {"failed": failed[: moments.FAILED_MAX], "more": len(failed) - moments.FAILED_MAX, "slow": slow}


def _ownership(book: Book) -> Mapping[str, Any] | None:
    found = ownership.ownership(book.conversations)
    return None if found is None else {"found": found, "owners": OWNERS}


def _past(book: Book) -> Mapping[str, Any] | None:
    return None if book.report.past is None else series.gather(book.report.past, book.by_id)


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
    shown = sorted(entries, key=lambda entry: entry[2].number if entry[2] else 0)[:_FINDINGS_MAX]
    return {"entries": shown, "left_out": len(entries) - len(shown)}


def _chats(book: Book) -> Mapping[str, Any] | None:
    if not book.conversations:
        return None
    template = _environment().get_template("one.html.j2")
    drawn, packed = packing.split(book.conversations)

    def draw(one: Conversation) -> str:
        return template.render(book=book, one=one)

    packs = list(packing.packs(packed, draw))
    return {"drawn": [Markup(draw(one)) for one in drawn], "packs": packs, "packed": len(packed)}


def _bot(book: Book) -> Mapping[str, Any] | None:
    lines = [record for record in book.report.records if isinstance(record, BotOutput)]
    states = [record for record in book.report.records if isinstance(record, BotState)]
    if not lines and not states:
        return None
    return {"lines": lines[-_BOT_LINES_MAX:], "left_out": max(0, len(lines) - _BOT_LINES_MAX), "states": states}


# A further section is a line here, a function above and a template ``sections/<id>.html.j2``.
SECTIONS: tuple[Section[Book], ...] = (
    Section("overview", "Overview", _overview),
    Section("past", "Before and now", _past),
    Section("repeats", "Repeats", _repeats),
    Section("suite", "Suite", _suite),
    Section("findings", "Findings", _findings),
    Section("moments", "Slow and failed steps", _moments),
    Section("latency", "How long customers waited", _latency),
    Section("course", "Over time", _course),
    Section("attainment", "Promises by working hour", _attainment),
    Section("service", "Service", _service),
    Section("ownership", "Who had the conversations", _ownership),
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
