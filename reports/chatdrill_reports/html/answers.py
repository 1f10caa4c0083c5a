"""What several sections read off the latencies of a run: when they began, in drill time, and what was promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from zoneinfo import ZoneInfo

from chatdrill.calendars import Calendar
from chatdrill.checks.hours import calendars
from chatdrill.checks.results import Latency
from chatdrill.checks.sla import Sla, read_sla
from chatdrill.checks.sla.promises import ACK
from chatdrill.errors import UsageError
from chatdrill.trace import CaseBegan, CaseEnded, Record
from chatdrill.trace.transcript.phrases import zone_name
from chatdrill_reports.contract import Report
from chatdrill_reports.html.attainment import Kept
from chatdrill_reports.html.course import Answer, Course, names_of

Kind = tuple[str, str | None]


class Answers:
    """The latencies of a report, with the records behind them."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def course(self) -> Course:
        """What the drawing of latency over time is about."""
        run = self._report.transcripts.run
        virtual = run is not None and run.clock == "virtual"
        zero = (run.at if virtual else run.t) if run is not None else 0.0
        answers = [Answer(self._moment(one, virtual) - zero, one) for one in self._latencies if one.name != ACK]
        return Course(
            answers=sorted(answers, key=lambda one: one.at_s),
            spans=[(begins - zero, ends - zero) for begins, ends in self._spans(virtual)],
            names=names_of(self._report.judgement.cases),
            began_at=run.at if run is not None else 0.0,
            is_virtual=virtual,
            zone=self._zone,
            bounds={kind: bound for kind in self._kinds if (bound := self.promised(*kind)) is not None},
        )

    def kept(self) -> list[Kept]:
        """All answers that were promised within a time, but for how fast webhooks are accepted."""
        return [one for latency in self._latencies if (one := self._kept(latency)) is not None]

    def promised(self, name: str, calendar: str | None) -> float | None:
        """The bound on every answer, if all conversations in which this calendar counts were promised the same."""
        found = {_bound(sla, name) for sla in self._promises.values()}
        bounds = {bound for bound, counts in found if counts == calendar}
        return bounds.pop() if len(bounds) == 1 else None

    @cached_property
    def calendar(self) -> Calendar | None:
        """The calendar that all conversations have in common."""
        found = calendars(self._report.records)
        names = {one.name for one in found.values()}
        return next(iter(found.values())) if len(names) == 1 and len(found) == len(self._began) else None

    @cached_property
    def _latencies(self) -> list[Latency]:
        return [latency for case in self._report.judgement.cases for latency in case.latencies]

    @cached_property
    def _kinds(self) -> set[Kind]:
        return {(one.name, one.calendar) for one in self._latencies}

    @cached_property
    def _began(self) -> Mapping[str, CaseBegan]:
        return {one.case or "": one for one in self._report.records if isinstance(one, CaseBegan)}

    @cached_property
    def _promises(self) -> Mapping[str, Sla | None]:
        return {case: _read(began) for case, began in self._began.items()}

    @cached_property
    def _by_number(self) -> Mapping[int, Record]:
        return {record.n: record for record in self._report.records}

    @cached_property
    def _zone(self) -> ZoneInfo:
        zones = {zone_name(one.zone) for one in self._began.values()}
        return ZoneInfo(zones.pop() if len(zones) == 1 else "UTC")

    def _start(self, one: Latency) -> Record | None:
        return self._by_number.get(one.cites[-1]) if one.cites else None

    def _moment(self, one: Latency, virtual: bool) -> float:
        start = self._start(one)
        return start.at if virtual and start is not None else one.t

    def _spans(self, virtual: bool) -> Iterator[tuple[float, float]]:
        ends = {one.case: one for one in self._report.records if isinstance(one, CaseEnded)}
        for case, began in self._began.items():
            if case in ends:
                yield (began.at, ends[case].at) if virtual else (began.t, ends[case].t)

    def _kept(self, latency: Latency) -> Kept | None:
        start, began = self._start(latency), self._began.get(latency.case)
        bound, calendar = _bound(self._promises.get(latency.case), latency.name)
        if start is None or began is None or bound is None or calendar != latency.calendar or latency.name == ACK:
            return None
        return Kept(start.at, zone_name(began.zone), latency.seconds <= bound)


def _read(began: CaseBegan) -> Sla | None:
    try:
        return read_sla(began.sla)
    except UsageError:
        return None  # a trace from elsewhere: its promise is not drawn, the answers are


def _bound(sla: Sla | None, name: str) -> tuple[float | None, str | None]:
    """What is promised, and the name of the calendar that counts."""
    try:
        calendar = None if sla is None else sla.calendar_of(name)
    except UsageError:
        return None, None
    return None if sla is None else sla.bounds.get(name), None if calendar is None else calendar.name
