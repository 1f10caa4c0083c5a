"""Slow and failed steps, each with what went over the wire meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatdrill.checks.results import Latency
from chatdrill.checks.sla.promises import ACK
from chatdrill.trace import CaseBegan, Record, StepBegan, StepEnded
from chatdrill.trace.transcript import Mark, WireEvent
from chatdrill.trace.transcript.drawing import wire_result, wire_time
from chatdrill.trace.transcript.phrases import one_line, platform_title, seconds
from chatdrill_reports.contract import Report
from chatdrill_reports.html.conversations import Conversation
from chatdrill_reports.words import counted, latency_name

FAILED_MAX, SLOW_MAX = 30, 12
_EVENTS_MAX = 16
_NARROWEST = 0.6
_BEFORE_S = 0.05
_SLOW_MIN_S = 0.1


@dataclass(frozen=True)
class Bar:
    """One event of the wire: where it lies in the step, in percent of its width."""

    event: WireEvent
    time: str
    side: str
    result: str
    x: float
    width: float


@dataclass(frozen=True)
class Moment:
    """A step that failed, or an answer that took long: what it was, how long it took, and the wire meanwhile."""

    one: Conversation
    words: str
    took: str
    detail: str
    anchor: str
    bars: tuple[Bar, ...]
    left_out: int
    length: str


def failed(report: Report, told: Sequence[Conversation]) -> list[Moment]:
    """The steps that were not met, those of the worst conversations first."""
    return [moment for one in told for moment in _failed_in(report, one)]


def _failed_in(report: Report, one: Conversation) -> Iterator[Moment]:
    records = report.transcripts.records(one.case.case)
    began: dict[int, StepBegan] = {}
    for record in records:
        if isinstance(record, StepBegan):
            began[record.step] = record
        elif isinstance(record, StepEnded) and record.outcome == "unmet":
            start = began.get(record.step, record)
            words = one.view.steps[record.step] if record.step < len(one.view.steps) else f"step {record.step + 1}"
            mark = one.view.item_of(record.n)
            anchor = one.anchor_of(mark.records[0]) if isinstance(mark, Mark) and mark.records else one.anchor
            yield _moment(one, records, (start, record), words, record.detail or "", anchor)


def slow(report: Report, told: Sequence[Conversation]) -> list[Moment]:
    """The answers that took the longest without a calendar: what working time makes long is nobody's slowness."""
    found = [
        (latency, one)
        for one in told
        for latency in one.case.latencies
        if latency.name != ACK
        and latency.calendar is None
        and latency.seconds >= _SLOW_MIN_S
        and len(latency.cites) > 1
    ]
    ranked = sorted(found, key=lambda item: (-item[0].seconds, item[1].number))
    shown: dict[tuple[str, str], tuple[Latency, Conversation]] = {}
    for (
        latency,
        one,
    ) in ranked:  # a scenario that waits for the morning does so on every platform: one of them is enough
        shown.setdefault((one.case.name, latency.name), (latency, one))
        if len(shown) == SLOW_MAX:
            break
    return [moment for latency, one in shown.values() if (moment := _slow(report, one, latency)) is not None]


def _slow(report: Report, one: Conversation, latency: Latency) -> Moment | None:
    records = report.transcripts.records(one.case.case)
    by_number = {record.n: record for record in records}
    ends = [by_number.get(n) for n in (latency.cites[1], latency.cites[0])]
    start, end = ends
    if start is None or end is None:
        return None
    item = one.view.item_of(end.n)
    anchor = one.anchor_of(item.records[0]) if item is not None and item.records else one.anchor
    clock = counted(latency)
    words = f"{latency_name(latency.name)}{f', {clock}' if clock else ''}"
    said = one.view.item_of(start.n)
    detail = f"after “{one_line(said.text, 80)}”" if said is not None and said.text else ""
    return _moment(one, records, (start, end), words, detail, anchor, latency.seconds)


def _moment(
    one: Conversation,
    records: Sequence[Record],
    ends: tuple[Record, Record],
    words: str,
    detail: str,
    anchor: str,
    took_s: float | None = None,
) -> Moment:
    zero_t = next((record.t for record in records if isinstance(record, CaseBegan)), records[0].t)
    begins, end = (record.t - zero_t for record in ends)
    meanwhile = [event for event in one.view.wire if _touches(event, begins - _BEFORE_S, end)]
    first = min([begins, *(event.t_s for event in meanwhile)])
    whole = max([end, *(event.t_s + event.took_ms / 1000 for event in meanwhile)]) - first or 0.001
    kept = _kept(meanwhile)
    bars = tuple(_bar(one, event, first, whole) for event in kept)
    took = seconds(end - begins if took_s is None else took_s)
    return Moment(one, words, took, detail, anchor, bars, len(meanwhile) - len(kept), seconds(whole))


def _touches(event: WireEvent, begins: float, end: float) -> bool:
    return event.t_s <= end and event.t_s + event.took_ms / 1000 >= begins


def _kept(events: Sequence[WireEvent]) -> list[WireEvent]:
    """No more than a reader takes in: the first, the last, and all that failed as far as there is room."""
    if len(events) <= _EVENTS_MAX:
        return list(events)
    bad = [event for event in events if not event.ok][: _EVENTS_MAX // 2]
    half = (_EVENTS_MAX - len(bad)) // 2
    chosen = {event.n for event in (*events[:half], *bad, *events[-half:])}
    return [event for event in events if event.n in chosen]


def _bar(one: Conversation, event: WireEvent, first: float, whole: float) -> Bar:
    x = (event.t_s - first) / whole * 100
    width = max(_NARROWEST, event.took_ms / 10 / whole)
    side = event.desk or platform_title(one.view.platform)
    way = f"bot → {side}" if event.kind == "call" else f"{side} → bot"
    left = round(min(x, 100 - _NARROWEST), 2)
    return Bar(
        event, wire_time(one.view, event).strip(), way, wire_result(event), left, round(min(width, 100 - left), 2)
    )
